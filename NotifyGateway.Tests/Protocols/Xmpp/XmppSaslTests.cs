using NotifyGateway.Core.Protocols;
using NotifyGateway.Core.Protocols.Xmpp;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Protocols.Xmpp;

/// <summary>With the exchanges that RFC 5802 (section 5) and RFC 7677 (section 3) publish.</summary>
public sealed class XmppSaslTests
{
    private const string AllScram = "<mechanism>SCRAM-SHA-1</mechanism><mechanism>SCRAM-SHA-256-PLUS</mechanism><mechanism>PLAIN</mechanism><mechanism>SCRAM-SHA-256</mechanism><mechanism>SCRAM-SHA-1-PLUS</mechanism>";

    private const string Scram256 = "<mechanism>SCRAM-SHA-1</mechanism><mechanism>PLAIN</mechanism><mechanism>SCRAM-SHA-256</mechanism>";

    private const string ToProof = """
        client: <auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='SCRAM-SHA-256'>{b64 n,,n=user,r=rOprNGfwEbeRWgbNEkqO}</auth>
        server: <challenge xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>{b64 r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096}</challenge>
        client: <response xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>{b64 c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=}</response>

        """;

    private static readonly TlsFacts Bindable = new() { Exporter = new byte[] { 1, 2, 3 }, Unique = new byte[] { 4, 5, 6 } };

    private static XmppClientOptions User { get; } = XmppTranscript.Options with
    {
        Jid = new Jid("user", "a.test", null),
        Password = "pencil",
        Nonce = () => "rOprNGfwEbeRWgbNEkqO",
    };

    [Fact]
    public void Scram_WithTheServersProofInSuccess() => Play(Scram256, ToProof + """
        server: <success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>{b64 v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=}</success>
        client: {user}
        """);

    [Fact]
    public void Scram_WithTheServersProofInAChallenge() => Play(Scram256, ToProof + """
        server: <challenge xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>{b64 v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=}</challenge>
        client: <response xmlns='urn:ietf:params:xml:ns:xmpp-sasl'></response>
        server: <success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>
        client: {user}
        """);

    [Fact]
    public void ScramSha1() => Play("<mechanism>SCRAM-SHA-1</mechanism><mechanism>PLAIN</mechanism>", """
        client: <auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='SCRAM-SHA-1'>{b64 n,,n=user,r=fyko+d2lbbFgONRv9qkxdawL}</auth>
        server: <challenge xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>{b64 r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096}</challenge>
        client: <response xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>{b64 c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=}</response>
        server: <success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>{b64 v=rmF9pqV8S7suAoZWja4dJRkFsKQ=}</success>
        client: {user}
        """, options: User with { Nonce = () => "fyko+d2lbbFgONRv9qkxdawL" });

    [Fact]
    public void LeavesAServer_ThatCannotProveThePassword() => Play(Scram256, ToProof + """
        server: <success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>{b64 v=7rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=}</success>
        expect ended Refused SCRAM-SHA-256: the server has not shown that it knows the password
        """);

    [Fact]
    public void LeavesAServer_ThatProvesNothing() => Play(Scram256, ToProof + """
        server: <success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>
        expect ended Refused the server ended SCRAM-SHA-256 before it had shown that it knows the password
        """);

    [Theory]
    [InlineData("not-authorized")]
    [InlineData("account-disabled")]
    [InlineData("credentials-expired")]
    public void AJudgedPassword_IsShownToNoOtherMechanism(string condition) => Play(Scram256, ToProof + $"""
        server: <failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><{condition}/><text>go away</text></failure>
        expect ended Refused {condition}: go away
        """);

    [Fact]
    public void ATemporaryFailure_IsTriedAgainSoon() => Play(Scram256, ToProof + """
        server: <failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><temporary-auth-failure/></failure>
        expect ended Lost temporary-auth-failure
        """);

    [Fact]
    public void AMechanismThatTheServerCannotUse_IsFollowedByTheNext() => Play(Scram256, """
        client: <auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='SCRAM-SHA-256'>{b64 n,,n=user,r=rOprNGfwEbeRWgbNEkqO}</auth>
        server: <failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><invalid-mechanism/></failure>
        client: <auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='SCRAM-SHA-1'>{b64 n,,n=user,r=rOprNGfwEbeRWgbNEkqO}</auth>
        server: <failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism-too-weak/></failure>
        client: <auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>AHVzZXIAcGVuY2ls</auth>
        server: <success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>
        client: {user}
        """);

