using System.Text;
using NotifyGateway.Core.Protocols.Irc;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Protocols.Irc;

/// <summary>MODE: the letters and their arguments, a key that was changed while we were in, and what we say of ourselves.</summary>
public sealed class IrcModeTests
{
    private const string Changed = IrcTranscript.Login + """
        server: :irc.test 005 bot CHANMODES=beI,k,l,imnpst PREFIX=(qaohv)~&@%+ :are supported by this server
        enter #a #a old
        client: JOIN #a old
        server: :bot!~bot@h JOIN #a
        expect opened #a

        """;

    [Theory]
    [InlineData("", "+ok-v nick key other", "+o nick +k key -v other")]
    [InlineData("", "+lk-l 5 key", "+l 5 +k key -l")]
    [InlineData("", "b-b mask mask2", "+b mask -b mask2")]
    [InlineData("", "+i-mk+n key", "+i -m -k key +n")]
    [InlineData("", "+kkk one", "+k one +k +k")]
    [InlineData("CHANMODES=b,k,Hl,im PREFIX=(qo)~@", "+qHk who 5:6 key", "+q who +H 5:6 +k key")]
    [InlineData("CHANMODES=b,k,Hl,im PREFIX=(qo)~@", "+vk key", "+v +k key")]
    [InlineData("CHANMODES=,,, PREFIX=", "+ok a b", "+o +k")]
    [InlineData("CHANMODES PREFIX=ov", "+ok a b", "+o +k")]
    [InlineData("", "+-+", "")]
    public void Reads_EachLetterWithItsArgument(string isupport, string changes, string expected)
    {
        var tokens = new Isupport();
        Assert.True(IrcMessage.TryParse(Encoding.UTF8.GetBytes($"005 bot {isupport} :are supported"), out var supported));
        tokens.Read(supported);
        Assert.True(IrcMessage.TryParse(Encoding.UTF8.GetBytes($":op MODE #a {changes}"), out var message));
        var read = IrcMode.OfChannel(message, 1, tokens).Select(m => $"{(m.Set ? '+' : '-')}{m.Letter} {m.Argument}".TrimEnd());
        Assert.Equal(expected, string.Join(' ', read));
    }

    [Fact]
    public void ChangedKey_IsTriedFirst_ThenTheConfiguredOne() => IrcTranscript.Play(Changed + """
        server: :alice!a@b MODE #A +ohk carol carol new
        server: :alice!a@b KICK #a bot
        expect closed #a kicked by alice
        enter #a #a old
        client: JOIN #a new
        server: :bot!~bot@h JOIN #a
        expect opened #a
        server: :alice!a@b KICK #a bot
        expect closed #a kicked by alice
        enter #a #a old
        client: JOIN #a new
        server: :irc.test 475 bot #a :Cannot join channel (+k)
        client: JOIN #a old
        server: :irc.test 475 bot #a :Cannot join channel (+k)
        expect refused #a Later 475 Cannot join channel (+k)
        enter #a #a old
        client: JOIN #a old
        """);

    [Fact]
    public void ChangedKey_IsTried_WhenARefusedMessageShowsThatWeAreOut() => IrcTranscript.Play(IrcTranscript.InChannels + """
        server: :alice!a@b MODE #a +k new
        send 1 #a one
        flush
        client: PRIVMSG #a :one
        client: PING 1
        server: :irc.test 404 bot #a :Cannot send to channel
        client: JOIN #a new
        client: PING 2
        expect returned 1 404 Cannot send to channel
        server: PONG 1
        server: :bot!~bot@h JOIN #a
        expect opened #a
        server: PONG 2
        """);

    [Fact]
    public void ChangedKey_OfAChannelThatHadNone_IsTriedOnce() => IrcTranscript.Play(IrcTranscript.InChannels + """
        server: :alice!a@b MODE #a +k new
        server: :alice!a@b KICK #a bot
        expect closed #a kicked by alice
        enter #a #a
        client: JOIN #a new
        server: :irc.test 475 bot #a :Cannot join channel (+k)
        expect refused #a Later 475 Cannot join channel (+k)
        enter #a #a
        client: JOIN #a
        """);

    [Theory]
    [InlineData("+k *")]
    [InlineData("+k :a b")]
    [InlineData("+k a,b")]
    [InlineData("+k old")]
    [InlineData("+k")]
    [InlineData("+k-k new *")]
    public void WhatIsNoOtherKey_IsNotTried(string change) => IrcTranscript.Play(Changed + $"""
        server: :alice!a@b MODE #a {change}
        server: :alice!a@b KICK #a bot
        expect closed #a kicked by alice
        enter #a #a old
        client: JOIN #a old
        server: :irc.test 475 bot #a :Cannot join channel (+k)
        expect refused #a Later 475 Cannot join channel (+k)
        """);

    [Theory]
    [InlineData("BOT=B DEAF=D", true, "client: MODE bot +B\nclient: MODE bot +D")]
    [InlineData("BOT=B DEAF=D", false, "client: MODE bot +B")]
    [InlineData("BOT=b", true, "client: MODE bot +b")]
    [InlineData("DEAF=d", true, "client: MODE bot +d")]
    [InlineData("BOT DEAF=", true, "")]
    [InlineData("BOT=BB DEAF=-", true, "")]
    [InlineData("NETWORK=x", true, "")]
    public void Says_ThatItIsAProgram_AndNeedsNotHear(string isupport, bool deaf, string sent) => IrcTranscript.Play($"""
        start
        client: CAP LS 302
        client: NICK bot
        client: USER bot 0 * bot
        server: :irc.test 001 bot :Welcome
        server: :irc.test 005 bot {isupport} :are supported by this server
        client: USERHOST bot
        client: PING 0
        server: :irc.test 376 bot :End of /MOTD command.
        client: OPER x y
        {sent}
        expect ready bot
        server: :irc.test PONG irc.test :0
        server: :irc.test 005 bot BOT=z :are supported by this server
        server: :irc.test 501 bot :Unknown MODE flag
        server: :irc.test 472 bot B :is unknown mode char to me
        server: :irc.test 376 bot :End of /MOTD command.
        enter #a #a
        client: JOIN #a
        """, IrcTranscript.Options with { Deaf = deaf, OnConnect = ["OPER x y"] });
}
