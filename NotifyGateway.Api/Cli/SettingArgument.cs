namespace NotifyGateway.Api.Cli;

/// <summary>A setting on the command line: <c>--Gateway:Irc:libera:Nick=bot</c>.</summary>
internal static class SettingArgument
{
    /// <summary>What the first name of a path may be.</summary>
    public static IReadOnlyList<string> Sections { get; } = ["Gateway", "Logging", "Kestrel"];

    /// <summary>Path and value, or null when the word is no setting.</summary>
    public static KeyValuePair<string, string?>? Parse(string word)
    {
        var equals = word.IndexOf('=', StringComparison.Ordinal);
        return equals > 0 && Sections.Any(s => word.StartsWith($"--{s}:", StringComparison.OrdinalIgnoreCase))
            ? new(word[2..equals], word[(equals + 1)..])
            : null;
    }
}
