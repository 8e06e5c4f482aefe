using NotifyGateway.Core.Protocols.Xmpp;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Protocols.Xmpp;

/// <summary>A connection breaks; its successor takes up the stream (XEP-0198, section 5), or cannot.</summary>
public sealed class XmppResumptionTests
{
    private const string ThreeSent = XmppTranscript.LoginWithAcks + """
        enter alice alice@b.test user
        expect opened alice
        send d1 alice one
        send d2 alice two
        send d3 alice three
        client: <message type='chat' id='{d1}' to='alice@b.test'><body>one</body><origin-id xmlns='urn:xmpp:sid:0' id='{d1}'/></message>
        client: <message type='chat' id='{d2}' to='alice@b.test'><body>two</body><origin-id xmlns='urn:xmpp:sid:0' id='{d2}'/></message>
        client: <message type='chat' id='{d3}' to='alice@b.test'><body>three</body><origin-id xmlns='urn:xmpp:sid:0' id='{d3}'/></message>
        flush
        client: <r xmlns='urn:xmpp:sm:3'/>
        server: <message from='alice@b.test'><body>hi</body></message>
        abandon d1 d2 d3

        """ + Again;

    private const string Again = XmppTranscript.LoggedIn + """
        server: {header}<stream:features><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/><sm xmlns='urn:xmpp:sm:3'/></stream:features>

        """;

    private const string Anew = """
        client: <iq type='set' id='q1'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>notify</resource></bind></iq>
        server: <iq type='result' id='q1'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>bot@a.test/notify</jid></bind></iq>
        client: <enable xmlns='urn:xmpp:sm:3' resume='true'/>
        server: <enabled xmlns='urn:xmpp:sm:3' id='s2' resume='true'/>
        client: <presence><priority>-1</priority></presence>
        expect ready bot@a.test/notify
        enter alice alice@b.test user
        expect opened alice

        """;

    [Fact]
    public void WhatTheServerHas_IsNotSentAgain_AndTheRestIs() => XmppTranscript.Play(ThreeSent + """
        client: <resume xmlns='urn:xmpp:sm:3' h='1' previd='s1'/>
        server: <resumed xmlns='urn:xmpp:sm:3' h='3' previd='s1'/>
        expect ready bot@a.test/notify
        client: <r xmlns='urn:xmpp:sm:3'/>
        enter alice alice@b.test user
        expect opened alice
        send d1 alice one
        expect delivered d1 ack
        send d2 alice two
        expect delivered d2 ack
        send d3 alice three
        client: <message type='chat' id='{d3}' to='alice@b.test'><body>three</body><origin-id xmlns='urn:xmpp:sid:0' id='{d3}'/></message>
        flush
        client: <r xmlns='urn:xmpp:sm:3'/>
        server: <a xmlns='urn:xmpp:sm:3' h='4'/>
        expect delivered d3 ack
        server: <r xmlns='urn:xmpp:sm:3'/>
        client: <a xmlns='urn:xmpp:sm:3' h='1'/>
        """);

    [Fact]
    public void RoomsThatNobodyEntersAgain_AreLeft() => XmppTranscript.Play(XmppTranscript.LoginWithAcks + XmppTranscript.InRoom + """
        enter dev dev@rooms.test room nick=Graf
        client: <presence id='j2' to='dev@rooms.test/Graf'><x xmlns='http://jabber.org/protocol/muc'><history maxchars='0'/></x></presence>
        server: <presence from='dev@rooms.test/Graf2'><x xmlns='http://jabber.org/protocol/muc#user'><item/><status code='110'/><status code='210'/></x></presence>
        expect opened dev
        enter gone gone@rooms.test room
        client: <presence id='j3' to='gone@rooms.test/bot'><x xmlns='http://jabber.org/protocol/muc'><history maxchars='0'/></x></presence>
        leave gone
        client: <presence type='unavailable' to='gone@rooms.test/bot'/>
        abandon

        """ + Again + """
        client: <resume xmlns='urn:xmpp:sm:3' h='2' previd='s1'/>
        server: <resumed xmlns='urn:xmpp:sm:3' h='5' previd='s1'/>
        expect ready bot@a.test/notify
        client: <r xmlns='urn:xmpp:sm:3'/>
        enter ops ops@rooms.test room
        client: <presence id='j1' to='ops@rooms.test/bot'><x xmlns='http://jabber.org/protocol/muc'><history maxchars='0'/></x></presence>
        server: <presence from='ops@rooms.test/bot'><x xmlns='http://jabber.org/protocol/muc#user'><item/><status code='110'/></x></presence>
        expect opened ops
        server: <a xmlns='urn:xmpp:sm:3' h='5'/>
        time 30
        client: <presence type='unavailable' to='dev@rooms.test/Graf2'/>
        """);

