using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Protocols.Irc;

/// <summary>What the gateway does when a server refuses a message.</summary>
public sealed class IrcRefusalTests
{
    private const string Bold = "\u0002bold\u0002";

    private const string BoldSent = IrcTranscript.InChannels + $"""
        send 1 #a {Bold}
        flush
        client: PRIVMSG #a :{Bold}
        client: PING 1

        """;

    [Theory]
    [InlineData("408 bot #a :You cannot use control codes on this channel. Not sent: x")]
    [InlineData("404 bot #a :Can't send colors to channel (+c is set)")]
    [InlineData("404 bot #a :Color is not permitted in this channel")]
    [InlineData("404 bot #a :Cannot send to channel (+c)")]
    public void Colours_AreLeftOut_OnceTheyAreRefused(string numeric) => IrcTranscript.Play(BoldSent + $"""
        server: :irc.test {numeric}
        expect returned 1 {numeric[..3]} {numeric[(numeric.IndexOf(':', StringComparison.Ordinal) + 1)..]}
        expect opened #a
        server: PONG 1
        send 1 #a {Bold}
        flush
        client: PRIVMSG #a :bold
        client: PING 2
        server: PONG 2
        expect delivered 1
        send 2 #a {Bold}
        send 3 #b {Bold}
        flush
        client: PRIVMSG #a :bold
        client: PRIVMSG #b :{Bold}
        client: PING 3
        server: PONG 3
        expect delivered 2
        expect delivered 3
        """);

    [Fact]
    public void Colours_AreTriedAgain_AfterWeHaveLeft() => IrcTranscript.Play(BoldSent + $"""
        server: :irc.test 408 bot #a :No colors
        expect returned 1 408 No colors
        expect opened #a
        server: PONG 1
        leave #a
        client: PART #a
        enter #a #a
        client: JOIN #a
        server: :bot!~bot@host.test JOIN #a
        expect opened #a
        send 2 #a {Bold}
        flush
        client: PRIVMSG #a :{Bold}
        client: PING 2
        server: PONG 2
        expect delivered 2
        """);

    [Fact]
    public void PlainText_ThatIsRefusedForColours_Fails() => IrcTranscript.Play(IrcTranscript.InChannels + """
        send 1 #a plain
        flush
        client: PRIVMSG #a :plain
        client: PING 1
        server: :irc.test 408 bot #a :No colors
        expect failed 1 408 No colors
        server: PONG 1
        """);

    [Fact]
    public void RefusalWithoutAWordOfColours_IsVerified_ThenTriedWithout_ThenFails() => IrcTranscript.Play(BoldSent + $"""
        server: :irc.test 404 bot #a :Cannot send to channel
        client: JOIN #a
        client: PING 2
        expect returned 1 404 Cannot send to channel
        server: PONG 1
        server: PONG 2
        expect opened #a
        send 1 #a {Bold}
        flush
        client: PRIVMSG #a :{Bold}
        client: PING 3
        server: :irc.test 404 bot #a :Cannot send to channel
        expect returned 1 404 Cannot send to channel
        expect opened #a
        server: PONG 3
        send 1 #a {Bold}
        flush
        client: PRIVMSG #a :bold
        client: PING 4
        server: :irc.test 404 bot #a :Cannot send to channel
        expect failed 1 404 Cannot send to channel
        server: PONG 4
        // It was not the colours.
        send 2 #a {Bold}
        client: PRIVMSG #a :{Bold}
        """);

    [Theory]
    [InlineData("439 bot #a :Message target change too fast", "439 Message target change too fast")]
    [InlineData("437 bot #a :Nick/channel is temporarily unavailable", "437 Nick/channel is temporarily unavailable")]
    [InlineData("263 bot PRIVMSG :Please wait a while and try again.", "263 Please wait a while and try again.")]
    [InlineData("NOTICE bot :*** Message to #A throttled due to flooding", "*** Message to #A throttled due to flooding")]
    public void TooFast_WaitsTwiceAsLongEachTime_ThenFails(string said, string reason)
    {
        var script = IrcTranscript.InChannels;
        foreach (var (barrier, wait) in ((int, int)[])[(1, 10), (2, 20), (3, 40)])
        {
            script += $"""
                send 1 #a one
                flush
                client: PRIVMSG #a :one
                client: PING {barrier}
                server: :irc.test {said}
                expect returned 1 {reason}
                server: PONG {barrier}
                time {wait - 1}
                can send
                time 0.999
                wakes at 0.001
                time 0.001
                expect opened #a

                """;
        }

        IrcTranscript.Play(script + $"""
            send 1 #a one
            flush
            client: PRIVMSG #a :one
            client: PING 4
            server: :irc.test {said}
            expect failed 1 {reason}
            server: PONG 4
            """);
    }

