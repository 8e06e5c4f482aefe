using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Protocols.Irc;

public sealed class IrcJoinTests
{
    [Theory]
    [InlineData(":bot!~bot@host.test JOIN #Ops")]
    [InlineData(":bot!~bot@host.test JOIN :#ops")]
    [InlineData(":BOT!~bot@host.test JOIN #OPS")]
    [InlineData(":bot JOIN #ops")]
    [InlineData(":bot!~bot@host.test JOIN #ops account :Real Name")]
    [InlineData("@time=2026-01-01T00:00:00Z :bot!~bot@host.test JOIN #ops * :Real Name")]
    [InlineData(":bot!~bot@host.test JOIN #other,#ops")]
    [InlineData(":bot!~bot@host.test  JOIN   #ops\\x20")]
    public void Opens_OnOwnJoinOnly(string echo) => IrcTranscript.Play(IrcTranscript.Login + $"""
        enter #ops #ops
        client: JOIN #ops
        server: :alice!a@b JOIN #ops
        server: :bot2!a@b JOIN #ops
        server: :irc.test 353 bot = #ops :bot
        server: {echo}
        expect opened #ops
        server: {echo}
        """);

    [Fact]
    public void Sends_WithTheNameTheServerUses() => IrcTranscript.Play(IrcTranscript.Login + """
        enter #ops #oPs
        client: JOIN #oPs
        server: :bot!~bot@host.test JOIN #OPS
        expect opened #ops
        send 1 #ops hi
        flush
        client: PRIVMSG #OPS :hi
        client: PING 1
        server: :irc.test PONG irc.test :1
        expect delivered 1
        """);

    [Fact]
    public void Joins_WithKey_AsTheLastOneGiven() => IrcTranscript.Play(IrcTranscript.Login + """
        enter #a #a sesame
        client: JOIN #a sesame
        server: :irc.test 475 bot #a :Cannot join channel (+k)
        expect refused #a Later 475 Cannot join channel (+k)
        enter #a #a other
        client: JOIN #a other
        server: :bot!~bot@h JOIN #a
        expect opened #a
        """);

    [Fact]
    public void Nick_NeedsNoJoin() => IrcTranscript.Play(IrcTranscript.Login + """
        enter alice alice
        expect opened alice
        send 1 alice hi
        flush
        client: PRIVMSG alice :hi
        client: PING 1
        server: PONG 1
        expect delivered 1
        """);

    [Theory]
    [InlineData("403 bot #ops :No such channel", "Never")]
    [InlineData("405 bot #ops :You have joined too many channels", "LimitReached")]
    [InlineData("437 bot #ops :Nick/channel is temporarily unavailable", "Later")]
    [InlineData("471 bot #ops :Cannot join channel (+l)", "Later")]
    [InlineData("473 bot #ops :Cannot join channel (+i)", "Later")]
    [InlineData("474 bot #ops :Cannot join channel (+b)", "Later")]
    [InlineData("475 bot #ops :Cannot join channel (+k)", "Later")]
    [InlineData("476 bot #ops :Bad Channel Mask", "Never")]
    [InlineData("477 bot #ops :You need to identify to a registered nick", "Later")]
    [InlineData("479 bot #ops :Illegal channel name", "Never")]
    [InlineData("407 bot #ops :Duplicate recipients. Join aborted.", "Later")]
    [InlineData("439 bot #ops :Target change too fast. Please wait 17 seconds.", "Later")]
    [InlineData("448 bot #ops :Cannot join channel: reserved", "Later")]
    [InlineData("471 bot #ops :Cannot join channel (+R) -- Registered users only", "Later")]
    [InlineData("480 bot #ops :Cannot join channel (+j)", "Later")]
    [InlineData("485 bot #ops :Cannot join channel #ops (reserved)", "Later")]
    [InlineData("495 bot #ops :You must wait 5 seconds after being kicked to rejoin (+J)", "Later")]
    [InlineData("500 bot #ops :Too many join requests. Please wait a while and try again.", "Later")]
    [InlineData("519 bot #ops :Cannot join channel (+A) - you are not an IRC server administrator", "Later")]
    [InlineData("599 bot #ops :Some day another server says this", "Later")]
    [InlineData("489 bot #ops :Cannot join channel (SSL is required)", "Later")]
    [InlineData("520 bot #ops :Cannot join channel (IRCops only)", "Later")]
    [InlineData("609 bot #ops :This channel is temporarily unavailable (+j is set)", "Later")]
    [InlineData("926 bot #ops :Channel #ops is forbidden: no", "Later")]
    [InlineData("473 bot #OPS :Cannot join channel (+i)", "Later")]
    [InlineData("473 #ops :Cannot join channel (+i)", "Later")]
    public void IsRefused_WithTheServersReason(string numeric, string kind)
    {
        var reason = numeric[..4] + numeric[(numeric.IndexOf(" :", StringComparison.Ordinal) + 2)..];
        IrcTranscript.Play(IrcTranscript.Login + $"""
            enter #ops #ops
            client: JOIN #ops
            server: :irc.test {numeric}
            expect refused #ops {kind} {reason}
            server: :irc.test {numeric}
            """);
    }

