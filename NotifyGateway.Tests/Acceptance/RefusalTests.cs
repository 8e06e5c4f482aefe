using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using NotifyGateway.Tests.Support;
using NotifyGateway.Tests.Support.Servers;
using Xunit;
using Xunit.Sdk;

namespace NotifyGateway.Tests.Acceptance;

/// <summary>On each server channels that let nobody in, and what the server says of it to another client.</summary>
public sealed class RefusalHouse : FourServers
{
    public const string Banned = "-banned";

    private static readonly (string Name, string Mode)[] Closed =
        [("473", "+i"), ("474", "+b *!*@*"), ("475", "+k sesame"), ("471", "+l 1"), ("404", "+m")];

    private readonly ConcurrentBag<IrcWatcher> _founders = [];

    /// <summary>The numeric and the server's words, by software and channel or nick.</summary>
    internal ConcurrentDictionary<(string Software, string Name), string> Words { get; } = [];

    /// <summary>Where a message cannot go: channels and a nick, each with the numerics that may say so.</summary>
    internal static IEnumerable<(string Name, string Numerics)> Refusals(ServerPlace place) =>
    [
        .. Closed.Select(c => (place.Server.ChannelPrefix + c.Name, c.Name)),
        // For accounts only. ngircd has the number of a full channel for it; ircd-irc2 knows no accounts.
        .. place.Network is Irc2Server.Name ? [] : (IEnumerable<(string, string)>)[("#477", "477 471")],
        ("nobody", "401"),
        // ircd-irc2 cuts what is too long; it makes such channels only when they are asked for with two marks.
        (place.Network is Irc2Server.Name ? "!impossible" : "#" + new string('x', 70), "403 476 479"),
    ];

    private protected override IEnumerable<(string Name, JsonObject Network)> Networks(ServerPlace place)
    {
        var network = Installation.Network(place.Wire.Port);
        network["JoinRetry"] = "00:10:00";
        var banned = Installation.Network(place.Wire.Port);
        banned["Nick"] = "banned";
        banned["User"] = "unwanted";
        return [(place.Network, network), (place.Network + Banned, banned)];
    }

    private protected override async Task SettleAsync()
    {
        await StartServersAsync(async place =>
        {
            await Task.WhenAll(
                FoundAsync(place, "#open", null),
                Task.WhenAll(Closed.Select(c => FoundAsync(place, place.Server.ChannelPrefix + c.Name, c.Mode))),
                place.Network is Irc2Server.Name ? Task.CompletedTask : FoundAsync(place, "#477", "+R"),
                place.Server.BanUserAsync("unwanted", "not welcome here"));
            await ProbeAsync(place);
        });
        await Gateway.StartAsync();
    }

    private protected override async Task LeaveAsync()
    {
        foreach (var founder in _founders)
        {
            await founder.DisposeAsync();
        }
    }

    private async Task FoundAsync(ServerPlace place, string channel, string? mode)
    {
        var founder = await place.WatcherAsync("f" + channel[1..], channel);
        _founders.Add(founder);
        if (mode is not null)
        {
            await founder.ModeAsync(channel, mode);
        }
    }

    /// <summary>Asks as the gateway will, and notes the answers.</summary>
    private async Task ProbeAsync(ServerPlace place)
    {
        await using (var probe = await place.WatcherAsync("probe"))
        {
            foreach (var (name, numerics) in Refusals(place))
            {
                await probe.SendAsync(numerics is "401" or "404" ? $"JOIN {name}\r\nPRIVMSG {name} :anybody?" : $"JOIN {name}");
                var answer = await probe.Lines.FirstAsync(
                    l => l.Split(' ') is [_, ['4', _, _] numeric, _, var about, ..] && about == name && numerics.Contains(numeric, StringComparison.Ordinal),
                    $"one of {numerics} for {name}");
                Words[(place.Network, name)] = answer.Split(' ')[1] + " " + Last(answer);
            }
        }

        await using var unwanted = await IrcWatcher.OpenAsync(place.Server.Port);
        await unwanted.SendAsync("NICK unwanted", "USER unwanted 0 * :unwanted");
        var refused = await Assert.ThrowsAsync<FailException>(() => unwanted.NumericAsync("001"));
        Assert.DoesNotContain("not in time", refused.Message, StringComparison.Ordinal);
        var line = unwanted.Lines.Entries.FirstOrDefault(l => l.Contains(" 465 ", StringComparison.Ordinal)) ?? unwanted.Lines.Entries[^1];
        Words[(place.Network, Banned)] = line.Contains(" 465 ", StringComparison.Ordinal) ? "465 " + Last(line) : Last(line);
    }