    [Fact]
    public void AStreamThatIsTakenUp_AndNotHeard_IsGivenUp() => XmppTranscript.Play(ThreeSent + """
        client: <resume xmlns='urn:xmpp:sm:3' h='1' previd='s1'/>
        server: <resumed xmlns='urn:xmpp:sm:3' h='2' previd='s1'/>
        expect ready bot@a.test/notify
        client: <r xmlns='urn:xmpp:sm:3'/>
        time 29
        server: <message from='alice@b.test'><body>are you there?</body></message>
        time 1
        expect ended Lost the server took up the stream of before and hears nothing of it
        abandon

        """ + Again + Anew + """
        send d1 alice one
        expect delivered d1 ack
        send d3 alice three
        client: <message type='chat' id='{d3}' to='alice@b.test'><body>three</body><origin-id xmlns='urn:xmpp:sid:0' id='{d3}'/></message>
        """);

    [Fact]
    public void AStreamThatIsGone_StillTellsWhatCame() => XmppTranscript.Play(ThreeSent + """
        client: <resume xmlns='urn:xmpp:sm:3' h='1' previd='s1'/>
        server: <failed xmlns='urn:xmpp:sm:3' h='2'><item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></failed>

        """ + Anew + """
        send d1 alice one
        expect delivered d1 ack
        send d2 alice two
        client: <message type='chat' id='{d2}' to='alice@b.test'><body>two</body><origin-id xmlns='urn:xmpp:sid:0' id='{d2}'/></message>
        flush
        client: <r xmlns='urn:xmpp:sm:3'/>
        server: <a xmlns='urn:xmpp:sm:3' h='2'/>
        expect delivered d2 ack
        """);

    [Fact]
    public void AStreamThatIsGone_WithoutAWord_IsSentAgain() => XmppTranscript.Play(ThreeSent + """
        client: <resume xmlns='urn:xmpp:sm:3' h='1' previd='s1'/>
        server: <failed xmlns='urn:xmpp:sm:3'><item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></failed>

        """ + Anew + """
        send d1 alice one
        client: <message type='chat' id='{d1}' to='alice@b.test'><body>one</body><origin-id xmlns='urn:xmpp:sid:0' id='{d1}'/></message>
        """);

    [Fact]
    public void AServerThatBreaksAgain_IsAskedAgain() => XmppTranscript.Play(ThreeSent + """
        client: <resume xmlns='urn:xmpp:sm:3' h='1' previd='s1'/>
        abandon

        """ + Again + """
        client: <resume xmlns='urn:xmpp:sm:3' h='1' previd='s1'/>
        server: <resumed xmlns='urn:xmpp:sm:3' h='2' previd='s1'/>
        expect ready bot@a.test/notify
        client: <r xmlns='urn:xmpp:sm:3'/>
        enter alice alice@b.test user
        expect opened alice
        send d1 alice one
        expect delivered d1 ack
        send d2 alice two
        client: <message type='chat' id='{d2}' to='alice@b.test'><body>two</body><origin-id xmlns='urn:xmpp:sid:0' id='{d2}'/></message>
        abandon d2

        """ + Again + """
        client: <resume xmlns='urn:xmpp:sm:3' h='1' previd='s1'/>
        server: <resumed xmlns='urn:xmpp:sm:3' h='3' previd='s1'/>
        expect ready bot@a.test/notify
        client: <r xmlns='urn:xmpp:sm:3'/>
        enter alice alice@b.test user
        expect opened alice
        send d2 alice two
        expect delivered d2 ack
        send d3 alice three
        client: <message type='chat' id='{d3}' to='alice@b.test'><body>three</body><origin-id xmlns='urn:xmpp:sid:0' id='{d3}'/></message>
        """);

