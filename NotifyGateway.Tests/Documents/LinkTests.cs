using System.Text.RegularExpressions;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Documents;

/// <summary>Links between the documents lead to a file that is there, and to a heading of it.</summary>
public sealed partial class LinkTests
{
    public static TheoryData<string> Pages => [.. RepositoryFiles.All().Where(p => p.EndsWith(".md", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Page_LeadsToWhatIsThere(string page)
    {
        var folder = Path.GetDirectoryName(Path.Combine(RepositoryFiles.Root, page))!;
        var broken = Targets(RepositoryFiles.Read(page)).Where(target => !Leads(page, folder, target)).ToList();

        Assert.True(broken.Count == 0, $"{page} links to what is not there: {string.Join(", ", broken)}");
    }

    [Fact]
    public void EveryPageOfDocs_IsLinkedToFromAnother()
    {
        var linked = RepositoryFiles.All().Where(p => p.EndsWith(".md", StringComparison.Ordinal))
            .SelectMany(p => Targets(RepositoryFiles.Read(p)).Select(t => (From: p, To: Path.GetFullPath(Path.Combine(RepositoryFiles.Root, Path.GetDirectoryName(p)!, t.Split('#')[0])))))
            .Where(l => Path.Combine(RepositoryFiles.Root, l.From) != l.To).Select(l => Path.GetRelativePath(RepositoryFiles.Root, l.To)).ToHashSet(StringComparer.Ordinal);

        Assert.Empty(RepositoryFiles.All().Where(p => p.StartsWith("docs/", StringComparison.Ordinal) && p.EndsWith(".md", StringComparison.Ordinal)).Except(linked, StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("a [b](c.md) d", "c.md")]
    [InlineData("[b](c.md#d-e) and [f](#g)", "c.md#d-e|#g")]
    [InlineData("`[b](c.md)`", "")]
    [InlineData("```\n[b](c.md)\n```\n", "")]
    [InlineData("[b](https://example.org)", "")]
    public void Links_AreFound(string text, string targets) => Assert.Equal(targets, string.Join('|', Targets(text)));

    [Theory]
    [InlineData("## The first five minutes\n", "the-first-five-minutes")]
    [InlineData("## `Gateway:Irc:NAME` and `Gateway:Dynamic`\n", "gatewayircname-and-gatewaydynamic")]
    [InlineData("### 433: nickname in use\n", "433-nickname-in-use")]
    [InlineData("# A\n# A\n", "a|a-1")]
    public void Anchors_AreThoseOfGitHub(string text, string anchors) => Assert.Equal(anchors, string.Join('|', Anchors(text)));

    private static bool Leads(string page, string folder, string target)
    {
        var (path, anchor) = target.Split('#', 2) is [var p, var a] ? (p, a) : (target, null);
        var file = path.Length == 0 ? Path.Combine(RepositoryFiles.Root, page) : Path.Combine(folder, Uri.UnescapeDataString(path));
        return (File.Exists(file) || Directory.Exists(file)) && (anchor is null || Anchors(File.ReadAllText(file)).Contains(anchor, StringComparer.Ordinal));
    }

    private static IEnumerable<string> Targets(string page) =>
        Link().Matches(Code().Replace(MarkdownBlock.Prose(page), "")).Select(m => m.Groups["target"].Value).Where(t => !Scheme().IsMatch(t));

    private static IEnumerable<string> Anchors(string page)
    {
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (Match heading in Heading().Matches(MarkdownBlock.Prose(page)))
        {
            var plain = LinkInHeading().Replace(heading.Groups["text"].Value, "${label}");
            var anchor = string.Concat(plain.Trim().ToLowerInvariant().Where(c => char.IsLetterOrDigit(c) || c is ' ' or '-' or '_').Select(c => c == ' ' ? '-' : c));
            var times = seen[anchor] = seen.GetValueOrDefault(anchor, -1) + 1;
            yield return times == 0 ? anchor : $"{anchor}-{times}";
        }
    }

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Link();

    [GeneratedRegex(@"\[(?<label>[^\]]*)\]\([^)]*\)", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex LinkInHeading();

    [GeneratedRegex("`[^`\n]*`", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Code();

    [GeneratedRegex("^[a-z][a-z0-9+.-]*:", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Scheme();

    [GeneratedRegex("^#{1,6} +(?<text>[^\n]+)$", RegexOptions.Multiline | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Heading();
}
