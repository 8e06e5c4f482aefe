using System.Text.RegularExpressions;
using NotifyGateway.Core.Configuration;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Documents;

/// <summary>Every door has a line that can be copied, in a block which <see cref="PagesTests"/> runs.</summary>
public sealed partial class DoorExampleTests
{
    [Fact]
    public void EveryRoute_HasAnExample()
    {
        var page = RepositoryFiles.Read("docs/doors-http.md");
        var examples = Examples(page);
        var paths = Route().Matches(page).Select(m => m.Groups["path"].Value).Distinct(StringComparer.Ordinal).ToList();

        Assert.True(paths.Count > 15, "the page lists no routes");
        Assert.All(paths, path => Assert.Matches(@"127\.0\.0\.1:8080" + Parameter().Replace(Regex.Escape(path), "[^/?' \n]+") + "(?=[?' \n])", examples));
    }

    [Fact]
    public void EveryDialect_HasAnExample() => Assert.All(Enum.GetNames<Dialect>(), dialect =>
    {
        var section = RepositoryFiles.Read("docs/doors-tcp.md").Split("\n## ").Single(s => s.StartsWith(dialect + "\n", StringComparison.Ordinal));
        Assert.Contains(" | nc ", Examples(section), StringComparison.Ordinal);
    });

    private static string Examples(string page) => string.Concat(MarkdownBlock.Of(page).Where(b => b is { Language: "sh", Use: BlockUse.None }).Select(b => b.Text));

    [GeneratedRegex(@"^\| `[A-Z]+ (?<path>/[^`]+)` \|", RegexOptions.Multiline | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Route();

    [GeneratedRegex(@"\\\{[^}]*\}", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Parameter();
}
