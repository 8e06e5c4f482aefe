using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Protocols.Xmpp;

public sealed class XmppRoomTests
{
    private const string Join = """
        enter ops ops@rooms.test room
        client: <presence id='j1' to='ops@rooms.test/bot'><x xmlns='http://jabber.org/protocol/muc'><history maxchars='0'/></x></presence>

        """;

    private const string User = "<x xmlns='http://jabber.org/protocol/muc#user'><item/><status code='110'/></x>";

    [Fact]
    public void Joins_WithNickAndPassword_AndWithoutHistory() => XmppTranscript.Play(XmppTranscript.Login + $"""
        enter ops ops@rooms.test room nick=the%20bot password=a%3Cb
        client: <presence id='j1' to='ops@rooms.test/the bot'><x xmlns='http://jabber.org/protocol/muc'><history maxchars='0'/><password>a&lt;b</password></x></presence>
        server: <presence from='ops@rooms.test/alice'><x xmlns='http://jabber.org/protocol/muc#user'><item/></x></presence>
        server: <presence from='ops@rooms.test/the bot'>{User}</presence>
        expect opened ops
        """);

    [Fact]
    public void TakesTheNick_ThatTheRoomGives() => XmppTranscript.Play(XmppTranscript.Login + Join + """
        server: <presence from='ops@rooms.test/bot of a.test'><x xmlns='http://jabber.org/protocol/muc#user'><item/><status code='110'/><status code='210'/></x></presence>
        expect opened ops
        send d1 ops hello
        client: <message type='groupchat' id='{d1}' to='ops@rooms.test'><body>hello</body><origin-id xmlns='urn:xmpp:sid:0' id='{d1}'/></message>
        server: <message type='groupchat' from='ops@rooms.test/bot' id='{d1}'><body>hello</body></message>
        in flight 1
        server: <message type='groupchat' from='ops@rooms.test/bot of a.test' id='{d1}'><body>hello</body></message>
        expect delivered d1 reflection
        """);

    [Fact]
    public void ATakenNick_GetsASuffix() => XmppTranscript.Play(XmppTranscript.Login + Join + $"""
        server: <presence type='error' id='j1' from='ops@rooms.test/bot'><error type='cancel'><conflict xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></presence>
        client: <presence id='j2' to='ops@rooms.test/bot2'><x xmlns='http://jabber.org/protocol/muc'><history maxchars='0'/></x></presence>
        server: <presence type='error' id='j1' from='ops@rooms.test/bot'><error type='cancel'><forbidden xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></presence>
        server: <presence from='ops@rooms.test/bot2'>{User}</presence>
        expect opened ops
        """);

    [Fact]
    public void ARoomThatWantsAPassword_IsJoinedWithTheOneOfTheNextTry() => XmppTranscript.Play(XmppTranscript.Login + Join + $"""
        server: <presence type='error' id='j1' from='ops@rooms.test/bot'><error type='auth'><not-authorized xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></presence>
        expect refused ops Later not-authorized: the room wants a password, or another one
        enter ops ops@rooms.test room password=p
        client: <presence id='j2' to='ops@rooms.test/bot'><x xmlns='http://jabber.org/protocol/muc'><history maxchars='0'/><password>p</password></x></presence>
        server: <presence from='ops@rooms.test/bot'>{User}</presence>
        expect opened ops
        """);

    [Theory]
    [InlineData("not-authorized", "Later", "the room wants a password, or another one")]
    [InlineData("registration-required", "Later", "the room is for members only")]
    [InlineData("forbidden", "Later", "banned from the room")]
    [InlineData("not-allowed", "Never", "there is no such room, and it may not be made")]
    [InlineData("item-not-found", "Later", "the room does not exist or is locked")]
    [InlineData("jid-malformed", "Never", "the room's address or our nick is not valid")]
    [InlineData("service-unavailable", "Later", "the room is full, or there is no such service")]
    [InlineData("remote-server-not-found", "Later", "the room's server was not found")]
    [InlineData("not-acceptable", "Later", "the room allows registered nicks only")]
    public void ARefusedJoin_SaysWhy(string condition, string kind, string words) => XmppTranscript.Play(XmppTranscript.Login + Join + $"""
        server: <presence type='error' from='ops@rooms.test'><error type='auth'><{condition} xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></presence>
        expect refused ops {kind} {condition}: {words}
        """);

