using System.Text;

namespace NotifyGateway.Core.Formatting;

/// <summary>
/// Formatted text as this house writes it, whatever the wire: with IRC's format codes (<see cref="IrcFormat"/>) for bold, italic, strike, code and colour. A format ends with its
/// line. A block of code is lines that are code as a whole.
/// </summary>
public static class RichText
{
    /// <summary>The title and the text of a message for people who see no format: its markup resolved, without codes.</summary>
    public static string WithoutFormat(Notification notification)
    {
        var text = WithoutCodes(Of(notification));
        return string.IsNullOrEmpty(notification.Title) ? text : $"{WithoutCodes(notification.Title)}\n{text}";
    }

    /// <summary>The text of a message, its markup resolved.</summary>
    internal static string Of(Notification notification) => notification.Markup switch
    {
        Markup.Slack => SlackText.ToRich(notification.Text),
        Markup.Markdown => MarkdownText.ToRich(notification.Text),
        _ => notification.Text,
    };

    internal static string WithoutCodes(string text)
    {
        var rest = text.AsSpan();
        if (!rest.ContainsAny(IrcFormat.Codes))
        {
            return text;
        }

        var plain = new StringBuilder(text.Length);
        while (rest.IndexOfAny(IrcFormat.Codes) is >= 0 and var at)
        {
            plain.Append(rest[..at]);
            rest = rest[(at + IrcFormat.CodeLength(rest[at..]))..];
        }

        return plain.Append(rest).ToString();
    }

    /// <summary>Puts a code around each line that has something to show.</summary>
    internal static string Wrap(string text, char code) =>
        string.Join('\n', text.Split('\n').Select(line => string.IsNullOrWhiteSpace(line) ? line : $"{code}{line}{code}"));

    /// <summary>Writes code: one line as a part of its line, several as lines of their own. Codes inside are left out: they would end it.</summary>
    /// <returns>Whether what follows has to begin a new line.</returns>
    internal static bool AppendCode(StringBuilder output, string code)
    {
        var lines = WithoutCodes(code).ReplaceLineEndings("\n").Trim('\n').Split('\n');
        if (lines.Length > 1 && output.Length > 0 && output[^1] != '\n')
        {
            output.Append('\n');
        }

        // An empty line inside of a block has its codes too: they tell that the block goes on.
        output.AppendJoin('\n', lines.Select(line => $"{IrcFormat.Code}{line}{IrcFormat.Code}"));
        return lines.Length > 1;
    }
}
