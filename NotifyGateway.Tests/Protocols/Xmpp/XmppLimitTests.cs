using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Protocols.Xmpp;

/// <summary>What a server takes at once, as it says or lets us find out, is never exceeded again.</summary>
public sealed class XmppLimitTests
{
    private const string ToAlice = """
        enter alice alice@b.test user
        expect opened alice

        """;

    private const string Violation = """
        server: <stream:error><policy-violation xmlns='urn:ietf:params:xml:ns:xmpp-streams'/><text xmlns='urn:ietf:params:xml:ns:xmpp-streams'>not that</text></stream:error>

        """;

    private const string Long = "{w*1500}\\n{x*1500}\\n{y*1500}\\n{z*1500}";

    /// <summary>A message that the server has ended the stream for; 6,113 bytes, so that 3,056 are left.</summary>
    private static readonly string Learning = $$"""
        send d1 alice {{Long}}
        {{Said("{d1}", "{w*1500}&#10;{x*1500}&#10;{y*1500}&#10;{z*1500}")}}
        flush

        """;

    private static readonly string Learned = Violation + """
        expect ended Lost policy-violation: not that
        abandon d1

        """;

    private static readonly string Alone = XmppTranscript.Login + ToAlice + $$"""
        send d1 alice bad
        {{Said("{d1}", "bad")}}
        flush
        client: <iq type='get' id='q2'><ping xmlns='urn:xmpp:ping'/></iq>

        """ + Violation + """
        expect ended Throttled policy-violation: not that

        """;

    private const string Again = XmppTranscript.LoggedIn + """
        server: {header}<stream:features><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/><sm xmlns='urn:xmpp:sm:3'/></stream:features>

        """;

    private const string Anew = Again + """
        client: <resume xmlns='urn:xmpp:sm:3' h='0' previd='s1'/>
        server: <failed xmlns='urn:xmpp:sm:3'/>
        client: <iq type='set' id='q1'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>notify</resource></bind></iq>
        server: <iq type='result' id='q1'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>bot@a.test/notify</jid></bind></iq>
        client: <enable xmlns='urn:xmpp:sm:3' resume='true'/>
        server: <enabled xmlns='urn:xmpp:sm:3' id='s2' resume='true'/>
        client: <presence><priority>-1</priority></presence>
        expect ready bot@a.test/notify

        """;

    [Fact]
    public void AfterALongMessage_ItsPieces_WaitForOneAnother() => XmppTranscript.Play(XmppTranscript.LoginWithAcks + ToAlice + Learning + """
        client: <r xmlns='urn:xmpp:sm:3'/>

        """ + Learned + Anew + ToAlice + $$"""
        send d1 alice again
        {{Said("{d1}", "{w*1500}")}}
        cannot send
        flush
        client: <r xmlns='urn:xmpp:sm:3'/>
        server: <a xmlns='urn:xmpp:sm:3' h='1'/>
        cannot send
        server: <a xmlns='urn:xmpp:sm:3' h='2'/>
        {{Said("{d1}/2", "{x*1500}")}}
        client: <r xmlns='urn:xmpp:sm:3'/>
        flush
        in flight 1
        server: <a xmlns='urn:xmpp:sm:3' h='3'/>
        {{Said("{d1}/3", "{y*1500}")}}
        client: <r xmlns='urn:xmpp:sm:3'/>
        server: <a xmlns='urn:xmpp:sm:3' h='4'/>
        {{Said("{d1}/4", "{z*1500}")}}
        client: <r xmlns='urn:xmpp:sm:3'/>
        can send
        server: <a xmlns='urn:xmpp:sm:3' h='5'/>
        expect delivered d1 ack
        """);

