using System.Text;
using NotifyGateway.Core.Protocols.Irc;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Protocols.Irc;

public sealed class IrcMessageTests
{
    /// <summary>Line, tags as <c>key=value</c> (unescaped), source, verb, parameters.</summary>
    public static TheoryData<string, string[], string, string, string[]> Lines
    {
        get
        {
            var data = new TheoryData<string, string[], string, string, string[]>
            {
                { "VERB", [], "", "VERB", [] },
                { "VERB a b c", [], "", "VERB", ["a", "b", "c"] },
                { "VERB a :", [], "", "VERB", ["a", ""] },
                { "VERB a ::)", [], "", "VERB", ["a", ":)"] },
                { "VERB a :b : c", [], "", "VERB", ["a", "b : c"] },
                { "VERB a b:c d", [], "", "VERB", ["a", "b:c", "d"] },
                { "VERB a b   ", [], "", "VERB", ["a", "b"] },
                { "VERB a :b   ", [], "", "VERB", ["a", "b   "] },
                { "   VERB    a     :b", [], "", "VERB", ["a", "b"] },
                { ":srv VERB a", [], "srv", "VERB", ["a"] },
                { ":n!u@h   VERB   a", [], "n!u@h", "VERB", ["a"] },
                { ": VERB a", [], "", "VERB", ["a"] },
                { ":srv  001 me :hi", [], "srv", "001", ["me", "hi"] },
                { "@a=1;b :s V x", ["a=1", "b="], "s", "V", ["x"] },
                { "@a=1;a=2 V", ["a=2"], "", "V", [] },
                { "@a=\\:\\s\\\\\\r\\n\\x\\ V", ["a=; \\\r\nx"], "", "V", [] },
                { "@+vendor.example/key=v;draft/x= V", ["+vendor.example/key=v", "draft/x="], "", "V", [] },
                { "@a=b=c V", ["a=b=c"], "", "V", [] },
                { "@ V x", [], "", "V", ["x"] },
                { "V a\tb", [], "", "V", ["a\tb"] },
                { "V a\0b", [], "", "V", ["a\0b"] },
                { "V ü :漢", [], "", "V", ["ü", "漢"] },
                { "V 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16", [], "", "V", ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13", "14", "15 16"] },
                { "V 1 2 3 4 5 6 7 8 9 10 11 12 13 14 :15 16", [], "", "V", ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13", "14", "15 16"] },
            };
            foreach (var test in PublicVectors.Read("msg-split.yaml"))
            {
                var atoms = test.Children["atoms"];
                string[] tags = [.. atoms.Map("tags").Select(t => $"{t.Key}={t.Value}")];
                data.Add(test.Text("input"), tags, atoms.Text("source"), atoms.Text("verb"), atoms.List("params"));
            }

            return data;
        }
    }

    /// <summary>Source, nick, user, host.</summary>
    public static TheoryData<string, string, string, string> Sources
    {
        get
        {
            var data = new TheoryData<string, string, string, string>
            {
                { "", "", "", "" },
                { "irc.test", "irc.test", "", "" },
                { "bot!~u@host.test", "bot", "~u", "host.test" },
                { "bot@host.test", "bot", "", "host.test" },
                { "bot!~u", "bot", "~u", "" },
                { "bot!u!v@gateway/web/x@y", "bot", "u!v", "gateway/web/x@y" },
                { "bot!~u@2001:db8::1", "bot", "~u", "2001:db8::1" },
                { "bot!@", "bot", "", "" },
            };
            foreach (var test in PublicVectors.Read("userhost-split.yaml"))
            {
                var atoms = test.Children["atoms"];
                data.Add(test.Text("source"), atoms.Text("nick"), atoms.Text("user"), atoms.Text("host"));
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Lines))]
    public void Splits_Line(string line, string[] tags, string source, string verb, string[] parameters)
    {
        Assert.True(IrcMessage.TryParse(Encoding.UTF8.GetBytes(line), out var message));

        Assert.Equal(source, IrcMessage.Decode(message.Source));
        Assert.Equal(verb, IrcMessage.Decode(message.Command));
        Assert.Equal(parameters.Length, message.Count);
        for (var i = 0; i < parameters.Length; i++)
        {
            Assert.Equal(parameters[i], message.Text(i));
        }

        Assert.Equal(parameters.LastOrDefault() ?? "", IrcMessage.Decode(message.Last));
        foreach (var tag in tags)
        {
            var equals = tag.IndexOf('=', StringComparison.Ordinal);
            Assert.Equal(tag[(equals + 1)..], IrcTags.Find(message.Tags, Encoding.UTF8.GetBytes(tag[..equals])));
        }

        Assert.Null(IrcTags.Find(message.Tags, "absent"u8));
        Assert.Equal(tags.Length == 0, message.Tags.IsEmpty);
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("@a=b")]
    [InlineData("@a=b :source")]
    [InlineData(":source")]
    [InlineData(":source   ")]
    [InlineData(":")]
    [InlineData("@")]
    public void Refuses_LineWithoutCommand(string line) => Assert.False(IrcMessage.TryParse(Encoding.UTF8.GetBytes(line), out _));

    [Fact]
    public void Refuses_LineTooLongForItsOffsets()
    {
        var line = new byte[ushort.MaxValue + 1];
        line.AsSpan().Fill((byte)'a');

        Assert.False(IrcMessage.TryParse(line, out _));
        Assert.True(IrcMessage.TryParse(line.AsSpan(1), out _));
    }

    [Theory]
    [InlineData("001 a", 1)]
    [InlineData("433", 433)]
    [InlineData("999", 999)]
    [InlineData("000", 0)]
    [InlineData("01", 0)]
    [InlineData("0001", 0)]
    [InlineData("4x3", 0)]
    [InlineData("-43", 0)]
    [InlineData("JOIN", 0)]
    public void Reads_Numeric(string line, int numeric)
    {
        Assert.True(IrcMessage.TryParse(Encoding.UTF8.GetBytes(line), out var message));
        Assert.Equal(numeric, message.Numeric);
    }

    [Fact]
    public void Knows_VerbInAnyCase()
    {
        Assert.True(IrcMessage.TryParse("pRiVmSg x"u8, out var message));

        Assert.True(message.Is("PRIVMSG"u8));
        Assert.False(message.Is("PRIVMS"u8));
        Assert.False(message.Is("NOTICE"u8));
    }

    [Fact]
    public void Missing_Parameters_AreEmpty()
    {
        Assert.True(IrcMessage.TryParse("V a"u8, out var message));

        Assert.Equal("", message.Text(1));
        Assert.Equal("", message.Text(-1));
        Assert.Equal("", message.Text(15));
    }

    [Theory]
    [InlineData("V a :b c ", "a :b c ")]
    [InlineData(":s  V   a", "a")]
    [InlineData("V", "")]
    [InlineData("V  ", "")]
    public void Keeps_TheRestAsItCame(string line, string rest)
    {
        Assert.True(IrcMessage.TryParse(Encoding.UTF8.GetBytes(line), out var message));
        Assert.Equal(rest, Encoding.UTF8.GetString(message.Rest));
    }

    [Fact]
    public void Reads_Latin1_WhereItIsNoUtf8()
    {
        Assert.True(IrcMessage.TryParse([(byte)'V', (byte)' ', 0xFC, (byte)' ', 0xC3, 0xBC], out var message));

        Assert.Equal("ü", message.Text(0));
        Assert.Equal("ü", message.Text(1));
    }

    [Theory]
    [MemberData(nameof(Sources))]
    public void Splits_Source(string source, string nick, string user, string host)
    {
        var parsed = IrcSource.Parse(Encoding.UTF8.GetBytes(source));

        Assert.Equal((nick, user, host), (parsed.Nick, parsed.User ?? "", parsed.Host ?? ""));
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("plain", "plain")]
    [InlineData("\\:\\s\\\\\\r\\n", "; \\\r\n")]
    [InlineData("\\b\\", "b")]
    [InlineData("\\\\s", "\\s")]
    [InlineData("\\\\\\", "\\")]
    public void Unescapes_TagValue(string value, string text) => Assert.Equal(text, IrcTags.Unescape(value));
}
