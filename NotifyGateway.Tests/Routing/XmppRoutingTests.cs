using NotifyGateway.Core;
using NotifyGateway.Core.Configuration;
using NotifyGateway.Core.Routing;
using Xunit;

namespace NotifyGateway.Tests.Routing;

public sealed class XmppRoutingTests
{
    /// <summary>Two accounts: <c>work</c>, which joins what it is told, and <c>home</c>, which joins only what it lists.</summary>
    private static readonly GatewayOptions Two = new()
    {
        Irc = RouterTests.Networks(("libera", new IrcOptions { Server = "irc.libera.chat", Channels = [new() { Name = "#ops" }], DefaultChannels = ["#ops"], DefaultUsers = ["irene"] })),
        Xmpp = Accounts(
            ("work", new XmppOptions
            {
                Jid = "Bot@Example.org",
                Rooms = [new() { Jid = "ops@conference.example.org", Nick = "Alert Bot" }, new() { Jid = "vault@conference.example.org", Password = "s3 cret" }],
                Users = ["alice@example.org"],
                DefaultRooms = ["ops@conference.example.org"],
                DefaultUsers = ["alice@example.org"],
            }),
            ("home", new XmppOptions { Jid = "me@home.example", Rooms = [new() { Jid = "family@muc.home.example" }], Users = ["bob@far.example"], DefaultUsers = ["mum@home.example"], JoinUnlisted = false })),
        Aliases = new Dictionary<string, IReadOnlyList<string>>(StringComparer.OrdinalIgnoreCase) { ["oncall"] = ["#ops", "xmpp:alice@example.org", "ops@conference.example.org"] },
    };

    [Theory]
    // users
    [InlineData("xmpp:alice@example.org", "work alice@example.org user")]
    [InlineData("XMPP:Alice@Example.ORG", "work alice@example.org user")]
    [InlineData("alice@example.org", "work alice@example.org user")]
    [InlineData("carol@example.org", "work carol@example.org user")]
    [InlineData("bob@far.example", "home bob@far.example user")]
    [InlineData("bob@far.example/phone", "home bob@far.example/phone user")]
    [InlineData("eve@home.example", "home eve@home.example user")]
    [InlineData("xmpp:dave@far.example?message", "work dave@far.example user")]
    [InlineData("xmpp:dave@far.example/some%20where", "work dave@far.example/some%20where user")]
    [InlineData("xmpp:sms.example.org", "work sms.example.org user")]
    // rooms
    [InlineData("ops@conference.example.org", "work ops@conference.example.org room nick=Alert%20Bot")]
    [InlineData("xmpp:ops@conference.example.org", "work ops@conference.example.org room nick=Alert%20Bot")]
    [InlineData("xmpp:ops@conference.example.org?join", "work ops@conference.example.org room nick=Alert%20Bot")]
    [InlineData("xmpp:ops@conference.example.org?JOIN;Nick=Gr%C3%A4f", "work ops@conference.example.org room nick=Gr%C3%A4f")]
    [InlineData("vault@conference.example.org", "work vault@conference.example.org room password=s3%20cret")]
    [InlineData("xmpp:vault@conference.example.org?join;password=p%3Bw;nick=", "work vault@conference.example.org room password=p%3Bw")]
    [InlineData("new@conference.example.org", "work new@conference.example.org room")]
    [InlineData("family@muc.home.example", "home family@muc.home.example room")]
    [InlineData("xmpp:new@muc.home.example?join", "work new@muc.home.example room")]
    [InlineData("xmpp:new@far.example?join", "work new@far.example room")]
    // nobody knows yet
    [InlineData("who@far.example", "work who@far.example")]
    [InlineData("xmpp:who@far.example", "work who@far.example")]
    // the account is named
    [InlineData("xmpp://bot@example.org/bob@far.example", "work bob@far.example")]
    [InlineData("xmpp://me@home.example/alice@example.org", "home alice@example.org user")]
    [InlineData("xmpp://ME@HOME.example/family@muc.home.example", "home family@muc.home.example room")]
    [InlineData("home/family@muc.home.example?join;nick=Dad", "home family@muc.home.example room nick=Dad")]
    [InlineData("home/who@far.example", "home who@far.example user")]
    [InlineData("oncall", "libera #ops|work alice@example.org user|work ops@conference.example.org room nick=Alert%20Bot")]
    public void Resolves_Names(string name, string destinations) => Assert.Equal(destinations, RouterTests.Show(new Router(Two).Resolve(Addressing.Named(name))));

