using System.Globalization;
using NotifyGateway.Core.Formatting;

namespace NotifyGateway.Core.Dialects.Hooks;

/// <summary>The texts of a Slack message in their order: text, blocks, attachments.</summary>
internal static class SlackMessage
{
    /// <summary>Slack takes no more.</summary>
    public const int MostAttachments = 100;

    /// <summary>Stands between what is short enough to share a line.</summary>
    public const string Separator = " · ";

    /// <summary>A text longer than this is not looked for in the blocks.</summary>
    private const int LongestSummary = 4000;

    /// <summary>All that it shows, as text with format codes; empty if it shows nothing.</summary>
    /// <param name="message">The payload.</param>
    /// <param name="isMarkdown">Its texts are Markdown and not mrkdwn.</param>
    public static string Text(PayloadObject message, bool isMarkdown)
    {
        var markup = new SlackMarkup(isMarkdown);
        var lines = new List<string>();
        var text = message["mrkdwn"] is PayloadWord { Word: "false" } ? SlackReferences.ToPlain(message.TextAt("text") ?? "") : markup.Rich(message.TextAt("text"));
        var blocks = string.Join('\n', SlackBlocks.Read(message.ListAt("blocks"), markup));
        if (!Says(blocks, text))
        {
            Add(lines, text);
        }

        Add(lines, blocks);
        var attachments = message.ListAt("attachments").Concat(message.ListAt("props", "attachments")).ToList();
        foreach (var attachment in attachments.Take(MostAttachments))
        {
            SlackAttachment.Read(attachment, markup).ForEach(line => Add(lines, line));
        }

        if (attachments.Count > MostAttachments)
        {
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"… {attachments.Count - MostAttachments} more attachments"));
        }

        return string.Join('\n', lines);
    }

    /// <summary>Adds what has something to show.</summary>
    public static void Add(List<string> lines, string text)
    {
        var shown = text.Trim('\r', '\n').TrimEnd();
        if (!string.IsNullOrWhiteSpace(RichText.WithoutCodes(shown)))
        {
            lines.Add(shown);
        }
    }

    /// <summary>A label with its link behind it; just one of them where there are not two.</summary>
    public static string Linked(string label, string? link) =>
        string.IsNullOrWhiteSpace(link) || string.Equals(label, link, StringComparison.Ordinal) ? label : label.Length == 0 ? link : $"{label} ({link})";

    /// <summary>In Slack the text beside blocks is for notifications, and often says the same: then it is shown once.</summary>
    private static bool Says(string blocks, string text) =>
        blocks.Length > 0 && text.Length is > 0 and <= LongestSummary && Words(blocks).Contains(Words(text), StringComparison.Ordinal);

    private static string Words(string text) => string.Join(' ', RichText.WithoutCodes(text).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}

/// <summary>How the texts of a message are to be read.</summary>
/// <param name="isMarkdown">As Markdown; else as Slack's mrkdwn.</param>
internal sealed class SlackMarkup(bool isMarkdown)
{
    /// <summary>A text with markup.</summary>
    public string Rich(string? text) => string.IsNullOrEmpty(text) ? "" : isMarkdown ? MarkdownText.ToRich(text) : SlackText.ToRich(text);

    /// <summary>A text in which marks are nothing, but references and entities are.</summary>
    public static string Plain(string? text) => SlackReferences.ToPlain(text ?? "");

    /// <summary>Slack's text object: <c>plain_text</c> is shown as it is.</summary>
    public string TextOf(Payload? text) => text switch
    {
        PayloadText { Text: var plain } => Rich(plain),
        PayloadObject when string.Equals(text.TextAt("type"), "plain_text", StringComparison.Ordinal) => text.TextAt("text") ?? "",
        PayloadObject => Rich(text.TextAt("text")),
        _ => "",
    };
}
