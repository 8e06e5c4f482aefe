using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Protocols.Irc;

public sealed class IrcConfirmationTests
{
    private const string Pipelined = IrcTranscript.InChannels + """
        send 1 #a one
        send 2 #b two
        send 3 #a three
        flush
        client: PRIVMSG #a :one
        client: PRIVMSG #b :two
        client: PING 1
        client: PRIVMSG #a :three
        client: PING 2

        """;

    [Fact]
    public void Batch_HoldsOneDeliveryForATarget() => IrcTranscript.Play(Pipelined + """
        in flight 3
        server: :irc.test PONG irc.test :1
        expect delivered 1
        expect delivered 2
        in flight 1
        server: :irc.test PONG irc.test :2
        expect delivered 3
        in flight 0
        flush
        """);

    [Fact]
    public void LaterPong_ProvesAllBefore() => IrcTranscript.Play(Pipelined + """
        server: :irc.test PONG irc.test :2
        expect delivered 1
        expect delivered 2
        expect delivered 3
        """);

    [Theory]
    [InlineData("PONG irc.test :1")]
    [InlineData("PONG 1")]
    [InlineData(":irc.test PONG irc.test 1")]
    [InlineData("pong :1")]
    [InlineData("@time=x :irc.test PONG irc.test 1\\x20\\x20")]
    public void Reads_EveryFormOfPong(string pong) => IrcTranscript.Play(IrcTranscript.InChannels + $"""
        send 1 #a one
        flush
        client: PRIVMSG #a :one
        client: PING 1
        server: {pong}
        expect delivered 1
        """);

    [Theory]
    [InlineData("PONG irc.test :")]
    [InlineData("PONG")]
    [InlineData("PONG irc.test")]
    [InlineData("PONG irc.test :2")]
    [InlineData("PONG irc.test :999999999999999999999999")]
    [InlineData("PONG irc.test :9223372036854775807")]
    [InlineData("PONG irc.test :-1")]
    [InlineData("PONG irc.test :+1")]
    [InlineData("PONG irc.test :1x")]
    [InlineData("PONG irc.test :1 ")]
    [InlineData("PONG irc.test : 1")]
    [InlineData("PONG irc.test :LAG123456")]
    [InlineData("PONG irc.test :0")]
    public void Ignores_PongThatProvesNothing(string pong) => IrcTranscript.Play(IrcTranscript.InChannels + $"""
        send 1 #a one
        flush
        client: PRIVMSG #a :one
        client: PING 1
        server: {pong.Replace(" :1 ", " :1\\x20", StringComparison.Ordinal)}
        in flight 1
        server: PONG 1
        expect delivered 1
        """);

    [Fact]
    public void Pong_ProvesNothing_ThatWasSentAfterItsPing() => IrcTranscript.Play(IrcTranscript.InChannels + """
        send 1 #a one
        client: PRIVMSG #a :one
        server: PONG 1
        in flight 1
        flush
        client: PING 1
        server: PONG 1
        expect delivered 1
        """);

    [Fact]
    public void Window_BoundsWhatIsNotProved() => IrcTranscript.Play(IrcTranscript.InChannels + """
        send 1 #a one
        send 2 #b two
        flush
        client: PRIVMSG #a :one
        client: PRIVMSG #b :two
        client: PING 1
        cannot send
        server: PONG 1
        expect delivered 1
        expect delivered 2
        can send
        """, IrcTranscript.Options with { Window = 2 });

    [Fact]
    public void Blame_IsExact_AcrossBatches() => IrcTranscript.Play(Pipelined + """
        server: :irc.test 412 bot :No text to send
        server: :irc.test 408 bot #a :No colors here
        expect failed 1 408 No colors here
        server: PONG 1
        expect delivered 2
        server: :irc.test 408 bot #a :No colors here either
        expect failed 3 408 No colors here either
        server: PONG 2
        """);