    [Theory]
    [InlineData("xmpp:", "it is no XMPP address: it names no domain")]
    [InlineData("xmpp:@example.org", "it is no XMPP address: nothing stands before the @")]
    [InlineData("xmpp:a b@example.org", "it is no XMPP address: the part before the @ holds no space, control character or any of \" & ' / : < >")]
    [InlineData("xmpp:a%00@example.org", "it is no XMPP address: the part before the @ holds no space, control character or any of \" & ' / : < >")]
    [InlineData("a@b@c", "it is no XMPP address: only one @ may stand before the domain")]
    [InlineData("a@c.example?join", "it is no XMPP address: the domain is no host name; with a query it begins with xmpp:")]
    [InlineData("xmpp:a@c.example?subscribe", "behind the address stands ?join for a room, ?message for a user, or nothing")]
    [InlineData("xmpp:a@c.example?message;body=x", "behind the address stands ?join for a room, ?message for a user, or nothing")]
    [InlineData("xmpp:a@c.example?join;key=x", "?join takes nick=… and password=…, with semicolons between")]
    [InlineData("xmpp:a@c.example?join;nick=%01", "a nick holds no control character and has at most 1023 bytes")]
    [InlineData("xmpp:a@c.example?join;nick=%20", "the nick is empty")]
    [InlineData("xmpp:a@c.example?join;password=%0A", "a room's password holds no control character")]
    [InlineData("xmpp:a@c.example/nick?join", "a room's address has no slash; our nick there stands behind it: ?join;nick=…")]
    [InlineData("xmpp:c.example?join", "a room is name@service")]
    [InlineData("xmpp://bot@example.org", "the URI names an account and nobody behind it: xmpp:alice@example.org is a user, xmpp://bot@example.org/alice@example.org chooses the account, too")]
    [InlineData("xmpp://bot@example.org?join", "the URI names an account and nobody behind it: xmpp:alice@example.org is a user, xmpp://bot@example.org/alice@example.org chooses the account, too")]
    [InlineData("xmpp:///alice@example.org", "the account before the slash is no XMPP address: it names no domain")]
    [InlineData("xmpp://nobody@example.org/alice@example.org", "no account is nobody@example.org; there is bot@example.org, me@home.example")]
    [InlineData("xmpp://me@home.example/famliy@muc.home.example?join", "account home does not list famliy@muc.home.example, and joins no room that it does not list; did you mean family@muc.home.example?")]
    [InlineData("efnet/x", "no network has this name; there is libera, work, home")]
    [InlineData("home/x y@c.example", "it is no XMPP address: the part before the @ holds no space, control character or any of \" & ' / : < >")]
    public void Names_WhatIsUnknown(string name, string reason)
    {
        var route = new Router(Two).Resolve(Addressing.Named(name));

        Assert.Empty(route.Destinations);
        Assert.Equal(reason, Assert.Single(route.Unknown).Reason);
    }

    [Fact]
    public void Refuses_UnlistedRoom_WhereNoAccountJoinsIt()
    {
        var options = new GatewayOptions { Xmpp = Accounts(("a", new XmppOptions { Jid = "a@x.example", JoinUnlisted = false }), ("b", new XmppOptions { Jid = "b@x.example", JoinUnlisted = false })) };

        Assert.Equal(
            "no account lists r@c.example, and none joins rooms that it does not list",
            Assert.Single(new Router(options).Resolve(Addressing.Named("xmpp:r@c.example?join")).Unknown).Reason);
        Assert.Equal("a r@c.example user", RouterTests.Show(new Router(options).Resolve(Addressing.Named("r@c.example"))));
    }

    [Theory]
    [InlineData("xmpp:Alice@example.org", "xmpp:alice@example.org", "alice@example.org")]
    [InlineData("bob@far.example/my phone", "xmpp:bob@far.example/my%20phone", "bob@far.example/my phone")]
    [InlineData("xmpp:vault@conference.example.org?join;password=other", "xmpp:vault@conference.example.org?join", "vault@conference.example.org")]
    [InlineData("xmpp:ops@conference.example.org?join;nick=Alert%20Bot", "xmpp:ops@conference.example.org?join", "ops@conference.example.org")]
    [InlineData("xmpp:ops@conference.example.org?join;nick=a;b", null, null)]
    [InlineData("xmpp:ops@conference.example.org?join;nick=a%3Bb%20c", "xmpp:ops@conference.example.org?join;nick=a%3Bb%20c", "ops@conference.example.org;nick=a;b c")]
    [InlineData("xmpp:new@far.example?join;nick=bot", "xmpp:new@far.example?join", "new@far.example")]
    [InlineData("xmpp://me@home.example/carol@example.org", "xmpp://me@home.example/carol@example.org", "carol@example.org")]
    [InlineData("xmpp://bot@example.org/carol@example.org", "xmpp:carol@example.org", "carol@example.org")]
    public void Gives_PublicNameThatLeadsToTheSamePlace_AndALaneForEachNick(string name, string? shown, string? lane)
    {
        var route = new Router(Two).Resolve(Addressing.Named(name));
        Assert.Equal(shown, route.Destinations.SingleOrDefault()?.Name);
        Assert.Equal(lane, route.Destinations.SingleOrDefault()?.Lane);
        if (shown is not null)
        {
            var again = Assert.Single(new Router(Two).Resolve(Addressing.Named(shown)).Destinations);
            Assert.Equal((route.Destinations[0].Session, lane, shown), (again.Session, again.Lane, again.Name));
        }
    }

