using NotifyGateway.Core.Protocols;
using NotifyGateway.Core.Protocols.Irc;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Protocols.Irc;

/// <summary>How a server ends a connection, and what it asks for by it.</summary>
public sealed class IrcClosingTests
{
    /// <summary>Words as servers say them.</summary>
    [Theory]
    [InlineData("Closing Link: bot[10.0.0.1] (Throttled: Reconnecting too fast) - Email admin@example.org", CloseKind.Throttled)]
    [InlineData("Your host is trying to (re)connect too fast -- throttled", CloseKind.Throttled)]
    [InlineData("Trying to reconnect too fast.", CloseKind.Throttled)]
    [InlineData("Reconnecting too fast, throttled.", CloseKind.Throttled)]
    [InlineData("Connection refused, too many connections from your IP address", CloseKind.Throttled)]
    [InlineData("Closing Link: [10.0.0.1] (Too many host connections (local))", CloseKind.Throttled)]
    [InlineData("Closing Link: [10.0.0.1] (Too many user connections (global))", CloseKind.Throttled)]
    [InlineData("Closing link: (bot@10.0.0.1) [No more connections allowed from your host via this connect class (local)]", CloseKind.Throttled)]
    [InlineData("Closing link: (bot@10.0.0.1) [Z-lined: Your IP range has been attempting to connect too many times in too short a duration.]", CloseKind.Throttled)]
    [InlineData("Closing Link: bot (Sorry, server is full - try later)", CloseKind.Throttled)]
    [InlineData("Closing Link: bot[~bot@10.0.0.1] (K-Lined)", CloseKind.Refused)]
    [InlineData("Closing link: (bot@10.0.0.1) [G-lined: spam]", CloseKind.Refused)]
    [InlineData("You have been D-lined.", CloseKind.Refused)]
    [InlineData("Closing Link: bot[10.0.0.1] (You are banned from this server)", CloseKind.Refused)]
    [InlineData("Closing Link: bot[10.0.0.1] (User has been banned from ExampleNet (bye))", CloseKind.Refused)]
    [InlineData("Closing Link: bot[10.0.0.1] (AKILL ID: 17 | spam)", CloseKind.Refused)]
    [InlineData("Closing Link: bot[10.0.0.1] (Autokilled: spam)", CloseKind.Refused)]
    [InlineData("Closing Link: 10.0.0.1 (Bad Password)", CloseKind.Refused)]
    [InlineData("Closing Link: bot (Password mismatch)", CloseKind.Refused)]
    [InlineData("Access denied: Bad password?", CloseKind.Refused)]
    [InlineData("Closing link: (bot@10.0.0.1) [Access denied by configuration]", CloseKind.Refused)]
    [InlineData("Closing Link: 10.0.0.1 (You are not authorized to use this server)", CloseKind.Refused)]
    [InlineData("Closing Link: 10.0.0.1 (Unauthorised connection)", CloseKind.Refused)]
    [InlineData("Closing Link: 10.0.0.1 (SASL access only)", CloseKind.Refused)]
    [InlineData("Closing Link: bot[10.0.0.1] (Excess Flood)", CloseKind.Lost)]
    [InlineData("Closing link: (bot@10.0.0.1) [RecvQ exceeded]", CloseKind.Lost)]
    [InlineData("Closing Link: bot[10.0.0.1] (Max SendQ exceeded)", CloseKind.Lost)]
    [InlineData("Closing Link: bot (Ping timeout: 120 seconds)", CloseKind.Lost)]
    [InlineData("Closing link: (bot@10.0.0.1) [Registration timeout]", CloseKind.Lost)]
    [InlineData("Closing Link: 10.0.0.1 (Killed (oper (banned, too fast)))", CloseKind.Lost)]
    [InlineData("KILLed by \"oper\": bad password", CloseKind.Lost)]
    [InlineData("Server going down", CloseKind.Lost)]
    [InlineData("The server goes off-line for a minute", CloseKind.Lost)]
    [InlineData("", CloseKind.Lost)]
    public void LastWords_SayHowLongToWait(string words, CloseKind kind) => Assert.Equal(kind, IrcClosing.KindOf(words));

    [Theory]
    [InlineData(":oper!o@host KILL bot :irc.test!host!oper (out you go)", "killed by oper: irc.test!host!oper (out you go)")]
    [InlineData(":irc.test KILL BOT", "killed by irc.test")]
    [InlineData(":NickServ!s@services KILL bot :GHOST command used by alice", "killed by NickServ: GHOST command used by alice")]
    [InlineData(":oper!o@host KILL bot :banned, too fast", "killed by oper: banned, too fast")]
    public void Kill_IsAnOrdinaryLoss_WhateverItSays(string kill, string reason) => IrcTranscript.Play(IrcTranscript.InChannels + $"""
        send 1 #a one
        flush
        client: PRIVMSG #a :one
        client: PING 1
        server: {kill}
        server: ERROR :Closing Link: bot (Killed (oper (banned)))
        expect ended Lost {reason}
        abandon 1
        never wakes
        """);

    [Fact]
    public void Kill_OfOthers_IsNoneOfOurBusiness() => IrcTranscript.Play(IrcTranscript.InChannels + """
        server: :oper!o@host KILL alice :out
        server: :oper!o@host KILL bot2 :out
        can send
        """);

    [Fact]
    public void Netsplit_OfOthers_ChangesNothing() => IrcTranscript.Play(IrcTranscript.InChannels + """
        send 1 #a one
        flush
        client: PRIVMSG #a :one
        client: PING 1
        server: :alice!a@b QUIT :irc.test hub.test
        server: :carol!a@b QUIT :irc.test hub.test
        server: PONG 1
        expect delivered 1
        server: :alice!a@b JOIN #a
        server: :irc.test MODE #a +o alice
        """);

    [Fact]
    public void Ban_WhileOnline_IsARefusal() => IrcTranscript.Play(IrcTranscript.InChannels + """
        server: :irc.test 466 bot :You will be banned from this server
        server: :irc.test 465 bot :You are banned from this server- spam
        server: ERROR :Closing Link: bot (K-Lined)
        expect ended Refused 465 You are banned from this server- spam
        """);

    [Theory]
    [InlineData("463 bot :Your host isn't among the privileged")]
    [InlineData("464 bot :Password incorrect")]
    [InlineData("491 bot :No O-lines for your host")]
    public void AnswerToAnOperThatAUserConfigured_IsNoVerdict(string numeric) => IrcTranscript.Play(IrcTranscript.InChannels + $"""
        server: :irc.test {numeric}
        can send
        """);
}
