using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using NotifyGateway.Tests.Support;
using NotifyGateway.Tests.Support.Servers;
using Xunit;

namespace NotifyGateway.Tests.Acceptance;

/// <summary>A network with somebody who sees what arrives in <c>#hooks</c>, and a hook for it.</summary>
public sealed class HookHouse : House
{
    internal const string Token = "hook-token-4714";

    internal IrcWatcher Watcher { get; private set; } = null!;

    private protected override JsonObject Networks()
    {
        var network = Installation.Network(Server.Port, "#hooks");
        network["MaxLines"] = 100;
        return new() { ["net"] = network };
    }

    private protected override void Change(JsonObject settings) =>
        settings["Gateway"]!["Hooks"] = new JsonObject { ["clients"] = new JsonObject { ["Token"] = Token, ["To"] = new JsonArray("net/#hooks") } };

    private protected override async Task ArriveAsync() => Watcher = await IrcWatcher.ConnectAsync(Server.Port, "watcher", "#hooks");

    private protected override Task SettleAsync() => Gateway.JoinedAsync("net", "#hooks");

    private protected override async Task LeaveAsync() => await Watcher.DisposeAsync();
}

/// <summary>Programs that others wrote, as their packages have them: they get another URL and nothing else.</summary>
public sealed class HookClientsTests(HookHouse house) : IClassFixture<HookHouse>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private string Host => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{house.Gateway.Process.Port}");

    [Fact]
    public async Task SlackWebhook_OfNpm_SendsAndSeesOk()
    {
        const string Script = """
            const { IncomingWebhook } = require('@slack/webhook');
            new IncomingWebhook(process.argv[1]).send({ text: 'sent by @slack/webhook: grün & <http://example.org|a link>', channel: '#elsewhere', username: 'bot' })
              .then(answer => console.log(`answered ${answer.text}`));
            """;
        var folder = Path.Combine(RepositoryFiles.Root, "artifacts/hook-clients");

        var said = await RunAsync(folder, "node", "-e", Script, $"http://{Host}/services/T00000000/B00000000/{HookHouse.Token}");

        Assert.Contains("answered ok", said, StringComparison.Ordinal);
        await SeenAsync("sent by @slack/webhook");
    }

    [Theory]
    [InlineData("json", "/hooks/" + HookHouse.Token)]
    [InlineData("form", "/hooks/" + HookHouse.Token)]
    [InlineData("xml", "/hooks/" + HookHouse.Token)]
    [InlineData("gotify", "/" + HookHouse.Token)]
    public async Task Apprise_OfDebian_SendsAndSeesSuccess(string scheme, string path)
    {
        using var folder = new TempFolder();

        await RunAsync(folder.Path, "apprise", "-v", "-t", $"title by {scheme}", "-b", $"body by apprise {scheme}", $"{scheme}://{Host}{path}");

        await SeenAsync($"body by apprise {scheme}");
    }

    [Fact]
    public async Task Alertmanager_OfDebian_FiresAndResolves()
    {
        using var folder = new TempFolder();
        var url = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePort.Next()}"));
        folder.Write("alertmanager.yml", $"""
            route: {"{"} receiver: gateway, group_by: [alertname], group_wait: 100ms, group_interval: 1s, repeat_interval: 1h {"}"}
            receivers:
              - name: gateway
                webhook_configs: [ {"{"} url: "http://{Host}/hooks/{HookHouse.Token}", send_resolved: true {"}"} ]
            """);
        await using var alertmanager = await BoundProcess.StartAsync(
            ["prometheus-alertmanager", "--config.file=alertmanager.yml", $"--storage.path={folder.Writable("data")}", $"--web.listen-address={url.Authority}", "--cluster.listen-address="], folder.Path);
        using var http = new HttpClient { BaseAddress = url };
        await Deadline.Poll(token => IsReadyAsync(http, token), "alertmanager is ready", Patience);

        var started = DateTimeOffset.UtcNow;
        await AlertAsync(http, started, null);
        await NotifiedAsync(http, 1);
        await SeenAsync("DiskFullOnWeb1");
        await house.Gateway.SessionAsync("net", s => s.Text("queued") == "0", "has sent all");
        await house.Watcher.SettleAsync();
        var seen = house.Watcher.Messages.Entries.Count;
        await AlertAsync(http, started, DateTimeOffset.UtcNow);
        await NotifiedAsync(http, 2);
        await SeenAsync("DiskFullOnWeb1", seen);
    }

    private static async Task<bool> IsReadyAsync(HttpClient http, CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await http.GetAsync(new Uri("/-/ready", UriKind.Relative), cancellationToken);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static async Task AlertAsync(HttpClient http, DateTimeOffset startsAt, DateTimeOffset? endsAt)
    {
        var alert = new JsonObject
        {
            ["labels"] = new JsonObject { ["alertname"] = "DiskFullOnWeb1", ["instance"] = "web1", ["severity"] = "critical" },
            ["annotations"] = new JsonObject { ["summary"] = "The disk of web1 is full." },
            ["startsAt"] = startsAt,
        };
        if (endsAt is { } end)
        {
            alert["endsAt"] = end;
        }

        using var answer = await http.PostAsJsonAsync("/api/v2/alerts", new JsonArray(alert));
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>Returns when it has delivered so many notifications; one that failed fails the test.</summary>
    private static async Task NotifiedAsync(HttpClient http, int count)
    {
        await Deadline.Poll(
            async token =>
            {
                var metrics = await http.GetStringAsync(new Uri("/metrics", UriKind.Relative), token);
                Assert.Contains("alertmanager_notifications_failed_total{integration=\"webhook\"} 0", metrics, StringComparison.Ordinal);
                return metrics.Contains(string.Create(CultureInfo.InvariantCulture, $"alertmanager_notification_latency_seconds_count{{integration=\"webhook\"}} {count}"), StringComparison.Ordinal);
            },
            $"alertmanager has notified {count} times",
            Patience);
    }

    private Task<WatchedMessage> SeenAsync(string text, int from = 0) =>
        house.Watcher.Messages.FirstAsync(m => m.Target == "#hooks" && m.Text.Contains(text, StringComparison.Ordinal), text, Patience, from);

    private static async Task<string> RunAsync(string folder, string program, params string[] arguments)
    {
        await using var process = ChildProcess.Start(program, arguments, folder);
        var exit = await process.ExitAsync(Patience);
        Assert.True(exit == 0, $"{program} ended with {exit}: {process.Said}");
        return process.Said;
    }
}
