namespace NotifyGateway.Api.Cli.Import;

/// <summary>
/// A file of sections and keys, as Python's ConfigParser reads it: <c>key = value</c> or <c>key: value</c>, comments behind <c>;</c> and <c>#</c> at the
/// start of a line, a value goes on in the lines that are indented behind it. Names of keys are in lower case; <c>%%</c> is a percent sign.
/// </summary>
internal sealed class IniFile
{
    private readonly Dictionary<string, Dictionary<string, string>> _sections = new(StringComparer.Ordinal);
    private readonly List<string> _faults = [];

    private IniFile()
    {
    }

    /// <summary>The names of the sections, in their order.</summary>
    public IEnumerable<string> Sections => _sections.Keys;

    /// <summary>Lines that are none; without their text.</summary>
    public IReadOnlyList<string> Faults => _faults;

    public static IniFile Parse(string text)
    {
        var file = new IniFile();
        Dictionary<string, string>? section = null;
        string? key = null;
        var number = 0;
        foreach (var line in text.TrimStart('\uFEFF').ReplaceLineEndings("\n").Split('\n'))
        {
            number++;
            var trimmed = line.Trim();
            if (trimmed.Length == 0 || trimmed[0] is ';' or '#')
            {
                continue;
            }

            if (char.IsWhiteSpace(line[0]) && key is not null)
            {
                section![key] += $"\n{Unescape(trimmed)}";
            }
            else if (trimmed is ['[', .. var name, ']'])
            {
                key = null;
                section = file._sections.TryGetValue(name, out var known) ? known : file._sections[name] = new(StringComparer.Ordinal);
            }
            else if (section is not null && trimmed.AsSpan().IndexOfAny('=', ':') is > 0 and var at)
            {
                key = trimmed[..at].TrimEnd().ToLowerInvariant();
                section[key] = Unescape(trimmed[(at + 1)..].TrimStart());
            }
            else
            {
                file._faults.Add(section is null ? Invariant($"line {number}: stands in no section") : Invariant($"line {number}: is no key = value"));
            }
        }

        return file;

        static string Invariant(FormattableString fault) => FormattableString.Invariant(fault);
    }

    /// <summary>The keys of a section; none when there is no such section.</summary>
    public IReadOnlyDictionary<string, string> Section(string name) => _sections.GetValueOrDefault(name) ?? [];

    private static string Unescape(string value) => value.Replace("%%", "%", StringComparison.Ordinal);
}
