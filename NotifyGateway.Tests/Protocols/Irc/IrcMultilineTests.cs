using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Protocols.Irc;

/// <summary>IRCv3 draft/multiline: several lines are one message, within the server's limits, and proved as one.</summary>
public sealed class IrcMultilineTests
{
    private static readonly string Labelled = Offering("batch echo-message labeled-response message-tags", "message-tags batch labeled-response echo-message", "max-bytes=40,max-lines=4");

    private static readonly string Unlabelled = Offering("batch message-tags", "message-tags batch", "max-bytes=4096,max-lines=24");

    private static readonly string TwoLines = Labelled + """
        send 1 #a one\ntwo
        flush
        client: @label=1 BATCH +m1 draft/multiline #a
        client: @batch=m1 PRIVMSG #a :one
        client: @batch=m1 PRIVMSG #a :two
        client: BATCH -m1
        client: PING 1

        """;

    private static readonly string TwoLinesUnlabelled = Unlabelled + """
        send 1 #a one\ntwo
        flush
        client: BATCH +m1 draft/multiline #a
        client: @batch=m1 PRIVMSG #a :one
        client: @batch=m1 PRIVMSG #a :two
        client: BATCH -m1
        client: PING 1

        """;

    private const string OneByOne = """
        send 1 #a one\ntwo
        flush
        client: PRIVMSG #a :one
        client: PRIVMSG #a :two
        client: PING 1
        server: PONG 1
        expect delivered 1
        """;

    [Fact]
    public void EchoedBatch_Settles() => IrcTranscript.Play(TwoLines + """
        server: @label=1 :bot!~bot@host.test BATCH +x draft/multiline #a
        in flight 1
        server: @batch=x :bot!~bot@host.test PRIVMSG #a :one
        expect delivered 1 by Echo
        server: @batch=x :bot!~bot@host.test PRIVMSG #a :two
        server: :irc.test BATCH -x
        server: PONG 1
        in flight 0
        """);

    [Fact]
    public void EchoedBatch_InsideAnAnswer_Settles() => IrcTranscript.Play(TwoLines + """
        server: @label=1 :irc.test BATCH +r labeled-response
        server: @batch=r :bot!~bot@host.test BATCH +x draft/multiline #a
        server: @batch=x :bot!~bot@host.test PRIVMSG #a :one
        expect delivered 1 by Echo
        server: @batch=x :bot!~bot@host.test PRIVMSG #a :two
        server: @batch=r :irc.test BATCH -x
        server: :irc.test BATCH -r
        server: PONG 1
        """);

    [Fact]
    public void Ack_Settles_AndTheNextLabelFollows() => IrcTranscript.Play(TwoLines + """
        server: @label=1 :irc.test ACK
        expect delivered 1 by Ack
        server: PONG 1
        send 2 #a three
        send 3 #b four\nfive
        flush
        client: @label=2 PRIVMSG #a :three
        client: @label=3 BATCH +m2 draft/multiline #b
        client: @batch=m2 PRIVMSG #b :four
        client: @batch=m2 PRIVMSG #b :five
        client: BATCH -m2
        client: PING 2
        server: @label=3 :irc.test ACK
        expect delivered 3 by Ack
        server: @label=2 :irc.test ACK
        expect delivered 2 by Ack
        server: PONG 2
        """);

    [Fact]
    public void Refusal_WithTheLabel_IsOfTheWhole() => IrcTranscript.Play(TwoLines + """
        server: @label=1 :irc.test 482 bot #a :odd
        expect failed 1 482 odd
        server: PONG 1
        """);

    [Theory]
    [InlineData("@label=1 :irc.test FAIL BATCH MULTILINE_INVALID :Invalid batch", "MULTILINE_INVALID Invalid batch")]
    [InlineData("@label=1 :irc.test FAIL BATCH UNKNOWN_TYPE m1 draft/multiline :No", "UNKNOWN_TYPE No")]
    [InlineData(":irc.test FAIL BATCH MULTILINE_MAX_BYTES 40 :Too long", "MULTILINE_MAX_BYTES Too long")]
    public void Failed_GoesOnceMoreAsLines_AndSoDoesAllElse(string fail, string reason) => IrcTranscript.Play(TwoLines + $"""
        server: {fail}
        expect returned 1 {reason}
        expect opened #a
        server: PONG 1
        send 1 #a
        send 2 #b four\nfive
        flush
        client: @label=2 PRIVMSG #a :one
        client: @label=3 PRIVMSG #a :two
        client: @label=4 PRIVMSG #b :four
        client: @label=5 PRIVMSG #b :five
        client: PING 2
        server: PONG 2
        expect delivered 1
        expect delivered 2
        """);

    [Fact]
    public void Failed_AfterTheAnswer_IsNotSentAgain() => IrcTranscript.Play(TwoLines + """
        server: @label=1 :irc.test ACK
        expect delivered 1 by Ack
        server: @label=1 :irc.test FAIL BATCH MULTILINE_INVALID :Invalid batch
        server: PONG 1
        """);