    [Fact]
    public void TryAgain_GivesBackAllThatItMayMean() => IrcTranscript.Play(IrcTranscript.InChannels + """
        send 1 #a one
        send 2 #b two
        flush
        send 3 #a three
        flush
        client: PRIVMSG #a :one
        client: PRIVMSG #b :two
        client: PING 1
        client: PRIVMSG #a :three
        client: PING 2
        server: :irc.test 263 bot WHO :Please wait a while and try again.
        server: :irc.test 263 bot privmsg :Please wait a while and try again.
        expect returned 1 263 Please wait a while and try again.
        expect returned 2 263 Please wait a while and try again.
        server: PONG 1
        server: PONG 2
        expect delivered 3
        time 10
        expect opened #a
        expect opened #b
        """, IrcTranscript.Options);

    [Fact]
    public void Rest_EndsWithTheChannel() => IrcTranscript.Play(IrcTranscript.InChannels + """
        send 1 #a one
        flush
        client: PRIVMSG #a :one
        client: PING 1
        server: :irc.test 439 bot #a :too fast
        expect returned 1 439 too fast
        server: PONG 1
        server: :alice!a@b KICK #a bot :out
        expect closed #a kicked by alice: out
        time 30
        """);

    [Theory]
    [InlineData(":alice!a@b NOTICE bot :*** Message to #a throttled due to flooding")]
    [InlineData(":irc.test NOTICE bot :*** Message to #c throttled due to flooding")]
    [InlineData(":irc.test NOTICE bot :Message to #a throttled due to flooding")]
    [InlineData(":irc.test NOTICE bot :*** Message to  throttled due to flooding")]
    [InlineData(":irc.test NOTICE bot :*** Message to #a throttled due to flooding?")]
    [InlineData(":irc.test NOTICE bot :flooding")]
    [InlineData(":irc.test 263 bot JOIN :Please wait a while and try again.")]
    [InlineData(":irc.test FAIL JOIN CHANNEL_IN_USE #a :In use")]
    [InlineData(":irc.test FAIL PRIVMSG X #b :No")]
    [InlineData(":irc.test FAIL PRIVMSG")]
    [InlineData(":irc.test 718 bot #a a@b :is messaging you, and you have umode +g.")]
    public void WhatIsNoRefusal_RefusesNothing(string said) => IrcTranscript.Play(IrcTranscript.InChannels + $"""
        send 1 #a one
        flush
        client: PRIVMSG #a :one
        client: PING 1
        server: {said}
        server: PONG 1
        expect delivered 1
        """);

    [Theory]
    [InlineData("407 bot #a :Duplicate recipients. No message delivered", "407 Duplicate recipients. No message delivered")]
    [InlineData("411 bot :No recipient given (PRIVMSG)", "411 No recipient given (PRIVMSG)")]
    [InlineData("412 bot :No text to send", "412 No text to send")]
    [InlineData("415 bot #a :Bad Server/host mask", "415 Bad Server/host mask")]
    [InlineData("417 bot :Input line was too long", "417 Input line was too long")]
    [InlineData("477 bot #a :You need to be identified to a registered account to message this channel", "477 You need to be identified to a registered account to message this channel")]
    [InlineData("492 bot #a :You cannot send CTCPs to this channel. Not sent: x", "492 You cannot send CTCPs to this channel. Not sent: x")]
    [InlineData("573 bot #a :Cannot send", "573 Cannot send")]
    [InlineData("FAIL PRIVMSG CANNOT_SEND #a :Not today", "CANNOT_SEND Not today")]
    public void OtherRefusals_FailInTheServersWords(string said, string reason) => IrcTranscript.Play(IrcTranscript.InChannels + $"""
        send 1 #a one
        flush
        client: PRIVMSG #a :one
        client: PING 1
        server: :irc.test {said}
        expect failed 1 {reason}
        server: PONG 1
        """);
}
