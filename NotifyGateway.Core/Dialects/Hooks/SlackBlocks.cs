using System.Globalization;
using NotifyGateway.Core.Formatting;

namespace NotifyGateway.Core.Dialects.Hooks;

/// <summary>The blocks of a Slack message as lines. A divider says nothing; what is not known here is skipped.</summary>
internal static class SlackBlocks
{
    /// <summary>Slack takes no more.</summary>
    public const int Most = 50;

    private const int MostFields = 10;

    private const int MostElements = 25;

    /// <summary>A text of one or several lines for each block that shows something, and a line that counts the blocks beyond <see cref="Most"/>.</summary>
    public static List<string> Read(IReadOnlyList<Payload> blocks, SlackMarkup markup)
    {
        var lines = new List<string>();
        foreach (var block in blocks.Take(Most))
        {
            SlackMessage.Add(lines, Block(block, markup));
        }

        if (blocks.Count > Most)
        {
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"… {blocks.Count - Most} more blocks"));
        }

        return lines;
    }

    private static string Block(Payload block, SlackMarkup markup) => block.TextAt("type") switch
    {
        "header" => RichText.Wrap(RichText.WithoutCodes(markup.TextOf(block.At("text"))), IrcFormat.Bold),
        "section" => Section(block, markup),
        "context" => string.Join(' ', block.ListAt("elements").Take(MostElements).Where(IsText).Select(markup.TextOf)),
        "rich_text" => SlackRichText.Read(block),
        "markdown" => MarkdownText.ToRich(block.TextAt("text") ?? ""),
        "image" => Image(block),
        "actions" => SlackAttachment.Buttons(block.ListAt("elements")),
        _ => "",
    };

    private static string Section(Payload block, SlackMarkup markup)
    {
        var lines = new List<string>();
        SlackMessage.Add(lines, markup.TextOf(block.At("text")));
        // A field is a name and, on its second line, a value.
        var fields = block.ListAt("fields").Take(MostFields).Select(f => markup.TextOf(f).Trim()).Where(f => f.Length > 0)
            .Select(f => f.Count(c => c == '\n') == 1 ? f.Replace("\n", " ", StringComparison.Ordinal) : f).ToList();
        SlackMessage.Add(lines, string.Join(fields.Any(f => f.Contains('\n', StringComparison.Ordinal)) ? "\n" : SlackMessage.Separator, fields));
        if (block.At("accessory") is { } accessory)
        {
            SlackMessage.Add(lines, SlackAttachment.Buttons([accessory]));
        }

        return string.Join('\n', lines);
    }

    /// <summary>Pictures in a context are icons.</summary>
    private static bool IsText(Payload element) => element.TextAt("type") is "mrkdwn" or "plain_text";

    private static string Image(Payload block)
    {
        var description = block.TextAt("alt_text") is { Length: > 0 } alternative ? alternative : block.TextAt("title", "text") ?? "";
        return SlackMessage.Linked(description.ReplaceLineEndings(" ").Trim(), block.TextAt("image_url") ?? block.TextAt("slack_file", "url"));
    }
}
