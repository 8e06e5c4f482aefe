using System.Security.Cryptography;
using System.Text;
using NotifyGateway.Core.Protocols.Irc;
using NotifyGateway.Core.Protocols.Sasl;
using NotifyGateway.Tests.Support;
using Xunit;
using static NotifyGateway.Tests.Protocols.Irc.SaslConversation;

namespace NotifyGateway.Tests.Protocols.Irc;

public sealed class IrcSaslTests
{
    [Theory]
    [InlineData("sasl=EXTERNAL,PLAIN")]
    [InlineData("sasl=plain")]
    [InlineData("sasl")]
    [InlineData("sasl=")]
    public void Plain_LogsInBetweenListAndEnd(string offer) => Play(Offered(offer) + """
        client: AUTHENTICATE PLAIN
        server: AUTHENTICATE +
        client: AUTHENTICATE AHVzZXIAcGVuY2ls

        """ + LoggedIn + Welcome, Plain());

    [Theory]
    [InlineData(null, "+")]
    [InlineData("user", "dXNlcg==")]
    public void External_SaysWhomItActsFor(string? identity, string message) => Play(Offered("sasl=EXTERNAL,PLAIN") + $"""
        client: AUTHENTICATE EXTERNAL
        server: AUTHENTICATE +
        client: AUTHENTICATE {message}

        """ + LoggedIn + Welcome, () => [new SaslExternal(identity), .. Plain()()]);

    [Fact]
    public void Scram_LogsIn_AndSeesTheServersProof() => Play(Offered("sasl=SCRAM-SHA-256,PLAIN") + $"""
        client: AUTHENTICATE SCRAM-SHA-256
        server: :irc.test AUTHENTICATE +
        client: AUTHENTICATE {ClientFirst}
        server: AUTHENTICATE {ServerFirst}
        client: AUTHENTICATE {ClientFinal}
        server: AUTHENTICATE {ServerFinal}
        client: AUTHENTICATE +

        """ + LoggedIn + Welcome, Auto());

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Scram_EndsWithAnImpostor_WhetherRequiredOrNot(bool required) => Play(Offered("sasl=SCRAM-SHA-256,PLAIN") + $"""
        client: AUTHENTICATE SCRAM-SHA-256
        server: AUTHENTICATE +
        client: AUTHENTICATE {ClientFirst}
        server: AUTHENTICATE {ServerFirst}
        client: AUTHENTICATE {ClientFinal}
        server: AUTHENTICATE {Base64("v=AAAA")}
        client: AUTHENTICATE *
        expect ended Refused SCRAM-SHA-256: the server has not shown that it knows the password
        server: :irc.test 906 bot :SASL authentication aborted
        never wakes
        """, Auto(), required);

    [Fact]
    public void Scram_BelievesNoSuccess_BeforeTheServersProof() => Play(Offered("sasl=SCRAM-SHA-256") + $"""
        client: AUTHENTICATE SCRAM-SHA-256
        server: AUTHENTICATE +
        client: AUTHENTICATE {ClientFirst}
        server: AUTHENTICATE {ServerFirst}
        client: AUTHENTICATE {ClientFinal}
        server: :irc.test 903 bot :SASL authentication successful
        client: AUTHENTICATE *
        expect ended Refused the server ended SCRAM-SHA-256 before it had shown that it knows the password
        """, Auto());

    [Theory]
    [InlineData("904 bot :SASL authentication failed", "904 SASL authentication failed")]
    [InlineData("902 bot :You must use a nick assigned to you", "902 You must use a nick assigned to you")]
    [InlineData("905 bot :SASL message too long", "905 SASL message too long")]
    [InlineData("906 bot :SASL authentication aborted", "906 SASL authentication aborted")]
    public void Required_IsRefused_WithTheServersWords(string numeric, string reason) => Play(Offered("sasl=PLAIN") + $"""
        client: AUTHENTICATE PLAIN
        server: AUTHENTICATE +
        client: AUTHENTICATE AHVzZXIAcGVuY2ls
        server: :irc.test {numeric}
        expect ended Refused {reason}
        server: :irc.test 001 bot :Welcome
        never wakes
        """, Plain());

