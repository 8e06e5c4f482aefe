using NotifyGateway.Api.Http;
using NotifyGateway.Core;
using NotifyGateway.Core.Outbox;
using NotifyGateway.Core.Sessions;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Http;

public sealed class EventsTests
{
    private static readonly Caller Ci = new("ci");
    private static readonly SessionStatus Net = new("net", "irc", SessionState.Connecting, null, "irc.example.org:6697", DateTimeOffset.UnixEpoch, [], 0, null, null);

    [Fact]
    public async Task TellsSessionsAtFirst_AndWheneverTheyChange()
    {
        IReadOnlyList<SessionStatus> now = [Net];
        await using var host = await DoorHost.StartAsync(sessions: new SessionBoard(() => now, _ => false));
        using var events = await OpenAsync(host);
        Assert.Contains("\"state\":\"connecting\"", await NextAsync(events, "session"), StringComparison.Ordinal);
        now = [Net with { State = SessionState.Online, Nick = "bot" }];
        Assert.Contains("\"state\":\"online\",\"nick\":\"bot\"", await NextAsync(events, "session"), StringComparison.Ordinal);
        now = [];
        Assert.Equal("""{"name":"net"}""", await NextAsync(events, "removed"));
    }

    [Fact]
    public async Task TellsDeliveries_OfOnesOwnMessagesOnly()
    {
        await using var host = await DoorHost.StartAsync();
        using var own = await OpenAsync(host, $"X-Api-Key: {DoorHost.CiSecret}");
        using var all = await OpenAsync(host, $"X-Api-Key: {DoorHost.AdminSecret}");
        await host.PostJsonAsync("/api/v1/messages", """{"to":["net/#ops"],"text":"x"}""");
        var mine = await host.PostJsonAsync("/api/v1/messages", """{"to":["net/#dev"],"text":"y"}""", $"X-Api-Key: {DoorHost.CiSecret}");
        await host.Outbox.SettleAllAsync("net", Outcome.Delivered(Proof.Pong));
        var delivery = await NextAsync(own, "delivery");
        Assert.StartsWith($$"""{"id":"{{mine.Json.GetProperty("id").GetString()}}-0","messageId":""", delivery, StringComparison.Ordinal);
        Assert.Contains("""to":"net/#dev","session":"net","status":"delivered","attempts":1,"reason":null,"proof":"pong","settledAt":""", delivery, StringComparison.Ordinal);
        Assert.Contains("net/#ops", await NextAsync(all, "delivery"), StringComparison.Ordinal);
        Assert.Contains("net/#dev", await NextAsync(all, "delivery"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task EndsTheStream_WhenTheGatewayStops()
    {
        await using var host = await DoorHost.StartAsync();
        using var events = await OpenAsync(host);
        host.Stop();
        while (await events.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(10)) is not null)
        {
        }
    }

    [Fact]
    public async Task DropsTheOldestOfOnesOwn_AndCountsThem()
    {
        await using var outbox = new MemoryOutbox(TimeProvider.System);
        using var feed = new EventFeed(outbox);
        using var reader = feed.Open(Ci)!;
        for (var i = 0; i < EventFeed.Capacity + 3; i++)
        {
            reader.Offer(Of("other", i));
            reader.Offer(Of("ci", i));
        }

        Assert.Equal(3, reader.TakeDropped());
        Assert.Equal(0, reader.TakeDropped());
        Assert.True(reader.Settlements.TryRead(out var first));
        Assert.Equal(3, first.Ordinal);
    }

    [Fact]
    public async Task LimitsItsReaders()
    {
        await using var outbox = new MemoryOutbox(TimeProvider.System);
        using var feed = new EventFeed(outbox);
        var readers = Enumerable.Range(0, EventFeed.MaxReaders).Select(_ => feed.Open(Ci)).ToList();
        Assert.DoesNotContain(null, readers);
        Assert.Null(feed.Open(Ci));
        readers[0]!.Dispose();
        Assert.NotNull(feed.Open(Ci));
    }

    private static async Task<StreamReader> OpenAsync(DoorHost host, params string[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/events");
        foreach (var header in headers)
        {
            var colon = header.IndexOf(':', StringComparison.Ordinal);
            request.Headers.Add(header[..colon], header[(colon + 1)..].Trim());
        }

        var response = await host.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.ToString());
        return new StreamReader(await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
    }

    private static async Task<string> NextAsync(StreamReader events, string name)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        while (await events.ReadLineAsync(deadline.Token) is { } line)
        {
            if (line.StartsWith("event: ", StringComparison.Ordinal))
            {
                Assert.Equal("event: " + name, line);
                return (await events.ReadLineAsync(deadline.Token))!["data: ".Length..];
            }
        }

        throw new EndOfStreamException();
    }

    private static Settlement Of(string client, int ordinal) =>
        new(Guid.Empty, ordinal, client, new SessionKey("net"), "net/#ops", Outcome.Delivered(Proof.Pong), 1, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch);
}