    [Theory]
    [InlineData("404 bot #ops :Cannot send to channel")]
    [InlineData("442 bot #ops :You're not on that channel")]
    [InlineData("441 bot alice #ops :They aren't on that channel")]
    [InlineData("482 bot #ops :You're not channel operator")]
    [InlineData("472 bot #ops :is unknown mode char to me")]
    [InlineData("473 bot #other :Cannot join channel (+i)")]
    [InlineData("263 bot WHO :Please wait a while and try again.")]
    [InlineData("466 bot #ops :You will be banned from this server")]
    [InlineData("421 bot #ops :Unknown command")]
    [InlineData("332 bot #ops :The topic")]
    [InlineData("473")]
    [InlineData("473 bot")]
    public void Ignores_WhatDoesNotAnswerTheJoin(string numeric) => IrcTranscript.Play(IrcTranscript.Login + $"""
        enter #ops #ops
        client: JOIN #ops
        server: :irc.test {numeric}
        server: :bot JOIN #ops
        expect opened #ops
        """);

    [Fact]
    public void TryAgain_IsAboutTheOldestJoin() => IrcTranscript.Play(IrcTranscript.InChannels + """
        send 1 #a one
        flush
        client: PRIVMSG #a :one
        client: PING 1
        enter #ops #ops
        client: JOIN #ops
        enter #dev #dev
        client: JOIN #dev
        server: PONG 1
        server: :irc.test 263 bot JOIN :Please wait a while and try again.
        expect delivered 1
        expect refused #ops Later 263 Please wait a while and try again.
        server: :bot!~bot@h JOIN #dev
        expect opened #dev
        """);

    [Fact]
    public void UnavailableAfterANetsplit_IsJoinedLater() => IrcTranscript.Play(IrcTranscript.InChannels + """
        server: :alice!a@b QUIT :irc.test hub.test
        server: :irc.test KICK #a bot :netsplit
        expect closed #a kicked by irc.test: netsplit
        enter #a #a
        client: JOIN #a
        server: :irc.test 437 bot #a :Nick/channel is temporarily unavailable
        expect refused #a Later 437 Nick/channel is temporarily unavailable
        enter #a #a
        client: JOIN #a
        server: :bot!~bot@host.test JOIN #a
        expect opened #a
        """);

    [Fact]
    public void GivesUp_WhenJoinIsNotAnswered_AndBelievesALateAnswer() => IrcTranscript.Play(IrcTranscript.Login + """
        enter #a #a
        client: JOIN #a
        time 29.999
        time 0.001
        expect refused #a Later no answer to JOIN within 30 s
        server: :bot!~bot@host.test JOIN #a
        enter #a #a
        expect opened #a
        """);

