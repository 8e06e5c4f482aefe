using NotifyGateway.Core.Protocols.Irc;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Protocols.Irc;

public sealed class IrcRegistrationTests
{
    private const string Hello = """
        start
        client: CAP LS 302
        client: NICK bot
        client: USER bot 0 * bot

        """;

    private const string Welcome = """
        server: :irc.test 001 bot :Welcome
        client: USERHOST bot
        client: PING 0

        """;

    [Fact]
    public void LogsIn_AfterCapabilities_AtTheEndOfTheMotd() => IrcTranscript.Play(Hello + """
        server: :irc.test CAP * LS :multi-prefix sasl
        client: CAP END
        """ + "\n" + Welcome + """
        server: :irc.test 002 bot :Your host is irc.test
        server: :irc.test 375 bot :- irc.test message of the day
        server: :irc.test 372 bot :- hello
        cannot send
        server: :irc.test 376 bot :End of /MOTD command.
        expect ready bot
        can send
        server: :irc.test 302 bot :bot=+~bot@host.test
        server: :irc.test PONG irc.test :0
        """);

    [Fact]
    public void AsksForCapabilities_ThatAreWantedAndOffered_AndGoesOnWhenTheyAreAnswered() => IrcTranscript.Play(Hello + """
        server: :irc.test CAP * LS * :multi-prefix chghost
        server: :irc.test CAP * LS :away-notify
        client: CAP REQ chghost
        server: :irc.test CAP * ACK :chghost
        client: CAP END
        """ + "\n" + Welcome + """
        server: :irc.test 376 bot :End
        expect ready bot
        server: :irc.test CAP bot DEL :chghost
        server: :irc.test CAP bot NEW :chghost
        client: CAP REQ chghost
        """);

    [Fact]
    public void GoesOn_WhenACapabilityIsRefused() => IrcTranscript.Play(Hello + """
        server: :irc.test CAP * LS :chghost
        client: CAP REQ chghost
        server: :irc.test CAP * NAK :chghost
        client: CAP END
        """ + "\n" + Welcome);

    [Theory]
    [InlineData(":irc.test 422 bot :MOTD File is missing")]
    [InlineData(":irc.test 376 bot :End")]
    [InlineData(":irc.test PONG irc.test :0")]
    [InlineData("PONG irc.test :0")]
    [InlineData("PONG 0")]
    [InlineData(":irc.test PONG irc.test 0")]
    [InlineData(":irc.test PONG :0")]
    public void IsReady_AtTheFirstSignThatTheWelcomeIsOver(string sign) => IrcTranscript.Play(Hello + Welcome + $"""
        server: {sign}
        expect ready bot
        server: :irc.test 376 bot :End
        server: :irc.test PONG irc.test :0
        """);

    [Fact]
    public void LogsIn_WhereCapIsUnknown() => IrcTranscript.Play(Hello + """
        server: :irc.test 451 * CAP :You have not registered
        server: :irc.test 421 * CAP :Unknown command
        """ + "\n" + Welcome + """
        server: :irc.test 376 bot :End
        expect ready bot
        """);

    [Fact]
    public void Ends_CapabilitiesOnce_AtTheEndOfTheList() => IrcTranscript.Play(Hello + """
        server: :irc.test CAP * LS * :multi-prefix sasl
        server: :irc.test CAP * LS * :away-notify
        server: :irc.test CAP * LS :invite-notify
        client: CAP END
        server: :irc.test CAP * NAK :batch
        server: :irc.test CAP * NEW :sasl
        server: :irc.test CAP * DEL :sasl
        server: :irc.test CAP
        """ + "\n" + Welcome + """
        server: :irc.test 376 bot :End
        expect ready bot
        server: :irc.test CAP bot LS :late
        server: :irc.test CAP bot NEW :sasl
        """);

