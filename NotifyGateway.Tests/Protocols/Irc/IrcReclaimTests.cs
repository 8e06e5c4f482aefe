using NotifyGateway.Core.Protocols.Irc;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Protocols.Irc;

public sealed class IrcReclaimTests
{
    private const string Taken = """
        start
        client: CAP LS 302
        client: NICK bot
        client: USER bot 0 * bot
        server: :irc.test 433 * bot :Nickname is already in use
        client: NICK bot1
        server: :irc.test 001 bot1 :Welcome
        client: USERHOST bot1
        client: PING 0

        """;

    private const string Ready = """
        server: :irc.test 422 bot1 :No MOTD
        expect ready bot1

        """;

    private const string Monitor = Taken + "server: :irc.test 005 bot1 MONITOR=30 :are supported by this server\n" + Ready;

    private const string Back = """
        server: :bot1!~bot@host.test NICK :bot
        expect renamed bot

        """;

    // The server's lines before the end of login, where the login by services is shown at once.
    private const string Identified = """
        server: :irc.test 422 bot1 :No MOTD
        client: PRIVMSG NickServ :IDENTIFY bot s3cret
        server: :bot1 MODE bot1 +r
        expect ready bot1
        wakes at 0
        time 0
        client: PRIVMSG NickServ :REGAIN bot s3cret

        """;

    [Fact]
    public void Regains_ByTheService() => Play(Taken + Identified + Back + """
        time 10
        """, services: true);

    [Fact]
    public void Ghosts_WhereTheServiceCannotRegain_AndThenWatches() => Play(Taken + Identified + """
        server: :NickServ!s@services.test NOTICE bot1 :Unknown command regain.
        time 5
        client: PRIVMSG NickServ :GHOST bot s3cret
        client: PRIVMSG NickServ :RELEASE bot s3cret
        time 5
        client: NICK bot
        server: :irc.test 433 bot1 bot :Nickname is already in use
        can send
        time 60
        client: ISON bot
        server: :irc.test 303 bot1 :
        client: NICK bot

        """ + Back + "time 600\n", services: true);

    [Fact]
    public void Identifies_OnceTheNickIsOurs_WhereNothingHasShownTheLogin() => Play(Taken + """
        server: :irc.test 422 bot1 :No MOTD
        client: PRIVMSG NickServ :IDENTIFY bot s3cret
        time 5
        client: PRIVMSG NickServ :REGAIN bot s3cret
        expect ready bot1
        expect unauthenticated NickServ has not confirmed the login within 5 s
        server: :bot1!~bot@host.test NICK :bot
        client: PRIVMSG NickServ :IDENTIFY s3cret
        expect renamed bot
        server: :bot MODE bot +r
        """, services: true);

    [Fact]
    public void Leaves_TheHolderAlone_WhereRegainIsOff() => IrcTranscript.Play(Taken + """
        server: :irc.test 422 bot1 :No MOTD
        client: PRIVMSG NickServ :IDENTIFY bot s3cret
        server: :bot1 MODE bot1 +r
        expect ready bot1
        time 0
        client: ISON bot
        """, IrcTranscript.Options with { Reclaim = true, NickServ = new IrcNickServOptions("NickServ", null, "s3cret", Regain: false) });

    [Fact]
    public void Watches_ByMonitor_WhereTheServerHasIt() => Play(Monitor + """
        time 0
        client: MONITOR + bot
        server: :irc.test 730 bot1 :bot!alice@host
        time 600
        server: :irc.test 731 bot1 :alice,BOT
        client: NICK bot
        server: :bot1!~bot@host.test NICK :bot
        client: MONITOR - bot
        expect renamed bot
        time 600
        """);

    [Fact]
    public void Watches_ByAsking_WhereTheListIsFull() => Play(Monitor + """
        time 0
        client: MONITOR + bot
        server: :irc.test 734 bot1 30 bot :Monitor list is full
        time 0
        client: ISON bot
        time 60
        client: ISON bot
        server: :irc.test 303 bot1 :alice Bot
        """);

    [Theory]
    [InlineData(":BOT!a@host QUIT :Ping timeout")]
    [InlineData(":bot!a@host NICK bot_away")]
    public void Takes_TheNick_WhenTheHolderIsSeenToLeave(string line) => Play(Taken + Ready + $"""
        time 0
        client: ISON bot
        server: :alice!a@host QUIT :bye
        server: {line}
        client: NICK bot

        """ + Back);

