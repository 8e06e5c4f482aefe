using NotifyGateway.Tests.Support;
using NotifyGateway.Tests.Support.Servers;
using Xunit;

namespace NotifyGateway.Tests.Cli.Send;

/// <summary>Without a gateway that runs, against a real server.</summary>
public sealed class OwnSendTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private NgircdServer _server = null!;

    private string Url => $"irc://127.0.0.1:{_server.Port}/";

    public async ValueTask InitializeAsync()
    {
        _server = await NgircdServer.StartAsync();
        Directory.CreateDirectory(_folder["tmp"]);
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Sends_AndSaysGoodbye_AndLeavesNothing()
    {
        await using var watcher = await IrcWatcher.ConnectAsync(_server.Port, "watcher", "#ops");

        var result = await SendAsync("--to", Url + "ops", "--to", Url + "watcher,isnick", "--title", "backup", "--severity", "error", "all @done");

        Assert.Equal((0, "", ""), result);
        foreach (var target in new[] { "#ops", "watcher" })
        {
            var told = await watcher.MessagesAsync(target, 2);
            Assert.Contains("backup", told[0].Text, StringComparison.Ordinal);
            Assert.Equal("all @done", told[1].Text);
        }

        await watcher.Lines.FirstAsync(l => l.Contains(" QUIT ", StringComparison.Ordinal) && l.Contains("message delivered", StringComparison.Ordinal), "QUIT");
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder["tmp"]));
    }

    [Theory]
    [InlineData("from a pipe\n")]
    [InlineData("from a pipe\r\n\r\n", "-")]
    public async Task ReadsStandardInput_WithoutAText(string input, params string[] text)
    {
        await using var watcher = await IrcWatcher.ConnectAsync(_server.Port, "watcher", "#ops");

        var (code, output, error) = await GatewayProcess.RunAsync(_folder.Path, input, [], ["send", "--to", Url + "ops", "--verbose", .. text]);

        Assert.Equal((0, $"{Url}#ops: delivered (pong)"), (code, output));
        Assert.Equal("from a pipe", Assert.Single(await watcher.MessagesAsync("#ops", 1)).Text);
        Assert.Contains("joined #ops", error, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task FailsAtOnce_WithTheServersWords_AndDeliversTheRest()
    {
        await using var watcher = await IrcWatcher.ConnectAsync(_server.Port, "watcher", "#ops");
        var begun = TimeProvider.System.GetTimestamp();

        var (code, output, error) = await SendAsync("--to", Url + "invite", "--to", Url + "keyed?key=wrong-key", "--to", Url + "nobody,isnick", "--to", Url + "ops", "hello");

        var lines = error.Split('\n');
        Assert.Equal((1, "", 3), (code, output, lines.Length));
        Assert.StartsWith($"{Url}#invite: 473 ", lines[0], StringComparison.Ordinal);
        Assert.StartsWith($"{Url}#keyed: 475 ", lines[1], StringComparison.Ordinal);
        Assert.StartsWith($"{Url}nobody,isnick: 401 ", lines[2], StringComparison.Ordinal);
        Assert.DoesNotContain("wrong-key", error, StringComparison.Ordinal);
        Assert.Single(await watcher.MessagesAsync("#ops", 1));
        Assert.True(TimeProvider.System.GetElapsedTime(begun) < TimeSpan.FromSeconds(30), "it waited for another try");
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder["tmp"]));
    }

    [Fact]
    public async Task UsesAConfigurationsNetworks_AndOnlyThose_ThatAreNeeded()
    {
        await using var watcher = await IrcWatcher.ConnectAsync(_server.Port, "watcher", "#ops", "#other");
        await using var unused = ScriptedPeer.Start();
        _folder.Write("gateway.json", $$"""
            { "Gateway": { "Aliases": { "oncall": ["net/watcher"] }, "Irc": {
              "net": { "Server": "127.0.0.1", "Port": {{_server.Port}}, "Tls": false, "Nick": "bot",
                       "Channels": [ { "Name": "#ops" }, { "Name": "#other", "Greeting": "hello" }, { "Name": "#keyed", "Key": "sesame" } ] },
              "unused": { "Server": "127.0.0.1", "Port": {{unused.Port}}, "Tls": false, "Nick": "bot" } } } }
            """);

        var result = await SendAsync("--config", "gateway.json", "--to", "#ops", "--to", "oncall", "--to", "net/#keyed", "hello");

        Assert.Equal((0, "", ""), result);
        Assert.Equal(0, unused.Connections);
        Assert.Equal("bot", Assert.Single(await watcher.MessagesAsync("#ops", 1)).Nick);
        Assert.Single(await watcher.MessagesAsync("watcher", 1));
        await watcher.Lines.FirstAsync(l => l.Contains(" QUIT ", StringComparison.Ordinal), "QUIT");
        Assert.DoesNotContain(watcher.Lines.Entries, l => l.StartsWith(":bot!", StringComparison.Ordinal) && l.Contains("JOIN", StringComparison.Ordinal) && l.Contains("#other", StringComparison.Ordinal));
    }

    [Fact]
    public async Task WrongServerPassword_FailsAtOnce_AndIsNotRepeated()
    {
        await using var locked = await NgircdServer.StartAsync(new NgircdOptions { Password = "right-one" });

        var (code, output, error) = await SendAsync("--to", $"irc://u:hunter2@127.0.0.1:{locked.Port}/ops", "hello");

        Assert.Equal((1, ""), (code, output));
        Assert.StartsWith($"irc://127.0.0.1:{locked.Port}/#ops: ", error, StringComparison.Ordinal);
        Assert.DoesNotContain("within", error, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task UnreachableServer_IsToldWhenTheTimeIsOver()
    {
        await using var down = NgircdServer.Prepare();

        var (code, output, error) = await SendAsync("--to", $"irc://127.0.0.1:{down.Port}/ops", "--timeout", "1", "hello");

        Assert.Equal((1, ""), (code, output));
        Assert.Matches($"^irc://127.0.0.1:{down.Port}/#ops: not delivered within 1 s: .*refused", error);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder["tmp"]));
    }

    [Fact]
    public async Task Xmpp_SendsUnderAResourceOfItsOwn()
    {
        using var certificates = new TestCertificates();
        await using var server = await XmppServer.StartAsync(ProsodyServer.Name, new XmppServerOptions(certificates.Server) { Accounts = [("bot", "botpw"), ("watcher", "watcherpw")] });
        await using var watcher = await XmppWatcher.ConnectAsync(server, "watcher", "watcherpw");
        _folder.Write("gateway.json", $$"""
            { "Gateway": { "Xmpp": { "work": { "Jid": "bot@localhost", "Password": "botpw", "Host": "127.0.0.1", "Port": {{server.Port}},
              "TlsCaFile": "{{certificates.Authority.CertificateFile}}" } } } }
            """);

        var result = await SendAsync("--config", "gateway.json", "--to", "xmpp:watcher@localhost", "--verbose", "hello");

        Assert.Equal((0, "xmpp:watcher@localhost: delivered (ack)"), (result.Code, result.Output));
        await watcher.Messages.FirstAsync(m => m.Body is "hello", "hello");
        _folder.Write("gateway.json", (await File.ReadAllTextAsync(_folder["gateway.json"], TestContext.Current.CancellationToken)).Replace("botpw", "wrongpw", StringComparison.Ordinal));

        var wrong = await SendAsync("--config", "gateway.json", "--to", "xmpp:watcher@localhost", "hello");

        Assert.Equal((1, ""), (wrong.Code, wrong.Output));
        Assert.Contains("not-authorized", wrong.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("wrongpw", wrong.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("#ops", "#ops: no IRC network is configured")]
    [InlineData("log", "log: only a gateway that runs has a log")]
    [InlineData("program:mail", "program:mail: no program is configured")]
    [InlineData("http://x/y", "http://x/y: of URLs only irc://, ircs:// and xmpp: are destinations")]
    [InlineData("irc://a:secret-pw@irc.example.org/x", "irc://irc.example.org/x: a password would go unencrypted")]
    public async Task UnknownDestination_IsNotDelivered(string to, string said)
    {
        var (code, output, error) = await SendAsync("--to", to, "hello");

        Assert.Equal((1, ""), (code, output));
        Assert.StartsWith(said, error, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-pw", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task InvalidConfiguration_EndsWith78()
    {
        var (code, _, error) = await SendAsync("--config", "missing.json", "--to", "#ops", "hello");

        Assert.Equal((78, "missing.json: no such file"), (code, error));
    }

    private Task<(int Code, string Output, string Error)> SendAsync(params string[] arguments) =>
        GatewayProcess.RunAsync(_folder.Path, "", [("TMPDIR", _folder["tmp"])], ["send", .. arguments]);
}