    [Fact]
    public void WithoutAcknowledgements_TheyWaitForPings() => XmppTranscript.Play(XmppTranscript.Login + ToAlice + Learning + """
        client: <iq type='get' id='q2'><ping xmlns='urn:xmpp:ping'/></iq>

        """ + Learned + XmppTranscript.Login + ToAlice + $$"""
        send d1 alice again
        {{Said("{d1}", "{w*1500}")}}
        flush
        client: <iq type='get' id='q2'><ping xmlns='urn:xmpp:ping'/></iq>
        cannot send
        server: <iq type='result' id='q2'/>
        {{Said("{d1}/2", "{x*1500}")}}
        client: <iq type='get' id='q3'><ping xmlns='urn:xmpp:ping'/></iq>
        in flight 1
        server: <iq type='result' id='q3'/>
        {{Said("{d1}/3", "{y*1500}")}}
        client: <iq type='get' id='q4'><ping xmlns='urn:xmpp:ping'/></iq>
        server: <iq type='result' id='q4'/>
        {{Said("{d1}/4", "{z*1500}")}}
        client: <iq type='get' id='q5'><ping xmlns='urn:xmpp:ping'/></iq>
        server: <iq type='result' id='q5'/>
        expect delivered d1 pong
        """);

    /// <summary>Some servers hold all that has come against the limit for one stanza.</summary>
    [Fact]
    public void ManyShortMessages_AreTooLongTogether() => XmppTranscript.Play(XmppTranscript.Login + ToAlice + $$"""
        send d1 alice {w*900}
        send d2 alice {x*900}
        send d3 alice {y*900}
        {{Said("{d1}", "{w*900}")}}
        {{Said("{d2}", "{x*900}")}}
        {{Said("{d3}", "{y*900}")}}

        """ + Violation + """
        expect ended Lost policy-violation: not that
        abandon d1 d2 d3

        """ + XmppTranscript.Login + ToAlice + $$"""
        send d1 alice again
        {{Said("{d1}", "{w*900}")}}
        can send
        send d2 alice again
        cannot send
        flush
        client: <iq type='get' id='q2'><ping xmlns='urn:xmpp:ping'/></iq>
        server: <iq type='result' id='q2'/>
        expect delivered d1 pong
        {{Said("{d2}", "{x*900}")}}
        client: <iq type='get' id='q3'><ping xmlns='urn:xmpp:ping'/></iq>
        can send
        in flight 1
        """);

    [Fact]
    public void ASmallLimitThatIsAnnounced_IsHeldFromTheFirst() => XmppTranscript.Play(LoginWithLimit(4000) + ToAlice + $$"""
        send d1 alice {x*3000}\n{y*3000}
        {{Said("{d1}", "{x*3000}")}}
        flush
        client: <iq type='get' id='q2'><ping xmlns='urn:xmpp:ping'/></iq>
        cannot send
        server: <iq type='result' id='q2'/>
        {{Said("{d1}/2", "{y*3000}")}}
        client: <iq type='get' id='q3'><ping xmlns='urn:xmpp:ping'/></iq>
        server: <iq type='result' id='q3'/>
        expect delivered d1 pong
        """);

    [Fact]
    public void AnAmpleLimit_HoldsNothingUp() => XmppTranscript.Play(LoginWithLimit(32_768) + ToAlice + $$"""
        send d1 alice {x*30000}
        send d2 alice {y*30000}
        {{Said("{d1}", "{x*30000}")}}
        {{Said("{d2}", "{y*30000}")}}
        can send
        """);

    [Fact]
    public void APartThatIsRefused_EndsTheRest() => XmppTranscript.Play(LoginWithLimit(4000) + ToAlice + $$"""
        send d1 alice {x*3000}\n{y*3000}
        {{Said("{d1}", "{x*3000}")}}
        flush
        client: <iq type='get' id='q2'><ping xmlns='urn:xmpp:ping'/></iq>
        server: <message type='error' id='{d1}' from='alice@b.test'><error type='cancel'><service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>
        expect failed d1 service-unavailable
        cannot send
        server: <iq type='result' id='q2'/>
        can send
        send d2 alice next
        {{Said("{d2}", "next")}}
        """);

