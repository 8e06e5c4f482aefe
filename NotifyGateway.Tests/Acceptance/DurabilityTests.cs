using System.Globalization;
using System.Text.Json.Nodes;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Acceptance;

/// <summary>What was accepted arrives though the gateway is killed, in the order of each channel.</summary>
public sealed class DurabilityTests(ITestOutputHelper output)
{
    private const int Window = 32;
    private const int LinesPerSecond = 2000;
    private static readonly string[] Three = ["#d0", "#d1", "#d2"];
    private static readonly string[] Poured = ["#p0", "#p1", "#p2", "#p3"];
    private static readonly string[] Twenty = [.. Enumerable.Range(0, 20).Select(n => string.Create(CultureInfo.InvariantCulture, $"#s{n}"))];

    [Fact]
    public async Task Kill9WhileTheServerIsDown_DeliversEverythingOnceAndInOrder()
    {
        await using var server = NgircdServer.Prepare();
        await using var wire = new Wire(server.Port);
        await using var gateway = await Installation.StartAsync(Networks(wire.Port));
        await Task.WhenAll(Three.Select(c => new Numbered(gateway, c).PostAsync(33)));
        await gateway.IrkerAsync([.. Enumerable.Range(33, 34).SelectMany(n => Three.Select(c =>
            Installation.Irker(string.Create(CultureInfo.InvariantCulture, $"irc://127.0.0.1:{wire.Port}/{c[1..]}"), Numbered.Text(c, n))))]);

        await gateway.Process.Kill9Async();
        await gateway.StartAsync();
        await gateway.SessionAsync("net", s => s.Text("queued") == "201", "still has every message");
        await server.StartAgainAsync();
        await using var watcher = await IrcWatcher.ConnectAsync(server.Port, "watcher", Three);
        wire.Plug();

        foreach (var channel in Three)
        {
            var seen = await watcher.MessagesAsync(channel, 67);
            Assert.Equal(Enumerable.Range(0, 67).Select(n => Numbered.Text(channel, n)), seen.Select(m => m.Text));
        }

        await gateway.SessionAsync("net", s => s.Text("queued") == "0", "has sent all");
        await watcher.SettleAsync();
        Assert.Equal(201, watcher.Messages.Entries.Count);
    }

    [Fact]
    public async Task Kill9AmidAStream_LosesNothingAndRepeatsLittle()
    {
        await using var server = await NgircdServer.StartAsync();
        await using var wire = new Wire(server.Port);
        await using var watcher = await IrcWatcher.ConnectAsync(server.Port, "watcher", [.. Twenty, .. Poured]);
        var networks = Networks(wire.Port);
        networks["net"]!["LinesPerSecond"] = LinesPerSecond;
        await using var gateway = await Installation.StartAsync(networks);
        var streams = Twenty.Select(c => new Numbered(gateway, c)).ToList();
        var poured = Poured.Select(c => new Numbered(gateway, c)).ToList();

        // What waits already is being delivered while the rest is being accepted.
        await Numbered.PourAsync(gateway, poured, string.Create(CultureInfo.InvariantCulture, $"irc://127.0.0.1:{wire.Port}/"), 500);
        wire.Plug();
        await watcher.Messages.CollectAsync(_ => true, 1000, "the stream flows out");
        var posting = Task.WhenAll(streams.Select(s => s.PostAsync(100)));
        await Deadline.Poll(_ => Task.FromResult(streams.Sum(s => s.Count) >= 300 && watcher.Messages.Entries.Count >= 1500), "the streams flow in and out");
        await gateway.Process.Kill9Async();
        await posting;
        var seenBefore = watcher.Messages.Entries.Count;
        var acceptedBefore = streams.Sum(s => s.Accepted.Count);
        await gateway.StartAsync();
        await Task.WhenAll(streams.Select(s => s.PostAsync(100)));

        Assert.InRange(acceptedBefore, 250, 2000);
        Assert.InRange(seenBefore, 1500, 3900);
        Assert.InRange(streams.Sum(s => s.Accepted.Count), 2000 - Twenty.Length, 2000);
        var repeats = await Numbered.AllSeenAsync([.. streams, .. poured], () => watcher.Messages.Entries);
        output.WriteLine($"killed after {acceptedBefore} posted and {seenBefore} seen; {repeats} repeated");

        // What was on the wire, and what was proven while the last transaction ran: on a busy disk that may take half a second.
        Assert.InRange(repeats, 0, Window + (LinesPerSecond / 2));
    }

    private static JsonObject Networks(int port) => new() { ["net"] = Installation.Network(port) };
}
