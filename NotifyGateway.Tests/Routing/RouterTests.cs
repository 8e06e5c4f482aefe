using NotifyGateway.Core;
using NotifyGateway.Core.Configuration;
using NotifyGateway.Core.Routing;
using Xunit;

namespace NotifyGateway.Tests.Routing;

public sealed class RouterTests
{
    /// <summary>Three networks: two that list <c>#ops</c>, of which one joins nothing else, and one that lists nothing.</summary>
    private static readonly GatewayOptions Three = new()
    {
        Irc = Networks(
            ("libera", new IrcOptions { Server = "irc.libera.chat", Nick = "bot", Channels = [new() { Name = "#Ops" }, new() { Name = "#keyed", Key = "K1" }], Users = ["Alice"] }),
            ("oftc", new IrcOptions { Server = "irc.oftc.net", Port = 6667, Tls = false, DefaultChannels = ["#ops", "#oftc"], JoinUnlisted = false }),
            ("Office", new IrcOptions { Server = "10.0.0.1", Tls = false, User = "ident", ServerPassword = "hunter2", DefaultUsers = ["bob"] })),
        Aliases = Aliases(
            ("oncall", ["libera/alice", "OFTC/#ops"]),
            ("all", ["oncall", "#ops", "Twice"]),
            ("twice", ["oncall"]),
            ("loop", ["libera/carol", "pool"]),
            ("pool", ["LOOP"]),
            ("partly", ["libera/carol", "nobody-knows"])),
        DynamicServers = ["*.example.org", "127.0.0.1"],
        Dynamic = new DynamicOptions { AllowPlaintextLogin = true },
    };

    [Theory]
    [InlineData("#ops", "libera #ops", "oftc #ops")]
    [InlineData("#OPS", "libera #OPS", "oftc #OPS")]
    [InlineData("#oftc", "oftc #oftc")]
    [InlineData("#keyed", "libera #keyed K1")]
    [InlineData("libera/#new", "libera #new")]
    [InlineData("LIBERA/&new", "libera &new")]
    [InlineData("libera/#a/b", "libera #a/b")]
    [InlineData("libera/#KEYED", "libera #KEYED K1")]
    [InlineData("oftc/#ops", "oftc #ops")]
    [InlineData("oftc/dave", "oftc dave")]
    [InlineData("office/dave", "Office dave")]
    [InlineData("libera/soju/dave", "libera soju/dave")]
    [InlineData("oncall", "libera alice", "oftc #ops")]
    [InlineData("ONCALL", "libera alice", "oftc #ops")]
    [InlineData("all", "libera alice", "oftc #ops", "libera #ops")]
    public void Resolves_Names(string name, params string[] destinations) =>
        Assert.Equal(string.Join('|', destinations), Show(new Router(Three).Resolve(Addressing.Named(name))));

    [Theory]
    [InlineData("#ops", "libera #ops", "oftc #ops")]
    [InlineData("ops", "libera #ops", "oftc #ops")]
    [InlineData("libera/#OPS", "libera #ops")]
    [InlineData("@alice", "libera alice")]
    [InlineData("alice", "libera alice")]
    [InlineData("oncall", "oftc #ops", "libera alice")]
    [InlineData("ircs://irc.libera.chat/ops", "libera #ops")]
    [InlineData("#unlisted", "Office #unlisted")]
    public void Preferred_IsServedAlone_WhereTheOthersMeanItToo(string preferred, params string[] destinations) => Assert.Equal(
        string.Join('|', destinations), Show(new Router(Three).Resolve(Addressing.Named("#ops", "libera/alice", "Office/#unlisted") with { Preferred = preferred })));

    [Theory]
    [InlineData("#oftc")]
    [InlineData("#op")]
    [InlineData("oftc/#oftc")]
    [InlineData("irc://evil.example.org/ops")]
    [InlineData("C024BE91L")]
    [InlineData("@")]
    [InlineData("")]
    [InlineData("#ops,#keyed")]
    public void Preferred_CountsForNothing_WhereTheOthersDoNotMeanIt(string preferred) => Assert.Equal(
        "libera #ops|oftc #ops|libera #keyed K1", Show(new Router(Three).Resolve(Addressing.Named("#ops", "libera/#keyed") with { Preferred = preferred })));

