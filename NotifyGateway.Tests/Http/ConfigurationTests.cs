using Microsoft.Extensions.DependencyInjection;
using NotifyGateway.Api.Http;
using NotifyGateway.Core;
using NotifyGateway.Core.Configuration;
using NotifyGateway.Core.Outbox;
using NotifyGateway.Core.Sessions;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Http;

/// <summary>What is told of the configuration, and what becomes of requests when it is replaced.</summary>
public sealed class ConfigurationTests
{
    private const string Path = "/api/v1/configuration";
    private const string Admin = $"X-Api-Key: {DoorHost.AdminSecret}";
    private const string Ci = $"X-Api-Key: {DoorHost.CiSecret}";

    [Fact]
    public async Task Report_IsTheAdministratorsAlone()
    {
        await using var host = await DoorHost.StartAsync();
        var configuration = host.Services.GetRequiredService<CurrentConfiguration>();
        configuration.Tell(new ConfigurationReport(DateTimeOffset.UnixEpoch, ["/etc/gateway.json"])
        {
            RefusedAt = DateTimeOffset.UnixEpoch,
            Problems = [new ConfigurationError("Gateway:Irc:a:Nick", "must not be empty", "/etc/gateway.json line 3")],
            NeedsRestart = ["Gateway:Outbox:Path"],
            Warnings = ["Gateway:DefaultTo: #nope: no network lists it"],
        });

        Assert.Equal(403, (await host.GetAsync(Path)).Code);
        Assert.Equal(403, (await host.GetAsync(Path, Ci)).Code);
        Assert.Equal(401, (await host.GetAsync(Path, "X-Api-Key: wrong")).Code);
        var answer = await host.GetAsync(Path, Admin);
        Assert.Equal(
            """{"loadedAt":"1970-01-01T00:00:00+00:00","files":["/etc/gateway.json"],"refusedAt":"1970-01-01T00:00:00+00:00","problems":[{"path":"Gateway:Irc:a:Nick","message":"must not be empty","origin":"/etc/gateway.json line 3"}],"needsRestart":["Gateway:Outbox:Path"],"warnings":["Gateway:DefaultTo: #nope: no network lists it"],"unserved":[]}""",
            answer.Body);
    }

    [Fact]
    public async Task Report_TellsWhatNobodyDelivers()
    {
        var then = new DateTimeOffset(2025, 8, 20, 12, 0, 0, TimeSpan.Zero);
        SessionBacklog[] waiting = [new(new SessionKey("net"), 3, then), new(new SessionKey("gone"), 2, then), new(new SessionKey("log"), 1, then), new(new SessionKey("over"), 0, null)];
        SessionStatus[] sessions = [new("net", "irc", SessionState.Online, "bot", "irc.example.org:6697", then, [], 3, null, null)];
        await using var host = await DoorHost.StartAsync(sessions: new SessionBoard(() => sessions, _ => false) { Backlog = () => waiting });

        var answer = await host.GetAsync(Path, Admin);

        Assert.Equal("""[{"session":"gone","queued":2,"oldestQueuedAt":"2025-08-20T12:00:00+00:00"}]""", answer.Json.GetProperty("unserved").GetRawText());
    }

    [Fact]
    public async Task ClientThatIsDisabled_IsRefusedFromThenOn_AndOthersAreNot()
    {
        await using var host = await DoorHost.StartAsync();
        Assert.Equal(202, (await PostAsync(host, Ci)).Code);

        host.Change(o => o with { Clients = With(o, "ci", c => c with { Disabled = true }) });

        Assert.Equal(401, (await PostAsync(host, Ci)).Code);
        Assert.Equal(202, (await PostAsync(host, $"X-Api-Key: {DoorHost.OtherSecret}")).Code);
    }

