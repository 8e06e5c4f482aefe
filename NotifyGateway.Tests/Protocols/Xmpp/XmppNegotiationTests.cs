using NotifyGateway.Core.Protocols;
using NotifyGateway.Core.Protocols.Xmpp;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Protocols.Xmpp;

public sealed class XmppNegotiationTests
{
    private const string ToTls = """
        start
        client: {clear}
        server: {header}
        server: <stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/></starttls><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>PLAIN</mechanism></mechanisms></stream:features>
        client: <starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>

        """;

    private const string Bind = """
        client: <iq type='set' id='q1'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>notify</resource></bind></iq>

        """;

    [Fact]
    public void Login_IsUnderTls_WhichIsAskedForInTheStream() => XmppTranscript.Play(ToTls + """
        server: <proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>
        expect secure
        secured
        client: {open}
        server: {header}<stream:features><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>PLAIN</mechanism></mechanisms></stream:features>
        client: <auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>AGJvdABzZXNhbWU=</auth>
        server: <success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>
        client: {open}
        cannot send
        """);

    [Fact]
    public void Login_OverDirectTls() => XmppTranscript.Play(XmppTranscript.Login + "can send");

    [Theory]
    [InlineData("<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>")]
    [InlineData("\\x20")]
    [InlineData("\\x16\\x03")]
    public void LeavesAServer_ThatSaysSomethingInClearBehindProceed(string injected) => XmppTranscript.Play(ToTls + $"""
        server: <proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>{injected}
        expect secure
        expect ended Lost something was said in clear after the server had agreed to TLS
        """);

    [Fact]
    public void SaysNothingInClear_WithoutStartTls() => XmppTranscript.Play("""
        start
        client: {clear}
        server: {header}<stream:features><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>PLAIN</mechanism></mechanisms></stream:features>
        expect ended Refused the server offers no STARTTLS, and nothing is said in clear
        """);

    [Fact]
    public void SaysNothingInClear_WhateverTheServerClaims() => XmppTranscript.Play(ToTls + """
        server: <success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>
        server: <stream:features><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></stream:features>
        server: <r xmlns='urn:xmpp:sm:3'/><enabled xmlns='urn:xmpp:sm:3'/><resumed xmlns='urn:xmpp:sm:3' h='0'/>
        server: <iq type='get' id='1'><ping xmlns='urn:xmpp:ping'/></iq>
        cannot send
        quit stopping
        client: </stream:stream>
        """);

    [Fact]
    public void SaysNothing_WhileTlsIsBeingMade() => XmppTranscript.Play(ToTls + """
        server: <proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>
        expect secure
        quit stopping
        """);

    [Fact]
    public void StartTlsThatFails_IsTheEnd() => XmppTranscript.Play(ToTls + """
        server: <failure xmlns='urn:ietf:params:xml:ns:xmpp-tls'/></stream:stream>
        expect ended Lost the server offers STARTTLS but cannot do it
        """);

    [Fact]
    public void Secured_WithoutBeingAskedFor_IsABug() =>
        Assert.Throws<InvalidOperationException>(() => new XmppClient(XmppTranscript.Options, new XmppResumption()).Secured(TlsFacts.None, TimeSpan.Zero));

    [Fact]
    public void TakesTheAddress_ThatTheServerGives() => XmppTranscript.Play(XmppTranscript.LoggedIn + """
        server: {header}<stream:features><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/><session xmlns='urn:ietf:params:xml:ns:xmpp-session'><optional/></session></stream:features>

        """ + Bind + """
        server: <iq type='result' id='q1'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>bot@a.test/other</jid></bind></iq>
        client: <presence><priority>-1</priority><status>on duty &amp; awake</status></presence>
        expect ready bot@a.test/other
        """, XmppTranscript.Options with { Status = "on duty & awake" });

    [Fact]
    public void AsksForASession_WhereThatIsNotOptional() => XmppTranscript.Play(XmppTranscript.LoggedIn + """
        server: {header}<stream:features><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/><session xmlns='urn:ietf:params:xml:ns:xmpp-session'/></stream:features>

        """ + Bind + """
        server: <iq type='result' id='q1'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>bot@a.test/notify</jid></bind></iq>
        client: <iq type='set' id='q2'><session xmlns='urn:ietf:params:xml:ns:xmpp-session'/></iq>
        server: <iq type='result' id='q2'/>
        client: <presence><priority>-1</priority></presence>
        expect ready bot@a.test/notify
        """);

    [Fact]
    public void LeavesTheResourceToTheServer_WhenOursIsTaken() => XmppTranscript.Play(XmppTranscript.LoggedIn + """
        server: {header}<stream:features><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></stream:features>

        """ + Bind + """
        server: <iq type='error' id='q1'><error type='cancel'><conflict xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>
        client: <iq type='set' id='q2'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'></bind></iq>
        server: <iq type='result' id='q2'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>bot@a.test/x1</jid></bind></iq>
        client: <presence><priority>-1</priority></presence>
        expect ready bot@a.test/x1
        """);

