using System.Text;

namespace NotifyGateway.Core.Formatting;

/// <summary>Slack's references and entities as plain text: <c>&lt;url|label&gt;</c> becomes <c>label (url)</c>, <c>&lt;!here&gt;</c> becomes <c>@here</c>.</summary>
internal static class SlackText
{
    public static string ToPlain(string text)
    {
        if (text.AsSpan().IndexOfAny('<', '&') < 0)
        {
            return text;
        }

        var plain = new StringBuilder(text.Length);
        var rest = text.AsSpan();
        while (rest.IndexOf('<') is >= 0 and var open)
        {
            AppendDecoded(plain, rest[..open]);
            rest = rest[(open + 1)..];
            var close = rest.IndexOfAny("<>\r\n");
            if (close > 0 && rest[close] == '>')
            {
                AppendReference(plain, rest[..close]);
                rest = rest[(close + 1)..];
            }
            else
            {
                // Slack itself writes a lone < as &lt;: this one is plain text of a sender that does not.
                plain.Append('<');
            }
        }

        AppendDecoded(plain, rest);
        return plain.ToString();
    }

    private static void AppendReference(StringBuilder plain, ReadOnlySpan<char> reference)
    {
        var bar = reference.IndexOf('|');
        var label = bar < 0 ? default : reference[(bar + 1)..];
        var link = bar < 0 ? reference : reference[..bar];
        if (link is ['!' or '@' or '#', .. var id])
        {
            // A user, a channel or a group: people know the label, not the id.
            var shown = label.IsEmpty ? id : label.TrimStart("@#");
            plain.Append(link[0] == '#' ? '#' : '@');
            AppendDecoded(plain, shown);
        }
        else if (label.IsEmpty || label.SequenceEqual(link))
        {
            AppendDecoded(plain, link);
        }
        else
        {
            AppendDecoded(plain, label);
            plain.Append(" (");
            AppendDecoded(plain, link);
            plain.Append(')');
        }
    }

    private static void AppendDecoded(StringBuilder plain, ReadOnlySpan<char> text)
    {
        while (text.IndexOf('&') is >= 0 and var at)
        {
            plain.Append(text[..at]);
            text = text[at..];
            var (character, length) = text switch
            {
                _ when text.StartsWith("&amp;", StringComparison.Ordinal) => ('&', 5),
                _ when text.StartsWith("&lt;", StringComparison.Ordinal) => ('<', 4),
                _ when text.StartsWith("&gt;", StringComparison.Ordinal) => ('>', 4),
                _ => ('&', 1),
            };
            plain.Append(character);
            text = text[length..];
        }

        plain.Append(text);
    }
}