    [Fact]
    public void Answers_CookieBeforeWelcome() => IrcTranscript.Play(Hello + """
        server: PING :7C3B2A11
        client: PONG :7C3B2A11
        server: :irc.test NOTICE * :*** Looking up your hostname
        """ + "\n" + Welcome);

    [Fact]
    public void Sends_PasswordBeforeNick_AndLinesAfterLogin() => IrcTranscript.Play("""
        start
        client: CAP LS 302
        client: PASS :two words
        client: NICK bot
        client: USER bot 0 * :A gateway for notices
        """ + "\n" + Welcome + """
        server: :irc.test 376 bot :End
        client: MODE bot +B
        client: PRIVMSG x :hello there
        expect ready bot
        """, IrcTranscript.Options with { Password = "two words", RealName = "A gateway for notices", OnConnect = ["MODE {nick} +B", "PRIVMSG x :hello there"] });

    [Theory]
    [InlineData(":b", "b")]
    [InlineData("a b@c!d", "abcd")]
    [InlineData(": \u0007", "gateway")]
    public void Makes_WordOfUser(string user, string sent) => IrcTranscript.Play($"""
        start
        client: CAP LS 302
        client: NICK bot
        client: USER {sent} 0 * bot
        """, IrcTranscript.Options with { User = user });

    [Theory]
    [InlineData("433 * bot :Nickname is already in use.")]
    [InlineData("433 bot :Nickname is already in use.")]
    [InlineData("433 * :Nickname is already in use.")]
    [InlineData("433")]
    [InlineData("436 * bot :Nickname collision KILL")]
    [InlineData("437 * bot :Nick/channel is temporarily unavailable")]
    public void Takes_NextNick(string refusal) => IrcTranscript.Play(Hello + $"""
        server: :irc.test {refusal}
        client: NICK bot1
        server: :irc.test {refusal}
        client: NICK bot2
        server: :irc.test 001 bot2 :Welcome
        client: USERHOST bot2
        client: PING 0
        server: :irc.test 422 bot2 :No MOTD
        expect ready bot2
        """);

    [Fact]
    public void Tries_TemplateThenUnderscores_ThenGivesUp()
    {
        const string Taken = "server: :irc.test 433 * x :Nickname is already in use.\n";
        var script = Hello;
        for (var number = 0; number < 20; number++)
        {
            script += Taken + $"client: NICK alert{number + 7:D3}\n";
        }

        for (var underscores = 1; underscores <= 5; underscores++)
        {
            script += Taken + $"client: NICK bot{new string('_', underscores)}\n";
        }

        IrcTranscript.Play(script + Taken + """
            expect ended Lost no nick is left to try: 433 Nickname is already in use.
            server: :irc.test 433 * x :Nickname is already in use.
            server: :irc.test 001 bot :Welcome
            server: PING :late
            never wakes
            """, IrcTranscript.Options with { NickFallback = "alert%03d", FirstNumber = 7 });
    }

    [Fact]
    public void Shortens_NickThatIsTooLong() => IrcTranscript.Play("""
        start
        client: CAP LS 302
        client: NICK notification-gateway
        client: USER bot 0 * bot
        server: :irc.test 432 * notification-gateway :Erroneous nickname
        client: NICK notificat
        server: :irc.test 433 * notificat :Nickname is already in use
        client: NICK notifica1
        server: :irc.test 432 * notifica1 :Erroneous nickname
        client: NICK notifica2
        server: :irc.test 432 * notifica2 :Erroneous nickname
        client: NICK notifica3
        server: :irc.test 432 * notifica3 :Erroneous nickname
        client: NICK notifica4
        server: :irc.test 432 * notifica4 :Erroneous nickname
        expect ended Refused no nick is left to try: 432 Erroneous nickname
        """, IrcTranscript.Options with { Nick = "notification-gateway" });

    // InspIRCd says so of a nick that services hold for its owner.
    [Fact]
    public void Takes_NextNick_WhenAShortOneIsRefused() => IrcTranscript.Play(Hello + """
        server: :irc.test 432 * bot :Services reserved nickname: Registered nickname.
        client: NICK bot1
        server: :irc.test 001 bot1 :Welcome
        client: USERHOST bot1
        client: PING 0
        """);

