using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Protocols.Irc;

/// <summary>A message that a channel refuses though we believe to be in: given back once, with another JOIN that shows where we are.</summary>
public sealed class IrcChannelRefusalTests
{
    [Theory]
    [InlineData("401", "No such nick/channel")]
    [InlineData("403", "No such channel")]
    [InlineData("404", "Cannot send to channel (+m)")]
    [InlineData("442", "You're not on that channel")]
    public void ChannelRefusal_IsTriedOnceMore_AfterAJoinThatTheServerIgnores(string numeric, string words) => IrcTranscript.Play(IrcTranscript.InChannels + $"""
        send 1 #a one
        flush
        client: PRIVMSG #a :one
        client: PING 1
        server: :irc.test {numeric} bot #a :{words}
        client: JOIN #a
        client: PING 2
        expect returned 1 {numeric} {words}
        server: PONG 1
        server: PONG 2
        expect opened #a
        send 1 #a one
        flush
        client: PRIVMSG #a :one
        client: PING 3
        server: :irc.test {numeric} bot #a :{words}
        expect failed 1 {numeric} {words}
        server: PONG 3
        in flight 0
        """);

    [Fact]
    public void ChannelRefusal_ThatAJoinMends_IsDelivered() => IrcTranscript.Play(IrcTranscript.InChannels + """
        send 1 #a one
        flush
        client: PRIVMSG #a :one
        client: PING 1
        server: :irc.test 404 bot #a :Cannot send to channel
        client: JOIN #a
        client: PING 2
        expect returned 1 404 Cannot send to channel
        server: PONG 1
        server: :bot!~bot@host.test JOIN #a
        expect opened #a
        server: PONG 2
        send 1 #a one
        flush
        client: PRIVMSG #a :one
        client: PING 3
        server: PONG 3
        expect delivered 1
        """);

    [Fact]
    public void RepeatedJoin_ThatIsRefused_ParksTheLane() => IrcTranscript.Play(IrcTranscript.InChannels + """
        send 1 #a one
        flush
        client: PRIVMSG #a :one
        client: PING 1
        server: :irc.test 404 bot #a :Cannot send to channel
        client: JOIN #a
        client: PING 2
        expect returned 1 404 Cannot send to channel
        server: PONG 1
        server: :irc.test 474 bot #a :Cannot join channel (+b)
        expect refused #a Later 474 Cannot join channel (+b)
        server: PONG 2
        """);

    [Fact]
    public void PipelinedDeliveries_AreReturnedEach_WhenTheChannelRefuses() => IrcTranscript.Play(IrcConfirmationTests.Pipelined + """
        server: :irc.test 404 bot #a :Cannot send to channel (+m)
        client: JOIN #a
        client: PING 3
        expect returned 1 404 Cannot send to channel (+m)
        server: PONG 1
        expect delivered 2
        server: :irc.test 404 bot #a :Cannot send to channel (+m)
        expect returned 3 404 Cannot send to channel (+m)
        server: PONG 2
        server: PONG 3
        expect opened #a
        in flight 0
        """);

    [Fact]
    public void Ambiguous_Numeric_IsAboutTheMessage_WhileThatIsNotProved() => IrcTranscript.Play(IrcConfirmationTests.Pipelined + """
        server: :irc.test 403 bot #a :No such channel
        client: JOIN #a
        client: PING 3
        expect returned 1 403 No such channel
        server: PONG 1
        expect delivered 2
        server: :irc.test 403 bot #a :No such channel
        expect returned 3 403 No such channel
        server: PONG 2
        server: :irc.test 403 bot #a :No such channel
        expect refused #a Never 403 No such channel
        server: PONG 3
        """);

    [Fact]
    public void Refusal_AfterAKick_GivesBackWhatWasOnItsWay() => IrcTranscript.Play(IrcConfirmationTests.Pipelined + """
        server: :alice!a@b KICK #a bot :out
        expect closed #a kicked by alice: out
        server: :irc.test 404 bot #a :Cannot send to channel
        expect returned 1 404 Cannot send to channel
        server: PONG 1
        expect delivered 2
        enter #a #a
        client: JOIN #a
        // The answer to what was sent before the kick, no answer to the JOIN.
        server: :irc.test 404 bot #a :Cannot send to channel
        expect returned 3 404 Cannot send to channel
        server: PONG 2
        server: :bot!~bot@host.test JOIN #a
        expect opened #a
        """);

