using System.Text;
using FsCheck;
using FsCheck.Fluent;
using NotifyGateway.Core.Formatting;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Formatting;

public sealed class XmppStylingTests
{
    [Theory]
    [InlineData("{b}bold{b} {i}it{i} {s}no{s} {c}x{c}", "*bold* _it_ ~no~ `x`")]
    [InlineData("{b}{i}both{i}{b}", "*_both_*")]
    [InlineData("a {b}b {i}c{i}{b}", "a *b _c_*")]
    [InlineData("{b} edges {b}.", " *edges* .")]
    [InlineData("{b}to the end", "*to the end*")]
    [InlineData("{b}a{o}b", "*a*b")]
    [InlineData("{k04}{b}red{b}{k} {u}line{u}", "*red* line")]
    [InlineData("{b}one\ntwo{b}", "*one*\ntwo")]
    [InlineData("> {b}quoted{b}", "> *quoted*")]
    public void Codes_BecomeDirectives(string rich, string styled) => Assert.Equal(styled, XmppStyling.Write(Shown.Codes(rich)));

    [Theory]
    [InlineData("in{b}side{b}", "inside")]
    [InlineData("({b}bold{b})", "(bold)")]
    [InlineData("{b}a*b{b}", "a*b")]
    [InlineData("{c}a`b{c}", "a`b")]
    [InlineData("{b} {b}", " ")]
    [InlineData("{b}{b}x", "x")]
    [InlineData("{b}a{i}b{b}c{i}", "*ab*c")]
    [InlineData("*a {b}b{b}", "*a b")]
    [InlineData("_a {b}b_ c{b}", "_a b_ c")]
    [InlineData("{b}a{b}{b}b{b}", "*a*b")]
    public void WhereADirectiveWouldMislead_TheTextStandsAlone(string rich, string styled) => Assert.Equal(styled, XmppStyling.Write(Shown.Codes(rich)));

    [Theory]
    [InlineData("~5 minutes {b}late{b}", "~5 minutes *late*")]
    [InlineData("snake_case {i}it{i} a_b", "snake_case _it_ a_b")]
    [InlineData("{c}*.log{c} {b}gone{b}", "`*.log` *gone*")]
    [InlineData("* item {b}x{b}", "* item x")]
    public void TextWithDirectives_HindersAsLittleAsItCan(string rich, string styled) => Assert.Equal(styled, XmppStyling.Write(Shown.Codes(rich)));

    [Theory]
    [InlineData("x\n{c}a{c}\n{c}{c}\n{c}b{c}\ny", "x\n```\na\n\nb\n```\ny")]
    [InlineData("{c}one{c}\nline", "`one`\nline")]
    [InlineData("{c}a{c}\n{c}```{c}", "`a`\n```")]
    [InlineData("```\n{b}a{b}\n```\n{b}b{b}", "```\na\n```\n*b*")]
    public void LinesOfCode_BecomeABlock(string rich, string styled) => Assert.Equal(styled, XmppStyling.Write(Shown.Codes(rich)));

