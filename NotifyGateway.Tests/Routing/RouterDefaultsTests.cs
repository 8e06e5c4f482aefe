using NotifyGateway.Core;
using NotifyGateway.Core.Configuration;
using NotifyGateway.Core.Routing;
using Xunit;

namespace NotifyGateway.Tests.Routing;

/// <summary>TwistedPrism's two lists: each has its own defaults, and an empty one means nobody.</summary>
public sealed class RouterDefaultsTests
{
    private static readonly GatewayOptions WithDefaults = new()
    {
        DefaultTo = ["a/#never"],
        Irc = RouterTests.Networks(
            ("a", new IrcOptions { Channels = [new() { Name = "#one", Key = "K" }, new() { Name = "#two" }], DefaultChannels = ["#one", "#all"], DefaultUsers = ["ann"], Users = ["alice"] }),
            ("b", new IrcOptions { DefaultChannels = ["#all"], DefaultUsers = ["ben"] })),
        Aliases = new Dictionary<string, IReadOnlyList<string>>(StringComparer.OrdinalIgnoreCase) { ["team"] = ["a/#two", "b/tom"] },
    };

    private static readonly GatewayOptions WithDefaultTo = new()
    {
        DefaultTo = ["#ops", "n/alice"],
        Irc = RouterTests.Networks(("n", new IrcOptions { Channels = [new() { Name = "#ops" }] })),
    };

    [Theory]
    [InlineData(null, null, "a ann|a #one K|a #all|b ben|b #all")]
    [InlineData("alice", null, "a alice|a #one K|a #all|b #all")]
    [InlineData(null, "#two", "a #two|a ann|b ben")]
    [InlineData("alice", "#two", "a alice|a #two")]
    [InlineData("alice", "", "a alice")]
    [InlineData("", "#two", "a #two")]
    [InlineData("", null, "a #one K|a #all|b #all")]
    [InlineData(null, "", "a ann|b ben")]
    [InlineData("", "", "")]
    [InlineData("ALICE", "", "a ALICE")]
    [InlineData("ben", "", "b ben")]
    [InlineData("stranger", "", "a stranger|b stranger")]
    [InlineData("b/alice", "", "b alice")]
    [InlineData("team", "", "a #two|b tom")]
    [InlineData("", "team", "a #two|b tom")]
    [InlineData("", "b/#x", "b #x")]
    [InlineData("log", "", "a log|b log")]
    [InlineData("alice ann", "#two #all", "a alice|a ann|a #two|a #all|b #all")]
    public void Defaults_AreIndependent(string? users, string? channels, string destinations) =>
        Assert.Equal(destinations, RouterTests.Show(new Router(WithDefaults).Resolve(Addressing.Prism(List(users), List(channels)))));

    [Theory]
    [InlineData(null, null, "n #ops|n alice")]
    [InlineData("", null, "n #ops|n alice")]
    [InlineData(null, "", "n #ops|n alice")]
    [InlineData("bob", null, "n bob")]
    [InlineData(null, "#x", "n #x")]
    [InlineData("", "", "")]
    public void DefaultTo_IsForMessagesThatNameNobody(string? users, string? channels, string destinations) =>
        Assert.Equal(destinations, RouterTests.Show(new Router(WithDefaultTo).Resolve(Addressing.Prism(List(users), List(channels)))));

    [Theory]
    [InlineData(null, null, "names nobody, and no default destination is configured")]
    [InlineData("", null, "names nobody, and no default channel is configured")]
    [InlineData(null, "", "names nobody, and no default user is configured")]
    public void Refuses_MessageToNobody_WithoutDefaults(string? users, string? channels, string reason)
    {
        var options = new GatewayOptions { Irc = RouterTests.Networks(("n", new IrcOptions { Channels = [new() { Name = "#ops" }] })) };

        var route = new Router(options).Resolve(Addressing.Prism(List(users), List(channels)));

        Assert.Empty(route.Destinations);
        Assert.Equal(new UnknownDestination("the message", reason), Assert.Single(route.Unknown));
    }

    [Fact]
    public void Tells_WhichDefaultsAreMissing_WhereTheOthersExist()
    {
        var options = new GatewayOptions { DefaultTo = ["#ops"], Irc = RouterTests.Networks(("n", new IrcOptions { DefaultChannels = ["#ops"] })) };

        Assert.Equal("n bob|n #ops", RouterTests.Show(new Router(options).Resolve(Addressing.Prism(["bob"], null))));
        Assert.Equal("n #ops", RouterTests.Show(new Router(options).Resolve(Addressing.Defaults)));
        Assert.Equal("names nobody, and no default user is configured", Assert.Single(new Router(options).Resolve(Addressing.Prism(null, [])).Unknown).Reason);
    }

    [Fact]
    public void Named_TakesNoDefaults()
    {
        var router = new Router(WithDefaults);

        Assert.Equal("a #two", RouterTests.Show(router.Resolve(Addressing.Named("#two"))));
        Assert.Equal("a #two", RouterTests.Show(router.Resolve(new Addressing(["#two"], null, null))));
        Assert.Equal("", RouterTests.Show(router.Resolve(Addressing.Named())));
        Assert.Equal("a #two|a alice|b #x", RouterTests.Show(router.Resolve(new Addressing(["#two"], ["alice"], ["b/#x"]))));
    }

    [Theory]
    [InlineData("al ice", "a nick holds no space")]
    [InlineData("@alice", "a nick does not begin with @")]
    [InlineData("alice@example.org", "no XMPP account is configured")]
    public void Names_UnknownUser(string user, string reason) =>
        Assert.Equal(new UnknownDestination(user, reason), Assert.Single(new Router(WithDefaults).Resolve(Addressing.Prism([user], [])).Unknown));

    [Fact]
    public void Names_UserWithoutAnyNetwork() =>
        Assert.Equal("no IRC network is configured", Assert.Single(new Router(new GatewayOptions()).Resolve(Addressing.Prism(["alice"], [])).Unknown).Reason);

    private static string[]? List(string? names) => names?.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