    [Fact]
    public void ARefusedJoin_ShowsTheServersWords_WithoutThePassword() => XmppTranscript.Play(XmppTranscript.Login + """
        enter ops ops@rooms.test room password=wrongone
        client: <presence id='j1' to='ops@rooms.test/bot'><x xmlns='http://jabber.org/protocol/muc'><history maxchars='0'/><password>wrongone</password></x></presence>
        server: <presence type='error' from='ops@rooms.test/bot' id='j1'><error type='auth'><not-authorized xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>
        server: <text xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'>not wrongone</text></error></presence>
        expect refused ops Later not-authorized: the room wants a password, or another one (not ***)
        """);

    [Fact]
    public void ARoomThatIsGone_NamesItsFollower() => XmppTranscript.Play(XmppTranscript.Login + Join + """
        server: <presence type='error' from='ops@rooms.test' id='j1'><error type='cancel'><gone xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'>xmpp:new@rooms.test?join</gone></error></presence>
        expect refused ops Never gone: the room is gone, it is now new@rooms.test?join
        """);

    [Fact]
    public void ARoomThatIsNew_IsUnlocked() => XmppTranscript.Play(XmppTranscript.Login + Join + """
        server: <presence from='ops@rooms.test/bot'><x xmlns='http://jabber.org/protocol/muc#user'><item affiliation='owner'/><status code='110'/><status code='201'/></x></presence>
        client: <iq type='set' id='q2' to='ops@rooms.test'><query xmlns='http://jabber.org/protocol/muc#owner'><x xmlns='jabber:x:data' type='submit'/></query></iq>
        server: <iq type='result' id='q2' from='somebody@else.test'/>
        server: <iq type='result' id='q2' from='ops@rooms.test'/>
        expect opened ops
        """);

    [Fact]
    public void ARoomThatCannotBeUnlocked_IsLeft() => XmppTranscript.Play(XmppTranscript.Login + Join + """
        server: <presence from='ops@rooms.test/bot'><x xmlns='http://jabber.org/protocol/muc#user'><item affiliation='owner'/><status code='110'/><status code='201'/></x></presence>
        client: <iq type='set' id='q2' to='ops@rooms.test'><query xmlns='http://jabber.org/protocol/muc#owner'><x xmlns='jabber:x:data' type='submit'/></query></iq>
        server: <iq type='error' id='q2' from='ops@rooms.test'><error type='cancel'><forbidden xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>
        client: <presence type='unavailable' to='ops@rooms.test/bot'/>
        expect refused ops Later the room is new and could not be unlocked: forbidden
        """);

    [Theory]
    [InlineData("<item><actor nick='alice'/><reason>enough</reason></item><status code='307'/>", "kicked by alice: enough")]
    [InlineData("<item><reason>spam</reason></item><status code='301'/>", "banned: spam")]
    [InlineData("<item/><status code='321'/>", "removed: our affiliation has changed")]
    [InlineData("<item/><status code='322'/>", "removed: the room is for members only now")]
    [InlineData("<item/><status code='332'/>", "the room's service shuts down")]
    [InlineData("<item/><status code='307'/><status code='333'/>", "removed by the room's service because of a technical problem")]
    [InlineData("<item/>", "no longer in the room")]
    public void ARoomThatSendsUsAway_SaysWhy(string content, string reason) => XmppTranscript.Play(XmppTranscript.Login + XmppTranscript.InRoom + $"""
        server: <presence type='unavailable' from='ops@rooms.test/alice'><x xmlns='http://jabber.org/protocol/muc#user'><item/><status code='307'/></x></presence>
        server: <presence type='unavailable' from='ops@rooms.test/bot'><x xmlns='http://jabber.org/protocol/muc#user'>{content}<status code='110'/></x></presence>
        expect closed ops {reason}
        enter ops ops@rooms.test room
        client: <presence id='j2' to='ops@rooms.test/bot'><x xmlns='http://jabber.org/protocol/muc'><history maxchars='0'/></x></presence>
        """);

