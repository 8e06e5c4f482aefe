namespace NotifyGateway.Core.Formatting;

/// <summary>
/// How a severity is shown. With colours, a title is bold and has the severity's colour; a text without a title begins with the severity's word, so shown. Without
/// colours the first line begins with the word in brackets. A message without severity is shown as it is.
/// </summary>
internal static class SeverityMark
{
    /// <summary>Marks the lines of a message, of which the first <paramref name="titleLines"/> are its title.</summary>
    public static void Apply(List<string> lines, int titleLines, Severity? severity, bool colors)
    {
        if (severity is not { } grave || lines.Count == 0)
        {
            return;
        }

        if (!colors)
        {
            lines[0] = $"[{Word(grave)}] {lines[0]}";
        }
        else if (titleLines == 0)
        {
            lines[0] = $"{Show(grave, Word(grave).ToUpperInvariant())} {lines[0]}";
        }
        else
        {
            for (var i = 0; i < titleLines; i++)
            {
                lines[i] = Show(grave, lines[i]);
            }
        }
    }

    /// <summary>Bold stands behind the colour, so that no digit or comma of the text is taken for a part of it.</summary>
    private static string Show(Severity severity, string text) => $"{IrcFormat.Colour}{Colour(severity)}{IrcFormat.Bold}{text}{IrcFormat.Reset}";

    /// <summary>As it is shown, in lower case.</summary>
    public static string Word(Severity severity) => severity switch
    {
        Severity.Error => "error",
        Severity.Warning => "warning",
        Severity.Success => "success",
        _ => "info",
    };

    /// <summary>Of the 16 colours that all clients have, those that can be read on black and on white: red, orange, green, cyan.</summary>
    private static string Colour(Severity severity) => severity switch
    {
        Severity.Error => "04",
        Severity.Warning => "07",
        Severity.Success => "03",
        _ => "10",
    };
}
