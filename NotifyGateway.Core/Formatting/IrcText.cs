using System.Buffers;
using System.Text;

namespace NotifyGateway.Core.Formatting;

/// <summary>A message as the lines that its sender meant, of any length, safe to stand inside an IRC line.</summary>
internal static class IrcText
{
    /// <summary>
    /// What may not stand in a line as it is: control characters (C0, DEL, C1) and the line separators of Unicode. Lone surrogates
    /// are not here: encoding to UTF-8 makes each U+FFFD.
    /// </summary>
    private static readonly SearchValues<char> Special = SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Concat(Enumerable.Range(0x7F, 0x21)).Concat([0x2028, 0x2029]).Select(c => (char)c)]);

    /// <summary>True if the text is one line already and nothing in it needs a change.</summary>
    public static bool IsPlainLine(ReadOnlySpan<char> text) => !text.ContainsAny(Special);

    /// <summary>Whether it has colour or format codes when it is shown with them.</summary>
    public static bool IsFormatted(Notification notification) =>
        notification.Severity is not null || RichText.Of(notification).AsSpan().ContainsAny(IrcFormat.Codes) || notification.Title.AsSpan().ContainsAny(IrcFormat.Codes);

    /// <summary>
    /// The title, then the text, the first line marked with the severity (<see cref="SeverityMark"/>). A newline of any kind ends a line; blank lines are dropped; a tab is a space; lone surrogates become
    /// U+FFFD; control characters are removed, except IRC's format codes where <paramref name="colors"/> allows them.
    /// </summary>
    /// <remarks>CTCP's 0x01 is always removed: a text can be no request to a client.</remarks>
    public static List<string> Lines(Notification notification, bool colors)
    {
        var lines = new List<string>();
        AddLines(lines, notification.Title, colors);
        var titleLines = lines.Count;
        AddLines(lines, RichText.Of(notification), colors);
        SeverityMark.Apply(lines, titleLines, notification.Severity, colors);
        return lines;
    }

    private static void AddLines(List<string> lines, string? text, bool colors)
    {
        var line = new StringBuilder();
        var visible = false;
        for (var i = 0; i < (text?.Length ?? 0); i++)
        {
            var c = text![i];
            if (IrcFormat.CodeLength(text.AsSpan(i)) is > 0 and var length)
            {
                line.Append(colors ? text.AsSpan(i, length) : default);
                i += length - 1;
            }
            else if (c is '\n' or '\r' or '\u0085' or '\u2028' or '\u2029')
            {
                End();
            }
            else if (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                line.Append(c).Append(text[++i]);
                visible = true;
            }
            else if (c == '\t' || !char.IsControl(c))
            {
                line.Append(c == '\t' ? ' ' : char.IsSurrogate(c) ? '\uFFFD' : c);
                visible |= !char.IsWhiteSpace(c);
            }
        }

        End();

        void End()
        {
            if (visible)
            {
                lines.Add(line.ToString());
            }

            line.Clear();
            visible = false;
        }
    }
}
