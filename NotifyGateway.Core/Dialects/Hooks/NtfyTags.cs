namespace NotifyGateway.Core.Dialects.Hooks;

/// <summary>ntfy's tags: the names of emoji are shown as these before the message, the others behind it.</summary>
internal static class NtfyTags
{
    private const int Shown = 8;

    private const int TagLength = 30;

    /// <summary>Those which ntfy's documentation names, and those of its clients' examples; any other stays a word.</summary>
    private static readonly Dictionary<string, string> Emoji = new(StringComparer.Ordinal)
    {
        ["+1"] = "👍",
        ["-1"] = "👎",
        ["bell"] = "🔔",
        ["bug"] = "🐛",
        ["cd"] = "💿",
        ["checkered_flag"] = "🏁",
        ["computer"] = "💻",
        ["construction"] = "🚧",
        ["exclamation"] = "❗",
        ["facepalm"] = "🤦",
        ["fire"] = "🔥",
        ["green_circle"] = "🟢",
        ["heavy_check_mark"] = "✔️",
        ["hourglass"] = "⌛",
        ["information_source"] = "ℹ️",
        ["loudspeaker"] = "📢",
        ["no_entry"] = "⛔",
        ["no_entry_sign"] = "🚫",
        ["package"] = "📦",
        ["partying_face"] = "🥳",
        ["question"] = "❓",
        ["red_circle"] = "🔴",
        ["rocket"] = "🚀",
        ["rotating_light"] = "🚨",
        ["skull"] = "💀",
        ["tada"] = "🎉",
        ["thumbsdown"] = "👎",
        ["thumbsup"] = "👍",
        ["triangular_flag_on_post"] = "🚩",
        ["warning"] = "⚠️",
        ["white_check_mark"] = "✅",
        ["wrench"] = "🔧",
        ["x"] = "❌",
        ["yellow_circle"] = "🟡",
        ["zap"] = "⚡",
    };

    /// <returns>The emoji, with a space behind them if there are any; the other tags with commas between them.</returns>
    public static (string Emoji, string Words) Read(IEnumerable<string> tags)
    {
        var known = tags.Select(t => EventModel.Line(t, TagLength)).OfType<string>().Take(Shown).ToLookup(t => Emoji.ContainsKey(t));
        var shown = string.Join(' ', known[true].Select(t => Emoji[t]));
        return (shown.Length > 0 ? shown + " " : "", string.Join(", ", known[false]));
    }
}
