using System.Text;
using NotifyGateway.Core.Protocols.Irc;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Protocols.Irc;

/// <summary>How much text fits a line depends on what the server puts before it when it relays.</summary>
public sealed class IrcPrefixTests
{
    private const int Line = 512;

    /// <summary>The bytes of <c>PRIVMSG #a :</c> and the line's end.</summary>
    private const int Around = 12 + 2;

    [Theory]
    // Nothing is known: the longest ident and the longest host.
    [InlineData(":bot JOIN #a", "bot!0123456789a@" + Host63 + " ")]
    [InlineData(":bot!~bot@h JOIN #a", "bot!~bot@h ")]
    [InlineData(":bot!~bot@2001:db8::1 JOIN #a|:bot!~bot@2001:db8::1 JOIN #b", "bot!~bot@2001:db8::1 ")]
    [InlineData(":bot!~bot@h JOIN #a|:irc.test 396 bot cloak.example :is now your hidden host", "bot!~bot@cloak.example ")]
    [InlineData(":bot!~bot@h JOIN #a|:irc.test 396 bot user@cloak.example :is now your hidden host", "bot!user@cloak.example ")]
    [InlineData(":bot!~bot@h JOIN #a|:irc.test 396 bot", "bot!~bot@h ")]
    [InlineData(":bot!~bot@h JOIN #a|:bot!~x@longer.host NICK somebody", "somebody!~x@longer.host ")]
    [InlineData(":bot!~bot@h JOIN #a|:bot!~bot@h NICK b", "b!~bot@h ")]
    [InlineData(":bot JOIN #a|:irc.test 302 bot :bot=+~u@10.0.0.1", "bot!~u@" + Host63 + " ")]
    [InlineData(":bot JOIN #a|:irc.test 302 bot :bot*=-u@10.0.0.1 ", "bot!u@" + Host63 + " ")]
    [InlineData(":bot JOIN #a|:irc.test 302 bot :BOT=-u@10.0.0.1", "bot!u@" + Host63 + " ")]
    // The host of 302 is the real one, not the one that is relayed.
    [InlineData(":bot!~bot@relayed.example JOIN #a|:irc.test 302 bot :bot=+~bot@1.2.3.4", "bot!~bot@relayed.example ")]
    [InlineData(":bot!~bot@h JOIN #a|:irc.test 302 bot :alice=+longer@host", "bot!~bot@h ")]
    [InlineData(":bot!~bot@h JOIN #a|:irc.test 302 bot :bot=+@host", "bot!~bot@h ")]
    [InlineData(":bot!~bot@h JOIN #a|:irc.test 302 bot :bot=", "bot!~bot@h ")]
    [InlineData(":bot!~bot@h JOIN #a|:irc.test 302 bot :", "bot!~bot@h ")]
    [InlineData(":bot!~bot@h JOIN #a|:alice!~aaaaaaaa@hhhhhhhhhhhhhh JOIN #a", "bot!~bot@h ")]
    public void Splits_ByThePrefixThatIsRelayed(string lines, string prefix)
    {
        var room = Line - Around - (":" + prefix.TrimEnd() + " ").Length;
        var text = new string('x', room);
        var heard = string.Concat(lines.Split('|').Select(l => $"server: {l}\n"));
        IrcTranscript.Play(IrcTranscript.Login + "enter #a #a\nclient: JOIN #a\n" + heard + "expect opened #a\n"
            + (prefix.StartsWith("bot!", StringComparison.Ordinal) ? "" : $"expect renamed {prefix.Split('!')[0]}\n") + $"""
            send 1 #a {text}
            client: PRIVMSG #a :{text}
            flush
            client: PING 1
            server: PONG 1
            expect delivered 1
            send 2 #a {text}y
            client: PRIVMSG #a :{text}
            client: PRIVMSG #a :y
            """);
    }

    [Fact]
    public void Assumes_LongIdent_OfLongUser()
    {
        var user = new string('u', 18);
        var text = new string('x', Line - Around - $":bot!~{user}@{Host63} ".Length);
        IrcTranscript.Play(IrcTranscript.Login.Replace("USER bot", $"USER {user}", StringComparison.Ordinal) + $"""
            enter #a #a
            client: JOIN #a
            server: :bot JOIN #a
            expect opened #a
            send 1 #a {text}y
            client: PRIVMSG #a :{text}
            client: PRIVMSG #a :y
            """, IrcTranscript.Options with { User = user });
    }

    [Fact]
    public void Uses_LongerLines_WhereTheServerHasThem()
    {
        var text = new string('x', 1024 - Around - ":bot!~bot@h ".Length);
        IrcTranscript.Play(IrcTranscript.Login + $"""
            server: :irc.test 005 bot LINELEN=1024 :are supported by this server
            enter #a #a
            client: JOIN #a
            server: :bot!~bot@h JOIN #a
            expect opened #a
            send 1 #a {text}y
            client: PRIVMSG #a :{text}
            client: PING 1
            server: PONG 1
            client: PRIVMSG #a :y
            """);
    }

    [Fact]
    public void Counts_BytesNotCharacters()
    {
        var room = Line - Around - ":bot!~bot@h ".Length;
        var text = new string('漢', room / 3);
        Assert.True(Encoding.UTF8.GetByteCount(text) > room - 3);
        IrcTranscript.Play(IrcTranscript.Login + $"""
            enter #a #a
            client: JOIN #a
            server: :bot!~bot@h JOIN #a
            expect opened #a
            send 1 #a {text}漢
            client: PRIVMSG #a :{text}
            client: PRIVMSG #a :漢
            """);
    }

    [Fact]
    public void Notices_HaveMoreRoom()
    {
        var text = new string('x', Line - "NOTICE #a :\r\n".Length - ":bot!~bot@h ".Length);
        IrcTranscript.Play(IrcTranscript.Login + $"""
            enter #a #a
            client: JOIN #a
            server: :bot!~bot@h JOIN #a
            expect opened #a
            send 1 #a {text}
            client: NOTICE #a :{text}
            """, IrcTranscript.Options with { Command = "NOTICE" });
    }

    private const string Host63 = "hhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhh";
}
