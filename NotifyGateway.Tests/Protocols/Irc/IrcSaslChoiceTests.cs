using NotifyGateway.Core.Protocols.Sasl;
using NotifyGateway.Tests.Support;
using Xunit;
using static NotifyGateway.Tests.Protocols.Irc.SaslConversation;

namespace NotifyGateway.Tests.Protocols.Irc;

/// <summary>Which mechanism is tried, and when again.</summary>
public sealed class IrcSaslChoiceTests
{
    private static readonly ISaslMechanism[] None = [];

    [Fact]
    public void NextMechanism_WhenTheServerListsOthers() => Play(Offered("sasl") + """
        client: AUTHENTICATE EXTERNAL
        server: :irc.test 908 bot PLAIN,LOGIN :are available SASL mechanisms
        server: :irc.test 904 bot :SASL authentication failed
        client: AUTHENTICATE PLAIN
        server: AUTHENTICATE +
        client: AUTHENTICATE AHVzZXIAcGVuY2ls

        """ + LoggedIn + Welcome, () => [new SaslExternal(null), .. Auto()()]);

    [Fact]
    public void NextMechanism_WhenTheServerListsOthers_AndLeavesItAtThat() => Play(Offered("sasl") + """
        client: AUTHENTICATE EXTERNAL
        server: :irc.test 908 bot PLAIN :are available SASL mechanisms
        time 3
        client: AUTHENTICATE PLAIN
        server: AUTHENTICATE +
        client: AUTHENTICATE AHVzZXIAcGVuY2ls

        """ + LoggedIn + Welcome, () => [new SaslExternal(null), .. Plain()()]);

    // Services refuse SCRAM like this for an account whose stored password is of another kind.
    [Fact]
    public void NextMechanism_WhenTheAccountCannotUseThisOne() => Play(Offered("sasl=SCRAM-SHA-256,PLAIN") + $"""
        client: AUTHENTICATE SCRAM-SHA-256
        server: AUTHENTICATE +
        client: AUTHENTICATE {ClientFirst}
        server: :irc.test 904 bot :SASL authentication failed
        client: AUTHENTICATE PLAIN
        server: AUTHENTICATE +
        client: AUTHENTICATE AHVzZXIAcGVuY2ls

        """ + LoggedIn + Welcome, Auto());

    [Fact]
    public void NextMechanism_WhenTheCertificateIsNotKnown() => Play(Offered("sasl=EXTERNAL,PLAIN") + """
        client: AUTHENTICATE EXTERNAL
        server: AUTHENTICATE +
        client: AUTHENTICATE +
        server: :irc.test 904 bot :SASL authentication failed
        client: AUTHENTICATE PLAIN
        server: AUTHENTICATE +
        client: AUTHENTICATE AHVzZXIAcGVuY2ls

        """ + LoggedIn + Welcome, () => [new SaslExternal(null), .. Auto()()]);

    [Fact]
    public void WrongPassword_IsNotSaidAgainByAnotherMechanism() => Play(Offered("sasl=SCRAM-SHA-256,PLAIN") + $"""
        client: AUTHENTICATE SCRAM-SHA-256
        server: AUTHENTICATE +
        client: AUTHENTICATE {ClientFirst}
        server: AUTHENTICATE {ServerFirst}
        client: AUTHENTICATE {ClientFinal}
        server: :irc.test 904 bot :SASL authentication failed
        expect ended Refused 904 SASL authentication failed
        """, Auto());

    [Fact]
    public void EachMechanism_IsTriedOnce() => Play(Offered("sasl") + """
        client: AUTHENTICATE EXTERNAL
        server: :irc.test 904 bot :no
        client: AUTHENTICATE SCRAM-SHA-256
        server: :irc.test 904 bot :no
        client: AUTHENTICATE PLAIN
        server: :irc.test 904 bot :no more
        expect ended Refused 904 no more
        """, () => [new SaslExternal(null), .. Auto()()]);

    [Fact]
    public void NothingIsTried_WithoutMeans() => Play(Offered("sasl") + """
        expect ended Refused the server offers no SASL that the configuration has the means for
        """, () => None);

    [Fact]
    public void ComesLate_WithTheServices() => IrcTranscript.Play(Hello + """
        server: :irc.test CAP * LS :cap-notify
        client: CAP END

        """ + Welcome + """
        expect unauthenticated the server offers no SASL
        enter #r #r
        client: JOIN #r
        server: :irc.test 477 bot #r :Cannot join channel (+r) - you need to be identified with services
        expect refused #r Later 477 Cannot join channel (+r) - you need to be identified with services
        server: :irc.test CAP bot NEW :sasl=PLAIN
        client: CAP REQ sasl
        server: :irc.test CAP bot ACK :sasl
        client: AUTHENTICATE PLAIN
        server: AUTHENTICATE +
        client: AUTHENTICATE AHVzZXIAcGVuY2ls
        server: :irc.test 900 bot bot!bot@host.test user :You are now logged in as user
        server: :irc.test 903 bot :SASL authentication successful
        expect reachable #r
        server: :irc.test CAP bot DEL :sasl
        server: :irc.test CAP bot NEW :sasl=PLAIN
        client: CAP REQ sasl
        server: :irc.test CAP bot ACK :sasl
        """, Options(Plain(), required: false));

    // InspIRCd lists it late, or refuses it, while its services are away, and does not say when they come back.
    [Fact]
    public void ComesLate_WithoutAWord() => IrcTranscript.Play(Hello + """
        server: :irc.test CAP * LS :cap-notify
        client: CAP END

        """ + Welcome + """
        expect unauthenticated the server offers no SASL
        wakes at 60
        time 60
        client: CAP LS 302
        server: :irc.test CAP bot LS :cap-notify
        wakes at 60
        time 60
        client: CAP LS 302
        server: :irc.test CAP bot LS :sasl=PLAIN
        client: CAP REQ sasl
        server: :irc.test CAP bot NAK :sasl
        wakes at 120
        time 120
        client: CAP LS 302
        server: :irc.test CAP bot LS :sasl=PLAIN
        client: CAP REQ sasl
        server: :irc.test CAP bot ACK :sasl
        client: AUTHENTICATE PLAIN
        server: AUTHENTICATE +
        client: AUTHENTICATE AHVzZXIAcGVuY2ls
        server: :irc.test 903 bot :SASL authentication successful
        time 3600
        can send
        """, Options(Plain(), required: false) with { PingInterval = TimeSpan.FromDays(1) });

    [Fact]
    public void ComesLate_AndIsSilent() => IrcTranscript.Play(Hello + """
        server: :irc.test CAP * LS :
        client: CAP END

        """ + Welcome + """
        expect unauthenticated the server offers no SASL
        server: :irc.test CAP bot NEW :sasl=PLAIN
        client: CAP REQ sasl
        server: :irc.test CAP bot ACK :sasl
        client: AUTHENTICATE PLAIN
        wakes at 7
        time 7
        client: AUTHENTICATE *
        server: :irc.test CAP bot NEW :sasl=PLAIN
        server: :irc.test CAP bot DEL :sasl
        server: :irc.test CAP bot NEW :sasl=PLAIN
        client: CAP REQ sasl
        server: :irc.test CAP bot ACK :sasl
        client: AUTHENTICATE PLAIN
        can send
        """, Options(Plain(), required: false));
}
