using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Protocols.Irc;

/// <summary>IRCv3 labeled-response and echo-message: each line's own answer settles, and nothing else does.</summary>
public sealed class IrcLabelTests
{
    internal const string Labelled = """
        start
        client: CAP LS 302
        client: NICK bot
        client: USER bot 0 * bot
        server: :irc.test CAP * LS :batch echo-message labeled-response message-tags
        client: CAP REQ :message-tags batch labeled-response echo-message
        server: :irc.test CAP * ACK :message-tags batch labeled-response echo-message
        client: CAP END
        server: :irc.test 001 bot :Welcome
        server: :irc.test 376 bot :End of /MOTD command.
        client: USERHOST bot
        client: PING 0
        expect ready bot
        server: :irc.test PONG irc.test :0
        enter #a #a
        client: JOIN #a
        enter #b #b
        client: JOIN #b
        server: :bot!~bot@host.test JOIN #a
        server: :bot!~bot@host.test JOIN #b
        expect opened #a
        expect opened #b

        """;

    private const string ThreeLines = Labelled + """
        send 1 #a one\ntwo\nthree
        flush
        client: @label=1 PRIVMSG #a :one
        client: @label=2 PRIVMSG #a :two
        client: @label=3 PRIVMSG #a :three
        client: PING 1

        """;

    [Fact]
    public void Echo_OfTheLastLine_Settles() => IrcTranscript.Play(ThreeLines + """
        server: @label=1 :bot!~bot@host.test PRIVMSG #a :one
        server: @label=2;msgid=x :bot!~bot@host.test PRIVMSG #a :two
        in flight 1
        server: @time=2026-01-01T00:00:00.000Z;label=3 :bot!~bot@host.test PRIVMSG #a :three
        expect delivered 1 by Echo
        server: PONG 1
        in flight 0
        """);

    [Fact]
    public void Echo_ThatTheServerHasChanged_Counts() => IrcTranscript.Play(ThreeLines + """
        server: @label=3 :bot!~bot@host.test PRIVMSG #A :***
        expect delivered 1 by Echo
        server: PONG 1
        """);

    [Fact]
    public void Ack_SettlesToo() => IrcTranscript.Play(ThreeLines + """
        server: @label=1 :irc.test ACK
        server: @label=2 :irc.test ACK
        server: @label=3 :irc.test ACK
        expect delivered 1 by Ack
        server: PONG 1
        """);

    [Fact]
    public void Batch_IsOneAnswer() => IrcTranscript.Play(Labelled + """
        enter alice alice
        expect opened alice
        send 1 alice one
        send 2 #a two
        flush
        client: @label=1 PRIVMSG alice :one
        client: @label=2 PRIVMSG #a :two
        client: PING 1
        server: @label=1 :irc.test BATCH +x labeled-response
        server: @batch=x :irc.test 301 bot alice :away
        server: @batch=x :irc.test BATCH +y other
        server: @batch=y :irc.test NOTICE bot :hello
        server: :irc.test BATCH -y
        in flight 2
        server: :irc.test BATCH -x
        expect delivered 1 by Ack
        server: @label=2 :irc.test BATCH +x labeled-response
        server: @batch=x :bot!~bot@host.test PRIVMSG #a :two
        expect delivered 2 by Echo
        server: :irc.test BATCH -x
        server: PONG 1
        """);

    [Fact]
    public void Refusal_InABatch_IsOfItsLine() => IrcTranscript.Play(Labelled + """
        enter alice alice
        expect opened alice
        send 1 alice one
        flush
        client: @label=1 PRIVMSG alice :one
        client: PING 1
        server: @label=1 :irc.test BATCH +x labeled-response
        server: @batch=x :irc.test 716 bot alice :is in +g mode (server-side ignore.)
        expect failed 1 716 is in +g mode (server-side ignore.)
        server: @batch=x :irc.test 717 bot alice :has been informed that you messaged them.
        server: :irc.test BATCH -x
        server: PONG 1
        """);

