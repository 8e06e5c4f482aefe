using NotifyGateway.Core;
using NotifyGateway.Core.Formatting;
using Xunit;

namespace NotifyGateway.Tests.Formatting;

public sealed class IrcTextTests
{
    [Theory]
    [InlineData("one", "one")]
    [InlineData("one\ntwo\r\nthree\rfour", "one|two|three|four")]
    [InlineData("\n\none\n \n\t\n\ntwo\n", "one|two")]
    [InlineData("a\u0085b\u2028c\u2029d", "a|b|c|d")]
    [InlineData("a\tb", "a b")]
    [InlineData("a\0b\x01" + "c\ad\x1B[31me\x7F" + "f\u009Bg", "abcd[31mefg")]
    [InlineData("\x01" + "ACTION waves\x01", "ACTION waves")]
    [InlineData("\uD83D\uDE00 ok", "\uD83D\uDE00 ok")]
    [InlineData("\u202Ebidi", "\u202Ebidi")]
    [InlineData("  indented", "  indented")]
    [InlineData("\x02\x02", "")]
    [InlineData("\x02 \x02", "")]
    [InlineData("", "")]
    public void Makes_Lines(string text, string lines) => Assert.Equal(lines, string.Join('|', IrcText.Lines(Notify(text), colors: true)));

    [Fact]
    public void Replaces_LoneSurrogates() =>
        Assert.Equal(["\uFFFD a \uFFFD\uFFFD b \U0001F600 \uFFFD"], IrcText.Lines(Notify("\uDE00 a \uD83D\uD83D b \U0001F600 \uD83D"), colors: true));

    [Theory]
    [InlineData("\x02" + "bold\x02 \x1D\x1E\x1F\x11\x16plain\x0F", "bold plain")]
    [InlineData("\x03" + "4red\x03 none", "red none")]
    [InlineData("\x03" + "04,12both", "both")]
    [InlineData("\x03" + "123", "3")]
    [InlineData("\x03" + "4,x", ",x")]
    [InlineData("\x03,5", ",5")]
    [InlineData("\x04" + "FF0000red\x04", "red")]
    [InlineData("\x04" + "FF0000,00ff00both", "both")]
    [InlineData("\x04" + "FF00", "FF00")]
    public void Strips_FormatCodes_WithoutColors(string text, string line)
    {
        Assert.Equal([line], IrcText.Lines(Notify(text), colors: false));
        Assert.Equal([text], IrcText.Lines(Notify(text), colors: true));
    }

    [Fact]
    public void Puts_TitleFirst() =>
        Assert.Equal(["Build", "failed", "line 2", "line 3"], IrcText.Lines(Notify("line 2\nline 3") with { Title = "Build\nfailed" }, colors: true));

    [Theory]
    [InlineData("a &amp;lt; b &lt;c&gt;", "a &lt; b <c>")]
    [InlineData("<https://e.org/?a=1&amp;b=2|the run> done", "the run (https://e.org/?a=1&b=2) done")]
    [InlineData("<https://e.org/>", "https://e.org/")]
    [InlineData("<https://e.org/|https://e.org/>", "https://e.org/")]
    [InlineData("<!here> <!channel> <!subteam^S1|@ops>", "@here @channel @ops")]
    [InlineData("<@U1|alice> <@U2> <#C1|general>", "@alice @U2 #general")]
    [InlineData("if a < b & c", "if a < b & c")]
    [InlineData("a << b <<https://e.org|x>>", "a << b <x (https://e.org)>")]
    [InlineData("<>", "<>")]
    [InlineData("&", "&")]
    public void Reads_SlackMarkup(string text, string line)
    {
        Assert.Equal([line], IrcText.Lines(Notify(text) with { Markup = Markup.Slack }, colors: true));
        Assert.Equal([text], IrcText.Lines(Notify(text), colors: true));
    }

    [Theory]
    [InlineData("plain ASCII ~", true)]
    [InlineData("ünïcödé 漢 \U0001F600", true)]
    [InlineData("tab\t", false)]
    [InlineData("bold\x02", false)]
    [InlineData("del\x7F", false)]
    [InlineData("c1 \u0080", false)]
    [InlineData("c1 \u009F", false)]
    [InlineData("nbsp \u00A0", true)]
    [InlineData("ls \u2028", false)]
    [InlineData("ü ps \u2029", false)]
    public void Knows_PlainLines(string text, bool plain) => Assert.Equal(plain, IrcText.IsPlainLine(text));

    private static Notification Notify(string text) => IrcLinesTests.Notify(text);
}
