using NotifyGateway.Core.Protocols.Irc;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Protocols.Irc;

/// <summary>What is said in a channel before any message, and that nobody else is blamed for it.</summary>
public sealed class IrcGreetingTests
{
    private const string Greeted = IrcTranscript.Login + """
        enter #ops #Ops
        client: JOIN #Ops
        server: :bot!~bot@host.test JOIN #ops
        client: PRIVMSG #ops :Alerts come here
        client: PING 1

        """;

    private static readonly IrcClientOptions Options = IrcTranscript.Options with
    {
        Greetings = new Dictionary<string, string>(StringComparer.Ordinal) { ["#ops"] = "Alerts come here", ["#dev"] = "hi all", ["#blank"] = " " },
    };

    [Fact]
    public void Greeting_IsSaid_BeforeTheChannelOpens() => IrcTranscript.Play(Greeted + """
        server: :irc.test 353 bot = #ops :bot
        server: PONG 1
        expect opened #ops
        send 1 #ops one
        flush
        client: PRIVMSG #ops :one
        client: PING 2
        server: PONG 2
        expect delivered 1
        """, Options);

    [Fact]
    public void Greeting_IsSaidAgain_AfterAKick_ButNotWhenAJoinIsOnlyRepeated() => IrcTranscript.Play(Greeted + """
        server: PONG 1
        expect opened #ops
        send 1 #ops one
        flush
        client: PRIVMSG #ops :one
        client: PING 2
        server: :irc.test 404 bot #ops :Cannot send to channel
        client: JOIN #ops
        client: PING 3
        expect returned 1 404 Cannot send to channel
        server: PONG 2
        server: PONG 3
        expect opened #ops
        server: :alice!a@b KICK #ops bot
        expect closed #ops kicked by alice
        enter #ops #ops
        client: JOIN #ops
        server: :bot!~bot@host.test JOIN #ops
        client: PRIVMSG #ops :Alerts come here
        client: PING 4
        """, Options);

    [Theory]
    [InlineData("404 bot #ops :Cannot send to channel (+m)")]
    [InlineData("439 bot #ops :Target change too fast")]
    [InlineData("473 bot #ops :Cannot join channel (+i)")]
    [InlineData("477 bot #ops :You need to be identified to a registered account to message this channel")]
    public void Refusal_OfTheGreeting_IsNobodysFault(string numeric) => IrcTranscript.Play(Greeted + $"""
        enter alice alice
        expect opened alice
        send 1 alice one
        flush
        client: PRIVMSG alice :one
        client: PING 2
        server: :irc.test {numeric}
        server: PONG 1
        expect opened #ops
        server: PONG 2
        expect delivered 1
        """, Options);

    [Fact]
    public void Refusal_OfAnEarlierMessage_IsStillThatMessages() => IrcTranscript.Play(Greeted + """
        server: PONG 1
        expect opened #ops
        send 1 #ops one
        flush
        client: PRIVMSG #ops :one
        client: PING 2
        server: :alice!a@b KICK #ops bot
        expect closed #ops kicked by alice
        enter #ops #ops
        client: JOIN #ops
        // An operator joins us by force before our JOIN has arrived.
        server: :bot!~bot@host.test JOIN #ops
        client: PRIVMSG #ops :Alerts come here
        client: PING 3
        server: :irc.test 404 bot #ops :Cannot send to channel
        expect returned 1 404 Cannot send to channel
        server: PONG 2
        server: :irc.test 404 bot #ops :Cannot send to channel
        server: PONG 3
        expect opened #ops
        """, Options);

    [Fact]
    public void Kick_BeforeTheGreetingWasHeard_ClosesTheLane() => IrcTranscript.Play(Greeted + """
        server: :alice!a@b KICK #ops bot :no bots
        server: :irc.test 404 bot #ops :Cannot send to channel
        server: PONG 1
        expect closed #ops kicked by alice: no bots
        """, Options);

    [Fact]
    public void Leave_BeforeTheGreetingWasHeard_Parts() => IrcTranscript.Play(Greeted + """
        leave #ops
        client: PART #ops
        server: PONG 1
        """, Options);

    [Fact]
    public void Greeting_WithoutAProof_OpensAfterAWhile() => IrcTranscript.Play(Greeted + """
        time 29.999
        time 0.001
        expect opened #ops
        """, Options);

    [Fact]
    public void Nobody_IsGreeted_WhereNothingIsSaid() => IrcTranscript.Play(IrcTranscript.Login + """
        enter #blank #blank
        client: JOIN #blank
        server: :bot!~bot@host.test JOIN #blank
        expect opened #blank
        server: :bot!~bot@host.test JOIN #forced
        """, Options);

    [Fact]
    public void Greetings_KeepToTheRate_AndToTheCommand() => IrcTranscript.Play(IrcTranscript.Login + """
        enter #ops #ops
        client: JOIN #ops
        enter #dev #dev
        client: JOIN #dev
        server: :bot!~bot@host.test JOIN #ops
        server: :bot!~bot@host.test JOIN #dev
        client: NOTICE #ops :Alerts come here
        client: PING 1
        server: PONG 1
        expect opened #ops
        time 1.9
        time 0.2
        client: NOTICE #dev :hi all
        client: PING 2
        server: PONG 2
        expect opened #dev
        """, Options with { Command = "NOTICE", Burst = 1, LinesPerSecond = 0.5 });

    [Fact]
    public void LongGreeting_IsCutAsMessagesAre()
    {
        var words = string.Join(' ', Enumerable.Repeat("word", 100));
        IrcTranscript.Play(IrcTranscript.Login + $"""
            enter #ops #ops
            client: JOIN #ops
            server: :bot!~bot@host.test JOIN #ops
            client: PRIVMSG #ops :{words[..474]}
            client: PRIVMSG #ops :{words[475..]}
            client: PING 1
            server: PONG 1
            expect opened #ops
            """, Options with { Greetings = new Dictionary<string, string>(StringComparer.Ordinal) { ["#ops"] = words } });
    }
}
