using NotifyGateway.Core.Protocols.Xmpp;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Protocols.Xmpp;

public sealed class XmppConfirmationTests
{
    private const string ToAlice = """
        enter alice alice@b.test user
        expect opened alice

        """;

    private const string Sent = """
        send d1 alice one
        send d2 alice two
        client: <message type='chat' id='{d1}' to='alice@b.test'><body>one</body><origin-id xmlns='urn:xmpp:sid:0' id='{d1}'/></message>
        client: <message type='chat' id='{d2}' to='alice@b.test'><body>two</body><origin-id xmlns='urn:xmpp:sid:0' id='{d2}'/></message>
        flush

        """;

    private const string SentToRoom = """
        send d1 ops hello
        client: <message type='groupchat' id='{d1}' to='ops@rooms.test'><body>hello</body><origin-id xmlns='urn:xmpp:sid:0' id='{d1}'/></message>
        flush

        """;

    [Fact]
    public void Acknowledgements_SettleAllUpToTheirNumber() => XmppTranscript.Play(XmppTranscript.LoginWithAcks + ToAlice + Sent + """
        client: <r xmlns='urn:xmpp:sm:3'/>
        in flight 2
        server: <a xmlns='urn:xmpp:sm:3' h='1'/>
        in flight 2
        server: <a xmlns='urn:xmpp:sm:3' h='2'/>
        expect delivered d1 ack
        flush
        server: <a xmlns='urn:xmpp:sm:3' h='3'/>
        expect delivered d2 ack
        """);

    [Fact]
    public void WithoutAcknowledgements_APingIsTheBarrier() => XmppTranscript.Play(XmppTranscript.Login + ToAlice + Sent + """
        client: <iq type='get' id='q2'><ping xmlns='urn:xmpp:ping'/></iq>
        send d3 alice three
        client: <message type='chat' id='{d3}' to='alice@b.test'><body>three</body><origin-id xmlns='urn:xmpp:sid:0' id='{d3}'/></message>
        server: <iq type='result' id='q2' from='mallory@c.test'/>
        server: <iq type='error' id='q2' from='a.test'><error type='cancel'><service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>
        expect delivered d1 pong
        expect delivered d2 pong
        in flight 1
        flush
        client: <iq type='get' id='q3'><ping xmlns='urn:xmpp:ping'/></iq>
        server: <iq type='result' id='q3'/>
        expect delivered d3 pong
        """);

    [Fact]
    public void ABarrierThatNobodyAnswers_ProvesNothing() => XmppTranscript.Play(XmppTranscript.Login + ToAlice + Sent + """
        client: <iq type='get' id='q2'><ping xmlns='urn:xmpp:ping'/></iq>
        time 60
        client: <iq type='get' id='q3'><ping xmlns='urn:xmpp:ping'/></iq>
        in flight 2
        time 239
        client: <iq type='get' id='q4'><ping xmlns='urn:xmpp:ping'/></iq>
        client: <iq type='get' id='q5'><ping xmlns='urn:xmpp:ping'/></iq>
        client: <iq type='get' id='q6'><ping xmlns='urn:xmpp:ping'/></iq>
        time 1
        client: <iq type='get' id='q7'><ping xmlns='urn:xmpp:ping'/></iq>
        expect ended Lost the server has proved nothing of what was sent for 5 min
        abandon d1 d2
        """, XmppTranscript.Options with { PingInterval = TimeSpan.FromHours(1) });

    [Fact]
    public void AnError_FailsExactlyItsDelivery() => XmppTranscript.Play(XmppTranscript.LoginWithAcks + ToAlice + Sent + """
        client: <r xmlns='urn:xmpp:sm:3'/>
        server: <message type='error' id='{d1}' from='mallory@c.test'><error type='cancel'><item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>
        server: <message type='error' id='{d1}' from='alice@b.test'><error type='cancel'><service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/><text xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'>nobody here</text></error></message>
        expect failed d1 service-unavailable: nobody here
        server: <a xmlns='urn:xmpp:sm:3' h='3'/>
        expect delivered d2 ack
        """);

    [Fact]
    public void AnErrorBehindTheAcknowledgement_IsABounce() => XmppTranscript.Play(XmppTranscript.LoginWithAcks + ToAlice + Sent + """
        client: <r xmlns='urn:xmpp:sm:3'/>
        server: <a xmlns='urn:xmpp:sm:3' h='3'/>
        expect delivered d1 ack
        expect delivered d2 ack
        server: <message type='error' id='{d2}' from='alice@b.test/x'><error type='cancel'><remote-server-timeout xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>
        expect bounced d2 from alice@b.test/x remote-server-timeout
        server: <message type='error' id='{d1}'><error type='cancel'><policy-violation xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/><text xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'>too much, sesame</text></error></message>
        expect bounced d1 from bot@a.test policy-violation: too much, ***
        server: <message type='error' id='{d1}' from='mallory@c.test'><error type='cancel'><item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>
        expect bounced d1 from elsewhere: mallory@c.test item-not-found
        """);

