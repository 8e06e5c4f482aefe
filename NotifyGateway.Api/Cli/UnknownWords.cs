using System.CommandLine;
using System.CommandLine.Parsing;
using NotifyGateway.Core;

namespace NotifyGateway.Api.Cli;

/// <summary>Words of a command line that mean nothing there, and what was probably meant. Of a word only the name is repeated: a secret may stand behind it.</summary>
internal static class UnknownWords
{
    /// <summary>One sentence for each; none when every word has a meaning.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="root">The whole program.</param>
    public static IReadOnlyList<string> In(ParseResult parsed, Command root)
    {
        var command = parsed.CommandResult.Command;
        IEnumerable<string> words = [.. Settings(parsed), .. Texts(parsed), .. parsed.UnmatchedTokens];
        var sentences = new List<string>();
        var isBehindOption = false;
        foreach (var word in words.Where(w => SettingArgument.Parse(w) is null))
        {
            // What stands behind an unknown option is probably its value.
            if (!isBehindOption || IsOption(word))
            {
                sentences.Add(Sentence(word.Split('=', ' ')[0], word, command, root));
            }

            isBehindOption = IsOption(word) && !word.Contains('=', StringComparison.Ordinal);
        }

        return sentences;
    }

    private static bool IsOption(string word) => word is ['-', _, ..];

    private static IEnumerable<string> Settings(ParseResult parsed) => parsed.GetResult(GatewaySymbols.Settings)?.Tokens.Select(t => t.Value) ?? [];

    /// <summary>A misspelt option must not be sent as a text, unless it stands behind <c>--</c>.</summary>
    private static IEnumerable<string> Texts(ParseResult parsed)
    {
        var words = parsed.GetResult(Send.SendSymbols.Text)?.Tokens ?? [];
        var behind = parsed.Tokens.SkipWhile(t => t.Type != TokenType.DoubleDash).Count(t => t.Type == TokenType.Argument);
        return words.Take(words.Count - behind).Select(t => t.Value).Where(IsOption);
    }

    private static string Sentence(string name, string word, Command command, Command root)
    {
        if (!IsOption(name))
        {
            var known = command.Subcommands.Select(c => c.Name).ToList();
            return known.Count == 0 ? $"'{name}' means nothing to {command.Name}"
                : NearestName.To(name, known) is { } nearest ? $"unknown command '{name}'; did you mean {nearest}?"
                : $"unknown command '{name}'; there are {string.Join(", ", known)}";
        }

        if (!word.Contains('=', StringComparison.Ordinal) && SettingArgument.Parse(name + "=") is not null)
        {
            return $"the setting {name} has no value: it is written {name}=VALUE";
        }

        return Setting(name) is { } setting ? $"unknown option {name}; did you mean {setting}?"
            : NearestName.To(name.TrimStart('-'), Names(command).Select(n => n[2..])) is { } option ? $"unknown option {name}; did you mean --{option}?"
            : root.Subcommands.Where(c => Names(c).Contains(name, StringComparer.Ordinal)).Select(c => c.Name).ToList() is { Count: > 0 } others
                ? $"unknown option {name} of {command.Name}; {string.Join(" and ", others)} {(others.Count == 1 ? "has" : "have")} it"
            : command is { Name: "send" } ? $"unknown option {name}; a text that begins with a hyphen stands behind --"
            : $"unknown option {name}";
    }

    private static string[] Names(Command command) => [.. command.Options.SelectMany(o => o.Aliases.Append(o.Name)).Where(n => n.StartsWith("--", StringComparison.Ordinal))];

    /// <summary>A setting whose section is misspelt.</summary>
    private static string? Setting(string name) =>
        name.Split(':', 2) is [var section, var path] && NearestName.To(section, SettingArgument.Sections.Select(s => $"--{s}")) is { } nearest ? $"{nearest}:{path}" : null;
}