    [Theory]
    [InlineData("FAIL BATCH TIMEOUT m2 :Too late")]
    [InlineData("FAIL BATCH MULTILINE_INVALID_TARGET #B #b :Invalid")]
    public void Fail_WithoutLabel_IsOfTheBatchThatItNames(string fail) => IrcTranscript.Play(Unlabelled + $"""
        send 1 #a one
        flush
        client: PRIVMSG #a :one
        client: PING 1
        server: PONG 1
        expect delivered 1
        send 2 #a one\ntwo
        flush
        client: BATCH +m1 draft/multiline #a
        client: @batch=m1 PRIVMSG #a :one
        client: @batch=m1 PRIVMSG #a :two
        client: BATCH -m1
        client: PING 2
        server: PONG 2
        expect delivered 2
        send 3 #b one\ntwo
        flush
        client: BATCH +m2 draft/multiline #b
        client: @batch=m2 PRIVMSG #b :one
        client: @batch=m2 PRIVMSG #b :two
        client: BATCH -m2
        client: PING 3
        server: {fail}
        expect returned 3 {fail.Split(' ')[2]} {fail.Split(':')[1]}
        expect opened #b
        server: PONG 3
        """);

    [Fact]
    public void Fail_OfAnotherBatch_IsNotOurs() => IrcTranscript.Play(TwoLinesUnlabelled + """
        server: FAIL BATCH TIMEOUT m7 :Too late
        server: PONG 1
        expect delivered 1
        """);

    [Fact]
    public void WithoutLabels_ThePongSettles() => IrcTranscript.Play(TwoLinesUnlabelled + """
        in flight 1
        server: PONG 1
        expect delivered 1
        """);

    [Fact]
    public void WithoutLabels_EchoesAreCounted() => IrcTranscript.Play(Offering("batch echo-message message-tags", "message-tags batch echo-message", "max-bytes=4096") + """
        send 1 #a one\ntwo
        flush
        client: BATCH +m1 draft/multiline #a
        client: @batch=m1 PRIVMSG #a :one
        client: @batch=m1 PRIVMSG #a :two
        client: BATCH -m1
        client: PING 1
        server: :bot!~bot@host.test BATCH +x draft/multiline #a
        server: @batch=x :bot!~bot@host.test PRIVMSG #a :one
        server: @batch=x :bot!~bot@host.test PRIVMSG #a :two
        server: BATCH -x
        in flight 1
        server: PONG 1
        expect delivered 1 by Echo
        """);

    [Fact]
    public void WithoutLabels_ARefusalNamesTheTarget() => IrcTranscript.Play(TwoLinesUnlabelled + """
        server: :irc.test 482 bot #a :odd
        expect failed 1 482 odd
        server: PONG 1
        """);

    [Theory]
    [InlineData("max-bytes=7,max-lines=2")]
    [InlineData("max-bytes=7")]
    [InlineData("new-limit,max-lines=2,max-bytes=7,other=1")]
    public void AtTheLimits_IsOneMessage(string limits) => IrcTranscript.Play(Offering("batch message-tags", "message-tags batch", limits) + """
        send 1 #a one\n\ntwo
        flush
        client: BATCH +m1 draft/multiline #a
        client: @batch=m1 PRIVMSG #a :one
        client: @batch=m1 PRIVMSG #a :two
        client: BATCH -m1
        client: PING 1
        server: PONG 1
        expect delivered 1
        """);

    [Theory]
    [InlineData("max-bytes=6,max-lines=2")]
    [InlineData("max-bytes=4096,max-lines=1")]
    [InlineData("max-lines=24")]
    [InlineData("max-bytes=-7")]
    [InlineData("max-bytes=lots,max-lines=24")]
    [InlineData("max-bytes=4096,max-lines=x")]
    public void BeyondTheLimits_AreLines(string limits) => IrcTranscript.Play(Offering("batch message-tags", "message-tags batch", limits) + OneByOne);

    [Theory]
    [InlineData("batch", "batch")]
    [InlineData("message-tags", "message-tags")]
    public void WithoutWhatItNeeds_AreLines(string offered, string asked) => IrcTranscript.Play(Offering(offered, asked, "max-bytes=4096") + OneByOne);

    [Fact]
    public void Notices_AreLines() => IrcTranscript.Play(Unlabelled + OneByOne.Replace("PRIVMSG", "NOTICE", StringComparison.Ordinal), IrcTranscript.Options with { Command = "NOTICE" });

    [Fact]
    public void MoreThanOurMaxLines_IsCutAsEver() => IrcTranscript.Play(
        Unlabelled + """
        send 1 #a one\ntwo\nthree
        flush
        client: BATCH +m1 draft/multiline #a
        client: @batch=m1 PRIVMSG #a :one
        client: @batch=m1 PRIVMSG #a :… 2 more lines
        client: BATCH -m1
        client: PING 1
        server: PONG 1
        expect delivered 1
        """,
        IrcTranscript.Options with { MaxLines = 2 });

