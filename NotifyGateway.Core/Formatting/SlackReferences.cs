using System.Globalization;
using System.Text;

namespace NotifyGateway.Core.Formatting;

/// <summary>Slack's references and entities as plain text: <c>&lt;url|label&gt;</c> becomes <c>label (url)</c>, <c>&lt;!here&gt;</c> becomes <c>@here</c>.</summary>
internal static class SlackReferences
{
    /// <summary>What ends a reference, or shows that there is none.</summary>
    private const string Ends = "<>\r\n";

    /// <summary>All of a text. Marks such as <c>*</c> stay as they are.</summary>
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
            rest = rest[open..];
            var length = Read(rest, plain);
            if (length == 0)
            {
                // Slack itself writes a lone < as &lt;: this one is plain text of a sender that does not.
                plain.Append('<');
            }

            rest = rest[Math.Max(length, 1)..];
        }

        AppendDecoded(plain, rest);
        return plain.ToString();
    }

    /// <summary>Writes the reference that begins with the <c>&lt;</c> at the start of a text.</summary>
    /// <returns>How long it is there; 0 if it is none, and nothing is written.</returns>
    public static int Read(ReadOnlySpan<char> text, StringBuilder plain)
    {
        var close = text[1..].IndexOfAny(Ends) + 1;
        if (close <= 1 || text[close] != '>' || !IsReference(text[1..close]))
        {
            return 0;
        }

        Append(plain, text[1..close]);
        return close + 1;
    }

    /// <summary>Writes a text that holds no reference, its entities decoded: Slack has these three.</summary>
    public static void AppendDecoded(StringBuilder plain, ReadOnlySpan<char> text)
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

    private static void Append(StringBuilder plain, ReadOnlySpan<char> reference)
    {
        var bar = reference.IndexOf('|');
        var label = bar < 0 ? default : reference[(bar + 1)..];
        var link = bar < 0 ? reference : reference[..bar];
        if (link.StartsWith("!date^", StringComparison.Ordinal))
        {
            AppendDecoded(plain, label.IsEmpty ? Date(link["!date^".Length..]) : label);
        }
        else if (link is ['!' or '@' or '#', .. var id])
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

    /// <summary>A link has a scheme or a label, and no space; the others have a sign. All else is text of a sender that does not escape, such as <c>List&lt;int&gt;</c>.</summary>
    private static bool IsReference(ReadOnlySpan<char> inside)
    {
        var bar = inside.IndexOf('|');
        var link = bar < 0 ? inside : inside[..bar];
        return link is ['!' or '@' or '#', not ' ', ..] || ((bar > 0 || link.IndexOf(':') > 0) && !link.ContainsAny(" \t\""));
    }

    /// <summary>Nobody knows the reader's time zone here, so it is that of all.</summary>
    private static string Date(ReadOnlySpan<char> date)
    {
        var end = date.IndexOf('^');
        var seconds = end < 0 ? date : date[..end];
        return long.TryParse(seconds, NumberStyles.None, CultureInfo.InvariantCulture, out var unix) && unix <= DateTimeOffset.MaxValue.ToUnixTimeSeconds()
            ? DateTimeOffset.FromUnixTimeSeconds(unix).ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture)
            : seconds.ToString();
    }
}
