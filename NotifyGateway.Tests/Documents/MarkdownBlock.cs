using System.Text.RegularExpressions;
using NotifyGateway.Tests.Support;

namespace NotifyGateway.Tests.Documents;

/// <summary>What a comment above a fenced block says of it.</summary>
internal enum BlockUse
{
    /// <summary>No comment: text to be read, or if it is <c>sh</c>, commands to be run.</summary>
    None,

    /// <summary><c>&lt;!-- test: skip: WHY --&gt;</c>: commands that cannot be run in a test.</summary>
    Skip,

    /// <summary><c>&lt;!-- file: NAME --&gt;</c>: the content of a file that commands of the same page read.</summary>
    File,

    /// <summary><c>&lt;!-- prints: COMMAND --&gt;</c>: what the command writes to standard output.</summary>
    Prints,

    /// <summary><c>&lt;!-- warns: COMMAND --&gt;</c>: what the command writes to standard error.</summary>
    Warns,
}

/// <summary>A fenced block of a Markdown page.</summary>
/// <param name="Language">The word behind the fence; empty if there is none.</param>
/// <param name="Use">What the comment above makes of it.</param>
/// <param name="Argument">What stands in that comment: a reason, a name or a command.</param>
/// <param name="Text">The content, each line with its end.</param>
/// <param name="Start">Where the content begins in the page, in characters.</param>
/// <param name="Line">The line of the fence, from 1.</param>
internal sealed partial record MarkdownBlock(string Language, BlockUse Use, string Argument, string Text, int Start, int Line)
{
    /// <summary>README.md and the pages of docs, as paths relative to the root.</summary>
    public static IEnumerable<string> Pages => RepositoryFiles.All().Where(p => p is "README.md" || (p.StartsWith("docs/", StringComparison.Ordinal) && p.EndsWith(".md", StringComparison.Ordinal)));

    public static IReadOnlyList<MarkdownBlock> Of(string page) =>
    [
        .. Fence().Matches(page).Select(m => new MarkdownBlock(
            m.Groups["language"].Value, UseOf(m.Groups["use"].Value), m.Groups["argument"].Value.Trim(), m.Groups["text"].Value, m.Groups["text"].Index,
            page[..m.Groups["fence"].Index].Count(c => c == '\n') + 1)),
    ];

    /// <summary>The page without what stands in its blocks.</summary>
    public static string Prose(string page) => Fence().Replace(page, "");

    private static BlockUse UseOf(string word) => word switch
    {
        "" => BlockUse.None,
        "test: skip" => BlockUse.Skip,
        "file" => BlockUse.File,
        "prints" => BlockUse.Prints,
        _ => BlockUse.Warns,
    };

    [GeneratedRegex("(?:^<!-- (?<use>test: skip|file|prints|warns): (?<argument>[^\n]*?) -->\n)?^(?<fence>(?<ticks>`{3,})(?<language>[a-z]*)\n)(?<text>(?:(?!\\k<ticks>)[^\n]*\n)*)^\\k<ticks>$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex Fence();
}