    [Fact]
    public void Blame_IsOfTheLine_WhateverTheNumericNames() => IrcTranscript.Play(Labelled + """
        send 1 #a one
        send 2 #b two
        flush
        client: @label=1 PRIVMSG #a :one
        client: @label=2 PRIVMSG #b :two
        client: PING 1
        server: @label=1 :irc.test 482 bot #b :odd
        expect failed 1 482 odd
        server: @label=2 :bot!~bot@host.test PRIVMSG #b :two
        expect delivered 2 by Echo
        server: PONG 1
        """);

    [Fact]
    public void Blame_ReachesALaterBatch() => IrcTranscript.Play(Labelled + """
        send 1 #a one
        flush
        send 2 #a two
        flush
        client: @label=1 PRIVMSG #a :one
        client: PING 1
        client: @label=2 PRIVMSG #a :two
        client: PING 2
        server: @label=2 :irc.test 482 bot #a :odd
        expect failed 2 482 odd
        server: PONG 2
        expect delivered 1
        """);

    [Theory]
    [InlineData("412 bot :No text to send", "412 No text to send")]
    [InlineData("417 bot :Input line was too long", "417 Input line was too long")]
    [InlineData("421 bot PRIVMSG :Unknown command", "421 Unknown command")]
    [InlineData("FAIL PRIVMSG INVALID_UTF8 :Not UTF-8", "INVALID_UTF8 Not UTF-8")]
    public void Label_Blames_WhereNoTargetIsNamed(string answer, string reason) => IrcTranscript.Play(ThreeLines + $"""
        server: @label=2 :irc.test {answer}
        expect failed 1 {reason}
        server: @label=3 :bot!~bot@host.test PRIVMSG #a :three
        server: PONG 1
        in flight 0
        """);

    [Fact]
    public void FirstLineRefused_IsNotForgotten_ByTheEchoOfTheLast() => IrcTranscript.Play(ThreeLines + """
        server: @label=1 :irc.test 404 bot #a :Cannot send to channel (+b)
        client: JOIN #a
        client: PING 2
        expect returned 1 404 Cannot send to channel (+b)
        server: @label=2 :irc.test 404 bot #a :Cannot send to channel (+b)
        server: @label=3 :bot!~bot@host.test PRIVMSG #a :three
        server: PONG 1
        server: PONG 2
        expect opened #a
        """);

    [Theory]
    [InlineData("@label=4 :bot!~bot@host.test PRIVMSG #a :three")]
    [InlineData("@label=0 :bot!~bot@host.test PRIVMSG #a :three")]
    [InlineData("@label=-3 :bot!~bot@host.test PRIVMSG #a :three")]
    [InlineData("@label=3x :bot!~bot@host.test PRIVMSG #a :three")]
    [InlineData("@label=99999999999999999999 :irc.test ACK")]
    [InlineData("@label :irc.test ACK")]
    [InlineData("@label= :irc.test ACK")]
    [InlineData("@batch=3 :irc.test ACK")]
    [InlineData("@batch=x :bot!~bot@host.test PRIVMSG #a :three")]
    [InlineData(":irc.test ACK")]
    [InlineData(":irc.test BATCH -3")]
    [InlineData(":irc.test BATCH +x labeled-response")]
    [InlineData(":irc.test BATCH")]
    [InlineData("@label=3 :irc.test BATCH")]
    [InlineData("@label=3 :irc.test BATCH +x labeled-response")]
    [InlineData("@label=3 :irc.test BATCH +")]
    [InlineData("@label=3 :alice!a@b PRIVMSG #a :three")]
    [InlineData("@label=3 :irc.test NOTICE bot :*** three")]
    [InlineData("@label=3 :irc.test 301 bot alice :away")]
    [InlineData("@label=2 :irc.test ACK")]
    // Another client of ours behind a bouncer.
    [InlineData(":bot!~bot@host.test PRIVMSG #a :three")]
    public void WhatAnswersNoLastLine_SettlesNothing(string said) => IrcTranscript.Play(ThreeLines + $"""
        server: {said}
        in flight 1
        server: PONG 1
        expect delivered 1
        """);