    [Fact]
    public void Blame_IsNotForABatch_WhoseTurnHasNotCome() => IrcTranscript.Play(IrcTranscript.InChannels + """
        send 1 #a one
        flush
        send 2 #b two
        flush
        client: PRIVMSG #a :one
        client: PING 1
        client: PRIVMSG #b :two
        client: PING 2
        server: :irc.test 482 bot #b :You're not channel operator
        server: PONG 2
        expect delivered 1
        expect delivered 2
        """);

    [Fact]
    public void UnknownNick_FailsAlone() => IrcTranscript.Play(IrcTranscript.InChannels + """
        enter alice alice
        enter carol carol
        expect opened alice
        expect opened carol
        send 1 alice one
        send 2 carol two
        send 3 #a three
        flush
        client: PRIVMSG alice :one
        client: PRIVMSG carol :two
        client: PRIVMSG #a :three
        client: PING 1
        server: :irc.test 401 bot Carol :No such nick/channel
        expect failed 2 401 No such nick/channel
        server: PONG 1
        expect delivered 1
        expect delivered 3
        """);

    [Theory]
    [InlineData("401 bot alice :No such nick/channel", "401 No such nick/channel")]
    [InlineData("401 alice :No such nick/channel", "401 No such nick/channel")]
    [InlineData("401 bot alice", "401 alice")]
    [InlineData("404 bot alice :Cannot send", "404 Cannot send")]
    [InlineData("439 bot alice :Message target change too fast", "439 Message target change too fast")]
    [InlineData("486 bot alice :You must identify", "486 You must identify")]
    [InlineData("531 bot alice :You are not permitted to send private messages to this user", "531 You are not permitted to send private messages to this user")]
    [InlineData("716 bot alice :is in +g mode (server-side ignore.)", "716 is in +g mode (server-side ignore.)")]
    public void Refusal_FailsAtOnce_WhereThereIsNothingToJoin(string numeric, string reason) => IrcTranscript.Play(IrcTranscript.Login + $"""
        enter alice alice
        expect opened alice
        send 1 alice one
        flush
        client: PRIVMSG alice :one
        client: PING 1
        server: :irc.test {numeric}
        expect failed 1 {reason}
        server: PONG 1
        """);

    [Theory]
    [InlineData("301 bot alice :I am away")]
    [InlineData("401 bot bob :No such nick/channel")]
    [InlineData("433 bot alice :Nickname is already in use")]
    [InlineData("421 bot alice :Unknown command")]
    [InlineData("461 bot alice :Not enough parameters")]
    [InlineData("401")]
    [InlineData("401 bot")]
    [InlineData("717 bot alice :has been informed that you messaged them.")]
    public void Other_Numerics_BlameNobody(string numeric) => IrcTranscript.Play(IrcTranscript.Login + $"""
        enter alice alice
        expect opened alice
        send 1 alice one
        flush
        client: PRIVMSG alice :one
        client: PING 1
        server: :irc.test {numeric}
        server: PONG 1
        expect delivered 1
        """);

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
    public void PipelinedDeliveries_AreReturnedEach_WhenTheChannelRefuses() => IrcTranscript.Play(Pipelined + """
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
    public void Ambiguous_Numeric_IsAboutTheMessage_WhileThatIsNotProved() => IrcTranscript.Play(Pipelined + """
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
    public void Refusal_AfterAKick_GivesBackWhatWasOnItsWay() => IrcTranscript.Play(Pipelined + """
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
    public void EmptyText_OnlyJoins_AndIsProved() => IrcTranscript.Play(IrcTranscript.InChannels + """
        send 1 #a
        flush
        client: PING 1
        server: PONG 1
        expect delivered 1
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

    [Fact]
    public void Abandoned_IsWhatWasNotSettled_InOrder() => IrcTranscript.Play(Pipelined + """
        server: :irc.test 408 bot #b :No colors here
        expect failed 2 408 No colors here
        abandon 1 3
        in flight 0
        abandon
        """);
}