    [Theory]
    [InlineData("ircs://irc.libera.chat/ops", "libera #ops")]
    [InlineData("ircs://IRC.Libera.Chat./ops", "libera #ops")]
    [InlineData("irc://irc.libera.chat:6697/ops", "libera #ops")]
    [InlineData("ircs://irc.libera.chat/new?key=K", "libera #new K")]
    [InlineData("ircs://irc.libera.chat/keyed", "libera #keyed K1")]
    [InlineData("ircs://irc.libera.chat/keyed?K2", "libera #keyed K2")]
    [InlineData("ircs://irc.libera.chat/carol,isnick", "libera carol")]
    [InlineData("irc://irc.oftc.net/oftc", "oftc #oftc")]
    [InlineData("irc://10.0.0.1/x", "Office #x")]
    [InlineData("irc://ident:hunter2@10.0.0.1/x", "Office #x")]
    [InlineData("irc://:hunter2@10.0.0.1/x", "Office #x")]
    [InlineData("irc://chat.example.org/x", "irc://chat.example.org:6667 #x")]
    [InlineData("irc://Chat.Example.org:6667/#x?key=K", "irc://chat.example.org:6667 #x K")]
    [InlineData("ircs://chat.example.org/x", "ircs://chat.example.org:6697 #x")]
    [InlineData("irc://u:p%40@chat.example.org/x", "irc://u:p%40@chat.example.org:6667 #x")]
    [InlineData("irc://127.0.0.1:7001/dave,isnick", "irc://127.0.0.1:7001 dave")]
    public void Resolves_Urls(string url, string destination) => Assert.Equal(destination, Show(new Router(Three).Resolve(Addressing.Named(url))));

    [Theory]
    [InlineData("#new", "no network lists #new; name one: libera/#new, Office/#new")]
    [InlineData("oftc/#new", "network oftc does not list #new, and joins no channel that it does not list")]
    [InlineData("irc://irc.oftc.net/new", "network oftc does not list #new, and joins no channel that it does not list")]
    [InlineData("efnet/#ops", "no network has this name; there is libera, oftc, Office")]
    [InlineData("alice", "unknown destination; a channel begins with #, and a nick with its network: libera/alice, oftc/alice, Office/alice")]
    [InlineData("@alice", "unknown destination")]
    [InlineData("", "the destination's name is empty")]
    [InlineData("#a b", "a channel name holds no space")]
    [InlineData("#a,#b", "a channel name holds no comma; give each channel as a destination of its own")]
    [InlineData("libera/#a\r\nQUIT", "a channel name holds no control character")]
    [InlineData("libera/", "the nick is empty")]
    [InlineData("libera/a b", "a nick holds no space")]
    [InlineData("libera/@#ops", "a nick does not begin with @")]
    [InlineData("irc://irc.libera.chat/ops", "host irc.libera.chat is not in DynamicServers, and network libera is on port 6697")]
    [InlineData("irc://:wrong@10.0.0.1/x", "host 10.0.0.1 is not in DynamicServers, and the URL's credentials are not those of network Office")]
    [InlineData("irc://evil.net/x", "host evil.net is not in DynamicServers")]
    [InlineData("irc://example.org/x", "host example.org is not in DynamicServers")]
    [InlineData("irc:chat.example.org/x", "an IRC URL begins with irc:// or ircs://")]
    [InlineData("https://chat.example.org/x", "of URLs only irc://, ircs:// and xmpp: are destinations")]
    [InlineData("xmpp:alice@example.org", "no XMPP account is configured")]
    [InlineData("xmpp://bot@example.org/room@conference.example.org?join", "no XMPP account is configured")]
    [InlineData("alice@example.org", "no XMPP account is configured")]
    [InlineData("room@conference.example.org/nick", "no XMPP account is configured")]
    [InlineData("program:mail", "no program is configured")]
    public void Names_WhatIsUnknown(string name, string reason)
    {
        var route = new Router(Three).Resolve(Addressing.Named(name));

        Assert.Empty(route.Destinations);
        Assert.Equal(reason, Assert.Single(route.Unknown).Reason);
    }

    [Theory]
    [InlineData("loop", "libera carol", "LOOP", "the alias names itself")]
    [InlineData("partly", "libera carol", "nobody-knows", "unknown destination; a channel begins with #, and a nick with its network: libera/nobody-knows, oftc/nobody-knows, Office/nobody-knows")]
    public void Serves_TheGoodPartOfAnAlias(string alias, string destinations, string unknown, string reason)
    {
        var route = new Router(Three).Resolve(Addressing.Named(alias));

        Assert.Equal(destinations, string.Join('|', route.Destinations.Select(Show)));
        Assert.Equal(new UnknownDestination(unknown, reason), Assert.Single(route.Unknown));
    }

