using System.Text.Json.Nodes;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Acceptance;

/// <summary>
/// Somebody sets the machine's clock under a running gateway, by hours and by days. Lives of messages go by it; sessions, pauses and the order of messages do not.
/// </summary>
public sealed class ClockTests
{
    [Fact]
    public async Task SetBackAndForth_SessionsStay_AndNothingIsLost()
    {
        await using var server = await NgircdServer.StartAsync();
        await using var wire = new Wire(server.Port);
        await using var watcher = await IrcWatcher.ConnectAsync(server.Port, "watcher", "#in", "#later");
        await using var peer = ScriptedPeer.Start();
        var away = Installation.Network(wire.Port);
        away["Nick"] = "away";
        var pinging = Installation.Network(peer.Port);
        (pinging["PingInterval"], pinging["PingTimeout"]) = ("00:00:01", "00:00:05");
        await using var gateway = new Installation(new JsonObject { ["net"] = Installation.Network(server.Port, "#in"), ["away"] = away, ["pinging"] = pinging }, settings =>
        {
            settings["Gateway"]!["Outbox"]!["ExpireAfter"] = "30.00:00:00";
            settings["Gateway"]!["LateAfter"] = null;
        });
        var clock = MovableClock.For(gateway.Process);
        await gateway.StartAsync();
        await gateway.JoinedAsync("net", "#in");
        var connection = await peer.AcceptAsync();
        await connection.SendAsync(":srv 001 gateway :Welcome", ":srv 376 gateway :End");
        await gateway.SessionAsync("pinging", s => s.Text("state") == "online", "is online");
        var before = await SinceAsync(gateway);
        var later = new Numbered(gateway, "#later", "away");
        var ids = new List<string>();

        foreach (var offset in new[] { 0, 3, -5, 20, -100, 2, 0 })
        {
            clock.Set(TimeSpan.FromHours(offset));
            await later.PostAsync(later.Count + 3);
            var delivered = await gateway.PostAsync("net/#in", $"at {offset}", wait: 30);
            Assert.Equal("delivered", delivered.Text("status"));
            ids.Add(delivered.Text("id")!);
            // The one that measures time goes on as it did.
            for (var pings = 0; pings < 2; pings++)
            {
                var ping = await connection.ExpectEventuallyAsync(l => l.StartsWith("PING ", StringComparison.Ordinal), "a PING", TimeSpan.FromSeconds(15));
                await connection.SendAsync($":srv PONG srv :{ping[5..]}");
            }
        }

        Assert.Equal(1, peer.Connections);
        Assert.Equal(before, await SinceAsync(gateway));
        foreach (var id in ids)
        {
            Assert.Equal("delivered", JsonNode.Parse(await gateway.Http.GetStringAsync(new Uri($"/api/v1/messages/{id}", UriKind.Relative)))!.Text("status"));
        }

        // Newest first, in the order of acceptance, over all pages.
        Assert.Equal(ids.AsEnumerable().Reverse(), await ListedAsync(gateway, "net/#in"));
        wire.Plug();
        Assert.Equal(0, await later.AllSeenAsync(() => watcher.Messages.Entries.Where(m => m.Text.StartsWith("#later", StringComparison.Ordinal))));
    }

    [Fact]
    public async Task SetForward_EndsWhatHasExpiredByThen_AndSetBackKeepsIt()
    {
        await using var gateway = new Installation(new JsonObject { ["net"] = Installation.Network(FreePort.Next()) });
        var clock = MovableClock.For(gateway.Process);
        await gateway.StartAsync();
        var old = await gateway.PostAsync("net/#x", "a day");

        clock.Set(TimeSpan.FromHours(-30));
        var young = await gateway.PostAsync("net/#x", "another day");
        Assert.Equal("queued", (await ReadAsync(gateway, old)).Text("status"));
        clock.Set(TimeSpan.FromHours(-1));
        await gateway.PostAsync("net/#x", "shows the outbox the time");

        // A day after it was accepted, by the clock: the young one. The old one's day is not over.
        Assert.Equal("expired", (await gateway.SettledAsync(young.Text("id")!)).Text("status"));
        Assert.Equal("queued", (await ReadAsync(gateway, old)).Text("status"));
        clock.Set(TimeSpan.FromHours(30));
        await gateway.PostAsync("net/#x", "shows it again");
        Assert.Equal("expired", (await gateway.SettledAsync(old.Text("id")!)).Text("status"));
    }

    [Fact]
    public async Task SetBack_NobodyIsToldThatAFreshMessageWaits()
    {
        await using var server = await NgircdServer.StartAsync();
        await using var watcher = await IrcWatcher.ConnectAsync(server.Port, "watcher", "#oncall");
        await using var gateway = new Installation(
            new JsonObject { ["net"] = Installation.Network(server.Port, "#oncall"), ["away"] = Installation.Network(FreePort.Next()) },
            settings => settings["Gateway"]!["Escalate"] = new JsonObject { ["To"] = new JsonArray("net/#oncall"), ["After"] = "00:00:10", ["Severity"] = "info" });
        var clock = MovableClock.For(gateway.Process);
        await gateway.StartAsync();
        await gateway.PostAsync("away/#x", "first");
        var accepted = System.Diagnostics.Stopwatch.StartNew();
        clock.Set(TimeSpan.FromHours(-3));
        await gateway.PostAsync("away/#x", "second");

        var told = await watcher.Messages.FirstAsync(m => m.Text.Contains("still wait", StringComparison.Ordinal), "what still waits", TimeSpan.FromSeconds(60));

        Assert.InRange(accepted.Elapsed, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(60));
        Assert.Contains("2 messages still wait", told.Text, StringComparison.Ordinal);
    }

    private static async Task<string> SinceAsync(Installation gateway) =>
        string.Join(' ', (await gateway.SessionsAsync()).Where(s => s!.Text("name") != "away").Select(s => $"{s!.Text("name")} {s!.Text("state")} {s!.Text("since")}"));

    private static async Task<JsonNode> ReadAsync(Installation gateway, JsonNode message) =>
        JsonNode.Parse(await gateway.Http.GetStringAsync(new Uri($"/api/v1/messages/{message.Text("id")}", UriKind.Relative)))!;

    private static async Task<List<string>> ListedAsync(Installation gateway, string to)
    {
        var found = new List<string>();
        string? before = null;
        do
        {
            var page = JsonNode.Parse(await gateway.Http.GetStringAsync(new Uri($"/api/v1/messages?limit=3&to={Uri.EscapeDataString(to)}&before={before}", UriKind.Relative)))!;
            found.AddRange(page["items"]!.AsArray().Select(i => i!.Text("id")!));
            before = page.Text("next");
        }
        while (before is not null);

        return found;
    }
}