    [Theory]
    [InlineData("draft/multiline")]
    [InlineData("batch")]
    [InlineData("message-tags draft/multiline")]
    public void Withdrawn_AreLines(string names) => IrcTranscript.Play(Unlabelled + $"server: :irc.test CAP bot DEL :{names}\n" + OneByOne);

    [Fact]
    public void OfferedAgain_WithOtherLimits() => IrcTranscript.Play(Unlabelled + """
        server: :irc.test CAP bot NEW :draft/multiline=max-bytes=6

        """ + OneByOne);

    [Fact]
    public void LongLine_IsJoinedAgain()
    {
        // What ":bot!~bot@host.test PRIVMSG #a :" and CR LF leave of 512 bytes, and a space less.
        const int Room = 477;
        var (first, inside) = (new string('a', Room), new string('b', 600));
        IrcTranscript.Play(Unlabelled + $"""
            send 1 #a {first} {new string('c', 300)}\n{inside}
            flush
            client: BATCH +m1 draft/multiline #a
            client: @batch=m1 PRIVMSG #a :{first}\x20
            client: @batch=m1;draft/multiline-concat PRIVMSG #a :{new string('c', 300)}
            client: @batch=m1 PRIVMSG #a :{inside[..Room]}
            client: @batch=m1;draft/multiline-concat PRIVMSG #a :{inside[Room..]}
            client: BATCH -m1
            client: PING 1
            server: PONG 1
            expect delivered 1
            """);
    }

    [Fact]
    public void LongLine_CutInsideAFormat_IsNotJoined() => IrcTranscript.Play(Unlabelled + $"""
        send 1 #a {'\x02'}{new string('a', 300)} {new string('c', 300)}
        flush
        client: BATCH +m1 draft/multiline #a
        client: @batch=m1 PRIVMSG #a :{'\x02'}{new string('a', 300)}
        client: @batch=m1 PRIVMSG #a :{'\x02'}{new string('c', 300)}
        client: BATCH -m1
        client: PING 1
        server: PONG 1
        expect delivered 1
        """);

    [Fact]
    public void Rate_CountsEachLine() => IrcTranscript.Play(
        Unlabelled + """
        send 1 #a 1\n2\n3\n4\n5\n6
        flush
        client: BATCH +m1 draft/multiline #a
        client: @batch=m1 PRIVMSG #a :1
        client: @batch=m1 PRIVMSG #a :2
        client: @batch=m1 PRIVMSG #a :3
        client: @batch=m1 PRIVMSG #a :4
        client: @batch=m1 PRIVMSG #a :5
        client: @batch=m1 PRIVMSG #a :6
        client: BATCH -m1
        client: PING 1
        server: PONG 1
        expect delivered 1
        send 2 #b next
        flush
        wakes at 4.001
        time 4.001
        client: PRIVMSG #b :next
        client: PING 2
        server: PONG 2
        expect delivered 2
        """,
        IrcTranscript.Options with { Burst = 5, LinesPerSecond = 1 });

    [Fact]
    public void Window_HasRoomForAll_OrItWaits_AndIsNeverParted() => IrcTranscript.Play(Unlabelled + """
        send 1 #a one
        send 2 #b 1\n2\n3\n4\n5\n6
        flush
        client: PRIVMSG #a :one
        client: PING 1
        server: :irc.test CAP bot DEL :unrelated
        server: PING x
        client: PONG x
        server: PONG 1
        client: BATCH +m1 draft/multiline #b
        client: @batch=m1 PRIVMSG #b :1
        client: @batch=m1 PRIVMSG #b :2
        client: @batch=m1 PRIVMSG #b :3
        client: @batch=m1 PRIVMSG #b :4
        client: @batch=m1 PRIVMSG #b :5
        client: @batch=m1 PRIVMSG #b :6
        client: BATCH -m1
        client: PING 2
        server: PONG 2
        expect delivered 1
        expect delivered 2
        """);

    [Fact]
    public void Withdrawn_WhileItWaits_AreLines() => IrcTranscript.Play(Unlabelled + """
        send 1 #a one
        send 2 #b 1\n2\n3\n4\n5\n6
        flush
        client: PRIVMSG #a :one
        client: PING 1
        server: :irc.test CAP bot DEL :draft/multiline
        client: PRIVMSG #b :1
        client: PRIVMSG #b :2
        client: PRIVMSG #b :3
        client: PRIVMSG #b :4
        client: PRIVMSG #b :5
        client: PING 2
        server: PONG 1
        client: PRIVMSG #b :6
        client: PING 3
        server: PONG 3
        expect delivered 1
        expect delivered 2
        """);

    private static string Offering(string offered, string asked, string limits) => IrcLabelTests.Labelled
        .Replace("LS :batch echo-message labeled-response message-tags", $"LS :{offered} draft/multiline={limits}", StringComparison.Ordinal)
        .Replace(":message-tags batch labeled-response echo-message", $":{asked} draft/multiline", StringComparison.Ordinal);
}