    [Fact]
    public void ARoomThatWasDestroyed_IsNotMadeAnewByUs_ButJoinedOnceItIsThereAgain() => XmppTranscript.Play(XmppTranscript.Login + XmppTranscript.InRoom + $$"""
        server: <presence type='unavailable' from='ops@rooms.test/bot'><x xmlns='http://jabber.org/protocol/muc#user'><item/><destroy jid='new@rooms.test'><reason>moved</reason></destroy></x></presence>
        expect closed ops the room was destroyed, it is now new@rooms.test: moved
        enter ops ops@rooms.test room
        client: <iq type='get' id='q2' to='ops@rooms.test'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>
        server: <iq type='error' id='q2' from='ops@rooms.test'><error type='cancel'><item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>
        expect refused ops Later the room was destroyed, it is now new@rooms.test: moved
        abandon

        """ + XmppTranscript.Login + $$"""
        enter ops ops@rooms.test room
        client: <iq type='get' id='q2' to='ops@rooms.test'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>
        leave ops
        server: <iq type='result' id='q2' from='ops@rooms.test'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>
        enter ops ops@rooms.test room
        client: <presence id='j1' to='ops@rooms.test/bot'><x xmlns='http://jabber.org/protocol/muc'><history maxchars='0'/></x></presence>
        server: <presence from='ops@rooms.test/bot'>{{User}}</presence>
        expect opened ops
        """);

    [Fact]
    public void AChangedNick_IsNoDeparture() => XmppTranscript.Play(XmppTranscript.Login + XmppTranscript.InRoom + $$"""
        server: <presence type='unavailable' from='ops@rooms.test/bot'><x xmlns='http://jabber.org/protocol/muc#user'><item nick='robot'/><status code='303'/><status code='110'/></x></presence>
        server: <presence from='ops@rooms.test/robot'>{{User}}</presence>
        send d1 ops hello
        client: <message type='groupchat' id='{d1}' to='ops@rooms.test'><body>hello</body><origin-id xmlns='urn:xmpp:sid:0' id='{d1}'/></message>
        server: <message type='groupchat' from='ops@rooms.test/robot' id='{d1}'><body>hello</body></message>
        expect delivered d1 reflection
        """);

    [Fact]
    public void AJoinWithoutAnswer_IsGivenUp() => XmppTranscript.Play(XmppTranscript.Login + Join + """
        time 30
        server: <presence from='other@rooms.test/bot'/>
        time 30
        client: <presence type='unavailable' to='ops@rooms.test/bot'/>
        expect refused ops Later no answer from the room within 60 s
        """);

    [Fact]
    public void TwoLanes_ShareARoom_UntilTheLastLeaves() => XmppTranscript.Play(XmppTranscript.Login + XmppTranscript.InRoom + """
        enter other OPS@rooms.test room nick=bot
        expect opened other
        leave ops
        leave other
        client: <presence type='unavailable' to='ops@rooms.test/bot'/>
        """);

    [Fact]
    public void AnotherNickInTheRoom_NeedsAnotherConnection() => XmppTranscript.Play(XmppTranscript.Login + XmppTranscript.InRoom + """
        limit many ops@rooms.test
        limit many ops@rooms.test room nick=bot
        limit 0 ops@rooms.test room nick=other
        limit many other@rooms.test room
        limit none alice@a.test user
        enter other ops@rooms.test room nick=other
        expect refused other Later we are in the room as bot already
        """);

    [Fact]
    public void ASilentRoom_IsAsked_WhetherWeAreIn() => XmppTranscript.Play(XmppTranscript.Login + XmppTranscript.InRoom + """
        time 299
        time 1
        client: <iq type='get' id='q2' to='ops@rooms.test/bot'><ping xmlns='urn:xmpp:ping'/></iq>
        server: <iq type='result' id='q2' from='ops@rooms.test/bot'/>
        time 300
        client: <iq type='get' id='q3' to='ops@rooms.test/bot'><ping xmlns='urn:xmpp:ping'/></iq>
        server: <iq type='error' id='q3' from='ops@rooms.test/bot'><error type='cancel'><not-acceptable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>
        expect closed ops the room says that we are not in it: not-acceptable
        """, XmppTranscript.Options with { PingInterval = TimeSpan.FromHours(1) });

    [Fact]
    public void ARoomThatAnswersNothing_IsGivenUpAtTheSecondTime() => XmppTranscript.Play(XmppTranscript.Login + XmppTranscript.InRoom + """
        time 300
        client: <iq type='get' id='q2' to='ops@rooms.test/bot'><ping xmlns='urn:xmpp:ping'/></iq>
        server: <iq type='error' id='q2' from='ops@rooms.test/bot'><error type='wait'><remote-server-timeout xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>
        time 300
        client: <iq type='get' id='q3' to='ops@rooms.test/bot'><ping xmlns='urn:xmpp:ping'/></iq>
        time 60
        expect closed ops the room does not answer
        """, XmppTranscript.Options with { PingInterval = TimeSpan.FromHours(1) });