    [Fact]
    public void AServerThatAsksForTooMuch_IsToldSo_AndTheNextIsTried() => Play("<mechanism>SCRAM-SHA-256</mechanism>", """
        client: <auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='SCRAM-SHA-256'>{b64 n,,n=user,r=rOprNGfwEbeRWgbNEkqO}</auth>
        server: <challenge xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>{b64 r=rOprNGfwEbeRWgbNEkqO%x,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=99999999}</challenge>
        client: <abort xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>
        server: <failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><aborted/></failure>
        expect ended Refused SCRAM-SHA-256: the server wants an iteration count that is not from 1 to 1000000
        """);

    [Fact]
    public void BindsToTheChannel_WhereThatIsOffered() => Play(AllScram, """
        client: <auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='SCRAM-SHA-256-PLUS'>{b64 p=tls-unique,,n=user,r=rOprNGfwEbeRWgbNEkqO}</auth>
        """, Bindable);

    [Theory]
    [InlineData("<channel-binding type='tls-unique'/>", "p=tls-unique")]
    [InlineData("<channel-binding type='tls-exporter'/><channel-binding type='tls-unique'/>", "p=tls-exporter")]
    public void BindsAsTheServerCan(string types, string header) => Play(AllScram, $$"""
        client: <auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='SCRAM-SHA-256-PLUS'>{b64 {{header}},,n=user,r=rOprNGfwEbeRWgbNEkqO}</auth>
        """, Bindable, types);

    [Fact]
    public void DoesNotBind_InAWayThatTheServerHasNot() => Play(AllScram, """
        client: <auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='SCRAM-SHA-256'>{b64 n,,n=user,r=rOprNGfwEbeRWgbNEkqO}</auth>
        """, Bindable, "<channel-binding type='tls-server-end-point'/>");

    [Fact]
    public void SaysThatItCouldBind_WhereTheServerDoesNotOfferIt() => Play(Scram256, """
        client: <auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='SCRAM-SHA-256'>{b64 y,,n=user,r=rOprNGfwEbeRWgbNEkqO}</auth>
        """, Bindable);

    [Fact]
    public void AFailedBinding_IsToldAndFollowedByTheNextMechanism() => Play(AllScram, """
        client: <auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='SCRAM-SHA-256-PLUS'>{b64 p=tls-unique,,n=user,r=rOprNGfwEbeRWgbNEkqO}</auth>
        server: <failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><not-authorized/></failure>

        """ + ToProof + """
        server: <success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>{b64 v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=}</success>
        client: {user}
        expect unbound SCRAM-SHA-256-PLUS, bound to the TLS channel, was refused with not-authorized
        """, Bindable);

    [Fact]
    public void AWrongPassword_IsRefused_AfterTheBindingWasTriedToo() => Play(AllScram, """
        client: <auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='SCRAM-SHA-256-PLUS'>{b64 p=tls-unique,,n=user,r=rOprNGfwEbeRWgbNEkqO}</auth>
        server: <failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><not-authorized/></failure>

        """ + ToProof + """
        server: <failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><not-authorized/></failure>
        expect ended Refused not-authorized (and before, SCRAM-SHA-256-PLUS, bound to the TLS channel, was refused with not-authorized)
        """, Bindable);

    [Fact]
    public void AServerWithoutAnyMechanismOfOurs_IsRefused() => Play("<mechanism>GSSAPI</mechanism><mechanism>X-OAUTH2</mechanism>", """
        expect ended Refused the server offers no SASL mechanism that we have, only GSSAPI X-OAUTH2
        """);

    private static void Play(string mechanisms, string script, TlsFacts? tls = null, string bindings = "", XmppClientOptions? options = null) => XmppTranscript.Play($$"""
        start tls
        client: {user}
        server: {header}<stream:features><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>{{mechanisms}}</mechanisms><sasl-channel-binding xmlns='urn:xmpp:sasl-cb:0'>{{bindings}}</sasl-channel-binding></stream:features>

        """ + script, options ?? User, tls);
}
