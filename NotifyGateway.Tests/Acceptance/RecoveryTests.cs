using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Acceptance;

/// <summary>A gateway that was there before its servers.</summary>
public sealed class RecoveryHouse : FourServers
{
    public const string Impatient = "-impatient";

    internal const int EarlyCount = 20;

    internal static readonly TimeSpan PingInterval = TimeSpan.FromSeconds(1);
    internal static readonly TimeSpan PingTimeout = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, IrcWatcher> _early = [];

    /// <summary>Who was in <c>#early</c> before the gateway got there.</summary>
    internal IrcWatcher Early(string software) => _early[software];

    private protected override IEnumerable<(string Name, JsonObject Network)> Networks(ServerPlace place)
    {
        var impatient = Installation.Network(place.Wire.Port);
        impatient["Nick"] = "impatient";
        impatient["PingInterval"] = PingInterval.ToString("c");
        impatient["PingTimeout"] = PingTimeout.ToString("c");
        return [.. base.Networks(place), (place.Network + Impatient, impatient)];
    }

    private protected override async Task SettleAsync()
    {
        await Gateway.StartAsync();
        await Task.WhenAll(Places.Select(p => new Numbered(Gateway, "#early", p.Network).PostAsync(EarlyCount)));
        await StartServersAsync(async place => _early[place.Network] = await place.WatcherAsync("early", "#early"));
    }

    private protected override async Task LeaveAsync()
    {
        foreach (var watcher in _early.Values)
        {
            await watcher.DisposeAsync();
        }
    }
}

/// <summary>Whatever happens to a server or to our connection, the session comes back by itself, and delivers what was accepted, in order.</summary>
public sealed class RecoveryTests(RecoveryHouse house, ITestOutputHelper output) : IClassFixture<RecoveryHouse>
{
    private const int Window = 32;
    private static readonly string[] Three = ["#r0", "#r1", "#r2"];

    public static TheoryData<string> Software => FourServers.Software;

    [Theory]
    [MemberData(nameof(Software))]
    public Task ServerThatComesLate_GetsWhatWasAcceptedBefore(string software) => EachAsync(software, async place =>
    {
        var seen = await house.Early(place.Network).MessagesAsync("#early", RecoveryHouse.EarlyCount);

        Assert.Equal(Enumerable.Range(0, RecoveryHouse.EarlyCount).Select(n => Numbered.Text("#early", n)), seen.Select(m => m.Text));
        return "all there";
    });

    [Theory]
    [MemberData(nameof(Software))]
    public Task ServerRestartedUnderLoad_GetsEverythingAfterItsRestart(string software) => EachAsync(software, async place =>
    {
        var streams = Three.Select(c => new Numbered(house.Gateway, c, place.Network)).ToList();
        await using var before = await place.WatcherAsync("watcher", Three);
        var pouring = Numbered.PourAsync(house.Gateway, streams, place.Url, 50);
        await before.Messages.CollectAsync(_ => true, 50, "the stream flows");
        place.Wire.Unplug();
        // In order: what a server has confirmed and not relayed yet would die with it.
        await place.Server.StopAsync();
        await pouring;
        await Numbered.PourAsync(house.Gateway, streams, place.Url, 50);
        await place.Server.StartAgainAsync();
        await using var after = await place.WatcherAsync("watcher", Three);
        place.Wire.Plug();

        var repeats = await Numbered.AllSeenAsync(streams, () => before.Messages.Entries.Concat(after.Messages.Entries));
        Assert.InRange(repeats, 0, Window);
        return $"{before.Messages.Entries.Count} before the stop, {repeats} repeated";
    });

    [Theory]
    [MemberData(nameof(Software))]
    public Task KilledByAnOperator_ComesBackWithItsNickAndToItsChannels(string software) => EachAsync(software, async place =>
    {
        var stream = new Numbered(house.Gateway, "#killed", place.Network);
        await using var watcher = await place.WatcherAsync("watcher", "#killed");
        await Numbered.PourAsync(house.Gateway, [stream], place.Url, 50);
        await watcher.Messages.CollectAsync(_ => true, 10, "the stream flows");
        await place.Server.KillClientAsync("gateway");
        await Numbered.PourAsync(house.Gateway, [stream], place.Url, 50);

        var repeats = await stream.AllSeenAsync(() => watcher.Messages.Entries);
        Assert.InRange(repeats, 0, Window);
        Assert.All(watcher.Messages.Entries, m => Assert.Equal("gateway", m.Nick));
        Assert.Contains(watcher.Lines.Entries, l => l.StartsWith(":gateway!", StringComparison.Ordinal) && l.Contains(" QUIT ", StringComparison.Ordinal));
        await house.Gateway.JoinedAsync(place.Network, "#killed");
        Assert.Equal("gateway", (await house.Gateway.SessionAsync(place.Network, s => s.Text("state") == "online", "is online")).Text("nick"));
        return $"{repeats} repeated";
    });

    [Theory]
    [MemberData(nameof(Software))]
    public Task ServerThatFallsSilent_IsNoticedAndRecoveredFrom(string software) => EachAsync(software, async place =>
    {
        var network = place.Network + RecoveryHouse.Impatient;
        await using var watcher = await place.WatcherAsync("watcher", "#frozen");
        var first = await house.Gateway.PostAsync($"{network}/#frozen", "before", wait: 10);
        Assert.Equal("delivered", first.Text("status"));

        place.Server.Freeze();
        var clock = Stopwatch.StartNew();
        var silent = await house.Gateway.SessionAsync(network, s => s.Text("state") != "online", "has noticed");
        var noticed = clock.Elapsed;
        var second = await house.Gateway.PostAsync($"{network}/#frozen", "after");
        place.Server.Thaw();

        // The last byte may have come before the freeze; half a second for a busy machine.
        Assert.InRange(noticed, TimeSpan.Zero, RecoveryHouse.PingInterval + RecoveryHouse.PingTimeout + TimeSpan.FromSeconds(0.5));
        Assert.Contains("silent", silent.Text("lastError"), StringComparison.Ordinal);
        Assert.Equal("delivered", (await house.Gateway.SettledAsync(second.Text("id")!)).Text("status"));
        Assert.Equal(["before", "after"], (await watcher.MessagesAsync("#frozen", 2)).Select(m => m.Text));
        return $"noticed after {noticed.TotalSeconds:0.0} s: {silent.Text("lastError")}";
    });

    private async Task EachAsync(string software, Func<ServerPlace, Task<string>> scenario, [CallerMemberName] string name = "") =>
        output.WriteLine(await house.EachAsync(software, async place =>
        {
            // Who sees the early messages must not lose the server before they are there.
            await house.Early(place.Network).MessagesAsync("#early", RecoveryHouse.EarlyCount);
            return await scenario(place);
        }, name));
}
