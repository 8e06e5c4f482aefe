using NotifyGateway.Core.Formatting;

namespace NotifyGateway.Core.Dialects.Hooks;

/// <summary>An attachment of Slack's: pretext, author and title, text, fields, picture, buttons. Its colour marks the title, or the first line. The footer is left out.</summary>
internal static class SlackAttachment
{
    private const int MostFields = 100;

    private const int MostButtons = 25;

    /// <summary>What it shows; its <c>fallback</c> if it shows nothing.</summary>
    public static List<string> Read(Payload attachment, SlackMarkup markup)
    {
        var colour = IrcColour.Nearest(attachment.TextAt("color"));
        var lines = new List<string>();
        SlackMessage.Add(lines, Formatted(attachment, "pretext", markup));
        var first = lines.Count;
        var title = Title(attachment, colour);
        SlackMessage.Add(lines, title ?? Line(attachment.TextAt("author_name")));
        SlackMessage.Add(lines, Formatted(attachment, "text", markup));
        AddFields(lines, attachment, markup);
        SlackMessage.Add(lines, attachment.TextAt("image_url") ?? "");
        SlackMessage.Add(lines, Buttons(attachment.ListAt("actions")));
        SlackBlocks.Read(attachment.ListAt("blocks"), markup).ForEach(line => SlackMessage.Add(lines, line));
        if (lines.Count == 0)
        {
            SlackMessage.Add(lines, SlackMarkup.Plain(attachment.TextAt("fallback")));
        }

        first = first < lines.Count ? first : 0;
        if (colour is not null && title is null && lines.Count > 0)
        {
            lines[first] = Coloured(lines[first], colour);
        }

        return lines;
    }

    /// <summary>Link buttons, of which people can make use: <c>label (url)</c>.</summary>
    public static string Buttons(IReadOnlyList<Payload> buttons) => string.Join(SlackMessage.Separator, buttons.Take(MostButtons).Select(Button).Where(b => b.Length > 0));

    private static string Button(Payload button) => button.TextAt("url") is { Length: > 0 } url
        ? SlackMessage.Linked(Line(button.TextAt("text") ?? button.TextAt("text", "text") ?? button.TextAt("name")), url)
        : "";

    /// <summary>In bold, behind its author; the colour is the title's alone. Null if there is none.</summary>
    private static string? Title(Payload attachment, string? colour)
    {
        var title = Line(attachment.TextAt("title"));
        if (title.Length == 0)
        {
            return attachment.TextAt("title_link") is { Length: > 0 } bare ? SlackMessage.Linked(Line(attachment.TextAt("author_name")), bare) : null;
        }

        // Bold stands behind the colour, so that no comma of the title is taken for a part of it.
        var marked = colour is null ? $"{IrcFormat.Bold}{title}{IrcFormat.Bold}" : $"{IrcFormat.Colour}{colour}{IrcFormat.Bold}{title}{IrcFormat.Bold}{IrcFormat.Colour}";
        var author = Line(attachment.TextAt("author_name"));
        return (author.Length == 0 ? "" : $"{author}: ") + (string.Equals(title, attachment.TextAt("title_link"), StringComparison.Ordinal) ? marked : SlackMessage.Linked(marked, attachment.TextAt("title_link")));
    }

    /// <summary>Short ones that follow each other share a line.</summary>
    private static void AddFields(List<string> lines, Payload attachment, SlackMarkup markup)
    {
        var row = new List<string>();
        foreach (var field in attachment.ListAt("fields").Take(MostFields))
        {
            var value = IsFormatted(attachment, "fields") ? markup.Rich(field.TextAt("value")) : SlackMarkup.Plain(field.TextAt("value"));
            var name = Line(field.TextAt("title"));
            var text = name.Length == 0 ? value.Trim() : string.IsNullOrWhiteSpace(value) ? name : $"{name.TrimEnd(':')}: {value.Trim()}";
            if (field.At("short") is PayloadWord { Word: "true" } && !text.Contains('\n', StringComparison.Ordinal))
            {
                row.Add(text);
                continue;
            }

            End();
            SlackMessage.Add(lines, text);
        }

        End();

        void End()
        {
            SlackMessage.Add(lines, string.Join(SlackMessage.Separator, row.Where(f => f.Length > 0)));
            row.Clear();
        }
    }

    private static string Formatted(Payload attachment, string name, SlackMarkup markup) =>
        IsFormatted(attachment, name) ? markup.Rich(attachment.TextAt(name)) : SlackMarkup.Plain(attachment.TextAt(name));

    /// <summary>With <c>mrkdwn_in</c>, only what it names; without, everything.</summary>
    private static bool IsFormatted(Payload attachment, string name) =>
        attachment.At("mrkdwn_in") is not PayloadList names || names.Items.Any(n => n is PayloadText { Text: var text } && string.Equals(text, name, StringComparison.Ordinal));

    /// <summary>What is meant to be one line.</summary>
    private static string Line(string? text) => SlackMarkup.Plain(text).ReplaceLineEndings(" ").Trim();

    private static string Coloured(string text, string colour)
    {
        var end = text.IndexOf('\n', StringComparison.Ordinal) is >= 0 and var newline ? newline : text.Length;
        // A comma or a digit behind a colour would be read as a part of it: bold, on and off, parts them.
        return $"{IrcFormat.Colour}{colour}{(text[0] == ',' ? $"{IrcFormat.Bold}{IrcFormat.Bold}" : "")}{text[..end]}{IrcFormat.Reset}{text[end..]}";
    }
}
