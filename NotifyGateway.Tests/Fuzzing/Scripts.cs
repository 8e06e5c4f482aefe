using System.Text;
using System.Text.RegularExpressions;
using NotifyGateway.Tests.Support;

namespace NotifyGateway.Tests.Fuzzing;

/// <summary>The conversations that the protocols' tests play, as what a server says in them.</summary>
internal static partial class Scripts
{
    /// <param name="folder">Of the tests, below <c>Protocols</c>.</param>
    /// <param name="opening">What comes before: many scripts begin after the login.</param>
    /// <param name="lineEnd">Behind what the server says.</param>
    /// <param name="maxLength">Longer ones are left out.</param>
    public static IEnumerable<byte[]> Of(string folder, string opening, string lineEnd, int maxLength) =>
        Directory.EnumerateFiles(Path.Combine(RepositoryFiles.Root, "NotifyGateway.Tests/Protocols", folder), "*.cs").Order(StringComparer.Ordinal)
            .SelectMany(f => RawText().Matches(File.ReadAllText(f)).Select(m => m.Groups["text"].Value)).Where(t => t.Contains("server: ", StringComparison.Ordinal))
            .Select(t => Said(t, lineEnd)).SelectMany(said => new[] { said, opening + said }).Select(Inputs.Bytes).Where(input => input.Length <= maxLength);

    private static string Said(string script, string lineEnd)
    {
        var said = new StringBuilder();
        foreach (var line in script.Split('\n').Select(l => l.Trim()))
        {
            var words = line.Split(' ');
            said.Append(words switch
            {
                ["server:", ..] => line["server: ".Length..] + lineEnd,
                ["enter", _, ..] => $"\u0001enter {string.Join(' ', words[^1] is "room" or "user" ? words[2..] : words[1..2])}\n",
                ["send", _, _, ..] => $"\u0001send {string.Join(' ', words[3..])}\n",
                ["time", var seconds] => $"\u0001time {seconds}\n",
                ["quit", ..] => "\u0001quit\n",
                _ => "",
            });
        }

        return said.ToString();
    }

    [GeneratedRegex("\\$?\"\"\"\\r?\\n(?<text>.*?)\"\"\"", RegexOptions.Singleline | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex RawText();
}