    [Theory]
    [InlineData("433 bot1 bot :Nickname is already in use")]
    [InlineData("437 bot1 bot :Nick/channel is temporarily unavailable")]
    [InlineData("438 bot1 bot :Nick change too fast. Please wait 20 seconds.")]
    [InlineData("432 bot1 bot :Erroneous nickname")]
    [InlineData("447 bot :Can not change nickname while on #a (+N)")]
    [InlineData("484 bot1 bot :Your connection is restricted!")]
    public void Refusal_DisturbsNothing(string numeric) => Play(Taken + Ready + $"""
        enter bot bot
        expect opened bot
        time 0
        client: ISON bot
        server: :bot!a@host QUIT :bye
        client: NICK bot
        send a bot hello
        flush
        client: PRIVMSG bot :hello
        client: PING 1
        server: :irc.test {numeric}
        server: :irc.test PONG irc.test 1
        expect delivered a
        can send
        """);

    [Fact]
    public void Tries_AtLengtheningPauses_WhileTheNickIsHeldBack() => Play(Taken + Ready + """
        time 0
        client: ISON bot
        server: :irc.test 303 bot1 :
        client: NICK bot
        server: :irc.test 437 bot1 bot :Nick/channel is temporarily unavailable
        server: :bot!a@host QUIT :seen too often
        time 9
        time 1
        client: NICK bot
        server: :irc.test 437 bot1 bot :Nick/channel is temporarily unavailable
        time 119
        time 1
        client: NICK bot

        """ + Back);

    [Fact]
    public void ForcedChange_IsNotFought() => Play(IrcTranscript.Login + """
        server: :bot!~bot@host.test NICK Guest123
        expect renamed Guest123
        time 59
        time 1
        client: ISON bot
        server: :irc.test 303 Guest123 :
        client: NICK bot
        server: :Guest123!~bot@host.test NICK bot
        expect renamed bot
        server: :bot!~bot@host.test NICK Guest124
        expect renamed Guest124
        time 119
        time 1
        client: ISON bot
        """);

    [Fact]
    public void AnotherLink_WantsNothing() => IrcTranscript.Play(Taken + Ready + """
        server: :bot!a@host QUIT :bye
        time 3600
        """, IrcTranscript.Options with { PingInterval = TimeSpan.FromDays(1) });

    [Fact]
    public void NickThatTheServerCuts_IsTheWantedOne() => IrcTranscript.Play("""
        start
        client: CAP LS 302
        client: NICK notification-gateway
        client: USER bot 0 * bot
        server: :irc.test 001 notification-ga :Welcome
        client: USERHOST notification-ga
        client: PING 0
        server: :irc.test 422 notification-ga :No MOTD
        expect ready notification-ga
        time 3600
        """, IrcTranscript.Options with { Nick = "notification-gateway", Reclaim = true, PingInterval = TimeSpan.FromDays(1) });

    // InspIRCd says 432 for a nick that services hold for its owner.
    [Fact]
    public void NickThatIsHeld_IsWantedAsItIs() => Play("""
        start
        client: CAP LS 302
        client: NICK notification-gateway
        client: USER bot 0 * bot
        server: :irc.test 432 * notification-gateway :Services reserved nickname: Registered nickname.
        client: NICK notificat
        server: :irc.test 001 notificat :Welcome
        client: USERHOST notificat
        client: PING 0
        server: :irc.test 005 notificat NICKLEN=18 :are supported by this server
        server: :irc.test 422 notificat :No MOTD
        expect ready notificat
        time 0
        client: ISON notification-gatew
        """, nick: "notification-gateway");

    [Fact]
    public void NickThatIsTooLong_IsWantedShorter() => Play("""
        start
        client: CAP LS 302
        client: NICK notification-gateway
        client: USER bot 0 * bot
        server: :irc.test 432 * notification-gateway :Erroneous nickname
        client: NICK notificat
        server: :irc.test 433 * notificat :Nickname is already in use
        client: NICK notifica1
        server: :irc.test 001 notifica1 :Welcome
        client: USERHOST notifica1
        client: PING 0
        server: :irc.test 422 notifica1 :No MOTD
        expect ready notifica1
        time 0
        client: ISON notificat
        """, nick: "notification-gateway");

    private static void Play(string script, bool services = false, string nick = "bot") => IrcTranscript.Play(script, IrcTranscript.Options with
    {
        Nick = nick,
        Reclaim = true,
        PingInterval = TimeSpan.FromDays(1),
        NickServ = services ? new IrcNickServOptions("NickServ", null, "s3cret", Regain: true) : null,
    });
}
