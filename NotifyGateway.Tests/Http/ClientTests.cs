using NotifyGateway.Core.Configuration;
using Xunit;

namespace NotifyGateway.Tests.Http;

/// <summary>What a client may do: where it may send to, and how much.</summary>
public sealed class ClientTests
{
    private const string Ci = $"X-Api-Key: {DoorHost.CiSecret}";

    [Fact]
    public async Task Scope_RefusesTheWholeOfANativeRequest()
    {
        await using var host = await DoorHost.StartAsync(o => With(o, new() { Secret = DoorHost.CiSecret, To = ["net/#dev"] }));

        var refused = await host.PostJsonAsync("/api/v1/messages", """{"to":["#dev","net/#ops"],"text":"x"}""", Ci);
        Assert.Equal((403, "application/problem+json", "net/#ops: client ci may not send there"), (refused.Code, refused.ContentType, refused.Json.GetProperty("detail").GetString()));
        Assert.Equal(202, (await host.PostJsonAsync("/api/v1/messages", """{"to":["#dev"],"text":"good"}""", Ci)).Code);
        Assert.Equal(202, (await host.PostJsonAsync("/api/v1/messages", """{"to":["net/#ops"],"text":"other"}""", $"X-Api-Key: {DoorHost.OtherSecret}")).Code);
        Assert.Equal(["net/#dev|good", "net/#ops|other"], await host.AcceptedAsync());
    }

    [Fact]
    public async Task Scope_LetsTheOlderSystemsGoOnWithTheRest()
    {
        await using var host = await DoorHost.StartAsync(o => With(o, new() { Secret = DoorHost.CiSecret, To = ["#dev"] }));

        Assert.Equal(202, (await host.GetAsync("/notification/send?message=part&users=&channels=%23dev,%23ops", Ci)).Code);
        var refused = await host.GetAsync("/notification/send?message=none&users=&channels=%23ops", Ci);
        Assert.Equal((400, "#ops: client ci may not send there"), (refused.Code, refused.Body));
        Assert.Equal(400, (await host.GetAsync("/notification/send?message=defaults", Ci)).Code);
        Assert.Equal(["net/#dev|part"], await host.AcceptedAsync());
    }

    [Fact]
    public async Task Limit_Is429ForTheNativeApi_And503ForTheRest()
    {
        await using var host = await DoorHost.StartAsync(o => With(o, new() { Secret = DoorHost.CiSecret, PerMinute = 2 }));

        Assert.Equal(202, (await host.PostJsonAsync("/api/v1/messages", """{"to":["#dev"],"text":"1"}""", Ci)).Code);
        Assert.Equal(202, (await host.GetAsync("/notification/send?message=2&users=", Ci)).Code);
        var native = await host.PostJsonAsync("/api/v1/messages", """{"to":["#dev"],"text":"3"}""", Ci);
        Assert.Equal(429, native.Code);
        Assert.InRange(int.Parse(native.Headers["Retry-After"], System.Globalization.CultureInfo.InvariantCulture), 1, 30);
        var legacy = await host.GetAsync("/notification/send?message=4&users=", Ci);
        Assert.Equal((503, true), (legacy.Code, legacy.Headers.ContainsKey("Retry-After")));
        Assert.Equal(202, (await host.PostJsonAsync("/api/v1/messages", """{"to":["#dev"],"text":"5"}""", $"X-Api-Key: {DoorHost.OtherSecret}")).Code);
        Assert.Equal(3, (await host.AcceptedAsync()).Length);
    }

    [Theory]
    [InlineData("127.0.0.1", "203.0.113.9", 401)]
    [InlineData("127.0.0.0/8", "203.0.113.9", 401)]
    // Whoever says that he comes from here comes through a proxy all the same.
    [InlineData("127.0.0.1", "127.0.0.1", 401)]
    [InlineData("192.0.2.1", "127.0.0.1", 401)]
    [InlineData("127.0.0.1", "", 200)]
    public async Task KnownProxy_NeverMakesAnybodyLocal(string proxy, string forwardedFor, int status)
    {
        await using var host = await DoorHost.StartAsync(o => o with { KnownProxies = [proxy] });

        Assert.Equal(status, (await host.GetAsync("/api/v1/sessions", forwardedFor.Length > 0 ? [$"X-Forwarded-For: {forwardedFor}"] : [])).Code);
    }

    [Fact]
    public async Task KnownProxy_SaysUnderWhichNameItWasAsked()
    {
        await using var host = await DoorHost.StartAsync(o => o with { KnownProxies = ["127.0.0.1"], Anonymous = AnonymousAccess.Any });

        Assert.Equal(403, (await host.GetAsync("/api/v1/sessions", "X-Forwarded-For: 203.0.113.9", "X-Forwarded-Host: evil.example")).Code);
        Assert.Equal(200, (await host.GetAsync("/api/v1/sessions", "X-Forwarded-For: 203.0.113.9", "X-Forwarded-Host: notify.example.org")).Code);
    }

    private static GatewayOptions With(GatewayOptions options, ClientOptions ci) => options with
    {
        Clients = new Dictionary<string, ClientOptions>(options.Clients, StringComparer.OrdinalIgnoreCase) { ["ci"] = ci },
    };
}
