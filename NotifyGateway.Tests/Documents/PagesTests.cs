using System.Text.RegularExpressions;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Documents;

/// <summary>
/// The commands of README.md and docs, run as a reader would: each block of <c>sh</c> succeeds, or says above why a test cannot run it;
/// what the page shows of a command's output is what the command prints.
/// </summary>
[Collection(ShippedPorts.Name)]
public sealed partial class PagesTests(ReaderDesk desk) : IClassFixture<ReaderDesk>
{
    /// <summary>Set in the environment to write outputs anew instead of comparing them.</summary>
    private const string Write = "NOTIFY_WRITE_DOCS";

    public static TheoryData<string> Pages => [.. MarkdownBlock.Pages.Where(p => MarkdownBlock.Of(RepositoryFiles.Read(p)).Any(b => b.Language is "sh" || b.Use is not BlockUse.None))];

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Page_DoesWhatItSays(string page)
    {
        var folder = desk.FolderOf(page);
        var text = RepositoryFiles.Read(page).ReplaceLineEndings("\n");
        var written = text;
        foreach (var block in MarkdownBlock.Of(text))
        {
            switch (block.Use)
            {
                case BlockUse.File:
                    await File.WriteAllTextAsync(Path.Combine(folder, block.Argument), block.Text, TestContext.Current.CancellationToken);
                    break;
                case BlockUse.Prints or BlockUse.Warns:
                    var (_, output, error) = await desk.RunAsync(block.Argument, folder);
                    written = Replaced(written, text, block, block.Use is BlockUse.Prints ? output : error);
                    break;
                case BlockUse.None when block.Language is "sh":
                    await RunsAsync(page, block, folder);
                    break;
                default:
                    Assert.False(block.Use is BlockUse.Skip && block.Argument.Length < 10, $"{page}:{block.Line} does not say why its commands cannot be run");
                    break;
            }
        }

        if (Environment.GetEnvironmentVariable(Write) is { Length: > 0 })
        {
            await File.WriteAllTextAsync(Path.Combine(RepositoryFiles.Root, page), written, TestContext.Current.CancellationToken);
        }
        else
        {
            Assert.Equal(written, text);
        }
    }

    /// <summary>The commands succeed, what they send is accepted, and no door complains.</summary>
    private async Task RunsAsync(string page, MarkdownBlock block, string folder)
    {
        var lines = SentLine().Count(block.Text);
        var before = lines == 0 ? 0 : await desk.AcceptedAsync();
        var complaints = Complaints().Length;

        var (exit, output, error) = await desk.RunAsync(block.Text, folder);

        Assert.True(exit == 0, $"{page}:{block.Line} ended with {exit}\n{output}{error}");
        await Deadline.Poll(async _ => lines == 0 || await desk.AcceptedAsync() >= before + lines, $"{page}:{block.Line}: {lines} lines were accepted");
        Assert.True(Complaints().Length == complaints, $"{page}:{block.Line}: the gateway said\n{string.Join('\n', Complaints().Skip(complaints))}");
    }

    private string[] Complaints() => [.. desk.Gateway.Output.Entries.Where(l => Complaint().IsMatch(l))];

    /// <summary>The page with the block's content replaced; earlier blocks may have changed its length.</summary>
    private static string Replaced(string written, string text, MarkdownBlock block, string content)
    {
        var start = block.Start + written.Length - text.Length;
        return written[..start] + content + written[(start + block.Text.Length)..];
    }

    /// <summary>What a door refuses: HTTP, TCP or UDP.</summary>
    [GeneratedRegex(@" (warn|fail): [^\[]*\[[23][0-9]{3}\]", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Complaint();

    /// <summary>A message to a line door; <c>SECRET::channels</c> is a question.</summary>
    [GeneratedRegex("^echo (?!'SECRET::)[^\n]*\\| nc ", RegexOptions.Multiline | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex SentLine();
}