    [Fact]
    public void ABounce_IsKnownOnALaterConnection_ByItsIdAlone() => XmppTranscript.Play(XmppTranscript.LoginWithAcks + ToAlice + """
        send d1 alice {x*6000}\n{y*6000}
        client: <message type='chat' id='{d1}' to='alice@b.test'><body>{x*6000}</body><origin-id xmlns='urn:xmpp:sid:0' id='{d1}'/></message>
        client: <message type='chat' id='{d1}/2' to='alice@b.test'><body>{y*6000}</body><origin-id xmlns='urn:xmpp:sid:0' id='{d1}/2'/></message>
        flush
        client: <r xmlns='urn:xmpp:sm:3'/>
        server: <a xmlns='urn:xmpp:sm:3' h='3'/>
        expect delivered d1 ack
        quit bye
        client: <presence type='unavailable'><status>bye</status></presence></stream:stream>
        abandon

        """ + XmppTranscript.Login + """
        server: <message type='error' id='{d1}/2' from='alice@b.test'><error type='cancel'><remote-server-timeout xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>
        expect bounced d1 from alice@b.test remote-server-timeout
        server: <message type='error' id='no-delivery-of-ours' from='alice@b.test'><error type='cancel'><remote-server-timeout xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>
        """);

    [Fact]
    public void AnOccupant_SpeaksNotForItsRoom() => XmppTranscript.Play(XmppTranscript.LoginWithAcks + XmppTranscript.InRoom + SentToRoom + """
        client: <r xmlns='urn:xmpp:sm:3'/>
        server: <message type='error' id='{d1}' from='ops@rooms.test/mallory'><error type='cancel'><item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>
        in flight 1
        server: <message type='groupchat' from='ops@rooms.test/bot' id='{d1}'><body>hello</body></message>
        expect delivered d1 reflection
        server: <message type='error' id='{d1}' from='ops@rooms.test/mallory'><error type='cancel'><item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>
        expect bounced d1 from elsewhere: ops@rooms.test/mallory item-not-found
        server: <message type='error' id='{d1}' from='ops@rooms.test'><error type='cancel'><item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>
        expect bounced d1 from ops@rooms.test item-not-found
        """);

    [Fact]
    public void InARoom_TheReflectionProves_AndNotTheAcknowledgement() => XmppTranscript.Play(XmppTranscript.LoginWithAcks + XmppTranscript.InRoom + SentToRoom + """
        client: <r xmlns='urn:xmpp:sm:3'/>
        server: <a xmlns='urn:xmpp:sm:3' h='3'/>
        in flight 1
        server: <message type='groupchat' from='ops@rooms.test/alice' id='{d1}'><body>hello</body></message>
        in flight 1
        server: <message type='groupchat' from='ops@rooms.test/bot' id='{d1}'><body>hello</body></message>
        expect delivered d1 reflection
        """);

    [Fact]
    public void ARoomWithIdsOfItsOwn_IsKnownByTheOrigin() => XmppTranscript.Play(XmppTranscript.Login + XmppTranscript.InRoom + SentToRoom + """
        client: <iq type='get' id='q2'><ping xmlns='urn:xmpp:ping'/></iq>
        server: <message type='groupchat' from='ops@rooms.test/bot' id='77'><body>hello</body><origin-id xmlns='urn:xmpp:sid:0' id='{d1}'/></message>
        expect delivered d1 reflection
        """);

    [Fact]
    public void ARoomThatShowsNothing_IsBelievedTheServersWord_AfterAWhile() => XmppTranscript.Play(XmppTranscript.LoginWithAcks + XmppTranscript.InRoom + SentToRoom + """
        client: <r xmlns='urn:xmpp:sm:3'/>
        server: <a xmlns='urn:xmpp:sm:3' h='3'/>
        time 9
        in flight 1
        time 1
        expect delivered d1 ack
        """);

    [Fact]
    public void AVoiceThatWeHaveNot_FailsTheDelivery() => XmppTranscript.Play(XmppTranscript.LoginWithAcks + XmppTranscript.InRoom + SentToRoom + """
        client: <r xmlns='urn:xmpp:sm:3'/>
        server: <message type='error' id='{d1}' from='ops@rooms.test'><error type='auth'><forbidden xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>
        expect failed d1 forbidden
        """);

    [Fact]
    public void ARoomThatWeAreNoLongerIn_IsJoinedOnceMore() => XmppTranscript.Play(XmppTranscript.LoginWithAcks + XmppTranscript.InRoom + SentToRoom + """
        client: <r xmlns='urn:xmpp:sm:3'/>
        server: <message type='error' id='{d1}' from='ops@rooms.test'><error type='modify'><not-acceptable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>
        expect returned d1 not-acceptable
        expect closed ops the room says that we are not in it: not-acceptable
        enter ops ops@rooms.test room
        client: <presence id='j2' to='ops@rooms.test/bot'><x xmlns='http://jabber.org/protocol/muc'><history maxchars='0'/></x></presence>
        server: <presence from='ops@rooms.test/bot'><x xmlns='http://jabber.org/protocol/muc#user'><status code='110'/></x></presence>
        expect opened ops

        """ + SentToRoom + """
        client: <r xmlns='urn:xmpp:sm:3'/>
        server: <message type='error' id='{d1}' from='ops@rooms.test'><error type='modify'><not-acceptable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>
        expect failed d1 not-acceptable
        """);

