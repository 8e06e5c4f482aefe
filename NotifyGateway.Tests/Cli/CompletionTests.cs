using System.CommandLine;
using System.Diagnostics;
using System.Text.RegularExpressions;
using NotifyGateway.Api.Cli;
using NotifyGateway.Api.Cli.Import;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Cli;

public sealed partial class CompletionTests
{
    private const string Bash = "contrib/completion/notify-gateway.bash";
    private const string Zsh = "contrib/completion/_notify-gateway";

    [Theory]
    [InlineData(Bash)]
    [InlineData(Zsh)]
    public void Script_NamesEveryCommandAndOption_AndNoOther(string script)
    {
        var words = Word().Matches(RepositoryFiles.Read(script)).Select(m => m.Value).ToHashSet(StringComparer.Ordinal);
        var commands = All(CommandLine.Make()).ToList();
        var options = commands.SelectMany(c => c.Options).Select(o => o.Name).ToHashSet(StringComparer.Ordinal);

        Assert.Empty(commands.Skip(1).Select(c => c.Name).Concat(options).Concat(ImportFormat.All.Select(f => f.Name)).Except(words));
        Assert.Empty(words.Where(w => w.StartsWith("--", StringComparison.Ordinal)).Except(options));
    }

    [Theory]
    [InlineData("chec", "check-config")]
    [InlineData("--sand", "--sandbox")]
    [InlineData("send --sec", "--secret --secret-file")]
    [InlineData("send --to x --severity w", "warning")]
    [InlineData("send --to t", "")]
    [InlineData("check-config --sand", "")]
    [InlineData("import xmpp", "xmpp-muc-gateway")]
    [InlineData("template s", "show")]
    [InlineData("template try auto --h", "--header --help")]
    public async Task Bash_Completes(string typed, string offered)
    {
        var words = $"notify-gateway {typed}".Split(' ');
        var start = new ProcessStartInfo("bash", ["-c", """
            source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _notify_gateway; printf '%s\n' "${COMPREPLY[@]}"
            """, "bash", Path.Combine(RepositoryFiles.Root, Bash), .. words]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        using var bash = Process.Start(start)!;
        var output = await bash.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = await bash.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await bash.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal("", errors);
        Assert.Equal(offered, string.Join(' ', output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal)));
    }

    private static IEnumerable<Command> All(Command command) => command.Subcommands.SelectMany(All).Prepend(command);

    [GeneratedRegex(@"(?<![\w-])(--)?[a-z][a-z-]*[a-z]", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Word();
}
