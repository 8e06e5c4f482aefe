using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Protocols.Irc;

public sealed class IrcConfirmationTests
{
    internal const string Pipelined = IrcTranscript.InChannels + """
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

    [Fact]
    public void EmptyText_OnlyJoins_AndIsProved() => IrcTranscript.Play(IrcTranscript.InChannels + """
        send 1 #a
        flush
        client: PING 1
        server: PONG 1
        expect delivered 1
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