    private static string Last(string line) => line[(line.IndexOf(" :", StringComparison.Ordinal) + 2)..];
}

/// <summary>What a server refuses is told in its own words, and costs nothing else.</summary>
public sealed class RefusalTests(RefusalHouse house, ITestOutputHelper output) : IClassFixture<RefusalHouse>
{
    public static TheoryData<string> Software => FourServers.Software;

    [Theory]
    [MemberData(nameof(Software))]
    public Task Refusal_IsToldWordForWordWhileOthersGoOn(string software) => EachAsync(software, async place =>
    {
        var refusals = RefusalHouse.Refusals(place).Select(r => (r.Name, Reason: house.Words[(place.Network, r.Name)])).ToList();
        var message = await house.Gateway.PostAsync([$"{place.Network}/#open", .. refusals.Select(r => $"{place.Network}/{r.Name}")], "for all", wait: 1);

        await Deadline.Poll(
            async token =>
            {
                message = JsonNode.Parse(await house.Gateway.Http.GetStringAsync(new Uri($"/api/v1/messages/{message.Text("id")}", UriKind.Relative), token))!;
                return message["deliveries"]!.AsArray().All(d => d!.Text("reason") is not null || d!.Text("status") is not "queued");
            },
            "every delivery has a reason or is settled");
        Assert.Equal("delivered", Delivery("#open").Text("status"));
        Assert.All(refusals, r => Assert.Equal((r.Name, r.Reason), (r.Name, Delivery(r.Name).Text("reason"))));
        var session = await house.Gateway.SessionAsync(place.Network, s => s.Text("state") == "online", "is online");
        Assert.Equal(
            refusals.Where(r => r.Reason[..3] is not ("401" or "404")).Order(),
            session["channels"]!.AsArray().Where(c => c!.Text("state") == "parked").Select(c => (Name: c!.Text("name")!, Reason: c!.Text("reason")!)).Order());
        Assert.Equal("delivered", (await house.Gateway.PostAsync($"{place.Network}/#open", "afterwards", wait: 10)).Text("status"));
        return string.Join("; ", refusals.Select(r => string.Create(CultureInfo.InvariantCulture, $"{r.Name}: {r.Reason} ({Delivery(r.Name).Text("status")})")));

        JsonNode Delivery(string name) => message["deliveries"]!.AsArray().Single(d => d!.Text("to") == $"{place.Network}/{name}")!;
    });

    [Theory]
    [MemberData(nameof(Software))]
    public Task BanFromTheServer_IsToldWordForWord(string software) => EachAsync(software, async place =>
    {
        var words = house.Words[(place.Network, RefusalHouse.Banned)];
        var message = await house.Gateway.PostAsync($"{place.Network}{RefusalHouse.Banned}/#open", "from somebody banned");

        var session = await house.Gateway.SessionAsync(place.Network + RefusalHouse.Banned, s => s.Text("lastError") is not null, "says why");
        Assert.Contains(words, session.Text("lastError"), StringComparison.Ordinal);
        Assert.Contains(words, await house.Gateway.ReasonAsync(message.Text("id")!), StringComparison.Ordinal);
        return $"{session.Text("state")}: {session.Text("lastError")}";
    });

    private async Task EachAsync(string software, Func<ServerPlace, Task<string>> scenario, [CallerMemberName] string name = "") =>
        output.WriteLine(await house.EachAsync(software, scenario, name));
}