    [Theory]
    [InlineData("resource-constraint", "Throttled")]
    [InlineData("not-allowed", "Refused")]
    [InlineData("internal-server-error", "Lost")]
    public void ARefusedAddress_IsTheEnd(string condition, string kind) => XmppTranscript.Play(XmppTranscript.LoggedIn + """
        server: {header}<stream:features><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></stream:features>

        """ + Bind + $"""
        server: <iq type='error' id='q1'><error type='cancel'><{condition} xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/><text xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'>no</text></error></iq>
        expect ended {kind} no address for this connection: {condition}: no
        """);

    [Fact]
    public void GoesOnWithoutAcks_WhereTheyAreRefused() => XmppTranscript.Play(XmppTranscript.LoggedIn + """
        server: {header}<stream:features><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/><sm xmlns='urn:xmpp:sm:3'/></stream:features>

        """ + Bind + """
        server: <iq type='result' id='q1'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>bot@a.test/notify</jid></bind></iq>
        client: <enable xmlns='urn:xmpp:sm:3' resume='true'/>
        server: <failed xmlns='urn:xmpp:sm:3'><unexpected-request xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></failed><failed xmlns='urn:xmpp:sm:3'/><enabled xmlns='urn:xmpp:sm:3'/>
        client: <presence><priority>-1</priority></presence>
        expect ready bot@a.test/notify
        """);

    [Theory]
    [InlineData("conflict", "Throttled", "conflict (another connection has taken this account's resource)")]
    [InlineData("policy-violation", "Throttled", "policy-violation")]
    [InlineData("resource-constraint", "Throttled", "resource-constraint")]
    [InlineData("host-unknown", "Refused", "host-unknown")]
    [InlineData("not-authorized", "Refused", "not-authorized")]
    [InlineData("system-shutdown", "Lost", "system-shutdown")]
    [InlineData("reset", "Lost", "reset")]
    public void AStreamError_EndsByItsName(string condition, string kind, string reason) => XmppTranscript.Play(XmppTranscript.Login + $"""
        server: <stream:error><{condition} xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error></stream:stream>
        expect ended {kind} {reason}
        cannot send
        never wakes
        """);

    [Fact]
    public void AStreamError_ShowsItsText_WithoutOurPassword() => XmppTranscript.Play(XmppTranscript.Login + """
        server: <stream:error><undefined-condition xmlns='urn:ietf:params:xml:ns:xmpp-streams'/><text xmlns='urn:ietf:params:xml:ns:xmpp-streams'>no&#9;sesame
        server: here</text></stream:error>
        expect ended Lost undefined-condition: no ***here
        """);

    [Fact]
    public void GoesWhereTheServerSays() => XmppTranscript.Play(XmppTranscript.Login + """
        server: <stream:error><see-other-host xmlns='urn:ietf:params:xml:ns:xmpp-streams'>[2001:db8::1]:5222</see-other-host></stream:error>
        expect moved [2001:db8::1]:5222
        expect ended Lost see-other-host: [2001:db8::1]:5222
        """);

    [Fact]
    public void AnswersTheEndOfTheStream() => XmppTranscript.Play(XmppTranscript.Login + """
        server: </stream:stream>
        client: </stream:stream>
        expect ended Lost the server closed the stream
        """);

    [Theory]
    [InlineData("<stream:features><bind></x></stream:features>")]
    [InlineData("<message>&nbsp;</message>")]
    [InlineData("text")]
    public void WhatIsNoXmpp_IsTheEnd(string said) => XmppTranscript.Play(XmppTranscript.Login + $"""
        server: {said}
        expect ended Lost what the server sent is no XMPP
        """);

    [Theory]
    [InlineData("<!-- x -->")]
    [InlineData("<?pi?>")]
    [InlineData("<!DOCTYPE x>")]
    public void WhatXmppForbids_IsTheEnd(string said) => XmppTranscript.Play(XmppTranscript.Login + $"""
        server: {said}
        expect ended Lost the server sent XML that XMPP forbids
        """);

    [Fact]
    public void AnOldServer_IsRefused() => XmppTranscript.Play("""
        start tls
        client: {open}
        server: <stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' from='a.test' id='x'>
        expect ended Refused unsupported-version: the server speaks no XMPP 1.0
        """);

    [Fact]
    public void ALoginThatDoesNotEnd_IsEnded() => XmppTranscript.Play("""
        start tls
        client: {open}
        server: {header}
        time 59
        time 1
        expect ended Lost login was not done within 60 s
        never wakes
        """);
}
