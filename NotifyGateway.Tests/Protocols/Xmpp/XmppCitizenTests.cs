using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Protocols.Xmpp;

/// <summary>What we owe to others: signs of life, answers, silence.</summary>
public sealed class XmppCitizenTests
{
    [Fact]
    public void ASilentServer_IsNoticed() => XmppTranscript.Play(XmppTranscript.Login + """
        time 60
        client: <iq type='get' id='q2'><ping xmlns='urn:xmpp:ping'/></iq>
        time 29
        server: <iq type='result' id='q2'/>
        time 60
        client: <iq type='get' id='q3'><ping xmlns='urn:xmpp:ping'/></iq>
        time 30
        expect ended Lost the server was silent for 90 s
        never wakes
        """);

    [Fact]
    public void WithAcknowledgements_TheyAreTheSignOfLife() => XmppTranscript.Play(XmppTranscript.LoginWithAcks + """
        time 60
        client: <r xmlns='urn:xmpp:sm:3'/>
        server: <a xmlns='urn:xmpp:sm:3' h='1'/>
        time 60
        client: <r xmlns='urn:xmpp:sm:3'/>
        """);

    [Fact]
    public void ABlank_IsASignOfLife() => XmppTranscript.Play(XmppTranscript.Login + """
        time 59
        server: \x20
        time 59
        server: \x20
        time 60
        client: <iq type='get' id='q2'><ping xmlns='urn:xmpp:ping'/></iq>
        """);

    [Fact]
    public void AServerThatClosesIdleStreams_HearsFromUs() => XmppTranscript.Play(XmppTranscript.LoggedIn + """
        server: {header}<stream:features><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/><limits xmlns='urn:xmpp:stream-limits:0'><idle-seconds>40</idle-seconds></limits></stream:features>
        client: <iq type='set' id='q1'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>notify</resource></bind></iq>
        server: <iq type='result' id='q1'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>bot@a.test/notify</jid></bind></iq>
        client: <presence><priority>-1</priority></presence>
        expect ready bot@a.test/notify
        time 20
        client: {blank}
        time 20
        client: {blank}
        """);

    [Fact]
    public void Answers_WhatIsAsked() => XmppTranscript.Play(XmppTranscript.Login + """
        server: <iq type='get' id='1&lt;' from='alice@b.test/x&amp;y'><ping xmlns='urn:xmpp:ping'/></iq>
        client: <iq type='result' id='1&lt;' to='alice@b.test/x&amp;y'></iq>
        server: <iq type='get' id='2'><query xmlns='jabber:iq:version'/></iq>
        client: <iq type='result' id='2'><query xmlns='jabber:iq:version'><name>NotifyGateway</name></query></iq>
        server: <iq type='get' id='3' from='a.test'><query xmlns='http://jabber.org/protocol/disco#info' node='n'/></iq>
        client: <iq type='result' id='3' to='a.test'><query xmlns='http://jabber.org/protocol/disco#info' node='n'><identity category='client' type='bot' name='NotifyGateway'/>
        """.TrimEnd() + "<feature var='http://jabber.org/protocol/disco#info'/><feature var='jabber:iq:version'/><feature var='urn:xmpp:ping'/></query></iq>\n" + """
        server: <iq type='get' id='4' from='a.test'><query xmlns='jabber:iq:last'/></iq>
        client: <iq type='error' id='4' to='a.test'><error type='cancel'><service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>
        server: <iq type='set' id='5'><ping xmlns='urn:xmpp:ping'/></iq>
        client: <iq type='error' id='5'><error type='cancel'><service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>
        server: <iq type='get' id='6'/><iq type='get'/><iq/>
        client: <iq type='error' id='6'><error type='cancel'><service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>
        """);

    [Fact]
    public void Ignores_WhatItIsNotFor() => XmppTranscript.Play(XmppTranscript.Login + """
        server: <message from='alice@b.test/x' type='chat' id='1'><body>hello?</body><request xmlns='urn:xmpp:receipts'/></message>
        server: <presence from='alice@b.test' type='subscribe'/><presence from='alice@b.test' type='probe'/><presence from='alice@b.test/x'/>
        server: <message type='error' id='nobody' from='alice@b.test'/><message type='error'/><message type='groupchat' from='ops@rooms.test/x' id='2'/>
        server: <x xmlns='urn:unknown'/><unknown/>
        """);

    [Fact]
    public void Goodbye_LetsTheServersLastWordsCount() => XmppTranscript.Play(XmppTranscript.LoginWithAcks + """
        enter alice alice@b.test user
        expect opened alice
        send d1 alice one
        client: <message type='chat' id='{d1}' to='alice@b.test'><body>one</body><origin-id xmlns='urn:xmpp:sid:0' id='{d1}'/></message>
        flush
        client: <r xmlns='urn:xmpp:sm:3'/>
        quit stopping
        client: <presence type='unavailable'><status>stopping</status></presence></stream:stream>
        cannot send
        server: <a xmlns='urn:xmpp:sm:3' h='2'/>
        expect delivered d1 ack
        server: <iq type='get' id='1'><ping xmlns='urn:xmpp:ping'/></iq></stream:stream>
        expect ended Lost the server closed the stream
        """);
}
