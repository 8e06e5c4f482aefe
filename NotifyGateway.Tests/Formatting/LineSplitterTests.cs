using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using NotifyGateway.Core.Formatting;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Formatting;

public sealed class LineSplitterTests
{
    private const string Family = "\U0001F469\u200D\U0001F469\u200D\U0001F467\u200D\U0001F466";
    private const string Flag = "\U0001F1E9\U0001F1EA";

    [Theory]
    [InlineData("short", 10, "short")]
    [InlineData("exactly 10", 10, "exactly 10")]
    [InlineData("one two three", 9, "one two|three")]
    [InlineData("one two  three", 8, "one two|three")]
    [InlineData("one two three", 7, "one two|three")]
    [InlineData("one two three", 6, "one|two|three")]
    [InlineData("abcdefghij", 4, "abcd|efgh|ij")]
    [InlineData("a bcdefghijklm", 10, "a bcdefghi|jklm")]
    [InlineData("  indented and long", 12, "  indented|and long")]
    [InlineData("ends with space   ", 15, "ends with space")]
    [InlineData("kept to the end  ", 17, "kept to the end  ")]
    [InlineData("            far", 4, "far")]
    public void Splits_AtWords(string line, int maxBytes, string pieces) => Assert.Equal(pieces, string.Join('|', LineSplitter.Split(line, maxBytes)));

    [Fact]
    public void Splits_NothingIntoNothing()
    {
        Assert.Empty(LineSplitter.Split("", 10));
        Assert.Empty(LineSplitter.Split("    ", 10));
        Assert.Empty(LineSplitter.Split(new string(' ', 50), 10));
    }

    [Fact]
    public void Keeps_LinkWhole_HoweverShortTheLineBefore() =>
        Assert.Equal(["see", "https://example.org/runs/1234", "for more"], LineSplitter.Split("see https://example.org/runs/1234 for more", 30));

    [Fact]
    public void Cuts_LinkThatFitsNoLine() =>
        Assert.Equal(["see https:", "//e.org/ab", "cdefgh"], LineSplitter.Split("see https://e.org/abcdefgh", 10));

    [Theory]
    [InlineData(Family, 25)]
    [InlineData(Flag, 8)]
    [InlineData("e\u0301", 3)]
    [InlineData("\u1100\u1161\u11A8", 9)]
    [InlineData("\U0001F44D\U0001F3FD", 8)]
    [InlineData("漢", 3)]
    public void Keeps_ClusterWhole(string cluster, int bytes)
    {
        Assert.Equal(bytes, Encoding.UTF8.GetByteCount(cluster));
        var line = string.Concat(Enumerable.Repeat(cluster, 20));

        var pieces = LineSplitter.Split(line, (bytes * 3) + bytes - 1);

        Assert.Equal(7, pieces.Count);
        Assert.All(pieces[..^1], piece => Assert.Equal(cluster + cluster + cluster, piece));
        Assert.Equal(line, string.Concat(pieces));
    }

    [Fact]
    public void Splits_480CjkCharactersByBytes()
    {
        var pieces = LineSplitter.Split(new string('漢', 480), 400);

        Assert.Equal([133, 133, 133, 81], pieces.Select(p => p.Length));
    }

    [Fact]
    public void Cuts_ClusterThatFitsNoLine_BetweenCharacters()
    {
        var pieces = LineSplitter.Split(Family, 8);

        Assert.Equal(Family, string.Concat(pieces));
        Assert.All(pieces, piece => Assert.InRange(Encoding.UTF8.GetByteCount(piece), 1, 8));
        Assert.DoesNotContain(pieces, piece => piece.Contains('\uFFFD') || char.IsLowSurrogate(piece[0]));
    }

    [Fact]
    public void Never_SeparatesFormatCodeFromItsColours() =>
        Assert.Equal(["abcdefgh", "\x03" + "04,12rest"], LineSplitter.Split("abcdefgh\x03" + "04,12rest", 12));

    [Fact]
    public void Refuses_LimitThatHoldsNoCharacter() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => LineSplitter.Split("text", LineSplitter.MinBytes - 1));

    [Fact]
    public void Splits_MillionCombiningMarks_WithoutQuadraticWork()
    {
        // Looking at the whole cluster for each piece would take minutes here.
        var pieces = LineSplitter.Split("e" + new string('\u0301', 1_000_000), 400);

        Assert.Equal(5001, pieces.Count);
    }

    [Fact]
    public void NoPiece_ExceedsTheLimit_OrIsBlank() => ForAnyLine((line, max) =>
        LineSplitter.Split(line, max).All(piece => Encoding.UTF8.GetByteCount(piece) <= max && piece.AsSpan().ContainsAnyExcept(' ')));

    [Fact]
    public void Nothing_IsLost_ButSpaces() => ForAnyLine((line, max) =>
        string.Equals(Squeeze(string.Concat(LineSplitter.Split(line, max))), Squeeze(line), StringComparison.Ordinal));

    [Fact]
    public void Clusters_StayWhole_WhereTheyFit() => ForAnyLine((line, max) =>
    {
        var boundaries = new HashSet<int>(StringInfo.ParseCombiningCharacters(line)) { line.Length };
        // A cluster may hang on the last colour of a format code, which is up to 14 bytes long.
        var widest = Clusters(line).Select(Encoding.UTF8.GetByteCount).DefaultIfEmpty().Max() + 13;
        if (widest > max)
        {
            return true;
        }

        var at = 0;
        foreach (var piece in LineSplitter.Split(line, max))
        {
            at = line.IndexOf(piece, at, StringComparison.Ordinal);
            if (at < 0 || !boundaries.Contains(at) || !boundaries.Contains(at + piece.Length))
            {
                return false;
            }

            at += piece.Length;
        }

        return true;
    });

    [Fact]
    public void LineThatFits_IsUnchanged() => ForAnyLine((line, _) =>
        !line.AsSpan().ContainsAnyExcept(' ')
        || LineSplitter.Split(line, Math.Max(4, Encoding.UTF8.GetByteCount(line))) is [var only] && string.Equals(only, line, StringComparison.Ordinal));

    private static void ForAnyLine(Func<string, int, bool> holds) =>
        Prop.ForAll(Texts.Lines, Gen.Choose(4, 120).ToArbitrary(), holds).Holds(1000);

    private static string Squeeze(string text) => text.Replace(" ", "", StringComparison.Ordinal);

    private static IEnumerable<string> Clusters(string line)
    {
        for (var all = StringInfo.GetTextElementEnumerator(line); all.MoveNext();)
        {
            yield return all.GetTextElement();
        }
    }
}