    [Fact]
    public void Joins_FiveAtATime() => IrcTranscript.Play(IrcTranscript.Login + """
        enter #1 #1
        client: JOIN #1
        enter #2 #2
        client: JOIN #2
        enter #3 #3
        client: JOIN #3
        enter #4 #4
        client: JOIN #4
        enter #5 #5
        client: JOIN #5
        enter #6 #6
        enter #7 #7
        enter #8 #8
        enter #9 #9
        server: :bot!~bot@h JOIN #2
        client: JOIN #6
        expect opened #2
        server: :irc.test 473 bot #1 :Cannot join channel (+i)
        client: JOIN #7
        expect refused #1 Later 473 Cannot join channel (+i)
        time 29
        leave #7
        client: PART #7
        client: JOIN #8
        time 0.5
        server: :irc.test 473 bot #8 :Cannot join channel (+i)
        client: JOIN #9
        expect refused #8 Later 473 Cannot join channel (+i)
        time 0.5
        expect refused #3 Later no answer to JOIN within 30 s
        expect refused #4 Later no answer to JOIN within 30 s
        expect refused #5 Later no answer to JOIN within 30 s
        expect refused #6 Later no answer to JOIN within 30 s
        """);

    [Fact]
    public void JoinsNot_WhatWasLeftBeforeItsTurn() => IrcTranscript.Play(IrcTranscript.Login + string.Concat(Enumerable.Range(1, 5).Select(n => $"enter #{n} #{n}\nclient: JOIN #{n}\n")) + """
        enter #6 #6
        enter #7 #7
        leave #6
        server: :bot!~bot@h JOIN #1
        client: JOIN #7
        expect opened #1
        server: :bot!~bot@h JOIN #2
        expect opened #2
        """);

    [Theory]
    [InlineData(":alice!a@b KICK #a bot :go away", "kicked by alice: go away")]
    [InlineData(":alice!a@b KICK #A BOT", "kicked by alice")]
    [InlineData(":alice!a@b KICK #a bot :", "kicked by alice")]
    [InlineData(":irc.test KICK #a bot :\\x02bold\\x00", "kicked by irc.test: bold")]
    [InlineData(":bot!~bot@host.test PART #a", "the server made us leave")]
    [InlineData(":bot!~bot@host.test PART :#a", "the server made us leave")]
    [InlineData(":bot!~bot@host.test PART #x,#A :requested by alice", "the server made us leave: requested by alice")]
    [InlineData(":alice!a@b KICK #a carol,Bot :out", "kicked by alice: out")]
    [InlineData(":alice!a@b KICK #x,#a carol,bot :out", "kicked by alice: out")]
    [InlineData(":alice!a@b KICK #x,#a bot :out", "kicked by alice: out")]
    public void Closes_WhenWeAreMadeToLeave(string line, string reason) => IrcTranscript.Play(IrcTranscript.InChannels + $"""
        server: {line}
        expect closed #a {reason}
        server: {line}
        enter #a #a
        client: JOIN #a
        """);

    [Theory]
    [InlineData(":alice!a@b KICK #a carol :bot")]
    [InlineData(":bot!~bot@host.test KICK #a carol :out")]
    [InlineData(":alice!a@b KICK #a,#b carol,dave :out")]
    [InlineData(":alice!a@b KICK #x,#a bot,carol :out")]
    [InlineData(":alice!a@b PART #a")]
    [InlineData(":alice!a@b QUIT :bye")]
    [InlineData(":alice!a@b QUIT :irc.test hub.test")]
    [InlineData(":alice!a@b KICK #c bot :never were there")]
    [InlineData("KICK")]
    [InlineData("PART")]
    [InlineData("JOIN")]
    [InlineData(":bot JOIN :")]
    public void Stays_WhenOthersLeave(string line) => IrcTranscript.Play(IrcTranscript.InChannels + $"""
        server: {line}
        enter #a #a
        expect opened #a
        """);

    [Fact]
    public void Stays_WhereItWasForcedInto_AndSaysNothing() => IrcTranscript.Play(IrcTranscript.Login + """
        server: :bot!~bot@host.test JOIN #c
        enter #c #c
        expect opened #c
        server: :oper!o@h KICK #c bot
        expect closed #c kicked by oper
        enter #c #c
        client: JOIN #c
        """);

    [Fact]
    public void Knows_ChannelsOfABouncer_WhichAnswersNoJoinOfThem() => IrcTranscript.Play("""
        start
        client: CAP LS 302
        client: NICK bot
        client: USER bot 0 * bot
        server: :bnc.test 001 bot :Welcome
        server: :bnc.test 376 bot :End
        server: :bot!~bot@host.test JOIN #a
        client: USERHOST bot
        client: PING 0
        expect ready bot
        enter #a #a
        expect opened #a
        """);

