using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Protocols.Irc;

/// <summary>470: the server puts us into another channel than the one asked for.</summary>
public sealed class IrcForwardTests
{
    private const string Asked = IrcTranscript.Login + """
        enter #ops #ops
        client: JOIN #ops

        """;

    [Theory]
    [InlineData("470 bot #ops ##overflow :Forwarding to another channel")]
    [InlineData("470 bot #OPS ##overflow :You may not join this channel, so you are automatically being transferred to the redirected channel.")]
    [InlineData("470 bot [Link] #ops has become full, so you are automatically being transferred to the linked channel ##overflow")]
    [InlineData("470 bot :[Link] #ops has become full, so you are automatically being transferred to the linked channel ##overflow")]
    public void Forwarded_IsRefused_AndTheOtherChannelIsLeft(string numeric) => IrcTranscript.Play(Asked + $"""
        server: :irc.test {numeric}
        server: :bot!~bot@host.test JOIN ##overflow
        client: PART ##overflow
        expect refused #ops Later 470 forwarded to ##overflow
        server: :bot!~bot@host.test PART ##overflow
        // It is remembered nowhere: whoever wants it joins it.
        enter ##overflow ##overflow
        client: JOIN ##overflow
        server: :bot!~bot@host.test JOIN ##overflow
        expect opened ##overflow
        """);

    [Fact]
    public void Forwarded_ToWhereWeAreAnyway_StaysThere_AndSendsThereOnlyItsOwn() => IrcTranscript.Play(IrcTranscript.InChannels + """
        enter #ops #ops
        client: JOIN #ops
        server: :irc.test 470 bot #ops #a :Forwarding to another channel
        expect refused #ops Later 470 forwarded to #a
        send 1 #a mine
        flush
        client: PRIVMSG #a :mine
        client: PING 1
        server: PONG 1
        expect delivered 1
        """);

    [Fact]
    public void Forwarded_ToWhatIsBeingJoined_OpensIt() => IrcTranscript.Play(Asked + """
        enter #a #a
        client: JOIN #a
        server: :irc.test 470 bot #ops #a :Forwarding to another channel
        server: :bot!~bot@host.test JOIN #a
        expect refused #ops Later 470 forwarded to #a
        expect opened #a
        """);

    [Fact]
    public void Forwarded_AfterTheJoin_IsLeftToo() => IrcTranscript.Play(Asked + """
        server: :bot!~bot@host.test JOIN ##overflow
        server: :irc.test 470 bot #ops ##overflow :Forwarding to another channel
        client: PART ##overflow
        expect refused #ops Later 470 forwarded to ##overflow
        """);

    [Fact]
    public void Forwarded_ToWhatIsWantedMeanwhile_IsKept() => IrcTranscript.Play(Asked + """
        server: :irc.test 470 bot #ops ##overflow :Forwarding to another channel
        expect refused #ops Later 470 forwarded to ##overflow
        enter ##overflow ##overflow
        client: JOIN ##overflow
        server: :bot!~bot@host.test JOIN ##overflow
        expect opened ##overflow
        """);

    [Theory]
    [InlineData("470 bot #ops :You are not welcome", "470 You are not welcome")]
    [InlineData("470 bot #ops #ops :Round and round", "470 Round and round")]
    public void Forwarded_Nowhere_IsRefused(string numeric, string reason) => IrcTranscript.Play(Asked + $"""
        server: :irc.test {numeric}
        expect refused #ops Later {reason}
        """);

    [Fact]
    public void ExpectedChannel_IsLeftOnce_NotForEver() => IrcTranscript.Play(Asked + """
        server: :irc.test 470 bot #ops ##overflow :Forwarding to another channel
        server: :bot!~bot@host.test JOIN ##overflow
        client: PART ##overflow
        expect refused #ops Later 470 forwarded to ##overflow
        // An operator insists.
        server: :bot!~bot@host.test JOIN ##overflow
        enter ##overflow ##overflow
        expect opened ##overflow
        """);
}