    [Theory]
    [InlineData("<identity category='conference' type='text'/>", true)]
    [InlineData("<identity category='account' type='registered'/>", false)]
    public void AnAddressThatSaysNothing_IsAsked(string identity, bool isRoom) => XmppTranscript.Play(XmppTranscript.Login + $"""
        enter x x@y.test
        client: <iq type='get' id='q2' to='x@y.test'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>
        server: <iq type='result' id='q2' from='x@y.test'><query xmlns='http://jabber.org/protocol/disco#info'>{identity}</query></iq>
        {(isRoom ? "client: <presence id='j1' to='x@y.test/bot'><x xmlns='http://jabber.org/protocol/muc'><history maxchars='0'/></x></presence>" : "expect opened x")}
        limit {(isRoom ? "many" : "none")} x@y.test
        """);

    [Fact]
    public void AnAddressThatTurnsOutToBeARoom_IsJoinedUnderItsNick_AndMayRefuse() => XmppTranscript.Play(XmppTranscript.Login + """
        enter x x@y.test unknown nick=Grafana
        client: <iq type='get' id='q2' to='x@y.test'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>
        server: <iq type='result' id='q2' from='x@y.test'><query xmlns='http://jabber.org/protocol/disco#info'><identity category='conference' type='text'/></query></iq>
        client: <presence id='j1' to='x@y.test/Grafana'><x xmlns='http://jabber.org/protocol/muc'><history maxchars='0'/></x></presence>
        server: <presence type='error' from='x@y.test/Grafana' id='j1'><error type='auth'><registration-required xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></presence>
        expect refused x Later registration-required: the room is for members only
        limit many x@y.test
        enter x x@y.test unknown nick=Grafana
        client: <presence id='j2' to='x@y.test/Grafana'><x xmlns='http://jabber.org/protocol/muc'><history maxchars='0'/></x></presence>
        limit 0 x@y.test
        """);

    [Theory]
    [InlineData("<identity category='conference' type='text'/>", true)]
    [InlineData("<identity category='server' type='im'/>", false)]
    public void AnAddressThatDoesNotExistYet_IsWhatItsServiceIs(string identity, bool isRoom) => XmppTranscript.Play(XmppTranscript.Login + $"""
        enter x x@y.test
        client: <iq type='get' id='q2' to='x@y.test'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>
        server: <iq type='error' id='q2' from='x@y.test'><error type='cancel'><item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>
        client: <iq type='get' id='q3' to='y.test'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>
        server: <iq type='result' id='q3' from='y.test'><query xmlns='http://jabber.org/protocol/disco#info'>{identity}</query></iq>
        {(isRoom ? "client: <presence id='j1' to='x@y.test/bot'><x xmlns='http://jabber.org/protocol/muc'><history maxchars='0'/></x></presence>" : "expect opened x")}
        """);

    [Fact]
    public void WhatIsKnown_IsNotAskedAgain() => XmppTranscript.Play(XmppTranscript.Login + """
        enter x x@y.test
        client: <iq type='get' id='q2' to='x@y.test'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>
        server: <iq type='result' id='q2' from='x@y.test'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>
        expect opened x
        leave x
        enter x x@y.test
        expect opened x
        """);

    [Fact]
    public void AServerThatCannotBeAsked_IsAskedAgainLater() => XmppTranscript.Play(XmppTranscript.Login + """
        enter x x@y.test
        client: <iq type='get' id='q2' to='x@y.test'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>
        server: <iq type='error' id='q2' from='x@y.test'><error type='cancel'><remote-server-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>
        client: <iq type='get' id='q3' to='y.test'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>
        server: <iq type='error' id='q3' from='y.test'><error type='cancel'><remote-server-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>
        expect refused x Later cannot find out whether this is a room: remote-server-not-found
        """);

    [Fact]
    public void AnAddressThatIsNone_IsRefusedForGood() => XmppTranscript.Play(XmppTranscript.Login + """
        enter x a@b@c user
        expect refused x Never only one @ may stand before the domain
        """);
}
