using System.Globalization;
using System.Net;
using System.Net.Sockets;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Acceptance;

/// <summary>When the process does not start, it says all that is wrong, shortly, and ends with the right code.</summary>
public sealed class RefusedStartTests
{
    [Theory]
    [InlineData("serve")]
    [InlineData("check-config")]
    public async Task InvalidConfiguration_EndsWith78AndNamesEveryError(string command)
    {
        using var folder = new TempFolder();
        folder.Write("one.json", """
            {
              "Gateway": {
                "Anonymus": "Any",
                "MaxMessageBytes": 1,
                "Clients": { "ci": { "Secret": "short" }, "cd": { "Secret": "the-same-secret" }, "ce": { "Secret": "the-same-secret" } },
                "Irc": { "a": { "Server": "", "Nick": "7up", "Channels": [ { "Name": "ops" } ], "LinesPerSecond": -1, "TlsCaFile": "missing.pem" },
                         "b": { "Server": "irc.example.org", "Nick": "bot", "Tls": false, "ServerPassword": "over-the-wire" } },
                "Listeners": { "Tcp": { "irker": { "Endpoint": "nonsense", "Dialect": "Irkr" } } }
              }
            }
            """);

        var (code, _, error) = await GatewayProcess.RunAsync(folder.Path, command, "--config", "one.json", "--config", "absent.json");

        Assert.Equal(78, code);
        var lines = error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        string[] paths =
        [
            "absent.json", "Gateway:Anonymus", "Gateway:Clients:ce:Secret", "Gateway:Clients:ci:Secret", "Gateway:Irc:a:Channels:0:Name", "Gateway:Irc:a:LinesPerSecond",
            "Gateway:Irc:a:Nick", "Gateway:Irc:a:Server", "Gateway:Irc:a:TlsCaFile", "Gateway:Irc:b:ServerPassword", "Gateway:Listeners:Tcp:irker:Dialect",
            "Gateway:Listeners:Tcp:irker:Endpoint", "Gateway:MaxMessageBytes",
        ];
        Assert.All(paths, p => Assert.Single(lines, l => l.StartsWith(p + ": ", StringComparison.Ordinal)));
        Assert.True(lines.Length == paths.Length, error);
        Assert.Contains("did you mean Anonymous?", error, StringComparison.Ordinal);
        Assert.All(["the-same-secret", "over-the-wire"], s => Assert.DoesNotContain(s, error, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("http")]
    [InlineData("tcp")]
    [InlineData("udp")]
    public async Task PortInUse_EndsWith69AndOneLineThatNamesIt(string door)
    {
        using var folder = new TempFolder();
        using var taken = new Socket(AddressFamily.InterNetwork, door == "udp" ? SocketType.Dgram : SocketType.Stream, door == "udp" ? ProtocolType.Udp : ProtocolType.Tcp);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, FreePort.Next()));
        if (door != "udp")
        {
            taken.Listen();
        }

        var address = taken.LocalEndPoint!.ToString()!;
        string Endpoint(string name) => name == door ? address : string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{FreePort.Next()}");
        folder.Write("gateway.json", $$"""
            { "Gateway": { "Listeners": { "Tcp": { "netcat": null, "irker": { "Endpoint": "{{Endpoint("tcp")}}", "Dialect": "Irker" } },
                                          "Udp": { "irker": { "Endpoint": "{{Endpoint("udp")}}", "Dialect": "Irker" } } } } }
            """);

        var (code, output, error) = await GatewayProcess.RunAsync(folder.Path, "serve", "--config", "gateway.json", "--urls", "http://" + Endpoint("http"));

        Assert.Equal(69, code);
        Assert.Contains(address, Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OutboxThatCannotBeOpened_EndsWith74AndOneLineThatNamesIt()
    {
        using var folder = new TempFolder();
        folder.Write("outbox.db", "no database, but somebody's notes, which are kept as they are");
        folder.Write("gateway.json", """{ "Gateway": { "Outbox": { "Path": "outbox.db" }, "Listeners": { "Tcp": { "netcat": null, "irker": null }, "Udp": { "irker": null } } } }""");

        var (code, _, error) = await GatewayProcess.RunAsync(
            folder.Path, "serve", "--config", "gateway.json", "--urls", string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePort.Next()}"));

        Assert.Equal(74, code);
        Assert.Contains("outbox.db", Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
        Assert.StartsWith("no database", await File.ReadAllTextAsync(folder["outbox.db"], TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }
}
