using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Acceptance;

/// <summary>How the process stops: in time, with exit code 0, and with nothing lost.</summary>
public sealed class StopTests
{
    private static readonly string[] Four = ["#t0", "#t1", "#t2", "#t3"];

    [Fact]
    public async Task Sigterm_AmidTrafficEndsWithZeroInTimeAndLosesNothing()
    {
        await using var server = await NgircdServer.StartAsync();
        await using var watcher = await IrcWatcher.ConnectAsync(server.Port, "watcher", Four);
        await using var gateway = await Installation.StartAsync(new JsonObject { ["net"] = Installation.Network(server.Port) });
        var streams = Four.Select(c => new Numbered(gateway, c)).ToList();
        var poured = Enumerable.Range(0, 3).Select(n => new Numbered(gateway, string.Create(CultureInfo.InvariantCulture, $"#p{n}"))).ToList();
        foreach (var stream in poured)
        {
            await watcher.JoinAsync(stream.Channel);
        }

        var posting = Task.WhenAll(streams.Select(s => s.PostAsync(100_000)));
        await Numbered.PourAsync(gateway, poured, string.Create(CultureInfo.InvariantCulture, $"irc://127.0.0.1:{server.Port}/"), 1000);
        await Deadline.Poll(_ => Task.FromResult(streams.Sum(s => s.Count) >= 100 && watcher.Messages.Entries.Count >= 300), "traffic flows both in and out");
        var clock = Stopwatch.StartNew();
        var code = await gateway.Process.TerminateAsync();

        Assert.Equal(0, code);
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(12));
        Assert.Equal("", string.Join('\n', gateway.Process.Process.Error.Entries));
        Assert.DoesNotContain(" fail: ", gateway.Log, StringComparison.Ordinal);
        await posting;
        await gateway.StartAsync();
        Assert.Equal(0, await Numbered.AllSeenAsync([.. streams, .. poured], () => watcher.Messages.Entries));
    }

    [Fact]
    public async Task Sigterm_EndsInTimeThoughAServerAnswersNothing()
    {
        await using var peer = ScriptedPeer.Start();
        using var hole = await BlackHole.StartAsync();
        await using var gateway = await Installation.StartAsync(new JsonObject { ["silent"] = Installation.Network(peer.Port), ["hole"] = Installation.Network(hole.Port) });
        await gateway.PostAsync("silent/alice", "never proven");
        var connection = await peer.AcceptAsync();
        await connection.SendAsync(":srv 001 gateway :Welcome", ":srv 376 gateway :End");
        await connection.ExpectEventuallyAsync(l => l == "PRIVMSG alice :never proven", "the message");

        var clock = Stopwatch.StartNew();
        Assert.Equal(0, await gateway.Process.TerminateAsync());

        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(12));

        // Not proven, so it is not lost: the next run sends it again.
        await gateway.StartAsync();
        var again = await peer.AcceptAsync();
        await again.SendAsync(":srv 001 gateway :Welcome", ":srv 376 gateway :End");
        await again.ExpectEventuallyAsync(l => l == "PRIVMSG alice :never proven", "the message again");
    }

    [Fact]
    public async Task RequestThatWaits_IsAnsweredWhenTheProcessStops()
    {
        await using var gateway = await Installation.StartAsync(new JsonObject { ["net"] = Installation.Network(FreePort.Next()) });
        var waiting = gateway.TryPostAsync(["net/#x"], "nobody listens", wait: 60);
        await gateway.SessionAsync("net", s => s.Text("queued") == "1", "has the message");

        var clock = Stopwatch.StartNew();
        Assert.Equal(0, await gateway.Process.TerminateAsync());

        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(12));
        using var answer = await waiting;
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        Assert.Equal("queued", JsonNode.Parse(await answer.Content.ReadAsStringAsync())!.Text("status"));
    }
}
