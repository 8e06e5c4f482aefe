using FsCheck;
using FsCheck.Fluent;

namespace NotifyGateway.Tests.Formatting;

/// <summary>Texts that break careless splitters: every plane of Unicode, clusters, controls, format codes and lone surrogates.</summary>
internal static class Texts
{
    private static readonly string[] Parts =
    [
        "a", "Z", "7", " ", "  ", ",", "word", "https://example.org/a/long/path?with=query", "ü", "ß", "漢", "字", "ا", "ש", "\u200F", "\u202E", "\u3000", "\u00A0",
        "\U0001F600", "\U0001F469\u200D\U0001F469\u200D\U0001F467\u200D\U0001F466", "\U0001F1E9\U0001F1EA", "\U0001F44D\U0001F3FD", "e\u0301", "\u0301", "\u0E01\u0E33", "\u1100\u1161\u11A8", "क्षि",
        " \u0301", "\u200D", "\uFEFF", "\uFFFD", "\uFFFF",
        "\x02", "\x1F", "\x0F", "\x03" + "4", "\x03" + "12,04", "\x04" + "FF00AA", "\x03",
    ];

    private static readonly string[] Wild = ["\r", "\n", "\r\n", "\0", "\x01", "\x07", "\x1B", "\x7F", "\u0085", "\u009B", "\t", "\u2028", "\u2029", "\uD800", "\uDC00", "\uDBFF\uDBFF", ":", "PING x"];

    /// <summary>One line: nothing that the formatter removes or turns into something else.</summary>
    public static Arbitrary<string> Lines => Arb.From(Join(Gen.Elements(Parts), Scalars), Shrink);

    /// <summary>Anything that a sender may send.</summary>
    public static Arbitrary<string> Any => Arb.From(Join(Gen.Elements(Parts), Gen.Elements(Wild), Scalars, Units), Shrink);

    private static Gen<string> Scalars => Gen.Choose(0xA0, 0x10FFFF).Where(c => c is < 0xD800 or > 0xDFFF and not (0x2028 or 0x2029)).Select(char.ConvertFromUtf32);

    private static Gen<string> Units => Gen.Choose(0, 0xFFFF).Select(c => ((char)c).ToString());

    private static Gen<string> Join(params Gen<string>[] parts) => Gen.OneOf(parts).ListOf().Select(string.Concat);

    private static IEnumerable<string> Shrink(string text) => text.Length == 0 ? [] : [text[..(text.Length / 2)], text[(text.Length / 2)..], text[1..], text[..^1]];
}
