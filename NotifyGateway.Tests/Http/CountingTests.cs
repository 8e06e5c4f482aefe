using System.Text;
using NotifyGateway.Core.Configuration;
using Xunit;

namespace NotifyGateway.Tests.Http;

/// <summary>Every message that a door accepts or refuses is counted, once.</summary>
public sealed class CountingTests
{
    private const string Prism = "/notification/send";
    private const string Native = "/api/v1/messages";

    [Fact]
    public async Task CountsWhatIsAccepted_ARepeatedOneOnce()
    {
        await using var host = await DoorHost.StartAsync();
        await host.GetAsync(Prism + "?message=x");
        await host.PostJsonAsync(Native, """{"text":"x"}""", "Idempotency-Key: k");
        await host.PostJsonAsync(Native, """{"text":"x"}""", "Idempotency-Key: k");
        Assert.Equal("accepted=2", host.Counts.ToString());
        await host.PostJsonAsync(Native, """{"text":"y"}""", "Idempotency-Key: k");
        Assert.Equal("accepted=2 refused:key_reused=1", host.Counts.ToString());
    }

    [Theory]
    [InlineData(Prism, """{"message":"x","secret":"wrong"}""", "unauthorized")]
    [InlineData(Prism, """{"message":""}""", "malformed")]
    [InlineData(Prism, """{"message":"x" """, "malformed")]
    [InlineData(Native, """{"text":"x","secret":"wrong"}""", "unauthorized")]
    [InlineData(Native, """{"text":""}""", "malformed")]
    [InlineData(Native, """{"text":"x" """, "malformed")]
    public async Task CountsWhatIsRefused(string path, string json, string reason)
    {
        await using var host = await DoorHost.StartAsync();
        Assert.InRange((await host.PostJsonAsync(path, json)).Code, 400, 499);
        Assert.Equal($"refused:{reason}=1", host.Counts.ToString());
        Assert.Equal(["http"], host.Counts.Inputs);
    }

    [Theory]
    [InlineData(1001)]
    [InlineData(200_000)]
    public async Task CountsWhatIsTooLarge(int length)
    {
        await using var host = await DoorHost.StartAsync(o => o with { MaxMessageBytes = 1000 });
        var text = new string('x', length);
        await host.PostJsonAsync(Prism, $$"""{"message":"{{text}}"}""");
        await host.PostJsonAsync(Native, $$"""{"text":"{{text}}"}""");
        Assert.Equal("refused:too_large=2", host.Counts.ToString());
    }

    [Fact]
    public async Task CountsWhatTheDestinationsAreRefusedFor()
    {
        await using var host = await DoorHost.StartAsync();
        await host.GetAsync(Prism + "?message=x&users=&channels=%23ops,%23nope");
        Assert.Equal("accepted=1 refused:unknown_destination=1", host.Counts.ToString());
        await host.GetAsync(Prism + "?message=x&users=&channels=%23nope");
        await host.PostJsonAsync(Native, """{"text":"x","to":["#ops","#nope"]}""");
        Assert.Equal("accepted=1 refused:unknown_destination=3", host.Counts.ToString());
    }

    [Fact]
    public async Task CountsWhatTheOutboxRefuses()
    {
        await using var host = await DoorHost.StartAsync();
        host.Outbox.MaxQueuedPerSession = 0;
        await host.GetAsync(Prism + "?message=x");
        host.Outbox.Fault = "disk full";
        await host.PostJsonAsync(Native, """{"text":"x"}""");
        Assert.Equal("refused:failing=1 refused:full=1", host.Counts.ToString());
    }

    [Fact]
    public async Task CountsAFormThatIsTooLarge()
    {
        await using var host = await DoorHost.StartAsync(o => o with { MaxMessageBytes = 1000 });
        using var form = new MultipartFormDataContent { { new StringContent(new string('x', 200_000)), "message" } };
        Assert.Equal(413, (await host.SendAsync(HttpMethod.Post, Prism, form)).Code);
        using var chunked = new HttpRequestMessage(HttpMethod.Post, Prism) { Content = new MultipartFormDataContent { { new StringContent(new string('x', 200_000)), "message" } } };
        chunked.Headers.TransferEncodingChunked = true;
        using var answer = await host.Client.SendAsync(chunked, TestContext.Current.CancellationToken);
        Assert.Equal(413, (int)answer.StatusCode);
        Assert.Equal("refused:too_large=2", host.Counts.ToString());
    }

    [Fact]
    public async Task CountsNothing_WhereNoMessageIsSent()
    {
        await using var host = await DoorHost.StartAsync(o => o with { Anonymous = AnonymousAccess.None });
        await host.GetAsync(Native);
        await host.GetAsync("/api/v1/sessions");
        await host.SendAsync(HttpMethod.Put, Prism, new StringContent("x", Encoding.UTF8));
        Assert.Equal("", host.Counts.ToString());
    }
}
