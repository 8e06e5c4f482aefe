using System.Buffers;
using System.Text;

namespace NotifyGateway.Core.Formatting;

/// <summary>
/// What messages use of Markdown (CommonMark 0.31 and GitHub's additions): fenced code, headings as bold lines, and inside of lines what <see cref="MarkdownInline"/> reads. Lists, quotes
/// and tables are readable as they are written and stay so, without the row of dashes; rules, comments and the languages of code are left out.
/// </summary>
/// <remarks>A newline stays one: a chat has no paragraphs to fill. Indented code and references to link definitions are text.</remarks>
internal sealed class MarkdownText
{
    private static readonly SearchValues<char> Special = SearchValues.Create("*_~`<&[#\\=-");

    private readonly StringBuilder _rich = new();
    private readonly StringBuilder _paragraph = new();
    private bool _isWritten;
    private bool _isParagraph;

    /// <summary>The paragraph began as a list item or quote: a line of dashes makes no heading of it.</summary>
    private bool _isInside;

    private MarkdownText()
    {
    }

    /// <summary>As text with format codes (<see cref="RichText"/>). A text without markup is returned as it is.</summary>
    public static string ToRich(string text)
    {
        if (!text.AsSpan().ContainsAny(Special))
        {
            return text;
        }

        var markdown = new MarkdownText();
        markdown.Read(text.ReplaceLineEndings("\n").Split('\n'));
        return markdown._rich.ToString();
    }

    private void Read(string[] lines)
    {
        var lastCommentEnd = Array.FindLastIndex(lines, l => l.Contains("-->", StringComparison.Ordinal));
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i];
            if (MarkdownLine.Fence(line) is { Length: > 0 } fence)
            {
                i = ReadCode(lines, i, fence);
            }
            else if (line.TrimStart().StartsWith("<!--", StringComparison.Ordinal) && i <= lastCommentEnd)
            {
                i = SkipComment(lines, i);
            }
            else
            {
                ReadLine(line);
            }
        }

        EndParagraph(heading: false);
    }

    private void ReadLine(string line)
    {
        if (string.IsNullOrWhiteSpace(line))
        {
            EndParagraph(heading: false);
            Begin();
            _rich.Append(line);
        }
        else if (MarkdownLine.IsUnderline(line) && _isParagraph && !_isInside)
        {
            EndParagraph(heading: true);
        }
        else if (MarkdownLine.IsRule(line) || MarkdownLine.IsTableRule(line))
        {
            EndParagraph(heading: false);
        }
        else if (MarkdownLine.Heading(line) is { Length: > 0 } heading)
        {
            EndParagraph(heading: false);
            _paragraph.Append(heading);
            _isParagraph = true;
            EndParagraph(heading: true);
        }
        else
        {
            var prefix = MarkdownLine.PrefixLength(line);
            if (prefix > 0)
            {
                EndParagraph(heading: false);
                Begin();
                _rich.Append(line.AsSpan(0, prefix));
            }

            _isInside = prefix > 0 || (_isInside && _isParagraph);
            _paragraph.Append(_isParagraph ? "\n" : "").Append(line.AsSpan(prefix));
            _isParagraph = true;
        }
    }

    private int ReadCode(string[] lines, int start, ReadOnlySpan<char> fence)
    {
        EndParagraph(heading: false);
        var indent = lines[start].Length - lines[start].TrimStart().Length;
        var end = start + 1;
        while (end < lines.Length && !MarkdownLine.Closes(lines[end], fence))
        {
            end++;
        }

        var code = lines[(start + 1)..end].Select(l => l[Math.Min(indent, l.Length - l.TrimStart().Length)..]);
        var text = string.Join('\n', code);
        if (!string.IsNullOrWhiteSpace(text))
        {
            Begin();
            RichText.AppendCode(_rich, text);
        }

        return end;
    }

    /// <summary>What stands behind the comment is read on. Returns the line in which it ends.</summary>
    private int SkipComment(string[] lines, int start)
    {
        EndParagraph(heading: false);
        var end = start;
        var from = lines[start].IndexOf("<!--", StringComparison.Ordinal) + "<!--".Length;
        int close;
        while ((close = lines[end].IndexOf("-->", from, StringComparison.Ordinal)) < 0 && end + 1 < lines.Length)
        {
            end++;
            from = 0;
        }

        var rest = close < 0 ? "" : lines[end][(close + "-->".Length)..];
        if (!string.IsNullOrWhiteSpace(rest))
        {
            ReadLine(rest);
        }

        return end;
    }

    private void EndParagraph(bool heading)
    {
        if (!_isParagraph)
        {
            return;
        }

        if (!_isInside)
        {
            Begin();
        }

        MarkdownInline.Append(_rich, _paragraph.ToString(), heading);
        _paragraph.Clear();
        _isParagraph = _isInside = false;
    }

    private void Begin()
    {
        _rich.Append(_isWritten ? "\n" : "");
        _isWritten = true;
    }
}