    // A block that holds its own end is looked through once, not again from each of its lines.
    [Fact]
    public void ManyLinesOfCode_WithAnEndAmongThem_TakeNoLongerThanOthers()
    {
        var text = string.Concat(Enumerable.Repeat(Shown.Codes("{c}{c}\n"), 65_000)) + Shown.Codes("{c}```{c}");
        var watch = System.Diagnostics.Stopwatch.StartNew();

        Assert.EndsWith("\n```", XmppStyling.Write(text), StringComparison.Ordinal);

        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(5));
    }

    private static readonly string[] Parts =
        ["a", "bc", " ", "\n", "{b}", "{i}", "{s}", "{c}", "{b}", "{i}", "{o}", "{k04}", ".", "> ", "*", "_", "~", "`", "```", "\n{c}x{c}\n{c}y{c}\n"];

    /// <summary>With or without directives in the text itself.</summary>
    private static Arbitrary<string> Rich(bool own) => Arb.From(
        Gen.Elements([.. Parts.Where(p => own || p[0] is not ('*' or '_' or '~' or '`'))]).ListOf().Select(p => Shown.Codes(string.Concat(p))),
        t => t.Length == 0 ? [] : [t[..(t.Length / 2)], t[(t.Length / 2)..], t[1..], t[..^1]]);

    private const int Thorough = 2000;

    [Fact]
    public void OnlyDirectives_AreAdded() => Prop.ForAll(Rich(own: true), rich => IsWithin(RichText.WithoutCodes(rich), XmppStyling.Write(rich))).Holds(Thorough);

    [Fact]
    public void WhatAReaderSees_IsTheTextAndNothingElse() => Prop.ForAll(Rich(own: false), rich =>
    {
        var read = StylingReader.Read(XmppStyling.Write(rich));
        return string.Concat(read.Select(c => c.Character)) == RichText.WithoutCodes(rich) && read.Zip(StylingReader.Meant(rich)).All(c => c.First.Styles.All(s => c.Second.Contains(s)));
    }).Holds(Thorough);

    [Fact]
    public void TextWithoutCodes_IsNotTouched() => Prop.ForAll(Rich(own: true), rich =>
    {
        var plain = RichText.WithoutCodes(rich);
        return XmppStyling.Write(plain) == plain;
    }).Holds(Thorough);

    /// <summary>Whether a text is left when directives are taken out of another.</summary>
    private static bool IsWithin(string text, string styled)
    {
        var at = 0;
        foreach (var c in styled)
        {
            if (at < text.Length && text[at] == c)
            {
                at++;
            }
            else if (!"*_~`\n".Contains(c))
            {
                return false;
            }
        }

        return at == text.Length;
    }

    /// <summary>Reads XEP-0393 as its section 6 has it, apart from the code under test: spans are matched lazily, from the start of the line.</summary>
    private static class StylingReader
    {
        public sealed record Seen(char Character, string Styles);

        public static List<Seen> Read(string text)
        {
            var seen = new List<Seen>();
            var isCode = false;
            var isFirst = true;
            foreach (var line in text.Split('\n'))
            {
                if (line.StartsWith("```", StringComparison.Ordinal))
                {
                    isCode = !isCode;
                    continue;
                }

                if (!isFirst)
                {
                    seen.Add(new Seen('\n', ""));
                }

                isFirst = false;
                if (isCode)
                {
                    seen.AddRange(line.Select(c => new Seen(c, "`")));
                }
                else
                {
                    Spans(line, "", true, seen);
                }
            }

            return seen;
        }

        /// <summary>For each character that is shown, the directives of the formats that are on.</summary>
        public static List<string> Meant(string rich)
        {
            var meant = new List<string>();
            foreach (var line in rich.Split('\n'))
            {
                var on = "";
                for (var i = 0; i < line.Length; i++)
                {
                    var at = "\x02\x1D\x1E\x11".IndexOf(line[i]);
                    if (at >= 0)
                    {
                        on = on.Contains("*_~`"[at]) ? on.Replace("*_~`"[at].ToString(), "") : on + "*_~`"[at];
                    }
                    else if (IrcFormat.CodeLength(line.AsSpan(i)) is > 0 and var length)
                    {
                        on = line[i] == IrcFormat.Reset ? "" : on;
                        i += length - 1;
                    }
                    else
                    {
                        meant.Add(on);
                    }
                }

                meant.Add(""); // the newline
            }

            return meant;
        }

        private static void Spans(string text, string styles, bool isStart, List<Seen> seen)
        {
            for (var i = 0; i < text.Length; i++)
            {
                var c = text[i];
                var opens = "*_~`".Contains(c) && (i == 0 ? isStart : char.IsWhiteSpace(text[i - 1])) && i + 1 < text.Length && !char.IsWhiteSpace(text[i + 1]);
                var close = opens ? Closer(text, i) : -1;
                if (close < 0)
                {
                    seen.Add(new Seen(c, styles));
                    continue;
                }

                var inner = text[(i + 1)..close];
                if (c == '`')
                {
                    seen.AddRange(inner.Select(x => new Seen(x, styles + c)));
                }
                else
                {
                    Spans(inner, styles + c, true, seen);
                }

                i = close;
            }
        }

        private static int Closer(string text, int open)
        {
            for (var i = open + 2; i < text.Length; i++)
            {
                if (text[i] == text[open] && !char.IsWhiteSpace(text[i - 1]))
                {
                    return i;
                }
            }

            return -1;
        }
    }
}