    /// <summary>The message is done with, but its bytes may still be unread.</summary>
    [Fact]
    public void APingThatNobodyAnswers_IsAskedAgain_BeforeMoreIsSent() => XmppTranscript.Play(
        LoginWithLimit(4000) + ToAlice + $$"""
        send d1 alice {x*3000}
        {{Said("{d1}", "{x*3000}")}}
        flush
        client: <iq type='get' id='q2'><ping xmlns='urn:xmpp:ping'/></iq>
        server: <message type='error' id='{d1}' from='alice@b.test'><error type='cancel'><service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>
        expect failed d1 service-unavailable
        time 60
        client: <iq type='get' id='q3'><ping xmlns='urn:xmpp:ping'/></iq>
        send d2 alice {y*3000}
        flush
        server: <iq type='result' id='q3'/>
        {{Said("{d2}", "{y*3000}")}}
        client: <iq type='get' id='q4'><ping xmlns='urn:xmpp:ping'/></iq>
        """,
        XmppTranscript.Options with { PingInterval = TimeSpan.FromHours(1) });

    /// <summary>What was not written when the connection broke is written by the next one; what the server has is not said again.</summary>
    [Fact]
    public void ABrokenConnection_LeavesTheRestToTheNext() => XmppTranscript.Play(XmppTranscript.LoginWithAcks + ToAlice + Learning + """
        client: <r xmlns='urn:xmpp:sm:3'/>

        """ + Learned + Anew + ToAlice + $$"""
        send d1 alice again
        {{Said("{d1}", "{w*1500}")}}
        flush
        client: <r xmlns='urn:xmpp:sm:3'/>
        abandon d1

        """ + Again + $$"""
        client: <resume xmlns='urn:xmpp:sm:3' h='0' previd='s2'/>
        server: <resumed xmlns='urn:xmpp:sm:3' h='2' previd='s2'/>
        expect ready bot@a.test/notify
        client: <r xmlns='urn:xmpp:sm:3'/>
        enter alice alice@b.test user
        expect opened alice
        send d1 alice again
        {{Said("{d1}/2", "{x*1500}")}}
        flush
        client: <r xmlns='urn:xmpp:sm:3'/>
        server: <a xmlns='urn:xmpp:sm:3' h='3'/>
        {{Said("{d1}/3", "{y*1500}")}}
        client: <r xmlns='urn:xmpp:sm:3'/>
        """);

    /// <summary>Nobody knows which of several short messages it was: from then on each goes alone. The one that does it three times fails, the others go on.</summary>
    [Fact]
    public void AMessageThatTheServerNeverTakes_Fails_AndHoldsUpNobodyForEver() => XmppTranscript.Play(XmppTranscript.Login + ToAlice + $$"""
        send d1 alice bad
        send d2 alice good
        {{Said("{d1}", "bad")}}
        {{Said("{d2}", "good")}}

        """ + Violation + """
        expect ended Throttled policy-violation: not that
        abandon d1 d2

        """ + Alone + "abandon d1\n" + Alone + "abandon d1\n" + Alone + """
        expect failed d1 policy-violation: not that
        abandon

        """ + XmppTranscript.Login + ToAlice + $$"""
        send d2 alice good
        send d3 alice better
        {{Said("{d2}", "good")}}
        {{Said("{d3}", "better")}}
        """);

    private static string LoginWithLimit(int bytes) => XmppTranscript.LoggedIn + $$"""
        server: {header}<stream:features><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/><limits xmlns='urn:xmpp:stream-limits:0'><max-bytes>{{bytes}}</max-bytes></limits></stream:features>
        client: <iq type='set' id='q1'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>notify</resource></bind></iq>
        server: <iq type='result' id='q1'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>bot@a.test/notify</jid></bind></iq>
        client: <presence><priority>-1</priority></presence>
        expect ready bot@a.test/notify

        """;

    private static string Said(string id, string body) =>
        $"client: <message type='chat' id='{id}' to='alice@b.test'><body>{body}</body><origin-id xmlns='urn:xmpp:sid:0' id='{id}'/></message>";
}
