using NotifyGateway.Core.Protocols.Irc;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Protocols.Irc;

public sealed class IrcPacingTests
{
    private static readonly IrcClientOptions Paced = IrcTranscript.Options with { LinesPerSecond = 1, Burst = 5, Window = 100 };

    [Fact]
    public void Burst_ThenOneLineASecond() => IrcTranscript.Play(IrcTranscript.InChannels + """
        send 1 #a 1\n2\n3\n4\n5\n6\n7
        flush
        client: PRIVMSG #a :1
        client: PRIVMSG #a :2
        client: PRIVMSG #a :3
        client: PRIVMSG #a :4
        client: PRIVMSG #a :5
        cannot send
        wakes at 1.001
        time 1
        time 0.001
        client: PRIVMSG #a :6
        wakes at 1
        time 0.999
        cannot send
        time 0.001
        client: PRIVMSG #a :7
        client: PING 1
        server: PONG 1
        expect delivered 1
        can send
        """, Paced);

    [Fact]
    public void Pause_FillsTheBurstAgain_AndNoMore() => IrcTranscript.Play(IrcTranscript.InChannels + """
        send 1 #a 1\n2\n3\n4\n5
        flush
        client: PRIVMSG #a :1
        client: PRIVMSG #a :2
        client: PRIVMSG #a :3
        client: PRIVMSG #a :4
        client: PRIVMSG #a :5
        client: PING 1
        server: PONG 1
        expect delivered 1
        time 55
        send 2 #a 1\n2\n3\n4\n5\n6
        flush
        client: PRIVMSG #a :1
        client: PRIVMSG #a :2
        client: PRIVMSG #a :3
        client: PRIVMSG #a :4
        client: PRIVMSG #a :5
        wakes at 1.001
        """, Paced);

    [Fact]
    public void WithoutRate_AllAtOnce() => IrcTranscript.Play(IrcTranscript.InChannels + """
        send 1 #a 1\n2\n3\n4\n5\n6\n7
        flush
        client: PRIVMSG #a :1
        client: PRIVMSG #a :2
        client: PRIVMSG #a :3
        client: PRIVMSG #a :4
        client: PRIVMSG #a :5
        client: PRIVMSG #a :6
        client: PRIVMSG #a :7
        client: PING 1
        wakes at 60
        """);

    [Fact]
    public void LinesHeldBack_AreNotProved_ByTheKeepalive() => IrcTranscript.Play(IrcTranscript.InChannels + """
        send 1 #a 1\n2
        flush
        client: PRIVMSG #a :1
        time 60
        client: PING 1
        server: PONG 1
        in flight 1
        time 40.001
        client: PRIVMSG #a :2
        client: PING 2
        server: PONG 2
        expect delivered 1
        """, Paced with { Burst = 1, LinesPerSecond = 0.01 });

    [Fact]
    public void LinesHeldBack_AreNotProved_ByTheBarrierOfARepeatedJoin() => IrcTranscript.Play(IrcTranscript.InChannels + """
        send 1 #b one
        send 2 #a 1\n2
        flush
        client: PRIVMSG #b :one
        client: PRIVMSG #a :1
        server: :irc.test 404 bot #b :Cannot send to channel
        client: PING 1
        client: JOIN #b
        client: PING 2
        expect returned 1 404 Cannot send to channel
        server: PONG 1
        server: PONG 2
        expect opened #b
        in flight 2
        time 1.001
        client: PRIVMSG #a :2
        client: PING 3
        server: PONG 3
        expect delivered 2
        """, Paced with { Burst = 2 });

    [Fact]
    public void LinesHeldBack_AreNotSent_AfterAKick() => IrcTranscript.Play(IrcTranscript.InChannels + """
        send 1 #a 1\n2\n3
        flush
        client: PRIVMSG #a :1
        server: :alice!a@b KICK #a bot :out
        client: PING 1
        expect closed #a kicked by alice: out
        expect returned 1 kicked by alice: out
        time 10
        server: :irc.test 404 bot #a :Cannot send to channel
        server: PONG 1
        in flight 0
        can send
        """, Paced with { Burst = 1 });

    [Fact]
    public void LinesHeldBack_AreNotSent_AfterARefusal() => IrcTranscript.Play(IrcTranscript.InChannels + """
        enter alice alice
        expect opened alice
        send 1 alice 1\n2\n3
        flush
        client: PRIVMSG alice :1
        server: :irc.test 401 bot alice :No such nick
        client: PING 1
        expect failed 1 401 No such nick
        time 10
        can send
        server: PONG 1
        """, Paced with { Burst = 1 });

    [Fact]
    public void Abandon_GivesBackWhatWasHeld_AndForgetsItsLines() => IrcTranscript.Play(IrcTranscript.InChannels + """
        send 1 #a 1\n2
        flush
        client: PRIVMSG #a :1
        abandon 1
        time 10
        """, Paced with { Burst = 1 });

    [Fact]
    public void Quit_DropsWhatIsHeld_AndProvesItNot() => IrcTranscript.Play(IrcTranscript.InChannels + """
        send 1 #a 1\n2
        flush
        client: PRIVMSG #a :1
        quit bye
        client: QUIT bye
        time 10
        server: PONG 1
        abandon 1
        """, Paced with { Burst = 1 });

    [Fact]
    public void UnprovedBytes_AreBounded_WhateverTheRate() => IrcTranscript.Play(IrcTranscript.InChannels + $"""
        send 1 #a {Long}
        flush
        client: PRIVMSG #a :{Long}
        client: PING 1
        send 2 #a {Long}
        flush
        client: PRIVMSG #a :{Long}
        client: PING 2
        send 3 #a {Long}
        flush
        cannot send
        server: PONG 1
        expect delivered 1
        client: PRIVMSG #a :{Long}
        client: PING 3
        """, Paced with { Burst = 100 });

    [Fact]
    public void UnprovedLines_AreBounded_OfOneDeliveryToo() => IrcTranscript.Play(IrcTranscript.InChannels + """
        send 1 #a 1\n2\n3\n4\n5\n6\n7\n8\n9
        flush
        client: PRIVMSG #a :1
        client: PRIVMSG #a :2
        client: PRIVMSG #a :3
        client: PRIVMSG #a :4
        client: PRIVMSG #a :5
        client: PRIVMSG #a :6
        client: PRIVMSG #a :7
        client: PING 1
        cannot send
        server: PONG 1
        client: PRIVMSG #a :8
        client: PRIVMSG #a :9
        client: PING 2
        in flight 1
        server: PONG 2
        expect delivered 1
        """);

    [Fact]
    public void ServerThatAnswersNoPing_IsLeft_ThoughLinesAreHeldBack() => IrcTranscript.Play(IrcTranscript.InChannels + """
        send 1 #a 1\n2\n3\n4\n5\n6\n7\n8\n9
        flush
        client: PRIVMSG #a :1
        client: PRIVMSG #a :2
        client: PRIVMSG #a :3
        client: PRIVMSG #a :4
        client: PRIVMSG #a :5
        client: PRIVMSG #a :6
        client: PRIVMSG #a :7
        client: PING 1
        time 599
        server: :alice!a@b PRIVMSG #a :hi
        wakes at 1
        time 1
        expect ended Lost the server has answered no PING for 10 min: nothing sent could be proved
        """, IrcTranscript.Options with { PingInterval = TimeSpan.FromHours(1) });

    private static readonly string Long = new('x', 300);
}