    [Theory]
    [InlineData("CAP * LS :chghost multi-prefix", "the server offers no SASL")]
    [InlineData("CAP * LS :", "the server offers no SASL")]
    [InlineData("CAP * LS :sasl=EXTERNAL", "the server offers no SASL PLAIN")]
    public void Required_IsRefused_WhereItIsNotOffered(string list, string reason) => IrcTranscript.Play(Hello + $"server: :irc.test {list}\n"
        + (list.Contains("chghost", StringComparison.Ordinal) ? "client: CAP REQ chghost\nserver: :irc.test CAP * ACK :chghost\n" : "")
        + (list.Contains("sasl", StringComparison.Ordinal) ? "client: CAP REQ sasl\nserver: :irc.test CAP * ACK :sasl\n" : "") + $"""
        expect ended Refused {reason}
        never wakes
        """, Options(Plain()));

    [Fact]
    public void Required_IsWaitedFor_WhereItHasWorkedBefore()
    {
        var options = Options(Plain());
        IrcTranscript.Play(Offered("sasl") + """
            client: AUTHENTICATE PLAIN
            server: AUTHENTICATE +
            client: AUTHENTICATE AHVzZXIAcGVuY2ls

            """ + LoggedIn + Welcome, options);

        IrcTranscript.Play(Hello + """
            server: :irc.test CAP * LS :cap-notify
            expect ended Lost the server offers no SASL
            """, options);
    }

    [Fact]
    public void Required_IsRefused_WhenTheCapabilityIs() => IrcTranscript.Play(Hello + """
        server: :irc.test CAP * LS :sasl
        client: CAP REQ sasl
        server: :irc.test CAP * NAK :sasl
        expect ended Refused the server offers no SASL
        """, Options(Plain()));

    [Fact]
    public void Required_IsRefused_WhereCapIsUnknown() => IrcTranscript.Play(Hello + """
        server: :irc.test 421 * CAP :Unknown command
        server: :irc.test 001 bot :Welcome
        server: :irc.test 376 bot :End
        expect ended Refused the server offers no SASL
        """, Options(Plain()));

    [Fact]
    public void Optional_GoesOnWithout_AndSaysSo() => Play(Offered("sasl=PLAIN") + """
        client: AUTHENTICATE PLAIN
        server: AUTHENTICATE +
        client: AUTHENTICATE AHVzZXIAcGVuY2ls
        server: :irc.test 904 bot :SASL authentication failed
        client: CAP END

        """ + Welcome + """
        expect unauthenticated 904 SASL authentication failed
        server: :irc.test CAP bot NEW :sasl=PLAIN,EXTERNAL
        can send
        """, Plain(), required: false);

    [Fact]
    public void Optional_GoesOn_WhereNothingIsOffered() => IrcTranscript.Play(Hello + """
        server: :irc.test CAP * LS :
        client: CAP END

        """ + Welcome + "expect unauthenticated the server offers no SASL\n", Options(Plain(), required: false));

    [Fact]
    public void Silence_IsNotAVerdict() => Play(Offered("sasl=PLAIN") + """
        client: AUTHENTICATE PLAIN
        server: AUTHENTICATE +
        client: AUTHENTICATE AHVzZXIAcGVuY2ls
        wakes at 7
        time 7
        client: AUTHENTICATE *
        expect ended Lost the server did not go on with SASL PLAIN within 7 s
        """, Plain());

    [Fact]
    public void Silence_IsNotWaitedFor_WhereTheLoginIsOptional() => Play(Offered("sasl=PLAIN") + """
        client: AUTHENTICATE PLAIN
        time 7
        client: AUTHENTICATE *
        client: CAP END

        """ + Welcome + "expect unauthenticated the server did not go on with SASL PLAIN within 7 s\n", Plain(), required: false);

