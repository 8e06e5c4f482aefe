using System.Buffers;
using System.Text;

namespace NotifyGateway.Core.Formatting;

/// <summary>
/// Slack's mrkdwn: <c>*bold*</c>, <c>_italic_</c>, <c>~strike~</c>, <c>`code`</c>, blocks of code between three backticks, references and entities
/// (<see cref="SlackReferences"/>). Marks stand at the edge of a word and on one line.
/// </summary>
/// <remarks>
/// Its family writes Markdown into the same field (Mattermost, Rocket.Chat) or takes either. So <c>**bold**</c>, <c>~~strike~~</c>, <c>[label](https://…)</c> and <c># heading</c>, which Slack shows as
/// they are, are read too: nobody means the marks themselves.
/// </remarks>
internal static class SlackText
{
    private const string Fence = "```";

    private static readonly SearchValues<char> Special = SearchValues.Create("*_~`<&[:");

    private static readonly SearchValues<char> Marks = SearchValues.Create("*_~`<&[#");

    /// <summary>As text with format codes (<see cref="RichText"/>). A text without markup is returned as it is.</summary>
    public static string ToRich(string text)
    {
        if (!text.AsSpan().ContainsAny(Marks))
        {
            return text;
        }

        var rich = new StringBuilder(text.Length + 16);
        var rest = text.AsSpan();
        while (rest.IndexOf(Fence) is >= 0 and var open && rest[(open + Fence.Length)..].IndexOf(Fence) is >= 0 and var length)
        {
            AppendLines(rich, rest[..open]);
            var code = rest.Slice(open + Fence.Length, length);
            rest = rest[(open + length + (2 * Fence.Length))..];
            if (code.IsWhiteSpace())
            {
                rich.Append(Fence).Append(code).Append(Fence);
            }
            else if (RichText.AppendCode(rich, SlackReferences.ToPlain(code.ToString())) && rest is not ([] or ['\r' or '\n', ..]))
            {
                rich.Append('\n');
            }
        }

        AppendLines(rich, rest);
        return rich.ToString();
    }

    private static void AppendLines(StringBuilder rich, ReadOnlySpan<char> text)
    {
        while (text.IndexOf('\n') is >= 0 and var end)
        {
            AppendLine(rich, text[..end]);
            rich.Append('\n');
            text = text[(end + 1)..];
        }

        AppendLine(rich, text);
    }

    private static void AppendLine(StringBuilder rich, ReadOnlySpan<char> line)
    {
        var heading = HeadingLength(line);
        if (!line.ContainsAny(Marks))
        {
            rich.Append(line);
            return;
        }

        var pieces = new InlinePieces(Code);
        if (heading > 0)
        {
            pieces.Begin(IrcFormat.Bold);
        }

        Read(pieces, line[heading..]);
        if (heading > 0)
        {
            pieces.End(IrcFormat.Bold);
        }

        pieces.Pair();
        pieces.WriteTo(rich);
    }

    /// <summary>How long the marks of a heading are: one to six <c>#</c> and a space, with text behind them.</summary>
    private static int HeadingLength(ReadOnlySpan<char> line)
    {
        var marks = line.IndexOfAnyExcept('#');
        return marks is >= 1 and <= 6 && line[marks] == ' ' && !line[marks..].IsWhiteSpace() ? line.Length - line[marks..].TrimStart(' ').Length : 0;
    }

    private static void Read(InlinePieces pieces, ReadOnlySpan<char> line)
    {
        for (var at = 0; at < line.Length;)
        {
            var rest = line[at..];
            var before = at == 0 ? ' ' : line[at - 1];
            var length = rest[0] switch
            {
                '*' or '_' or '~' => ReadMarks(pieces, rest, before),
                '`' => ReadCode(pieces, rest, before),
                '<' => ReadReference(pieces, rest),
                '[' => ReadLink(pieces, rest),
                ':' => BareLink.Length(rest),
                _ => 0,
            };
            if (length > 0 && rest[0] == ':')
            {
                Decode(pieces, rest[..length]);
            }
            else if (length == 0)
            {
                length = rest[1..].IndexOfAny(Special) is >= 0 and var next ? next + 1 : rest.Length;
                Decode(pieces, rest[..length]);
            }

            at += length;
        }
    }

    private static int ReadMarks(InlinePieces pieces, ReadOnlySpan<char> text, char before)
    {
        var count = text.IndexOfAnyExcept(text[0]) is >= 0 and var end ? end : text.Length;
        var after = count < text.Length ? text[count] : ' ';
        if (count > 2 || (count == 2 && text[0] == '_'))
        {
            // Three are no mark, and __init__ is a name.
            pieces.Add(text[..count]);
        }
        else
        {
            pieces.AddRun(text[0], count, !char.IsLetterOrDigit(before) && !char.IsWhiteSpace(after), !char.IsLetterOrDigit(after) && !char.IsWhiteSpace(before));
        }

        return count;
    }

    private static int ReadCode(InlinePieces pieces, ReadOnlySpan<char> text, char before)
    {
        var close = text[1..].IndexOf('`') + 1;
        var after = close > 0 && close + 1 < text.Length ? text[close + 1] : ' ';
        if (close <= 1 || char.IsLetterOrDigit(before) || char.IsLetterOrDigit(after))
        {
            return 0;
        }

        pieces.Add($"{IrcFormat.Code}{RichText.WithoutCodes(SlackReferences.ToPlain(text[1..close].ToString()))}{IrcFormat.Code}");
        return close + 1;
    }

    private static int ReadReference(InlinePieces pieces, ReadOnlySpan<char> text)
    {
        var plain = new StringBuilder();
        var length = SlackReferences.Read(text, plain);
        pieces.Add(plain.ToString());
        return length;
    }

    /// <summary>Markdown's link, if it leads to the web.</summary>
    private static int ReadLink(InlinePieces pieces, ReadOnlySpan<char> text)
    {
        var close = text[1..].IndexOfAny('[', ']') + 1;
        if (close <= 1 || text[close] != ']' || close + 1 == text.Length || text[close + 1] != '(' || !BareLink.IsLink(text[(close + 2)..]))
        {
            return 0;
        }

        var link = text[(close + 2)..];
        var end = link.IndexOfAny(")[ <");
        if (end < 0 || link[end] != ')')
        {
            return 0;
        }

        var label = text[1..close];
        Decode(pieces, label.SequenceEqual(link[..end]) ? label : $"{label} ({link[..end]})");
        return close + 2 + end + 1;
    }

    private static void Decode(InlinePieces pieces, ReadOnlySpan<char> text)
    {
        if (!text.Contains('&'))
        {
            pieces.Add(text);
            return;
        }

        var plain = new StringBuilder();
        SlackReferences.AppendDecoded(plain, text);
        pieces.Add(plain.ToString());
    }

    private static char Code(char mark, int count) => mark switch
    {
        '*' => IrcFormat.Bold,
        '_' => IrcFormat.Italic,
        _ => IrcFormat.Strike,
    };
}
