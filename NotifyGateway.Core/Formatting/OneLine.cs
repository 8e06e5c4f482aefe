using System.Text;

namespace NotifyGateway.Core.Formatting;

/// <summary>Any text as one line of a log: nothing in it can begin another line, or reach a terminal as a command.</summary>
internal static class OneLine
{
    private const string Joint = " | ";

    /// <summary>Lines are joined by a bar; control characters become U+FFFD, tabs spaces; at most <paramref name="maxLength"/> UTF-16 units and an ellipsis.</summary>
    public static string Of(string text, int maxLength)
    {
        var line = new StringBuilder(Math.Min(text.Length, maxLength) + 1);
        var broken = false;
        foreach (var c in text)
        {
            if (c is '\n' or '\r' or '\v' or '\f' or '\u0085' or '\u2028' or '\u2029')
            {
                broken = line.Length > 0;
                continue;
            }

            var joint = broken ? Joint : "";
            if (line.Length + joint.Length >= maxLength)
            {
                return (char.IsHighSurrogate(line[^1]) ? line.Remove(line.Length - 1, 1) : line).Append('…').ToString();
            }

            line.Append(joint).Append(c == '\t' ? ' ' : IsDangerous(c) ? '\uFFFD' : c);
            broken = false;
        }

        return line.ToString();
    }

    /// <summary>Control characters, and those that turn the direction of what follows.</summary>
    private static bool IsDangerous(char c) => char.IsControl(c) || c is (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069');
}