    [Fact]
    public void AServerThatClaimsTooMuch_IsNotAskedAgain() => XmppTranscript.Play(ThreeSent + """
        client: <resume xmlns='urn:xmpp:sm:3' h='1' previd='s1'/>
        server: <resumed xmlns='urn:xmpp:sm:3' h='70' previd='s1'/>
        expect ended Lost the server acknowledged 70 stanzas of 4 that were sent
        abandon

        """ + Again + Anew + """
        send d1 alice one
        client: <message type='chat' id='{d1}' to='alice@b.test'><body>one</body><origin-id xmlns='urn:xmpp:sid:0' id='{d1}'/></message>
        """);

    [Fact]
    public void Numbers_AreModulo32Bits() => XmppTranscript.Play(Again + """
        client: <resume xmlns='urn:xmpp:sm:3' h='4294967295' previd='old'/>
        server: <resumed xmlns='urn:xmpp:sm:3' h='4294967295' previd='old'/>
        expect ready bot@a.test/notify
        client: <r xmlns='urn:xmpp:sm:3'/>
        enter alice alice@b.test user
        expect opened alice
        send d1 alice one
        client: <message type='chat' id='{d1}' to='alice@b.test'><body>one</body><origin-id xmlns='urn:xmpp:sid:0' id='{d1}'/></message>
        flush
        client: <r xmlns='urn:xmpp:sm:3'/>
        server: <a xmlns='urn:xmpp:sm:3' h='0'/>
        expect delivered d1 ack
        server: <message from='alice@b.test'/><message from='alice@b.test'/><r xmlns='urn:xmpp:sm:3'/>
        client: <a xmlns='urn:xmpp:sm:3' h='1'/>
        """, resumption: () => new XmppResumption
    {
        StreamId = "old",
        Bound = new Jid("bot", "a.test", "notify"),
        Sent = uint.MaxValue,
        Acknowledged = uint.MaxValue - 3UL,
        Received = uint.MaxValue,
    });

    [Fact]
    public void WhatARoomShowsAfterwards_Counts() => XmppTranscript.Play(XmppTranscript.LoginWithAcks + XmppTranscript.InRoom + """
        send d1 ops hello
        send d2 ops refused
        client: <message type='groupchat' id='{d1}' to='ops@rooms.test'><body>hello</body><origin-id xmlns='urn:xmpp:sid:0' id='{d1}'/></message>
        client: <message type='groupchat' id='{d2}' to='ops@rooms.test'><body>refused</body><origin-id xmlns='urn:xmpp:sid:0' id='{d2}'/></message>
        abandon d1 d2

        """ + Again + """
        client: <resume xmlns='urn:xmpp:sm:3' h='1' previd='s1'/>
        server: <resumed xmlns='urn:xmpp:sm:3' h='4' previd='s1'/>
        server: <message type='groupchat' from='ops@rooms.test/bot' id='{d1}'><body>hello</body></message>
        server: <message type='error' id='{d2}' from='ops@rooms.test'><error type='auth'><forbidden xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>
        expect ready bot@a.test/notify
        client: <r xmlns='urn:xmpp:sm:3'/>
        enter ops ops@rooms.test room
        client: <presence id='j1' to='ops@rooms.test/bot'><x xmlns='http://jabber.org/protocol/muc'><history maxchars='0'/></x></presence>
        server: <presence from='ops@rooms.test/bot'><x xmlns='http://jabber.org/protocol/muc#user'><status code='110'/></x></presence>
        expect opened ops
        send d1 ops hello
        expect delivered d1 reflection
        send d2 ops refused
        expect failed d2 forbidden
        """);

