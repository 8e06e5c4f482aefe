namespace NotifyGateway.Core.Formatting;

/// <summary>What the beginning of a line of Markdown says of it.</summary>
internal static class MarkdownLine
{
    /// <summary>The marks that begin a block of code, three or more; empty if none begins here.</summary>
    public static ReadOnlySpan<char> Fence(ReadOnlySpan<char> line)
    {
        var text = line.TrimStart();
        if (text is not (['`', ..] or ['~', ..]))
        {
            return default;
        }

        var count = text.IndexOfAnyExcept(text[0]) is >= 0 and var end ? end : text.Length;
        return count < 3 || (text[0] == '`' && text[count..].Contains('`')) ? default : text[..count];
    }

    /// <summary>Whether it ends the block of code: at least as many marks, and nothing else.</summary>
    public static bool Closes(ReadOnlySpan<char> line, ReadOnlySpan<char> fence)
    {
        var text = line.Trim();
        return text.Length >= fence.Length && !text.ContainsAnyExcept(fence[0]);
    }

    /// <summary>The text of a heading; empty if it is none.</summary>
    public static ReadOnlySpan<char> Heading(ReadOnlySpan<char> line)
    {
        var text = line.TrimStart(' ');
        var level = text.IndexOfAnyExcept('#');
        if (level is < 1 or > 6 || text[level] is not (' ' or '\t'))
        {
            return default;
        }

        var heading = text[level..].Trim();
        var closing = heading.TrimEnd('#');
        return closing.IsEmpty || closing[^1] is ' ' or '\t' ? closing.TrimEnd() : heading;
    }

    /// <summary>Makes a heading of the paragraph above.</summary>
    public static bool IsUnderline(ReadOnlySpan<char> line) => line.Trim() is { Length: >= 3 } text && text[0] is '=' or '-' && !text.ContainsAnyExcept(text[0]);

    /// <summary>Three or more of <c>-</c>, <c>*</c> or <c>_</c>, with nothing but spaces between them.</summary>
    public static bool IsRule(ReadOnlySpan<char> line)
    {
        var text = line.Trim();
        return text is ['-' or '*' or '_', ..] && !text.ContainsAnyExcept(text[0], ' ') && text.Count(text[0]) >= 3;
    }

    /// <summary>The row of dashes below a table's head.</summary>
    public static bool IsTableRule(ReadOnlySpan<char> line) => line.Contains('|') && line.Contains("--", StringComparison.Ordinal) && !line.ContainsAnyExcept("|-: \t");

    /// <summary>How long the beginning is that says list item or quote, with its indentation; 0 if nothing does.</summary>
    public static int PrefixLength(ReadOnlySpan<char> line)
    {
        var indent = line.Length - line.TrimStart().Length;
        var text = line[indent..];
        var mark = text switch
        {
            ['>', ..] => text.IndexOfAnyExcept('>', ' '),
            ['-' or '*' or '+', ' ' or '\t', ..] => 1,
            _ => Number(text),
        };
        if (mark <= 0)
        {
            return mark < 0 ? line.Length : 0;
        }

        var content = text[mark..].TrimStart();
        return line.Length - content.Length;
    }

    private static int Number(ReadOnlySpan<char> text)
    {
        var digits = text.IndexOfAnyExceptInRange('0', '9');
        return digits is >= 1 and <= 9 && digits + 1 < text.Length && text[digits] is '.' or ')' && text[digits + 1] is ' ' ? digits + 1 : 0;
    }
}
