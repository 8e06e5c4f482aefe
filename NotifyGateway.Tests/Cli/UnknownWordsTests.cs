using NotifyGateway.Api.Cli;
using Xunit;

namespace NotifyGateway.Tests.Cli;

/// <summary>What is told of a word that means nothing.</summary>
public sealed class UnknownWordsTests
{
    [Theory]
    [InlineData("chek-config", "unknown command 'chek-config'; did you mean check-config?")]
    [InlineData("SERVE", "unknown command 'SERVE'; did you mean serve?")]
    [InlineData("start", "unknown command 'start'; there are serve, send, check-config, health, import, template, token")]
    [InlineData("template shw", "unknown command 'shw'; did you mean show?")]
    [InlineData("template", "template needs a command: try, list, show")]
    [InlineData("--sandox", "unknown option --sandox; did you mean --sandbox?")]
    [InlineData("--confg hunter2", "unknown option --confg; did you mean --config?")]
    [InlineData("--confg=hunter2", "unknown option --confg; did you mean --config?")]
    [InlineData("serve --bogus", "unknown option --bogus")]
    [InlineData("token --bogus", "unknown option --bogus")]
    [InlineData("check-config --sandbox", "unknown option --sandbox of check-config; serve has it")]
    [InlineData("check-config gateway.json", "'gateway.json' means nothing to check-config")]
    [InlineData("--Gatway:Irc:net:Nick=hunter2", "unknown option --Gatway:Irc:net:Nick; did you mean --Gateway:Irc:net:Nick?")]
    [InlineData("--Gateway:Anonymous Loopback", "the setting --Gateway:Anonymous has no value: it is written --Gateway:Anonymous=VALUE")]
    public async Task SaysWhatItIs_AndWhatWasProbablyMeant(string arguments, string said)
    {
        var words = arguments.Split(' ');
        var (code, output, error) = await RunAsync(words);

        Assert.Equal((2, ""), (code, output));
        Assert.Equal([said, words[0] is "serve" or "token" or "check-config" or "template" ? $"See notify-gateway {words[0]} --help." : "See notify-gateway --help."], error.TrimEnd().Split('\n'));
    }

    [Theory]
    [InlineData("--help", "  notify-gateway [command] [options]", true)]
    [InlineData("serve --help", "  notify-gateway serve [options]", true)]
    [InlineData("check-config --help", "  notify-gateway check-config [options]", true)]
    [InlineData("send --help", "  notify-gateway send [<TEXT>...] [options]", false)]
    [InlineData("template try --help", "  notify-gateway template try <NAME> <PAYLOAD> [options]", false)]
    [InlineData("token --help", "  notify-gateway token [options]", false)]
    public async Task Help_HasTheCommandFirst_AndSettingsWhereTheyCount(string arguments, string usage, bool settings)
    {
        var (code, output, error) = await RunAsync(arguments.Split(' '));

        Assert.Equal((0, ""), (code, error));
        Assert.Contains($"Usage:\n{usage}\n", output, StringComparison.Ordinal);
        Assert.Equal(settings, output.Contains("Settings:\n  --Gateway:KEY=VALUE", StringComparison.Ordinal));
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(string[] arguments)
    {
        await using var output = new StringWriter { NewLine = "\n" };
        await using var error = new StringWriter { NewLine = "\n" };
        var code = await CommandLine.RunAsync(arguments, output, error, TestContext.Current.CancellationToken);
        return (code, output.ToString(), error.ToString());
    }
}