    [Theory]
    [InlineData("irc://irc.example.org/x")]
    [InlineData("ircs://irc.libera.chat:6698/x")]
    [InlineData("irc://127.0.0.1/x")]
    [InlineData("irc://[::1]:6667/x")]
    public void WithoutDynamicServers_NoUrlLeadsAnywhere(string url)
    {
        var route = new Router(Three with { DynamicServers = new GatewayOptions().DynamicServers }).Resolve(Addressing.Named(url));

        Assert.Empty(route.Destinations);
        Assert.Contains("is not in DynamicServers", Assert.Single(route.Unknown).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Joins_UnlistedChannel_WhereOneNetworkMayAlone()
    {
        var router = new Router(new GatewayOptions { Irc = Networks(("a", new IrcOptions { JoinUnlisted = false }), ("b", new IrcOptions())) });

        Assert.Equal("b #new", Show(router.Resolve(Addressing.Named("#new"))));
        Assert.Equal("b &x|b +x|b !x", Show(router.Resolve(Addressing.Named("&x", "+x", "!x"))));
    }

    [Theory]
    [InlineData("no network lists #new, and none joins channels that it does not list", "a")]
    [InlineData("no IRC network is configured")]
    public void Refuses_UnlistedChannel_WhereNoNetworkMay(string reason, params string[] networks)
    {
        var router = new Router(new GatewayOptions { Irc = Networks([.. networks.Select(n => (n, new IrcOptions { JoinUnlisted = false }))]) });

        Assert.Equal(reason, Assert.Single(router.Resolve(Addressing.Named("#new")).Unknown).Reason);
    }

    [Fact]
    public void Gives_PublicNames_WithoutSecrets()
    {
        var route = new Router(Three).Resolve(Addressing.Named("libera/#Keyed", "irc://u:secret@chat.example.org/#X?key=K2", "irc://u:secret@evil.net/x?key=K3"));

        Assert.Equal(
            [new(new("libera"), "#keyed", "#Keyed K1", "libera/#Keyed"), new(new("irc://u:secret@chat.example.org:6667"), "#x", "#X K2", "irc://chat.example.org:6667/#X")],
            route.Destinations);
        Assert.Equal(new UnknownDestination("irc://evil.net/x", "host evil.net is not in DynamicServers"), Assert.Single(route.Unknown));
    }

    [Fact]
    public void Keeps_DifferentCredentialsApart()
    {
        var route = new Router(Three).Resolve(Addressing.Named(
            "irc://chat.example.org/x", "irc://a:b@chat.example.org/x", "irc://a:c@chat.example.org/x", "irc://a:b@CHAT.example.org:6667/X"));

        Assert.Equal("irc://chat.example.org:6667 #x|irc://a:b@chat.example.org:6667 #x|irc://a:c@chat.example.org:6667 #x", Show(route));
    }

    [Fact]
    public void Serves_DestinationOnce_AsItWasNamedFirst() =>
        Assert.Equal("libera #OPS|oftc #ops|libera alice", Show(new Router(Three).Resolve(Addressing.Named("libera/#OPS", "#ops", "ircs://irc.libera.chat/ops?key=K", "libera/alice", "oncall"))));

    [Fact]
    public void Prefers_TheNetworkThatListsTheChannel_OfTwoOnOneServer()
    {
        var router = new Router(new GatewayOptions
        {
            Irc = Networks(
                ("closed", new IrcOptions { Server = "h", JoinUnlisted = false }),
                ("open", new IrcOptions { Server = "h" }),
                ("listing", new IrcOptions { Server = "h", Channels = [new() { Name = "#x" }] })),
        });

        Assert.Equal("listing #x|open #y", Show(router.Resolve(Addressing.Named("ircs://h/x", "ircs://h/y"))));
    }

    [Fact]
    public void Refuses_ConfiguredKeyThatWouldBreakTheLine()
    {
        var router = new Router(new GatewayOptions { Irc = Networks(("n", new IrcOptions { Channels = [new() { Name = "#x", Key = "a b" }] })) });

        var unknown = Assert.Single(router.Resolve(Addressing.Named("#x")).Unknown);

        Assert.Equal("a channel key holds no space", unknown.Reason);
    }

    [Fact]
    public void Remembers_Names_ButNotEndlessly()
    {
        var router = new Router(Three);
        Assert.Same(router.Resolve(Addressing.Named("irc://chat.example.org/x")), router.Resolve(Addressing.Named("irc://chat.example.org/" + 'x')));

        for (var i = 0; i < Router.MaxRemembered * 3; i++)
        {
            router.Resolve(Addressing.Named($"irc://chat.example.org/c{i}"));
            Assert.InRange(router.Remembered, 0, Router.MaxRemembered);
        }

        var remembered = router.Remembered;
        router.Resolve(Addressing.Named("#" + new string('a', Router.MaxRememberedLength)));
        Assert.Equal(remembered, router.Remembered);
    }

    [Fact]
    public async Task Answers_AnyNumberOfThreadsAlike()
    {
        var router = new Router(Three);
        var tasks = Enumerable.Range(0, 4).Select(_ => Task.Run(() => Enumerable.Range(0, 10_000).All(i =>
            string.Equals(Show(router.Resolve(Addressing.Named($"irc://chat.example.org/c{i % 5000}"))), $"irc://chat.example.org:6667 #c{i % 5000}", StringComparison.Ordinal))));

        Assert.DoesNotContain(false, await Task.WhenAll(tasks));
    }

    internal static string Show(Route route)
    {
        Assert.Empty(route.Unknown);
        return string.Join('|', route.Destinations.Select(Show));
    }

    internal static string Show(Destination destination) => $"{destination.Session.Value} {destination.Address}";

    internal static Dictionary<string, IrcOptions> Networks(params (string Name, IrcOptions Options)[] networks) => networks.ToDictionary(n => n.Name, n => n.Options, StringComparer.Ordinal);

    private static Dictionary<string, IReadOnlyList<string>> Aliases(params (string Name, string[] To)[] aliases) =>
        aliases.ToDictionary(a => a.Name, IReadOnlyList<string> (a) => a.To, StringComparer.Ordinal);
}