    [Fact]
    public void Learns_TheLengthToWhichNicksAreCut_FromTheOneThatIsTaken() => IrcTranscript.Play("""
        start
        client: CAP LS 302
        client: NICK notification-gateway
        client: USER bot 0 * bot
        server: :irc.test 433 * notification-ga :Nickname is already in use.
        client: NICK notification-g1
        server: :irc.test 433 * notification-g1 :Nickname is already in use.
        client: NICK notification-g2
        server: :irc.test 001 notification-g2 :Welcome
        client: USERHOST notification-g2
        client: PING 0
        """, IrcTranscript.Options with { Nick = "notification-gateway" });

    [Fact]
    public void Is_WhatTheServerCallsUs() => IrcTranscript.Play("""
        start
        client: CAP LS 302
        client: NICK notification-gateway
        client: USER bot 0 * bot
        server: :irc.test 001 notification-ga :Welcome
        client: USERHOST notification-ga
        client: PING 0
        server: :irc.test 376 notification-ga :End
        expect ready notification-ga
        enter #a #a
        client: JOIN #a
        server: :notification-gateway!x@y JOIN #a
        server: :Notification-GA!x@y JOIN #a
        expect opened #a
        """, IrcTranscript.Options with { Nick = "notification-gateway" });

    [Theory]
    [InlineData("001 * :Welcome")]
    [InlineData("001 :Welcome to the network")]
    [InlineData("001 b\\x00t :Welcome")]
    [InlineData("001 b\\x0Dt :Welcome")]
    [InlineData("001")]
    public void Keeps_WantedNick_WhereTheWelcomeNamesNone(string welcome) => IrcTranscript.Play(Hello + $"""
        server: :irc.test {welcome}
        client: USERHOST bot
        client: PING 0
        server: :irc.test 376 bot :End
        client: MODE bot +B
        expect ready bot
        """, IrcTranscript.Options with { OnConnect = ["MODE {nick} +B"] });

    [Fact]
    public void Welcome_ThatComesAgain_IsOnlyAName() => IrcTranscript.Play(IrcTranscript.Login + """
        server: :bnc.test 001 bot :Welcome back
        server: :bnc.test 001 bot_ :Welcome back
        expect renamed bot_
        """);

    [Theory]
    [InlineData("463 * :Your host isn't among the privileged")]
    [InlineData("464 * :Password incorrect")]
    [InlineData("465 * :You are banned from this server")]
    public void IsRefused(string numeric) => IrcTranscript.Play(Hello + $"""
        server: :irc.test {numeric}
        server: ERROR :Closing Link: bot (Bad Password)
        expect ended Refused {numeric.Replace(" * :", " ", StringComparison.Ordinal)}
        never wakes
        """);

    [Fact]
    public void PasswordNumerics_AreNoVerdict_OnceWeAreIn() => IrcTranscript.Play(IrcTranscript.Login + """
        server: :irc.test 464 bot :Password incorrect
        can send
        """);

    [Fact]
    public void GivesUp_WhenTheLoginTakesTooLong() => IrcTranscript.Play("time 5\n" + Hello + """
        wakes at 60
        time 30
        server: :irc.test NOTICE * :*** Checking ident
        time 29.999
        server: PING :1
        client: PONG :1
        time 0.001
        expect ended Lost the server did not finish the login within 60 s
        server: :irc.test 001 bot :Welcome
        never wakes
        """, IrcTranscript.Options with { LoginTimeout = TimeSpan.FromMinutes(1) });

    [Fact]
    public void GivesUp_WhenTheWelcomeDoesNotEnd() => IrcTranscript.Play(Hello + Welcome + """
        time 60
        expect ended Lost the server did not finish the login within 60 s
        """);
}
