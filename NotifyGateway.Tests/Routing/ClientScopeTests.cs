using NotifyGateway.Core;
using NotifyGateway.Core.Configuration;
using NotifyGateway.Core.Routing;
using Xunit;

namespace NotifyGateway.Tests.Routing;

public sealed class ClientScopeTests
{
    private static readonly GatewayOptions World = new()
    {
        Irc = new Dictionary<string, IrcOptions>(StringComparer.OrdinalIgnoreCase)
        {
            ["libera"] = new() { Server = "irc.libera.chat", Nick = "bot", Channels = [new() { Name = "#ops" }, new() { Name = "#ci" }], DefaultChannels = ["#ops"] },
            ["oftc"] = new() { Server = "irc.oftc.net", Nick = "bot", Channels = [new() { Name = "#ops" }], DefaultUsers = ["alice"] },
        },
        Xmpp = new Dictionary<string, XmppOptions>(StringComparer.OrdinalIgnoreCase)
        {
            ["work"] = new() { Jid = "bot@example.org", Rooms = [new() { Jid = "ops@conference.example.org" }] },
        },
        Aliases = new Dictionary<string, IReadOnlyList<string>>(StringComparer.OrdinalIgnoreCase)
        {
            ["oncall"] = ["libera/alice", "xmpp:alice@example.org"],
            ["wide"] = ["oncall", "#ops"],
        },
        Programs = new Dictionary<string, ProgramOptions>(StringComparer.OrdinalIgnoreCase) { ["mail"] = new() { Command = ["/bin/true"] } },
        DynamicServers = ["*"],
        Dynamic = new DynamicOptions { AllowPlaintextLogin = true },
    };

    [Theory]
    // Every form of the same place, and none of its neighbours.
    [InlineData("libera/#ci", "#ci LIBERA/#CI ircs://irc.libera.chat/ci ircs://irc.libera.chat/#ci?key=K", "libera/#ci2 oftc/#ci libera/ci ircs://irc.oftc.net/ci irc://irc.libera.chat/ci irc://evil.example/%23ci")]
    [InlineData("libera/*", "libera/alice libera/#x/y ircs://irc.libera.chat/any", "oftc/#ops xmpp:alice@example.org irc://libera/x irc://evil.example/libera irc://evil.example/%23libera%2Fx")]
    [InlineData("libera/#c*", "#ci libera/#C", "libera/ci libera/#oc")]
    [InlineData("#ci", "libera/#CI oftc/#ci", "libera/#ops irc://evil.example/ci irc://evil.example/%23ci")]
    [InlineData("#*", "#ops libera/#x oftc/#y", "libera/&x libera/alice xmpp:ops@conference.example.org?join")]
    [InlineData("oncall", "oncall ONCALL libera/Alice alice@example.org xmpp:alice@example.org", "wide libera/bob oftc/alice")]
    [InlineData("irc://chat.example.net/dev", "irc://Chat.Example.Net:6667/dev irc://u:p@chat.example.net/%23DEV", "irc://chat.example.net/ops irc://chat.example.net:6668/dev ircs://chat.example.net/dev irc://chat.example.net/dev,isnick irc://evil.example/%23chat.example.net%2Fdev")]
    [InlineData("ircs://*.example.net/*", "ircs://a.example.net/x ircs://a.example.net:7000/x ircs://a.example.net/bob,isnick", "irc://a.example.net/x ircs://example.net/x ircs://evil.example/%23.example.net ircs://evil.example/%23a.example.net%2Fx")]
    [InlineData("irc://*:6668/*", "irc://x.example:6668/a", "irc://x.example/a irc://x.example/%23:6668%2Fa")]
    [InlineData("irc://chat.example.net/bob,isnick", "irc://chat.example.net/BOB,isnick", "irc://chat.example.net/bob")]
    [InlineData("xmpp:*@conference.example.org", "ops@conference.example.org xmpp:ops@conference.example.org?join;nick=N work/x@conference.example.org?join", "alice@example.org xmpp:a@conference.example.org.evil.example #ops")]
    [InlineData("alice@example.org", "xmpp:ALICE@example.org xmpp:alice@example.org/phone", "bob@example.org alice@example.org.evil.example")]
    [InlineData("work/*", "alice@example.org ops@conference.example.org", "libera/work oftc/#work")]
    [InlineData("*", "#ops alice@example.org irc://evil.example/x", "")]
    [InlineData("*/*", "#ops libera/alice alice@example.org", "program:mail log irc://evil.example/x")]
    public void Scope_IsOfPlaces_NotOfNames(string pattern, string allowed, string refused)
    {
        var scope = Scope(out var router, pattern);

        foreach (var name in allowed.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var route = router.Resolve(Addressing.Named(name));
            Assert.NotEmpty(route.Destinations);
            Assert.True(route.Destinations.All(scope.Allows), $"{pattern} should allow {name}");
        }

        foreach (var name in refused.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var route = router.Resolve(Addressing.Named(name));
            Assert.NotEmpty(route.Destinations);
            Assert.False(route.Destinations.All(scope.Allows), $"{pattern} should not allow {name}");
        }
    }

    [Fact]
    public void EmptyScope_AllowsNothing_AndNoScopeEverything()
    {
        var router = new Router(World);
        var scopes = new ClientScopes(World with { Clients = new Dictionary<string, ClientOptions>(StringComparer.Ordinal) { ["none"] = new() { To = [] }, ["all"] = new() } }, router);

        Assert.Null(scopes.Of("all"));
        Assert.DoesNotContain(router.Resolve(Addressing.Named("#ops", "oncall")).Destinations, scopes.Of("none")!.Allows);
    }

    [Fact]
    public void WhatIsForbidden_IsToldUnderTheNameThatWasUsed()
    {
        var scope = Scope(out var router, "libera/#ops");
        var to = Addressing.Named("#ops", "wide", "libera/#ops");

        var (allowed, forbidden) = scope.Filter(router.Resolve(to), to);

        Assert.Equal(["libera/#ops"], allowed.Select(d => d.Name));
        Assert.Equal(["#ops: client ci may not send there", "wide: client ci may not send there"], forbidden.Select(f => f.ToString()));
    }

    [Fact]
    public void Defaults_AreCutToTheScope()
    {
        var scope = Scope(out var router, "libera/*");
        var (allowed, forbidden) = scope.Filter(router.Resolve(Addressing.Defaults), Addressing.Defaults);
        Assert.Equal(["libera/#ops"], allowed.Select(d => d.Name));
        Assert.Empty(forbidden);

        var other = Scope(out _, "xmpp:*");
        (allowed, forbidden) = other.Filter(router.Resolve(Addressing.Defaults), Addressing.Defaults);
        Assert.Empty(allowed);
        Assert.Equal("the message: names nobody, and client ci may not send there by default", Assert.Single(forbidden).ToString());
    }

    private static ClientScope Scope(out Router router, params string[] patterns)
    {
        router = new Router(World);
        return new ClientScopes(World with { Clients = new Dictionary<string, ClientOptions>(StringComparer.Ordinal) { ["ci"] = new() { To = patterns } } }, router).Of("ci")!;
    }
}
