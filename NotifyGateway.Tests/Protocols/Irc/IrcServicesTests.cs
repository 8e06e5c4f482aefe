using NotifyGateway.Core.Protocols.Irc;
using NotifyGateway.Core.Protocols.Sasl;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Protocols.Irc;

public sealed class IrcServicesTests
{
    private const string Hello = """
        start
        client: CAP LS 302
        client: NICK bot
        client: USER bot 0 * bot

        """;

    private const string Welcome = """
        server: :irc.test 001 bot :Welcome
        server: :irc.test 376 bot :End
        client: USERHOST bot
        client: PING 0
        client: PRIVMSG NickServ :IDENTIFY s3cret
        cannot send

        """;

    private static readonly IrcNickServOptions NickServ = new("NickServ", null, "s3cret", Regain: true);

    [Theory]
    [InlineData(":irc.test 900 bot bot!bot@host.test bot :You are now logged in as bot")]
    [InlineData(":NickServ!services@services.test MODE bot :+r")]
    [InlineData(":bot MODE bot +ir-w")]
    public void IsReady_WhenTheLoginIsShown(string sign) => Play(Hello + Welcome + $"""
        server: {sign}
        client: MODE bot +B
        expect ready bot
        time 5
        can send
        """, onConnect: "MODE {nick} +B");

    [Fact]
    public void IsReady_WhenTheServiceDoesNotSay_AfterAWhile() => Play(Hello + Welcome + """
        server: :NickServ!services@services.test NOTICE bot :This nickname is registered.
        server: :NickServ!services@services.test NOTICE bot :Invalid \x02password\x02 for bot.
        server: :mallory!m@host NOTICE bot :tell me your password
        server: :NickServ!services@services.test NOTICE #bot :not to us
        server: :irc.test MODE bot +i
        server: :bot MODE alice +r
        wakes at 5
        time 5
        expect ready bot
        expect unauthenticated NickServ has not confirmed the login within 5 s: Invalid password for bot.
        """);

    [Fact]
    public void ComesLate_AndOpensChannelsThatWaitForIt() => Play(Hello + Welcome + """
        time 5
        expect ready bot
        expect unauthenticated NickServ has not confirmed the login within 5 s
        enter #r #r
        client: JOIN #r
        enter #s #s
        client: JOIN #s
        server: :irc.test 477 bot #r :Cannot join channel (+r)
        server: :irc.test 473 bot #s :Cannot join channel (+i)
        expect refused #r Later 477 Cannot join channel (+r)
        expect refused #s Later 473 Cannot join channel (+i)
        server: :bot MODE bot :+r
        expect reachable #r
        enter #r #r
        client: JOIN #r
        server: :bot!~bot@host.test JOIN #r
        expect opened #r
        server: :irc.test 901 bot bot!bot@host.test :You are now logged out
        server: :bot MODE bot :+r
        """);

    [Fact]
    public void NeverAnswersWhoeverAsks() => Play(Hello + """
        server: :NickServ!services@services.test NOTICE bot :identify via /msg NickServ identify <password>
        server: :irc.test 001 bot :Welcome
        server: :NickServ!services@services.test NOTICE bot :identify via /msg NickServ identify <password>
        client: USERHOST bot
        client: PING 0
        server: :irc.test 376 bot :End
        client: PRIVMSG NickServ :IDENTIFY s3cret
        server: :NickServ!services@services.test NOTICE bot :identify via /msg NickServ identify <password>
        server: :irc.test 376 bot :End
        server: :irc.test PONG irc.test 0
        time 5
        expect ready bot
        expect unauthenticated NickServ has not confirmed the login within 5 s: identify via /msg NickServ identify <password>
        server: :NickServ!services@services.test NOTICE bot :identify via /msg NickServ identify <password>
        server: :NickServ!services@services.test PRIVMSG bot :identify via /msg NickServ identify <password>
        """);

    [Theory]
    [InlineData("401 bot NickServ :No such nick", "NickServ: 401 No such nick")]
    [InlineData("440 bot nickserv :Services are currently down", "NickServ: 440 Services are currently down")]
    public void TriesAgainSlowly_WhereTheServiceIsNot(string numeric, string reason) => IrcTranscript.Play(Hello + Welcome + $"""
        server: :irc.test {numeric}
        expect ready bot
        expect unauthenticated {reason}
        time 59
        time 1
        client: PRIVMSG NickServ :IDENTIFY s3cret
        server: :irc.test {numeric}
        time 119
        time 1
        client: PRIVMSG NickServ :IDENTIFY s3cret
        server: :NickServ MODE bot +r
        time 3600
        """, Options() with { PingInterval = TimeSpan.FromDays(1) });

    [Fact]
    public void AbsenceOfOthers_IsTheirs() => Play(Hello + Welcome + """
        server: :bot MODE bot +r
        expect ready bot
        enter nickserv nickserv
        expect opened nickserv
        time 31
        send a nickserv hello
        flush
        client: PRIVMSG nickserv :hello
        client: PING 1
        server: :irc.test 401 bot nickserv :No such nick
        expect failed a 401 No such nick
        """);

    [Fact]
    public void NamesTheAccount_WhereTheNickIsAnotherOne() => Play(Hello + """
        server: :irc.test 433 * bot :Nickname is already in use
        client: NICK bot1
        server: :irc.test 001 bot1 :Welcome
        server: :irc.test 422 bot1 :No MOTD
        client: USERHOST bot1
        client: PING 0
        client: PRIVMSG NickServ :IDENTIFY bot s3cret
        server: :bot1 MODE bot1 +r
        expect ready bot1
        """);

    [Fact]
    public void NamesTheAccount_ThatIsConfigured() => Play(Hello + """
        server: :irc.test 001 bot :Welcome
        server: :irc.test 422 bot :No MOTD
        client: USERHOST bot
        client: PING 0
        client: PRIVMSG AuthServ :IDENTIFY gateway s3cret
        server: :bot MODE bot +r
        expect ready bot
        """, NickServ with { Service = "AuthServ", Account = "gateway" });

    [Fact]
    public void IsNotAsked_WhenSaslHasLoggedIn() => IrcTranscript.Play(Hello + """
        server: :irc.test CAP * LS :sasl
        client: CAP REQ sasl
        server: :irc.test CAP * ACK :sasl
        client: AUTHENTICATE PLAIN
        server: AUTHENTICATE +
        client: AUTHENTICATE AGJvdABzM2NyZXQ=
        server: :irc.test 900 bot bot!bot@host.test bot :You are now logged in as bot
        server: :irc.test 903 bot :SASL authentication successful
        client: CAP END
        server: :irc.test 001 bot :Welcome
        client: USERHOST bot
        client: PING 0
        server: :irc.test 376 bot :End
        expect ready bot
        """, Options() with { Sasl = new IrcSaslOptions(() => [new SaslPlain("bot", "s3cret")], required: true, "s3cret") });

    [Fact]
    public void IsAsked_WhenSaslIsOptionalAndFails() => IrcTranscript.Play(Hello + """
        server: :irc.test CAP * LS :
        client: CAP END

        """ + Welcome + """
        server: :bot MODE bot +r
        expect ready bot
        """, Options() with { Sasl = new IrcSaslOptions(() => [new SaslPlain("bot", "s3cret")], required: false, "s3cret") });

    private static IrcClientOptions Options() => IrcTranscript.Options with { NickServ = NickServ };

    private static void Play(string script, IrcNickServOptions? services = null, string? onConnect = null) =>
        IrcTranscript.Play(script, IrcTranscript.Options with { NickServ = services ?? NickServ, OnConnect = onConnect is null ? [] : [onConnect] });
}
