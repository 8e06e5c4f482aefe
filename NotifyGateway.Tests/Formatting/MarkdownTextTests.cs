using NotifyGateway.Core;
using NotifyGateway.Core.Formatting;
using Xunit;

namespace NotifyGateway.Tests.Formatting;

public sealed class MarkdownTextTests
{
    [Theory]
    [InlineData("**strong** __strong__ *em* _em_ ~~gone~~ `code`", "{b}strong{b} {b}strong{b} {i}em{i} {i}em{i} {s}gone{s} {c}code{c}")]
    [InlineData("***both*** **a *b* c** *a **b** c*", "{i}{b}both{b}{i} {b}a {i}b{i} c{b} {i}a {b}b{b} c{i}")]
    [InlineData("**a **b** c**", "{b}a b c{b}")]
    [InlineData("**two\nlines**", "{b}two{b}\n{b}lines{b}")]
    [InlineData("这是**重点**内容", "这是{b}重点{b}内容")]
    [InlineData("``a ` b`` ` `` `", "{c}a ` b{c} {c}``{c}")]
    [InlineData("\\*not\\* \\`x\\` \\\\", "*not* `x` \\")]
    [InlineData("a &amp; b &lt;c&gt; &quot;d&quot; &hellip;", "a & b <c> \"d\" &hellip;")]
    [InlineData("a <!-- hidden --> b", "a  b")]
    public void Marks_BecomeCodes(string text, string rich) => Assert.Equal(Shown.Codes(rich), MarkdownText.ToRich(text));

    [Theory]
    [InlineData("snake_case_name, 2*3*4, 2**3**4, a~b~c")]
    [InlineData("* one\n* two\n  * three\n+ four\n1. five\n2) six\n- [ ] seven")]
    [InlineData("https://e.test/_a_/b_c_d?x=*y*")]
    [InlineData("**open *and `never closed")]
    [InlineData("* * and ** **")]
    [InlineData("[x] [a][b] ![c] [d](e f) [g](")]
    [InlineData("#123 #ops C:\\new\\dir")]
    [InlineData("a\n\nb\n")]
    [InlineData("> quoted\n> more")]
    [InlineData("<details><summary>x</summary> <a href=\"https://e.test\">y</a>")]
    [InlineData("<!-- never closed")]
    [InlineData("a-b = c-d")]
    public void WhatIsNoMark_Stays(string text) => Assert.Equal(text, MarkdownText.ToRich(text));

    [Theory]
    [InlineData("[label](https://e.test)", "label (https://e.test)")]
    [InlineData("[**bold** label](https://e.test/a_b_c \"title\")", "{b}bold{b} label (https://e.test/a_b_c)")]
    [InlineData("**[label](https://e.test)**", "{b}label (https://e.test){b}")]
    [InlineData("[a](<https://e.test/x y>) [b](https://e.test/(x)) [c](\\(x\\))", "a (https://e.test/x y) b (https://e.test/(x)) c ((x))")]
    [InlineData("[https://e.test](https://e.test) [](https://e.test) [x]()", "https://e.test https://e.test x")]
    [InlineData("<https://e.test/a_b_> <https://e.test|label> <!here>", "https://e.test/a_b_ label (https://e.test) @here")]
    [InlineData("![alt](https://e.test/i.png) ![](https://e.test/i.png)", "alt (https://e.test/i.png) https://e.test/i.png")]
    [InlineData("[![build](https://e.test/badge.svg)](https://e.test/ci)", "build (https://e.test/ci)")]
    [InlineData("[a [b](https://b.test) c](https://c.test)", "[a b (https://b.test) c](https://c.test)")]
    public void Links_AreShown(string text, string rich) => Assert.Equal(Shown.Codes(rich), MarkdownText.ToRich(text));

    [Theory]
    [InlineData("# One\ntext\n## Two ##", "{b}One{b}\ntext\n{b}Two{b}")]
    [InlineData("# *em* **strong**", "{b}{i}em{i} strong{b}")]
    [InlineData("Title\n=====\ntext\nmore\n---\nend", "{b}Title{b}\n{b}text{b}\n{b}more{b}\nend")]
    [InlineData("a\n\n---\n\nb\n***", "a\n\n\nb")]
    [InlineData("- *a*\n- b\n  c **d\n  e**", "- {i}a{i}\n- b\n  c {b}d{b}\n{b}  e{b}")]
    [InlineData("> **a**\n>\n> b", "> {b}a{b}\n>\n> b")]
    [InlineData("a | b\n--|--\n1 | 2", "a | b\n1 | 2")]
    [InlineData("x\n```cs\n*a*\n\n  b\n```\ny", "x\n{c}*a*{c}\n{c}{c}\n{c}  b{c}\ny")]
    [InlineData("~~~\na\n```\n~~~~\nb", "{c}a{c}\n{c}```{c}\nb")]
    [InlineData("```\nto the end", "{c}to the end{c}")]
    [InlineData("<!-- a\nb -->\nc\n<!-- d --> e", "c\n e")]
    [InlineData("a\r\n**b**\r\n", "a\n{b}b{b}\n")]
    public void Blocks_AreReadable(string text, string rich) => Assert.Equal(Shown.Codes(rich), MarkdownText.ToRich(text));

    [Fact]
    public void IrcAndXmpp_ShowMarkdown()
    {
        var message = IrcLinesTests.Notify("## Release\n- **fix**: [notes](https://e.test)\n```\na\nb\n```") with { Markup = Markup.Markdown };

        Assert.Equal(["Release", "- fix: notes (https://e.test)", "a", "b"], IrcText.Lines(message, colors: false));
        Assert.Equal("*Release*\n- *fix*: notes (https://e.test)\n```\na\nb\n```", XmppText.Body(message));
        Assert.True(IrcText.IsFormatted(message));
    }
}
