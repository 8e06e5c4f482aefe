using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Protocols.Irc;

public sealed class IrcConnectionTests
{
    [Theory]
    [InlineData("PING :irc.test", ":irc.test")]
    [InlineData("PING irc.test", "irc.test")]
    [InlineData(":irc.test PING :a b", ":a b")]
    [InlineData("PING a b", "a b")]
    [InlineData("ping x", "x")]
    [InlineData("PING   x", "x")]
    [InlineData("PING :", ":")]
    [InlineData("PING", "")]
    [InlineData("PING :a\\x00b\\x0Dc", ":abc")]
    [InlineData("PING :\\xC3\\xBC", ":ü")]
    public void Echoes_Ping(string ping, string echo) => IrcTranscript.Play(IrcTranscript.Login + $"""
        server: {ping}
        client: PONG {echo}
        """);

    [Theory]
    [InlineData("ERROR :Closing Link: bot (Ping timeout)", "Lost Closing Link: bot (Ping timeout)")]
    [InlineData("ERROR Closing Link", "Lost Closing Link")]
    [InlineData("ERROR :", "Lost the server closed the connection")]
    [InlineData("ERROR", "Lost the server closed the connection")]
    [InlineData(":irc.test ERROR :Closing Link: [x] (Excess Flood)", "Lost Closing Link: [x] (Excess Flood)")]
    [InlineData("ERROR :Closing link: (x@y) [Your host is trying to (re)connect too fast -- throttled]", "Throttled Closing link: (x@y) [Your host is trying to (re)connect too fast -- throttled]")]
    [InlineData("ERROR :Trying to reconnect too fast.", "Throttled Trying to reconnect too fast.")]
    [InlineData("ERROR :Closing Link: x (Too many connections from your IP)", "Throttled Closing Link: x (Too many connections from your IP)")]
    [InlineData("ERROR :Closing Link: x (K-Lined)", "Refused Closing Link: x (K-Lined)")]
    [InlineData("ERROR :You are banned from this server", "Refused You are banned from this server")]
    public void Error_EndsWithTheServersWords(string line, string end) => IrcTranscript.Play(IrcTranscript.InChannels + $"""
        send 1 #a one
        flush
        client: PRIVMSG #a :one
        client: PING 1
        server: {line}
        server: PING :x
        server: PONG 1
        server: :bot!~bot@host.test PART #a
        server: ERROR :again
        expect ended {end}
        never wakes
        cannot send
        time 1000
        abandon 1
        """);

    [Fact]
    public void TalkingServer_ThatProvesNothing_IsLeft()
    {
        var talk = string.Concat(Enumerable.Repeat("time 50\nserver: :x!y@z PRIVMSG #a :hi\n", 11));
        IrcTranscript.Play(IrcTranscript.InChannels + "send 1 #a one\nflush\nclient: PRIVMSG #a :one\nclient: PING 1\n" + talk + """
            time 49.999
            time 0.001
            expect ended Lost the server has answered no PING for 10 min: nothing sent could be proved
            abandon 1
            """);
    }

    [Fact]
    public void SilentServer_IsAsked_AndThenGivenUp() => IrcTranscript.Play(IrcTranscript.Login + """
        wakes at 60
        time 59.999
        time 0.001
        client: PING 1
        wakes at 30
        time 29.999
        time 0.001
        expect ended Lost the server was silent for 90 s
        server: PONG 1
        never wakes
        """);

    [Fact]
    public void AnyByte_IsASignOfLife() => IrcTranscript.Play(IrcTranscript.Login + """
        time 60
        client: PING 1
        time 29
        server: :alice!a@b PRIVMSG #somewhere :hi
        wakes at 60
        time 59
        server: :irc.test PONG irc.test :1
        wakes at 60
        time 60
        client: PING 2
        """);

    [Fact]
    public void KeepaliveOfConfiguration() => IrcTranscript.Play(IrcTranscript.Login + """
        time 7
        client: PING 1
        time 2
        expect ended Lost the server was silent for 9 s
        """, IrcTranscript.Options with { PingInterval = TimeSpan.FromSeconds(7), PingTimeout = TimeSpan.FromSeconds(2) });

    [Theory]
    [InlineData(":alice!a@b PRIVMSG bot :hello?")]
    [InlineData(":alice!a@b PRIVMSG bot :\\x01VERSION\\x01")]
    [InlineData(":alice!a@b PRIVMSG bot :\\x01PING 12345\\x01")]
    [InlineData(":alice!a@b NOTICE bot :\\x01VERSION x\\x01")]
    [InlineData(":alice!a@b PRIVMSG #a :bot: are you there")]
    [InlineData(":alice!a@b PRIVMSG #a :PING x")]
    [InlineData(":alice!a@b INVITE bot #c")]
    [InlineData(":alice!a@b QUIT :irc.test hub.test")]
    [InlineData(":alice!a@b KILL carol :irc.test!alice (out)")]
    [InlineData(":alice!a@b MODE #a +k-o+vl newkey carol dave 5")]
    [InlineData(":bot MODE bot :+iwx")]
    [InlineData(":irc.test MODE")]
    [InlineData("KILL")]
    [InlineData("INVITE")]
    [InlineData(":irc.test 263 bot WHO :This command could not be completed because it has been used recently, and is rate-limited.")]
    [InlineData(":irc.test 263 bot JOIN :Please wait a while and try again.")]
    [InlineData(":irc.test 416 bot WHO :Too many lines in the output, restrict your query")]
    [InlineData(":irc.test 437 bot wanted :Nick/channel is temporarily unavailable")]
    [InlineData(":irc.test 466 bot :You will be banned from this server")]
    [InlineData(":irc.test 470 bot")]
    [InlineData(":irc.test 470 bot #x #y :Forwarding to another channel")]
    [InlineData(":irc.test 501 bot :Unknown MODE flag")]
    [InlineData(":irc.test WALLOPS :hi")]
    [InlineData(":irc.test 000 bot :what")]
    [InlineData("AUTHENTICATE +")]
    [InlineData("@")]
    [InlineData(":")]
    [InlineData("\\x00\\x00")]
    [InlineData("\\x20\\x20")]
    public void Answers_Nothing(string line) => IrcTranscript.Play(IrcTranscript.InChannels + $"""
        server: {line}
        can send
        """);

    [Fact]
    public void Quit_IsTheLastLine_ButLateProofsCount() => IrcTranscript.Play(IrcTranscript.InChannels + """
        send 1 #a one
        send 2 #b two
        flush
        client: PRIVMSG #a :one
        client: PRIVMSG #b :two
        client: PING 1
        quit gateway stopped
        client: QUIT :gateway stopped
        cannot send
        never wakes
        server: :irc.test 404 bot #a :Cannot send to channel
        server: PONG 1
        server: PING :x
        server: :irc.test 001 bot :Welcome
        server: ERROR :Closing Link: bot (Quit: gateway stopped)
        expect returned 1 404 Cannot send to channel
        expect delivered 2
        time 1000
        """);

    [Fact]
    public void Quit_DuringLogin() => IrcTranscript.Play("""
        start
        client: CAP LS 302
        client: NICK bot
        client: USER bot 0 * bot
        quit x
        client: QUIT x
        server: :irc.test 433 * bot :in use
        server: :irc.test 001 bot :Welcome
        server: :irc.test 376 bot :End
        time 100
        """);
}