    [Fact]
    public void Stanzas_AreCounted_AndTheServerIsTold() => XmppTranscript.Play(XmppTranscript.LoginWithAcks + """
        server: <r xmlns='urn:xmpp:sm:3'/>
        client: <a xmlns='urn:xmpp:sm:3' h='0'/>
        server: <message from='alice@b.test'><body>hi</body></message><presence from='alice@b.test' type='subscribe'/> <iq type='result' id='1'/>
        server: <r xmlns='urn:xmpp:sm:3'/>
        client: <a xmlns='urn:xmpp:sm:3' h='3'/>
        """);

    [Theory]
    [InlineData("h='9'", "the server acknowledged 9 stanzas of 1 that were sent")]
    [InlineData("h='x'", "the server acknowledged without a number (XEP-0198)")]
    [InlineData("", "the server acknowledged without a number (XEP-0198)")]
    public void AnAcknowledgementThatCannotBe_EndsTheConnection(string h, string reason) => XmppTranscript.Play(XmppTranscript.LoginWithAcks + $"""
        server: <a xmlns='urn:xmpp:sm:3' {h}/>
        expect ended Lost {reason}
        """);

    [Fact]
    public void ALongMessage_IsSplit_AndProvedByItsLastPart() => XmppTranscript.Play(XmppTranscript.LoginWithAcks + ToAlice + """
        send d1 alice {x*6000}\n{y*6000}
        client: <message type='chat' id='{d1}' to='alice@b.test'><body>{x*6000}</body><origin-id xmlns='urn:xmpp:sid:0' id='{d1}'/></message>
        client: <message type='chat' id='{d1}/2' to='alice@b.test'><body>{y*6000}</body><origin-id xmlns='urn:xmpp:sid:0' id='{d1}/2'/></message>
        flush
        client: <r xmlns='urn:xmpp:sm:3'/>
        server: <a xmlns='urn:xmpp:sm:3' h='2'/>
        in flight 1
        server: <a xmlns='urn:xmpp:sm:3' h='3'/>
        expect delivered d1 ack
        send d2 alice {x*6000}\n{y*6000}
        client: <message type='chat' id='{d2}' to='alice@b.test'><body>{x*6000}</body><origin-id xmlns='urn:xmpp:sid:0' id='{d2}'/></message>
        client: <message type='chat' id='{d2}/2' to='alice@b.test'><body>{y*6000}</body><origin-id xmlns='urn:xmpp:sid:0' id='{d2}/2'/></message>
        server: <message type='error' id='{d2}/2' from='alice@b.test'><error type='modify'><policy-violation xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>
        expect failed d2 policy-violation
        """);

    [Fact]
    public void AServerThatTakesMore_GetsItWhole() => XmppTranscript.Play(XmppTranscript.LoggedIn + """
        server: {header}<stream:features><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/><limits xmlns='urn:xmpp:stream-limits:0'><max-bytes>65536</max-bytes></limits></stream:features>
        client: <iq type='set' id='q1'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>notify</resource></bind></iq>
        server: <iq type='result' id='q1'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>bot@a.test/notify</jid></bind></iq>
        client: <presence><priority>-1</priority></presence>
        expect ready bot@a.test/notify

        """ + ToAlice + """
        send d1 alice {x*6000}\n{y*6000}
        client: <message type='chat' id='{d1}' to='alice@b.test'><body>{x*6000}&#10;{y*6000}</body><origin-id xmlns='urn:xmpp:sid:0' id='{d1}'/></message>
        """);

    [Fact]
    public void AMessageWithoutText_OnlyEnters() => XmppTranscript.Play(XmppTranscript.Login + XmppTranscript.InRoom + """
        send d1 ops
        expect delivered d1 none
        flush
        """);

    [Fact]
    public void TheRate_IsHeld() => XmppTranscript.Play(XmppTranscript.LoginWithAcks + ToAlice + Sent + """
        client: <r xmlns='urn:xmpp:sm:3'/>
        cannot send
        time 0.4
        cannot send
        time 0.2
        can send
        """, XmppTranscript.Options with { MessagesPerSecond = 2, Burst = 2 });

    [Fact]
    public void TheWindow_IsHeld() => XmppTranscript.Play(XmppTranscript.LoginWithAcks + ToAlice + Sent + """
        client: <r xmlns='urn:xmpp:sm:3'/>
        cannot send
        server: <a xmlns='urn:xmpp:sm:3' h='2'/>
        expect delivered d1 ack
        can send
        """, XmppTranscript.Options with { Window = 2 });
}
