using System.Text.RegularExpressions;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Documents;

/// <summary>docs/troubleshooting.md quotes the program: what stands in backticks in a symptom is what the program says.</summary>
public sealed partial class TroubleshootingTests
{
    private static readonly string Source = string.Concat(RepositoryFiles.All()
        .Where(p => p.EndsWith(".cs", StringComparison.Ordinal) && (p.StartsWith("NotifyGateway.Core/", StringComparison.Ordinal) || p.StartsWith("NotifyGateway.Api/", StringComparison.Ordinal)))
        .Select(RepositoryFiles.Read)).Replace("\\\"", "\"", StringComparison.Ordinal);

    /// <summary>What the system and not the program says.</summary>
    private static readonly string[] OfTheSystem = ["Cannot determine the frame size", "address already in use.", "127.0.0.1"];

    [Fact]
    public void Symptoms_AreWordsOfTheProgram()
    {
        var quoted = Row().Matches(RepositoryFiles.Read("docs/troubleshooting.md")).Select(m => m.Groups["symptom"].Value).Where(s => !s.StartsWith('-'))
            .SelectMany(s => Quote().Matches(s)).SelectMany(m => m.Groups["words"].Value.Split('…', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            .Where(w => w.Any(char.IsLetter)).Except(OfTheSystem, StringComparer.Ordinal).ToList();

        Assert.True(quoted.Count > 50, "the page has no symptoms");
        Assert.All(quoted, w => Assert.Contains(w.TrimStart(':', ';', '?', ' '), Source, StringComparison.Ordinal));
    }

    [GeneratedRegex(@"^\| (?<symptom>[^|]+) \|", RegexOptions.Multiline | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Row();

    [GeneratedRegex("`(?<words>[^`]+)`", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Quote();
}
