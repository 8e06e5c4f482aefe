using NotifyGateway.Core;
using NotifyGateway.Core.Formatting;
using Xunit;

namespace NotifyGateway.Tests.Formatting;

public sealed class SlackTextTests
{
    [Theory]
    [InlineData("*bold* _italic_ ~strike~ `code`", "{b}bold{b} {i}italic{i} {s}strike{s} {c}code{c}")]
    [InlineData("(*bold*), _it_: ~x~.", "({b}bold{b}), {i}it{i}: {s}x{s}.")]
    [InlineData("*_both_* _*both*_", "{b}{i}both{i}{b} {i}{b}both{b}{i}")]
    [InlineData("*<https://e.test|label>*", "{b}label (https://e.test){b}")]
    [InlineData("*two words*", "{b}two words{b}")]
    [InlineData("_foo_bar_", "{i}foo_bar{i}")]
    [InlineData("a *b* c\n*d*", "a {b}b{b} c\n{b}d{b}")]
    [InlineData("ünï *fétt* *漢字*", "ünï {b}fétt{b} {b}漢字{b}")]
    public void Marks_BecomeCodes(string text, string rich) => Assert.Equal(Shown.Codes(rich), SlackText.ToRich(text));

    [Theory]
    [InlineData("snake_case_name and __init__.py")]
    [InlineData("2*3*4 = 24, 2 * 3 * 4")]
    [InlineData("* one\n* two\n- three")]
    [InlineData("https://e.test/_a_/b_c_d?x=*y* ~/.profile")]
    [InlineData("*open\nnever closed*")]
    [InlineData("* not bold *")]
    [InlineData("**** ___ ~~~ ``")]
    [InlineData("don`t and can`t")]
    [InlineData("```unclosed")]
    [InlineData(":tada: :white_check_mark: 10:30:00")]
    [InlineData("#123 and #ops")]
    [InlineData("List<int> and a < b > c")]
    [InlineData("[not](a link) [x] [a](ftp)")]
    [InlineData("plain\r\ntext")]
    public void WhatIsNoMark_Stays(string text) => Assert.Equal(text, SlackText.ToRich(text));

    [Theory]
    [InlineData("`a *b* <https://e.test|c> &lt;`", "{c}a *b* c (https://e.test) <{c}")]
    [InlineData("x ```one *line*``` y", "x {c}one *line*{c} y")]
    [InlineData("x\n```\na\n\nb\n```\ny", "x\n{c}a{c}\n{c}{c}\n{c}b{c}\ny")]
    [InlineData("x: ```a\nb``` y", "x: \n{c}a{c}\n{c}b{c}\n y")]
    [InlineData("``` ``` and ``````", "``` ``` and ``````")]
    public void Code_IsShownAsItIs(string text, string rich) => Assert.Equal(Shown.Codes(rich), SlackText.ToRich(text));

    [Theory]
    [InlineData("<!date^1392734382^Posted {date_num}|Posted 2014-02-18>", "Posted 2014-02-18")]
    [InlineData("<!date^1392734382^{date}>", "2014-02-18 14:39 UTC")]
    [InlineData("<!date^99999999999999999999^{date}>", "99999999999999999999")]
    [InlineData("<!subteam^S1|@ops> <!everyone>", "@ops @everyone")]
    [InlineData("<mailto:bob@e.test|Bob>", "Bob (mailto:bob@e.test)")]
    [InlineData("<https://e.test/a_b_|x_y_z>", "x_y_z (https://e.test/a_b_)")]
    [InlineData("&lt;*b*&gt; &amp;amp;", "<{b}b{b}> &amp;")]
    public void References_AreResolved(string text, string rich) => Assert.Equal(Shown.Codes(rich), SlackText.ToRich(text));

    [Theory]
    [InlineData("**bold** ~~gone~~", "{b}bold{b} {s}gone{s}")]
    [InlineData("[label](https://e.test/a_b_) [https://e.test](https://e.test)", "label (https://e.test/a_b_) https://e.test")]
    [InlineData("### Heading *x*", "{b}Heading x{b}")]
    public void MarkdownOfTheFamily_IsRead(string text, string rich) => Assert.Equal(Shown.Codes(rich), SlackText.ToRich(text));

    [Fact]
    public void WithoutColours_TheTextRemains() => Assert.Equal(
        ["bold and code (https://e.test)"],
        IrcText.Lines(IrcLinesTests.Notify("*bold* and <https://e.test|code>") with { Markup = Markup.Slack }, colors: false));
}
