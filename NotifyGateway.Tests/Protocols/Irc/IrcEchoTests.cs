using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Protocols.Irc;

/// <summary>IRCv3 echo-message without labels: what comes back is counted, and the PONG settles.</summary>
public sealed class IrcEchoTests
{
    private static readonly string Echoing = IrcLabelTests.Labelled
        .Replace("message-tags batch labeled-response echo-message", "echo-message", StringComparison.Ordinal)
        .Replace("REQ :echo", "REQ echo", StringComparison.Ordinal)
        .Replace("LS :batch echo-message labeled-response message-tags", "LS :echo-message", StringComparison.Ordinal) + """
        send 1 #a one\ntwo
        send 2 #b three
        flush
        client: PRIVMSG #a :one
        client: PRIVMSG #a :two
        client: PRIVMSG #b :three
        client: PING 1

        """;

    [Fact]
    public void AllLinesEchoed_IsTheBetterProof() => IrcTranscript.Play(Echoing + """
        server: :bot!~bot@host.test PRIVMSG #a :one
        server: :bot!~bot@host.test PRIVMSG #A :t**
        server: :bot!~bot@host.test PRIVMSG #b :three
        in flight 2
        server: PONG 1
        expect delivered 1 by Echo
        expect delivered 2 by Echo
        """);

    [Fact]
    public void MissingEcho_LeavesThePong() => IrcTranscript.Play(Echoing + """
        server: :bot!~bot@host.test PRIVMSG #a :one
        server: :alice!a@b PRIVMSG #b :three
        server: :bot!~bot@host.test PRIVMSG #c :three
        server: PONG 1
        expect delivered 1
        expect delivered 2
        """);

    [Fact]
    public void EchoesOfOthers_SettleNothing_BeforeTheServersWord() => IrcTranscript.Play(Echoing + """
        server: :bot!~bot@host.test PRIVMSG #b :said by another client of ours
        server: :bot!~bot@host.test PRIVMSG #b :and more
        server: :irc.test 482 bot #b :odd
        expect failed 2 482 odd
        server: PONG 1
        expect delivered 1
        """);

    [Fact]
    public void Echo_WithoutTheCapability_IsNothing() => IrcTranscript.Play(IrcTranscript.InChannels + """
        send 1 #a one
        flush
        client: PRIVMSG #a :one
        client: PING 1
        server: :bot!~bot@host.test PRIVMSG #a :one
        server: PONG 1
        expect delivered 1
        """);
}
