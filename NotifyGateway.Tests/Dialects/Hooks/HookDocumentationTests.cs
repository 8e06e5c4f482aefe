using NotifyGateway.Core.Dialects.Hooks;
using NotifyGateway.Core.Templates;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Dialects.Hooks;

/// <summary>docs/hooks.md shows what each built-in template makes of a recorded request.</summary>
public sealed class HookDocumentationTests
{
    private const string Heading = "## What each sender's message looks like\n";

    /// <summary>Set in the environment to write the section anew instead of comparing it.</summary>
    private const string Write = "NOTIFY_WRITE_DOCS";

    private static readonly string Page = Path.Combine(RepositoryFiles.Root, "docs/hooks.md");

    /// <summary>Templates for which no recorded request is asked: a part of another, and one for users' own hooks.</summary>
    private static readonly string[] WithoutCase = ["grafana-alert", "message"];

    [Fact]
    public void EveryBuiltInTemplate_IsShown_AsItIs()
    {
        var (before, after) = File.ReadAllText(Page).ReplaceLineEndings("\n").Split(Heading) is [var head, var tail] ? (head, tail) : (null, null);
        Assert.True(before is not null && after is not null, $"docs/hooks.md has no section {Heading}");
        var section = Section();
        if (Environment.GetEnvironmentVariable(Write) is { Length: > 0 })
        {
            File.WriteAllText(Page, before + Heading + section);
        }

        Assert.True(section == after, $"The section is stale: run this test once with {Write}=1 in the environment. It should be:\n{section}");
    }

    private static string Section()
    {
        var cases = Directory.EnumerateFiles(HookCase.Folder, "*.txt").Select(f => HookCase.Load(Path.GetFileNameWithoutExtension(f))).OrderBy(c => c.Name, StringComparer.Ordinal)
            .Select(c => (Case: c, Event: HookSenders.Of(c.Request)?.Read(c.Request) as HookReading.Event)).Where(c => c.Event is not null).ToLookup(c => c.Event!.Template, StringComparer.Ordinal);
        var entries = TemplateSet.BuiltIn.Names.Except(WithoutCase, StringComparer.Ordinal).Select(name =>
        {
            // Of several cases the one with most to show: it tells most of the template.
            Assert.True(cases[name].Any(), $"no recorded request uses the template {name}");
            var shown = cases[name].Select(c => c.Case).OrderByDescending(c => c.Sections["irc"].Split('\n').Length is <= 10 and var lines ? lines : 0).First();
            return $"`{name}`, of `{shown.Name}`:\n\n```\n{Plain(shown.Sections["irc"])}\n```\n";
        });
        return $"""

            Each built-in template with what it makes of one of the recorded requests in `NotifyGateway.Tests/Dialects/Hooks/Cases`, without its formats. Gitea and Forgejo share those of GitHub. `grafana-alert` is
            a part of `grafana`; `message` shows `title` and `text`, for hooks of your own.


            """ + string.Join('\n', entries);
    }

    private static string Plain(string irc) =>
        System.Text.RegularExpressions.Regex.Replace(irc, @"\{(?:[biscou]|k[0-9]{0,2})\}", "", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1));
}