    [Fact]
    public void APartThatTheServerHas_IsNotSentAgain() => XmppTranscript.Play(XmppTranscript.LoginWithAcks + """
        enter alice alice@b.test user
        expect opened alice
        send d1 alice {x*6000}\n{y*6000}
        client: <message type='chat' id='{d1}' to='alice@b.test'><body>{x*6000}</body><origin-id xmlns='urn:xmpp:sid:0' id='{d1}'/></message>
        client: <message type='chat' id='{d1}/2' to='alice@b.test'><body>{y*6000}</body><origin-id xmlns='urn:xmpp:sid:0' id='{d1}/2'/></message>
        abandon d1

        """ + Again + """
        client: <resume xmlns='urn:xmpp:sm:3' h='0' previd='s1'/>
        server: <resumed xmlns='urn:xmpp:sm:3' h='2' previd='s1'/>
        expect ready bot@a.test/notify
        client: <r xmlns='urn:xmpp:sm:3'/>
        enter alice alice@b.test user
        expect opened alice
        send d1 alice again
        client: <message type='chat' id='{d1}/2' to='alice@b.test'><body>{y*6000}</body><origin-id xmlns='urn:xmpp:sid:0' id='{d1}/2'/></message>
        flush
        client: <r xmlns='urn:xmpp:sm:3'/>
        server: <a xmlns='urn:xmpp:sm:3' h='3'/>
        expect delivered d1 ack
        """);

    /// <summary>Otherwise the second part would begin somewhere else, and words would be missing.</summary>
    [Fact]
    public void APartThatTheServerHas_KeepsTheAgeThatItBeganWith() => XmppTranscript.Play(XmppTranscript.LoginWithAcks + """
        enter alice alice@b.test user
        expect opened alice
        late [2h late]
        send d1 alice {x*6000}\n{y*6000}
        client: <message type='chat' id='{d1}' to='alice@b.test'><body>[2h late] {x*6000}</body><origin-id xmlns='urn:xmpp:sid:0' id='{d1}'/></message>
        client: <message type='chat' id='{d1}/2' to='alice@b.test'><body>{y*6000}</body><origin-id xmlns='urn:xmpp:sid:0' id='{d1}/2'/></message>
        send d2 alice short
        client: <message type='chat' id='{d2}' to='alice@b.test'><body>[2h late] short</body><origin-id xmlns='urn:xmpp:sid:0' id='{d2}'/></message>
        abandon d1 d2

        """ + Again + """
        client: <resume xmlns='urn:xmpp:sm:3' h='0' previd='s1'/>
        server: <resumed xmlns='urn:xmpp:sm:3' h='2' previd='s1'/>
        expect ready bot@a.test/notify
        client: <r xmlns='urn:xmpp:sm:3'/>
        enter alice alice@b.test user
        expect opened alice
        late [3h late] with far more words than before, so that the first part would hold less of the message
        send d1 alice again
        client: <message type='chat' id='{d1}/2' to='alice@b.test'><body>{y*6000}</body><origin-id xmlns='urn:xmpp:sid:0' id='{d1}/2'/></message>
        late [3h late]
        send d2 alice again
        client: <message type='chat' id='{d2}' to='alice@b.test'><body>[3h late] short</body><origin-id xmlns='urn:xmpp:sid:0' id='{d2}'/></message>
        """);

    [Fact]
    public void AStreamThatWasClosed_IsNotTakenUp() => XmppTranscript.Play(XmppTranscript.LoginWithAcks + """
        quit until later
        client: <presence type='unavailable'><status>until later</status></presence></stream:stream>
        abandon

        """ + Again + Anew);

    [Fact]
    public void AServerThatCannotResume_IsNotAskedTo() => XmppTranscript.Play(XmppTranscript.LoggedIn + """
        server: {header}<stream:features><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/><sm xmlns='urn:xmpp:sm:3'/></stream:features>
        client: <iq type='set' id='q1'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>notify</resource></bind></iq>
        server: <iq type='result' id='q1'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>bot@a.test/notify</jid></bind></iq>
        client: <enable xmlns='urn:xmpp:sm:3' resume='true'/>
        server: <enabled xmlns='urn:xmpp:sm:3'/>
        client: <presence><priority>-1</priority></presence>
        expect ready bot@a.test/notify
        abandon

        """ + Again + Anew);
}