    [Fact]
    public void TellsTwoEntriesOfOneAccountApart_ByTheirNames()
    {
        var options = new GatewayOptions { Xmpp = Accounts(("a", new XmppOptions { Jid = "bot@x.example" }), ("b", new XmppOptions { Jid = "bot@x.example", Resource = "2" })) };

        var destination = Assert.Single(new Router(options).Resolve(Addressing.Named("b/r@c.example?join")).Destinations);

        Assert.Equal((new SessionKey("b"), "b/r@c.example?join"), (destination.Session, destination.Name));
        Assert.Equal("a r@c.example room", RouterTests.Show(new Router(options).Resolve(Addressing.Named("xmpp://bot@x.example/r@c.example?join"))));
    }

    [Theory]
    [InlineData(null, null, "libera irene|libera #ops|work alice@example.org user|work ops@conference.example.org room nick=Alert%20Bot|home mum@home.example user")]
    [InlineData("", null, "libera #ops|work ops@conference.example.org room nick=Alert%20Bot")]
    [InlineData(null, "", "libera irene|work alice@example.org user|home mum@home.example user")]
    [InlineData("who@far.example", "", "work who@far.example user")]
    [InlineData("ops@conference.example.org", "", "work ops@conference.example.org room nick=Alert%20Bot")]
    [InlineData("", "who@far.example", "work who@far.example room")]
    [InlineData("", "alice@example.org xmpp:bob@far.example", "work alice@example.org user|home bob@far.example user")]
    [InlineData("zoe oncall", "", "libera zoe|libera #ops|work alice@example.org user|work ops@conference.example.org room nick=Alert%20Bot")]
    public void Serves_TwistedPrismsLists(string? users, string? channels, string destinations) =>
        Assert.Equal(destinations, RouterTests.Show(new Router(Two).Resolve(Addressing.Prism(users?.Split(' ', StringSplitOptions.RemoveEmptyEntries), channels?.Split(' ', StringSplitOptions.RemoveEmptyEntries)))));

    [Fact]
    public void SuggestsAnAddress_WhereThereIsOnlyXmpp()
    {
        var router = new Router(new GatewayOptions { Xmpp = Two.Xmpp });

        Assert.Equal("unknown destination; an XMPP user is named by address, like alice@example.org", Assert.Single(router.Resolve(Addressing.Named("alice")).Unknown).Reason);
        Assert.Equal("no IRC network is configured; an XMPP user is named by address, like alice@example.org", Assert.Single(router.Resolve(Addressing.Prism(["alice"], [])).Unknown).Reason);
    }

    [Fact]
    public void Speaks_UnderTheNickOfTheRequest_WhereNoneIsNamed()
    {
        var to = Addressing.Named("vault@conference.example.org", "xmpp:ops@conference.example.org?join;nick=Own", "xmpp:vault@conference.example.org?join;nick=Grafana", "alice@example.org", "who@far.example", "#ops", "nope/x");

        var route = new Router(Two).Resolve(to with { Nick = "Grafana" });

        Assert.Equal(
            [
                "vault@conference.example.org;nick=Grafana vault@conference.example.org room nick=Grafana password=s3%20cret xmpp:vault@conference.example.org?join;nick=Grafana",
                "ops@conference.example.org;nick=Own ops@conference.example.org room nick=Own xmpp:ops@conference.example.org?join;nick=Own",
                "alice@example.org alice@example.org user xmpp:alice@example.org",
                "who@far.example;nick=Grafana who@far.example unknown nick=Grafana xmpp:who@far.example",
                "#ops #ops libera/#ops",
            ],
            route.Destinations.Select(d => $"{d.Lane} {d.Address} {d.Name}"));
        Assert.Equal("nope/x", Assert.Single(route.Unknown).Name);
    }

    private static Dictionary<string, XmppOptions> Accounts(params (string Name, XmppOptions Options)[] accounts) => accounts.ToDictionary(a => a.Name, a => a.Options, StringComparer.OrdinalIgnoreCase);
}
