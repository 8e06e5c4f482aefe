using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Cli.Send;

public sealed class SendUsageTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("--to", "hello")]
    [InlineData("is required", "hello")]
    [InlineData("put it in quotes", "--to", "#ops", "two", "words")]
    [InlineData("unknown option --tilte; did you mean --title?", "--to", "#ops", "--tilte=hunter2", "hello")]
    [InlineData("unknown option --secert; did you mean --secret?", "--to", "#ops", "--secert", "hunter2")]
    [InlineData("unknown option -x; a text that begins with a hyphen stands behind --", "--to", "#ops", "-x")]
    [InlineData("unknown option --too; did you mean --to?", "--too", "#ops", "hunter2")]
    [InlineData("See notify-gateway send --help.", "--to", "#ops", "two", "words")]
    [InlineData("the message is empty", "--to", "#ops")]
    [InlineData("the message is empty", "--to", "#ops", "")]
    [InlineData("--timeout is 1 to 86400 seconds", "--to", "#ops", "--timeout", "0", "x")]
    [InlineData("--timeout", "--to", "#ops", "--timeout", "soon", "x")]
    [InlineData("loud", "--to", "#ops", "--severity", "loud", "x")]
    [InlineData("--gateway is http://host[:port]", "--to", "#ops", "--gateway", "http://ci:hunter2@127.0.0.1/", "x")]
    [InlineData("--gateway is http://host[:port]", "--to", "#ops", "--gateway", "ftp://127.0.0.1/", "x")]
    [InlineData("--gateway does not go with", "--to", "#ops", "--gateway", "http://127.0.0.1", "--jid", "a@b", "--password-file", "pw", "x")]
    [InlineData("--secret and --secret-file are for --gateway", "--to", "#ops", "--secret", "hunter2", "x")]
    [InlineData("not both", "--to", "#ops", "--gateway", "http://127.0.0.1", "--secret", "hunter2", "--secret-file", "pw", "x")]
    [InlineData("go together", "--to", "xmpp:a@b", "--jid", "a@b", "x")]
    [InlineData("missing: no such file", "--to", "xmpp:a@b", "--jid", "a@b", "--password-file", "missing", "x")]
    [InlineData("two: must hold one line", "--to", "xmpp:a@b", "--jid", "a@b", "--password-file", "two", "x")]
    [InlineData("--jid: ", "--to", "xmpp:a@b", "--jid", "@", "--password-file", "pw", "x")]
    public async Task WrongCall_EndsWith2(string said, params string[] arguments)
    {
        _folder.Write("pw", "hunter2\n");
        _folder.Write("two", "hunter2\nhunter3\n");

        var (code, output, error) = await GatewayProcess.RunAsync(_folder.Path, ["send", .. arguments]);

        Assert.Equal((2, ""), (code, output));
        Assert.Contains(said, error, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("xmpp:alice@example.org", "--jid JID and --password-file FILE")]
    [InlineData("alice@example.org", "--jid JID and --password-file FILE")]
    [InlineData("#ops", "--config FILE, or a gateway that runs with --gateway URL")]
    public async Task WithoutAConfiguration_ItSaysWhatElseIsNeeded(string to, string said)
    {
        var (code, output, error) = await GatewayProcess.RunAsync(_folder.Path, "send", "--to", to, "x");

        Assert.Equal((1, ""), (code, output));
        Assert.Contains(said, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_ShowsExamples_AndWarnsOfTheListOfProcesses()
    {
        var (code, output, _) = await GatewayProcess.RunAsync(_folder.Path, "send", "--help");

        Assert.Equal(0, code);
        Assert.Contains("Examples:\n  notify-gateway send --to ircs://", output, StringComparison.Ordinal);
        Assert.Contains("NOTIFY_SECRET", output, StringComparison.Ordinal);
        Assert.Contains("list of processes", output.ReplaceLineEndings(" "), StringComparison.Ordinal);
    }
}
