using System.Globalization;
using System.Text;

namespace NotifyGateway.Core.Formatting;

/// <summary>
/// Cuts a line into pieces of a number of bytes: behind a word where that loses little, else between two user-perceived characters
/// (Unicode's extended grapheme clusters), and inside of one only if it alone is too long.
/// </summary>
/// <remarks>
/// Only spaces at a cut are dropped, and pieces of nothing but spaces. A format code (<see cref="IrcFormat"/>) is never cut from its
/// colours. The format that is on at a cut ends there, as clients end it with the line: see <see cref="OpenFormat"/>.
/// </remarks>
internal static class LineSplitter
{
    /// <summary>The least number of bytes: one character of UTF-8 must fit.</summary>
    public const int MinBytes = 4;

    /// <summary>All pieces of a line, in order. None is empty or of spaces only.</summary>
    /// <param name="line">One line, without a newline.</param>
    /// <param name="maxBytes">The most bytes of UTF-8 in a piece; at least <see cref="MinBytes"/>.</param>
    public static List<string> Split(string line, int maxBytes)
    {
        var pieces = new List<string>();
        for (var start = 0; Next(line, ref start, maxBytes) is { Length: > 0 } piece;)
        {
            pieces.Add(piece.ToString());
        }

        return pieces;
    }

    /// <summary>The next piece from <paramref name="start"/> on, which moves behind it; empty at the end.</summary>
    public static ReadOnlySpan<char> Next(ReadOnlySpan<char> line, ref int start, int maxBytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxBytes, MinBytes);
        while (start < line.Length)
        {
            var rest = line[start..];
            var end = Fits(rest, maxBytes) ? rest.Length : Cut(rest, maxBytes);
            var skipped = end;
            while (skipped < rest.Length && IsBreak(rest, skipped))
            {
                skipped++;
            }

            start += skipped;
            // The end of the line keeps its spaces: there was no cut.
            var piece = skipped == rest.Length && end == rest.Length ? rest : rest[..end].TrimEnd(' ');
            if (piece.ContainsAnyExcept(' '))
            {
                return piece;
            }
        }

        return default;
    }

    private static bool Fits(ReadOnlySpan<char> text, int maxBytes) => text.Length <= maxBytes && Encoding.UTF8.GetByteCount(text) <= maxBytes;

    /// <summary>How many UTF-16 units of a text that is too long make the next piece, its final spaces included. At least one.</summary>
    private static int Cut(ReadOnlySpan<char> text, int maxBytes)
    {
        // No piece has more units than bytes, so nothing behind that can change where it ends: this keeps the work linear even for
        // 60,000 combining marks in a row.
        var window = text[..Math.Min(text.Length, maxBytes + 1)];
        int end = 0, bytes = 0, word = 0;
        while (end < window.Length)
        {
            var length = UnitLength(window[end..]);
            bytes += Encoding.UTF8.GetByteCount(window.Slice(end, length));
            if (bytes > maxBytes)
            {
                break;
            }

            if (IsBreak(text, end))
            {
                word = end;
            }

            end += length;
        }

        if (end == 0)
        {
            return CutInside(window, maxBytes);
        }

        return end < text.Length && IsBreak(text, end) ? end
            : word > 0 && (word >= end / 2 || FitsAsLink(text[(word + 1)..], maxBytes)) ? word
            : end;
    }

    /// <summary>A space with nothing combined on it.</summary>
    private static bool IsBreak(ReadOnlySpan<char> text, int at) => text[at] == ' ' && ClusterLength(text[at..]) == 1;

    /// <summary>The length of what should stay together: a grapheme cluster, with the format code whose colours it may end.</summary>
    private static int UnitLength(ReadOnlySpan<char> text)
    {
        var code = Math.Max(IrcFormat.CodeLength(text) - 1, 0);
        return code + ClusterLength(text[code..]);
    }

    private static int ClusterLength(ReadOnlySpan<char> text) =>
        // Two ASCII characters never combine, CR LF aside, which no line holds.
        text[0] < '\x7F' && (text.Length == 1 || text[1] < '\x7F') ? 1 : StringInfo.GetNextTextElementLength(text);

    /// <summary>A link that is cut is of no use: it goes to the next line whole, however short this one becomes, if it fits there.</summary>
    private static bool FitsAsLink(ReadOnlySpan<char> text, int maxBytes)
    {
        var window = text[..Math.Min(text.Length, maxBytes + 1)];
        var space = window.IndexOf(' ');
        var word = space < 0 ? window : window[..space];
        return word.IndexOf("://") > 0 && Fits(word, maxBytes);
    }

    /// <summary>As many whole characters as fit of a cluster that does not.</summary>
    private static int CutInside(ReadOnlySpan<char> text, int maxBytes)
    {
        int end = 0, bytes = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            bytes += rune.Utf8SequenceLength;
            if (bytes > maxBytes)
            {
                break;
            }

            end += rune.Utf16SequenceLength;
        }

        return end;
    }
}