    [Theory]
    [InlineData(293, 400, 0)]
    [InlineData(295, 400, 4)]
    [InlineData(593, 400, 400)]
    public void LongMessage_GoesInPieces(int password, int first, int second)
    {
        var payload = Base64($"\0user\0{new string('p', password)}");
        Play(Offered("sasl") + $"""
            client: AUTHENTICATE PLAIN
            server: AUTHENTICATE +
            client: AUTHENTICATE {payload[..first]}
            client: AUTHENTICATE {(second == 0 ? "+" : payload[first..])}

            """ + (second == 400 ? "client: AUTHENTICATE +\n" : "") + LoggedIn + Welcome, () => [new SaslPlain("user", new string('p', password))]);
    }

    [Theory]
    [InlineData(100, 1)]
    [InlineData(264, 2)]
    [InlineData(400, 2)]
    public void LongChallenge_IsPutTogether(int salt, int count)
    {
        // 400 characters exactly end with a lone +.
        var text = $"r={Nonce}x,s={new string('A', salt)},i=1,x=0";
        var challenge = Base64(text);
        var pieces = challenge.Length < 400 ? [challenge] : new[] { challenge[..400], challenge.Length == 400 ? "+" : challenge[400..] };
        Assert.Equal(count, pieces.Length);
        var expected = new SaslScram(HashAlgorithmName.SHA256, "user", "pencil", Nonce, ChannelBinding.None);
        expected.Begin();
        var answer = Convert.ToBase64String(expected.Answer(Encoding.UTF8.GetBytes(text)).Response);

        Play(Offered("sasl") + $"""
            client: AUTHENTICATE SCRAM-SHA-256
            server: AUTHENTICATE +
            client: AUTHENTICATE {ClientFirst}
            {string.Join('\n', pieces.Select(p => "server: AUTHENTICATE " + p))}
            client: AUTHENTICATE {answer}
            """, Auto());
    }

    [Fact]
    public void EndlessChallenge_IsAborted() => Play(Offered("sasl") + "client: AUTHENTICATE PLAIN\n"
        + string.Concat(Enumerable.Repeat($"server: AUTHENTICATE {new string('A', 400)}\n", 41)) + """
        client: AUTHENTICATE *
        expect ended Refused the server's SASL challenge has no end
        """, Plain());

    [Theory]
    [InlineData("AUTHENTICATE !!!!", "the server's SASL challenge is no Base64")]
    [InlineData("AUTHENTICATE QQ", "the server's SASL challenge is no Base64")]
    [InlineData("AUTHENTICATE QUFB", "the server begins PLAIN with a challenge, which it has not")]
    public void BadChallenge_IsAborted(string line, string reason) => Play(Offered("sasl") + $"""
        client: AUTHENTICATE PLAIN
        server: {line}
        client: AUTHENTICATE *
        expect ended Refused {reason}
        """, Plain());

    [Theory]
    [InlineData("421 * AUTHENTICATE :Unknown command")]
    [InlineData("451 * AUTHENTICATE :You have not registered")]
    public void UnknownCommand_IsARefusal(string numeric) => Play(Offered("sasl") + $"""
        client: AUTHENTICATE PLAIN
        server: :irc.test {numeric}
        expect ended Refused {numeric.Replace(" * AUTHENTICATE :", " ", StringComparison.Ordinal)}
        """, Plain());

    [Fact]
    public void Already_IsLoggedIn() => Play(Offered("sasl") + """
        client: AUTHENTICATE PLAIN
        server: :bnc.test 907 bot :You have already authenticated using SASL
        client: CAP END

        """ + Welcome, Plain());

    [Fact]
    public void Unasked_IsIgnored() => IrcTranscript.Play(Hello + """
        server: AUTHENTICATE +
        server: :irc.test 903 bot :SASL authentication successful
        server: :irc.test 904 bot :SASL authentication failed
        server: :irc.test 908 bot PLAIN :are available SASL mechanisms
        server: :irc.test CAP * LS :sasl
        client: CAP END

        """ + Welcome);
}