    [Fact]
    public async Task Limit_KeepsWhatWasUsedOfIt()
    {
        await using var host = await DoorHost.StartAsync(o => o with { Clients = With(o, "ci", c => c with { PerMinute = 2 }) });
        Assert.Equal(202, (await PostAsync(host, Ci)).Code);
        Assert.Equal(202, (await PostAsync(host, Ci)).Code);

        host.Change(o => o with { Clients = With(o, "ci", c => c with { PerMinute = 3 }) });
        Assert.Equal(429, (await PostAsync(host, Ci)).Code);
        host.Change(o => o with { Clients = With(o, "ci", c => c with { PerMinute = null }) });
        Assert.Equal(202, (await PostAsync(host, Ci)).Code);
    }

    [Fact]
    public async Task EventStream_EndsForWhomIsDisabled_AndGoesOnForOthers()
    {
        await using var host = await DoorHost.StartAsync();
        using var mine = await OpenAsync(host, Ci);
        using var others = await OpenAsync(host, $"X-Api-Key: {DoorHost.OtherSecret}");
        using var nobodys = await OpenAsync(host);

        host.Change(o => o with { Anonymous = AnonymousAccess.None, Clients = With(o, "ci", c => c with { Secret = "another-secret" }) });
        await EndAsync(mine);
        await EndAsync(nobodys);

        await host.PostJsonAsync("/api/v1/messages", """{"to":["net/#ops"],"text":"x"}""", $"X-Api-Key: {DoorHost.OtherSecret}");
        await host.Outbox.SettleAllAsync("net", Outcome.Delivered(Proof.Pong));
        await ReadAsync(others, line => line is "event: delivery");
    }

    [Fact]
    public async Task ProxiesHooksAliasesAndDefaults_AreThoseInForce()
    {
        await using var host = await DoorHost.StartAsync();
        host.Change(o => o with
        {
            Anonymous = AnonymousAccess.Any,
            KnownProxies = ["127.0.0.1", "::1"],
            Aliases = new Dictionary<string, IReadOnlyList<string>>(StringComparer.OrdinalIgnoreCase) { ["oncall"] = ["net/bob"] },
            Hooks = new Dictionary<string, HookOptions>(StringComparer.OrdinalIgnoreCase) { ["h"] = new() { Token = "token-4711", To = ["oncall"] } },
        });

        Assert.Equal(202, (await host.PostJsonAsync("/api/v1/messages", """{"to":["oncall"],"text":"alias"}""")).Code);
        Assert.Equal("ok", (await host.PostJsonAsync("/hooks/token-4711", """{"text":"hook"}""")).Body);
        Assert.Equal(["net/bob|alias", "net/bob|hook"], await host.AcceptedAsync());
        host.Change(o => o with { Anonymous = AnonymousAccess.Loopback, Hooks = new Dictionary<string, HookOptions>(StringComparer.OrdinalIgnoreCase) });
        Assert.Equal(403, (await host.PostJsonAsync("/hooks/token-4711", """{"text":"hook"}""")).Code);
        Assert.Equal(401, (await host.PostJsonAsync("/api/v1/messages", """{"to":["net/bob"],"text":"x"}""", "X-Forwarded-For: 192.0.2.1")).Code);
    }

    private static Task<Answer> PostAsync(DoorHost host, string header) => host.PostJsonAsync("/api/v1/messages", """{"to":["net/#ops"],"text":"x"}""", header);

    private static Dictionary<string, ClientOptions> With(GatewayOptions options, string name, Func<ClientOptions, ClientOptions> change) =>
        options.Clients.ToDictionary(c => c.Key, c => c.Key == name ? change(c.Value) : c.Value, StringComparer.OrdinalIgnoreCase);

    private static async Task<StreamReader> OpenAsync(DoorHost host, params string[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/events");
        foreach (var header in headers)
        {
            request.Headers.Add(header.Split(": ")[0], header.Split(": ")[1]);
        }

        var response = await host.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode);
        return new StreamReader(await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
    }

    private static Task<string> EndAsync(StreamReader events) => events.ReadToEndAsync(TestContext.Current.CancellationToken).Within(what: "the stream ends");

    private static async Task ReadAsync(StreamReader events, Predicate<string?> wanted)
    {
        string? line;
        do
        {
            line = await events.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().Within(what: "an event");
            Assert.NotNull(line);
        }
        while (!wanted(line));
    }
}
