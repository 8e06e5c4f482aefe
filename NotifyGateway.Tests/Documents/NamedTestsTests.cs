using System.Reflection;
using System.Text.RegularExpressions;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Documents;

/// <summary>Where a document names the test that shows a promise, there is such a test.</summary>
public sealed partial class NamedTestsTests
{
    private static readonly HashSet<string> Tests = [.. typeof(NamedTestsTests).Assembly.GetTypes()
        .SelectMany(t => t.GetMethods(BindingFlags.Instance | BindingFlags.Public)).Where(m => m.GetCustomAttributes().Any(a => a is FactAttribute)).Select(m => m.Name)];

    [Theory]
    [InlineData("docs/delivery.md", 20)]
    [InlineData("docs/security.md", 40)]
    public void NamedTest_IsThere(string page, int atLeast)
    {
        var named = Name().Matches(RepositoryFiles.Read(page)).Select(m => m.Groups["name"].Value).ToList();

        Assert.True(named.Count >= atLeast, $"{page} names {named.Count} tests");
        Assert.All(named, name => Assert.Contains(name, Tests));
    }

    [Fact]
    public void EveryThreat_NamesATest()
    {
        var rows = Row().Matches(RepositoryFiles.Read("docs/security.md")).Select(m => m.Groups["tests"].Value.Split(", ")).ToList();

        Assert.True(rows.Count > 30, "docs/security.md has no table of threats");
        Assert.All(rows.SelectMany(names => names), name => Assert.Contains(name.Trim('`'), Tests));
    }

    [GeneratedRegex("`(?<name>[A-Z][A-Za-z0-9]*_[A-Za-z0-9_]+)`", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Name();

    [GeneratedRegex("^\\| [A-Z][^|\n]*\\|[^|\n]*\\| (?<tests>[^|\n]*) \\|$", RegexOptions.Multiline | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Row();
}
