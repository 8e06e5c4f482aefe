using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Cli;

public sealed class ProcessTests : IDisposable
{
    private const string NoListeners = "--Gateway:Listeners=";

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    public async Task Serve_AnswersUntilASignalAndEndsWithZero(string signal)
    {
        await using var gateway = await GatewayProcess.StartAsync("{}", NoListeners);
        using var answer = await gateway.Http.GetAsync(new Uri("/health/live", UriKind.Relative));
        gateway.Process.Signal(signal);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.False(answer.Headers.Contains("Server"));
        Assert.Equal(0, await gateway.Process.ExitAsync());
        Assert.Empty(gateway.Process.Error.Entries);
        Assert.All(gateway.Process.Output.Entries, line => Assert.Matches(@"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z info: NotifyGateway\.", line));
    }

    [Fact]
    public async Task Serve_SaysWhereItListensAndHowItEnds()
    {
        await using var gateway = new GatewayProcess("""
            { "Gateway": { "Irc": { "net": { "Server": "127.0.0.1", "Port": 1, "Nick": "bot", "Tls": false } },
              "Listeners": { "Tcp": { "irker": null, "netcat": null, "line": { "Endpoint": "127.0.0.1:0", "Dialect": "Kaoz" } }, "Udp": { "irker": { "Endpoint": "127.0.0.1:0" } } } } }
            """);
        var process = gateway.Launch("--urls", "http://127.0.0.1:0", "--config", gateway.Folder["gateway.json"]);
        await process.Output.FirstAsync(line => line.EndsWith("ready; 1 network, 0 accounts, 2 listeners, 0 hooks", StringComparison.Ordinal), "ready");
        var url = await LastWordAsync(process, "NotifyGateway 0.");
        var tcp = await LastWordAsync(process, "tcp:line listens on ");
        using var http = new HttpClient();
        Assert.Equal("ok", await http.GetStringAsync(new Uri($"{url}/health/live")));
        using var client = new TcpClient();
        await client.ConnectAsync(IPEndPoint.Parse(tcp));
        Assert.NotEqual(0, IPEndPoint.Parse(await LastWordAsync(process, "udp:irker listens on ")).Port);

        process.Terminate();
        Assert.Equal(0, await process.ExitAsync());
        Assert.Contains(process.Output.Entries, line => line.EndsWith(" stopping", StringComparison.Ordinal));
        Assert.EndsWith(" stopped", process.Output.Entries[^1], StringComparison.Ordinal);
        Assert.DoesNotContain("Now listening", process.Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Serve_EndsWith69AndNamesAPortInUse()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var url = $"http://{taken.LocalEndpoint}";

        var (code, output, error) = await GatewayProcess.RunAsync(_folder.Path, "serve", "--urls", url, NoListeners);

        Assert.Equal(69, code);
        Assert.Contains(url, Assert.Single(Lines(error)), StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Serve_EndsWith78AndPrintsEveryError()
    {
        _folder.Write("bad.json", """{ "Gateway": { "Outbox": { "Paths": "x" }, "Irc": { "a": { "Server": "a.example", "Nick": "1" } } } }""");

        var (code, _, error) = await GatewayProcess.RunAsync(_folder.Path, "--config", "bad.json", "--config", "missing.json");

        Assert.Equal(78, code);
        Assert.Equal(
            ["Gateway:Irc:a:Nick: a nick must not begin with '1' (bad.json line 1)", "Gateway:Outbox:Paths: is unknown; did you mean Path? (bad.json line 1)", "missing.json: no such file"],
            Lines(error));
    }

    [Fact]
    public async Task CheckConfig_SummarizesWhatIsGood()
    {
        _folder.Write("good.json", """
            { "Gateway": { "Clients": { "ci": { "Secret": "very-secret" } }, "Outbox": { "Path": "here/out.db" },
              "Irc": { "libera": { "Server": "irc.example.org", "Nick": "bot", "Channels": [ { "Name": "#a", "Key": "very-secret" } ] } } } }
            """);

        var (code, output, error) = await GatewayProcess.RunAsync(_folder.Path, "check-config", "-c", "good.json", "--urls", "http://127.0.0.1:18999");

        Assert.Equal((0, ""), (code, error));
        Assert.StartsWith("configuration ok", output, StringComparison.Ordinal);
        Assert.All(
            ["http://127.0.0.1:18999", "irker (tcp 127.0.0.1:6659, Irker)", "libera (irc.example.org:6697 tls, 1 channel)", "1, anonymous: None", Path.Combine("here", "out.db")],
            part => Assert.Contains(part, output, StringComparison.Ordinal));
        Assert.DoesNotContain("very-secret", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CheckConfig_EndsWith78()
    {
        var (code, output, error) = await GatewayProcess.RunAsync(_folder.Path, "check-config", "--Gateway:MaxMessageBytes=1");

        Assert.Equal((78, ""), (code, output));
        Assert.Equal("Gateway:MaxMessageBytes: must be 256 to 16777216 (command line)", Assert.Single(Lines(error)));
    }

    [Theory]
    [InlineData("--bogus")]
    [InlineData("srve")]
    [InlineData("check-config", "--sandbox")]
    [InlineData("serve", "--config")]
    [InlineData("token", "x")]
    [InlineData("--urls", "nonsense")]
    [InlineData("--secret=hunter2")]
    public async Task UnknownArguments_EndWith2(params string[] arguments)
    {
        var (code, output, error) = await GatewayProcess.RunAsync(_folder.Path, arguments);

        Assert.Equal((2, ""), (code, output));
        Assert.Contains(" --help.", error, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Token_PrintsASecretAndItsHash()
    {
        var (code, output, _) = await GatewayProcess.RunAsync(_folder.Path, "token");

        var lines = Lines(output);
        var secret = lines[0]["secret: ".Length..];
        Assert.Equal(0, code);
        Assert.Equal(43, secret.Length); // 32 bytes in base64url
        Assert.Equal("sha256: " + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret))), lines[1]);
    }

    [Theory]
    [InlineData("--version", "0.")]
    [InlineData("serve --version", "0.")]
    [InlineData("check-config --version", "0.")]
    [InlineData("token --version", "0.")]
    [InlineData("--help", "check-config")]
    [InlineData("-h", "\n  notify-gateway [")]
    [InlineData("token -?", "\n  notify-gateway ")]
    [InlineData("serve --help", "--sandbox")]
    [InlineData("check-config --help", "Examples:")]
    [InlineData("health --help", "Examples:")]
    [InlineData("token --help", "Examples:")]
    [InlineData("import --help", "Examples:")]
    public async Task EveryCommand_HasVersionAndHelp(string arguments, string shown)
    {
        var (code, output, _) = await GatewayProcess.RunAsync(_folder.Path, arguments.Split(' '));

        Assert.Equal(0, code);
        Assert.Contains(shown, output, StringComparison.Ordinal);
    }

    /// <summary>The last word of the line, but for what stands in brackets behind it.</summary>
    private static async Task<string> LastWordAsync(ChildProcess process, string part)
    {
        var line = await process.Output.FirstAsync(l => l.Contains(part, StringComparison.Ordinal), part);
        return line.Split(" (")[0].Split(' ')[^1];
    }

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
