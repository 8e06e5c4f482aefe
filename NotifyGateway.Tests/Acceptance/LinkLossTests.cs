using System.Globalization;
using System.Text.Json.Nodes;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Acceptance;

/// <summary>A server or a link that goes away in the middle of a full window costs no message, and at most one window is sent twice.</summary>
public sealed class LinkLossTests(ITestOutputHelper output)
{
    private const int Window = 32;
    private const int Each = 500;
    private static readonly string[] Eight = [.. Enumerable.Range(0, 8).Select(n => string.Create(CultureInfo.InvariantCulture, $"#s{n}"))];

    [Fact]
    public async Task ServerRestartUnderLoad_LosesNothingAndRepeatsAtMostOneWindow()
    {
        await using var server = await NgircdServer.StartAsync();
        await using var wire = new Wire(server.Port);
        wire.Plug();
        await using var before = await IrcWatcher.ConnectAsync(server.Port, "watcher", Eight);
        await using var gateway = await StartAsync(wire);
        var streams = Eight.Select(c => new Numbered(gateway, c)).ToList();

        var pouring = Numbered.PourAsync(gateway, streams, Url(wire), Each);
        await before.Messages.CollectAsync(_ => true, 200, "the stream flows");
        wire.Unplug();
        await server.StopAsync();
        await server.StartAgainAsync();
        await using var after = await IrcWatcher.ConnectAsync(server.Port, "watcher", Eight);
        wire.Plug();
        await pouring;

        var repeats = await Numbered.AllSeenAsync(streams, () => before.Messages.Entries.Concat(after.Messages.Entries));
        output.WriteLine($"{before.Messages.Entries.Count} before the stop; {repeats} repeated");
        Assert.InRange(before.Messages.Entries.Count, 200, (Eight.Length * Each) - 1);
        Assert.InRange(repeats, 0, Window);
    }

    [Fact]
    public async Task CutLinksUnderLoad_LoseNothingAndRepeatAtMostOneWindowEach()
    {
        const int cuts = 5;
        await using var server = await NgircdServer.StartAsync();
        await using var wire = new Wire(server.Port);
        wire.Plug();
        await using var watcher = await IrcWatcher.ConnectAsync(server.Port, "watcher", Eight);
        await using var gateway = await StartAsync(wire);
        var streams = Eight.Select(c => new Numbered(gateway, c)).ToList();

        var pouring = Numbered.PourAsync(gateway, streams, Url(wire), Each);
        for (var cut = 1; cut <= cuts; cut++)
        {
            await watcher.Messages.CollectAsync(_ => true, cut * 500, "the stream flows");
            wire.Cut();
            wire.Plug();
        }

        await pouring;
        var repeats = await Numbered.AllSeenAsync(streams, () => watcher.Messages.Entries);
        output.WriteLine($"{repeats} repeated after {cuts} cuts");
        Assert.Equal(cuts, watcher.Lines.Entries.Count(l => l.StartsWith(":gateway", StringComparison.Ordinal) && l.Contains(" QUIT ", StringComparison.Ordinal)));
        Assert.InRange(repeats, 0, cuts * Window);
    }

    private static Task<Installation> StartAsync(Wire wire) => Installation.StartAsync(new JsonObject { ["net"] = Installation.Network(wire.Port) });

    private static string Url(Wire wire) => string.Create(CultureInfo.InvariantCulture, $"irc://127.0.0.1:{wire.Port}/");
}