    [Fact]
    public void OpenChannel_IsVerified_WhenAnOldRefusalComes() => IrcTranscript.Play(IrcTranscript.InChannels + """
        send 1 #a one
        flush
        client: PRIVMSG #a :one
        client: PING 1
        server: :alice!a@b KICK #a bot
        server: :bot!~bot@host.test JOIN #a
        expect closed #a kicked by alice
        enter #a #a
        expect opened #a
        server: :irc.test 404 bot #a :Cannot send to channel
        client: JOIN #a
        client: PING 2
        expect returned 1 404 Cannot send to channel
        server: PONG 1
        server: PONG 2
        expect opened #a
        """);

    [Fact]
    public void OldRefusal_OfAChannelWeWereForcedBackInto_LeavesNobodyWaiting() => IrcTranscript.Play(IrcTranscript.InChannels + """
        send 1 #a one
        flush
        client: PRIVMSG #a :one
        client: PING 1
        server: :alice!a@b KICK #a bot
        server: :bot!~bot@host.test JOIN #a
        server: :irc.test 404 bot #a :Cannot send to channel
        client: JOIN #a
        client: PING 2
        expect closed #a kicked by alice
        expect returned 1 404 Cannot send to channel
        enter #a #a
        server: PONG 1
        server: PONG 2
        expect opened #a
        """);

    [Theory]
    [InlineData("405 bot #a :You have joined too many channels")]
    [InlineData("473 bot #a :Cannot join channel (+i)")]
    public void RefusalOfAJoin_BlamesNoMessage(string numeric) => IrcTranscript.Play(IrcTranscript.InChannels + $"""
        send 1 #a one
        flush
        client: PRIVMSG #a :one
        client: PING 1
        server: :irc.test {numeric}
        server: PONG 1
        expect delivered 1
        """);

    [Fact]
    public void SeveralNumerics_ForTheLinesOfOneDelivery_RefuseItOnce() => IrcTranscript.Play(IrcTranscript.InChannels + """
        send 1 #a one\ntwo\nthree
        send 2 #b four
        flush
        client: PRIVMSG #a :one
        client: PRIVMSG #a :two
        client: PRIVMSG #a :three
        client: PRIVMSG #b :four
        client: PING 1
        server: :irc.test 404 bot #a :Cannot send to channel
        server: :irc.test 404 bot #a :Cannot send to channel
        server: :irc.test 404 bot #a :Cannot send to channel
        client: JOIN #a
        client: PING 2
        expect returned 1 404 Cannot send to channel
        server: PONG 1
        expect delivered 2
        server: PONG 2
        expect opened #a
        """);

    [Fact]
    public void Verifies_FiveChannelsAtATime() => IrcTranscript.Play(IrcTranscript.Login + string.Concat(Enumerable.Range(1, 6).Select(n => $"""
        enter #{n} #{n}
        client: JOIN #{n}
        server: :bot!~bot@h JOIN #{n}
        expect opened #{n}

        """)) + """
        send 1 #1 hi
        send 2 #2 hi
        send 3 #3 hi
        send 4 #4 hi
        send 5 #5 hi
        send 6 #6 hi
        flush
        client: PRIVMSG #1 :hi
        client: PRIVMSG #2 :hi
        client: PRIVMSG #3 :hi
        client: PRIVMSG #4 :hi
        client: PRIVMSG #5 :hi
        client: PRIVMSG #6 :hi
        client: PING 1
        server: :irc.test 404 bot #1 :no
        server: :irc.test 404 bot #2 :no
        server: :irc.test 404 bot #3 :no
        server: :irc.test 404 bot #4 :no
        server: :irc.test 404 bot #5 :no
        server: :irc.test 404 bot #6 :no
        client: JOIN #1
        client: PING 2
        client: JOIN #2
        client: PING 3
        client: JOIN #3
        client: PING 4
        client: JOIN #4
        client: PING 5
        client: JOIN #5
        client: PING 6
        expect returned 1 404 no
        expect returned 2 404 no
        expect returned 3 404 no
        expect returned 4 404 no
        expect returned 5 404 no
        expect returned 6 404 no
        server: PONG 1
        server: PONG 2
        client: JOIN #6
        client: PING 7
        expect opened #1
        server: PONG 7
        expect opened #2
        expect opened #3
        expect opened #4
        expect opened #5
        expect opened #6
        """);
}
