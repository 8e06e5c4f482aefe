using System.Globalization;
using System.Text;
using NotifyGateway.Core.Formatting;

namespace NotifyGateway.Core.Dialects.Hooks;

/// <summary>Slack's <c>rich_text</c> block, what its own editor makes: sections, lists, quotes and code, of styled elements.</summary>
internal static class SlackRichText
{
    /// <summary>Spaces for each level of a list.</summary>
    private const int Indent = 2;

    private const int DeepestList = 8;

    /// <summary>The whole block.</summary>
    public static string Read(Payload block)
    {
        var lines = new List<string>();
        foreach (var element in block.ListAt("elements"))
        {
            SlackMessage.Add(lines, Element(element));
        }

        return string.Join('\n', lines);
    }

    private static string Element(Payload element) => element.TextAt("type") switch
    {
        "rich_text_section" => Section(element),
        "rich_text_list" => ListOf(element),
        "rich_text_quote" => string.Join('\n', Section(element).TrimEnd().Split('\n').Select(line => $"> {line}")),
        "rich_text_preformatted" => Code(Section(element)),
        _ => "",
    };

    private static string ListOf(Payload list)
    {
        var isOrdered = string.Equals(list.TextAt("style"), "ordered", StringComparison.Ordinal);
        var depth = Math.Clamp(Number(list.TextAt("indent")), 0, DeepestList);
        // The offset is how many items stand before, where a list goes on behind something else.
        var number = Math.Max(Number(list.TextAt("offset")), 0);
        return string.Join('\n', list.ListAt("elements").Select(item =>
            new string(' ', depth * Indent) + (isOrdered ? string.Create(CultureInfo.InvariantCulture, $"{++number}. ") : "• ") + Section(item).Trim('\n')));
    }

    private static string Code(string text)
    {
        var code = new StringBuilder();
        if (!string.IsNullOrWhiteSpace(text))
        {
            RichText.AppendCode(code, text);
        }

        return code.ToString();
    }

    private static string Section(Payload section) => string.Concat(section.ListAt("elements").Select(Inline));

    private static string Inline(Payload element)
    {
        var text = element.TextAt("type") switch
        {
            "text" => element.TextAt("text") ?? "",
            "link" => SlackMessage.Linked(element.TextAt("text") ?? "", element.TextAt("url")),
            "user" => Name('@', element.TextAt("user_id")),
            "usergroup" => Name('@', element.TextAt("usergroup_id")),
            "channel" => Name('#', element.TextAt("channel_id")),
            "broadcast" => Name('@', element.TextAt("range")),
            "emoji" => Emoji(element),
            "color" => element.TextAt("value") ?? "",
            "date" => element.TextAt("fallback") ?? "",
            _ => "",
        };
        return Styled(text, element);
    }

    private static string Styled(string text, Payload element)
    {
        foreach (var (name, code) in (ReadOnlySpan<(string, char)>)[("code", IrcFormat.Code), ("strike", IrcFormat.Strike), ("italic", IrcFormat.Italic), ("bold", IrcFormat.Bold)])
        {
            text = element.At("style", name) is PayloadWord { Word: "true" } ? RichText.Wrap(text, code) : text;
        }

        return text;
    }

    private static string Name(char sign, string? id) => string.IsNullOrEmpty(id) ? "" : $"{sign}{id}";

    private static string Emoji(Payload emoji) => emoji.TextAt("name") is { Length: > 0 } name ? $":{name}:" : "";

    private static int Number(string? text) => int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) ? Math.Min(number, 1_000_000) : 0;
}
