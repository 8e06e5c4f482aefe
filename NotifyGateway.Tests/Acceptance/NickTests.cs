using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Acceptance;

/// <summary>On each server somebody has the gateway's nick before it comes.</summary>
public sealed class NickHouse : FourServers
{
    internal ConcurrentDictionary<string, IrcWatcher> Thieves { get; } = [];

    private protected override IEnumerable<(string Name, JsonObject Network)> Networks(ServerPlace place) => [(place.Network, Installation.Network(place.Wire.Port, "#nick"))];

    private protected override async Task SettleAsync()
    {
        await StartServersAsync(async place => Thieves[place.Network] = await place.WatcherAsync("gateway", "#nick"));
        await Gateway.StartAsync();
    }

    private protected override async Task LeaveAsync()
    {
        foreach (var thief in Thieves.Values)
        {
            await thief.DisposeAsync();
        }
    }
}

/// <summary>A nick that is taken costs no message, and comes back when it is free.</summary>
public sealed class NickTests(NickHouse house, ITestOutputHelper output) : IClassFixture<NickHouse>
{
    public static TheoryData<string> Software => FourServers.Software;

    [Theory]
    [MemberData(nameof(Software))]
    public async Task NickThatIsTaken_IsTakenBackWhenItIsFree(string software) => output.WriteLine(await house.EachAsync(software, async place =>
    {
        await using var watcher = await place.WatcherAsync("watcher", "#nick");
        var first = await house.Gateway.PostAsync($"{place.Network}/#nick", "under another name", wait: 10);
        Assert.Equal("delivered", first.Text("status"));
        Assert.Matches("^gateway[0-9]{3}$", (await watcher.MessagesAsync("#nick", 1))[0].Nick);

        await house.Thieves[place.Network].SendAsync("QUIT :enough");
        await house.Gateway.SessionAsync(place.Network, s => s.Text("nick") == "gateway", "has its nick");
        var second = await house.Gateway.PostAsync($"{place.Network}/#nick", "under its own name", wait: 10);

        Assert.Equal("delivered", second.Text("status"));
        Assert.Equal("gateway", (await watcher.MessagesAsync("#nick", 2))[1].Nick);
        Assert.DoesNotContain(watcher.Lines.Entries, l => l.StartsWith(":gateway", StringComparison.Ordinal) && l.Contains(" PART ", StringComparison.Ordinal));
        return "has it back";
    }));
}