    [Fact]
    public void OldPart_DoesNotCloseTheNextJoin() => IrcTranscript.Play(IrcTranscript.InChannels + """
        leave #a
        client: PART #a
        enter #a #a
        client: JOIN #a
        server: :bot!~bot@host.test PART #a
        server: :bot!~bot@host.test JOIN #a
        expect opened #a
        """);

    [Fact]
    public void Follows_OwnName_AndNobodyElses() => IrcTranscript.Play(IrcTranscript.InChannels + """
        server: :alice!a@b NICK bot2
        server: :bot!~bot@host.test NICK :guest7
        expect renamed guest7
        server: :guest7!~bot@host.test NICK :a b
        server: :guest7!~bot@host.test NICK
        server: :alice!a@b KICK #a bot :somebody else by now
        server: :alice!a@b KICK #a guest7 :x
        expect closed #a kicked by alice: x
        """);

    [Fact]
    public void TwoLanes_ThatTheServerHasAsOneChannel_ShareIt() => IrcTranscript.Play(IrcTranscript.Login + """
        enter #a[ #a[
        client: JOIN #a[
        enter #a{ #a{
        server: :bot!~bot@h JOIN #a[
        expect opened #a[
        expect opened #a{
        leave #a[
        send 1 #a{ hi
        flush
        client: PRIVMSG #a[ :hi
        client: PING 1
        server: PONG 1
        expect delivered 1
        leave #a{
        client: PART #a[
        """);

    [Fact]
    public void Folds_AsTheServerSays_AtAnyTime() => IrcTranscript.Play(IrcTranscript.Login + """
        server: :irc.test 005 bot CASEMAPPING=ascii :are supported by this server
        enter #a[ #a[
        client: JOIN #a[
        server: :bot!~bot@h JOIN #A[
        expect opened #a[
        server: :irc.test 005 bot CASEMAPPING=rfc1459 :are supported by this server
        server: :alice!a@b KICK #A{ bot
        expect closed #a[ kicked by alice
        enter #a[ #a[
        client: JOIN #a[
        """);

    [Fact]
    public void NameWithATypeOfOtherNetworks_IsNeverSentToUnjoined() => IrcTranscript.Play(IrcTranscript.Login + """
        server: :irc.test 005 bot CHANTYPES=# STATUSMSG=@+ :are supported by this server
        enter +#ops +#ops
        client: JOIN +#ops
        server: :irc.test 403 bot +#ops :No such channel
        expect refused +#ops Never 403 No such channel
        """);

    [Fact]
    public void SafeChannel_IsKnownByItsShortName() => IrcTranscript.Play(IrcTranscript.Login + """
        enter !ops !ops
        client: JOIN !ops
        server: :bot!~bot@h JOIN !1A2B3ops
        expect opened !ops
        send 1 !ops hi
        flush
        client: PRIVMSG !1A2B3ops :hi
        client: PING 1
        """);

    [Theory]
    [InlineData("", "#a", 18)]
    [InlineData("CHANLIMIT=#&:50,+:3", "&a", 50)]
    [InlineData("CHANLIMIT=#&:50,+:3", "+a", 3)]
    [InlineData("CHANLIMIT=#&:50 MAXCHANNELS=9", "+a", 9)]
    [InlineData("CHANLIMIT=#:", "#a", int.MaxValue - 1)]
    [InlineData("MAXCHANNELS=9", "#a", 9)]
    [InlineData("MAXCHANNELS=9 -MAXCHANNELS", "#a", 18)]
    [InlineData("MAXCHANNELS=x", "#a", 18)]
    [InlineData("", "alice", int.MaxValue)]
    public void Tells_HowManyChannelsFit(string tokens, string address, int limit) => IrcTranscript.Play(IrcTranscript.Login + $"""
        server: :irc.test 005 bot {tokens} :are supported by this server
        limit {address} {limit}
        """);

    [Fact]
    public void Configuration_OverridesTheLimit() => IrcTranscript.Play(IrcTranscript.Login + """
        server: :irc.test 005 bot CHANLIMIT=#:50 :are supported by this server
        limit #a 3
        """, IrcTranscript.Options with { ChannelLimit = 3 });
}
