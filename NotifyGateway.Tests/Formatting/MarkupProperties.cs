using FsCheck;
using FsCheck.Fluent;
using NotifyGateway.Core.Formatting;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Formatting;

/// <summary>What holds for any text in either markup.</summary>
public sealed class MarkupProperties
{
    private static readonly string[] Parts =
    [
        "a", "B7", " ", "  ", "\n", "\r\n", "*", "**", "***", "_", "__", "~", "~~", "`", "``", "```", "~~~", "[", "]", "(", ")", "](", "![", "<", ">", "<!--", "-->", "<https://e.test|x>", "<!here>",
        "<@U1|a>", "&amp;", "&lt;", "&", "\\", "|", "#", "# ", "- ", "1. ", "> ", "---", "===", "https://e.test/a_b", "\"", "'", "|--|", "<!date^1^", "ü", "漢", "\u00A0", "\uD83D", "\x02", "\x03" + "4", "\t",
    ];

    private static Arbitrary<string> Marked => Arb.From(Gen.Elements(Parts).ListOf().Select(string.Concat), t => t.Length == 0 ? [] : [t[..(t.Length / 2)], t[(t.Length / 2)..], t[1..], t[..^1]]);

    private const int Thorough = 2000;

    [Fact]
    public void AnyText_IsRead_AndGrowsLittle() => Prop.ForAll(Marked, text =>
        SlackText.ToRich(text).Length <= (8 * text.Length) + 32 && MarkdownText.ToRich(text).Length <= (8 * text.Length) + 32).Holds(Thorough);

    [Fact]
    public void PlainText_IsTheSameAgain() => Prop.ForAll(Arb.From(Gen.Elements("a", "B", " ", "\n", ".", ",", ":", "7", "/", "ü", "漢", "-x", "'", "(", ")").ListOf().Select(string.Concat)), text =>
        SlackText.ToRich(text) == text && MarkdownText.ToRich(text) == text).Holds(Thorough);

    /// <summary>A format ends with its line, so that a line that is cut off or folded takes nothing along.</summary>
    [Fact]
    public void EachLine_EndsWhatItBegins() => Prop.ForAll(Marked, text =>
    {
        var own = text.Replace("\x02", "").Replace("\x03" + "4", "");
        return new[] { SlackText.ToRich(own), MarkdownText.ToRich(own) }.All(rich => rich.Split('\n').All(IsEven));
    }).Holds(Thorough);

    public static TheoryData<string> Hostile =>
    [
        "*", "**a ", "*a **b ", "*a_b~c ", "_a ", "a**b", "`", "`a ``b ", "```", "``` a", "[", "![", "[a](", "[a](b", "](", "[a](http://", "[a](b \"", "[a](b 'c\" ", "[[a](b)", "![a](b)", "[![a](b)](c)", "<", "<!--", "<a", "<http:", "&", "&amp", "\\", "> ", "- ",
        "1. ", "# ", "#", "://", "a://", "<!date^", "***a**b*", "*a* ", "[a](((((((((", "\n```\n", "\n~~~a", "<!-- a\n", "--|", "\n---",
    ];

    /// <summary>Work that grew with the square would not end, and memory would show it.</summary>
    [Theory]
    [MemberData(nameof(Hostile))]
    public void Work_GrowsWithTheText(string part)
    {
        var text = string.Concat(Enumerable.Repeat(part, 200_000 / part.Length));

        Assert.InRange(Allocated(() => SlackText.ToRich(text)), 0, 600L * text.Length);
        Assert.InRange(Allocated(() => MarkdownText.ToRich(text)), 0, 600L * text.Length);
        Assert.InRange(Allocated(() => XmppStyling.Write(SlackText.ToRich(text))), 0, 1200L * text.Length);
    }

    private static long Allocated(Func<string> convert)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        convert();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static bool IsEven(string line) => "\x02\x1D\x1E\x11".All(code => line.Count(c => c == code) % 2 == 0);
}