    [Fact]
    public void AnswerThatComesAfterThePong_IsIgnored() => IrcTranscript.Play(ThreeLines + """
        server: PONG 1
        expect delivered 1
        send 2 #a four
        flush
        client: @label=4 PRIVMSG #a :four
        client: PING 2
        server: @label=3 :bot!~bot@host.test PRIVMSG #a :three
        server: @label=2 :irc.test 404 bot #a :Cannot send to channel
        in flight 1
        server: @label=4 :bot!~bot@host.test PRIVMSG #a :four
        expect delivered 2 by Echo
        server: PONG 2
        """);

    [Fact]
    public void ServerThatStopsLabelling_IsReadByNameAndPong() => IrcTranscript.Play(Labelled + """
        send 1 #a one
        send 2 #b two
        flush
        client: @label=1 PRIVMSG #a :one
        client: @label=2 PRIVMSG #b :two
        client: PING 1
        server: :irc.test 482 bot #b :odd
        expect failed 2 482 odd
        server: PONG 1
        expect delivered 1
        """);

    [Theory]
    [InlineData("labeled-response")]
    [InlineData("batch")]
    [InlineData("labeled-response batch message-tags echo-message")]
    public void CapabilityTakenBack_EndsTheLabels(string names) => IrcTranscript.Play(ThreeLines + $"""
        server: :irc.test CAP bot DEL :{names}
        server: @label=3 :bot!~bot@host.test PRIVMSG #a :three
        expect delivered 1 by Echo
        server: PONG 1
        send 2 #a four
        flush
        client: PRIVMSG #a :four
        client: PING 2
        server: PONG 2
        expect delivered 2
        """);

    [Fact]
    public void LabelsThatEndInsideADelivery_ProveOnlyWhatTheyCover() => IrcTranscript.Play(Labelled + """
        send 1 #a 1\n2\n3\n4\n5\n6\n7\n8
        flush
        client: @label=1 PRIVMSG #a :1
        client: @label=2 PRIVMSG #a :2
        client: @label=3 PRIVMSG #a :3
        client: @label=4 PRIVMSG #a :4
        client: @label=5 PRIVMSG #a :5
        client: @label=6 PRIVMSG #a :6
        client: @label=7 PRIVMSG #a :7
        client: PING 1
        server: :irc.test CAP bot DEL :labeled-response
        server: @label=7 :bot!~bot@host.test PRIVMSG #a :7
        server: PONG 1
        client: PRIVMSG #a :8
        client: PING 2
        in flight 1
        server: PONG 2
        expect delivered 1
        """);

    [Fact]
    public void BatchesThatNeverEnd_AreForgotten()
    {
        var open = string.Concat(Enumerable.Range(0, 200).Select(n => $"server: @label=3 :irc.test BATCH +b{n} labeled-response\n"));
        IrcTranscript.Play(ThreeLines + open + """
            server: :irc.test BATCH -b1
            server: :irc.test BATCH -b199
            in flight 1
            server: PONG 1
            expect delivered 1
            send 2 #a four
            flush
            client: @label=4 PRIVMSG #a :four
            client: PING 2
            server: @label=4 :irc.test BATCH +new labeled-response
            server: :irc.test BATCH -new
            expect delivered 2 by Ack
            server: PONG 2
            """);
    }

    [Fact]
    public void Labels_NeedBatches() => IrcTranscript.Play(
        (Labelled.Replace("message-tags batch labeled-response echo-message", "message-tags labeled-response", StringComparison.Ordinal) + """
        send 1 #a one
        flush
        client: PRIVMSG #a :one
        client: PING 1
        server: PONG 1
        expect delivered 1
        """).Replace("LS :batch echo-message labeled-response message-tags", "LS :labeled-response message-tags", StringComparison.Ordinal));

    [Fact]
    public void Quitting_StillHearsAnswers() => IrcTranscript.Play(ThreeLines + """
        quit bye
        client: QUIT bye
        server: @label=3 :bot!~bot@host.test PRIVMSG #a :three
        expect delivered 1 by Echo
        abandon
        """);

    [Fact]
    public void Notices_ComeBackAsNotices() => IrcTranscript.Play(Labelled + """
        send 1 #a one
        flush
        client: @label=1 NOTICE #a :one
        client: PING 1
        server: @label=1 :bot!~bot@host.test NOTICE #a :one
        expect delivered 1 by Echo
        server: PONG 1
        """, IrcTranscript.Options with { Command = "NOTICE" });
}
