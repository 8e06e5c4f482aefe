using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Acceptance;

/// <summary>How the process starts, refuses to start, and stops.</summary>
public sealed class StopTests
{
    private static readonly string[] Four = ["#t0", "#t1", "#t2", "#t3"];

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
    public async Task Sigterm_AmidTrafficEndsWithZeroInTimeAndLosesNothing()
    {
        await using var server = await NgircdServer.StartAsync();
        await using var watcher = await IrcWatcher.ConnectAsync(server.Port, "watcher", Four);
        await using var gateway = await Installation.StartAsync(new JsonObject { ["net"] = Installation.Network(server.Port) });
        var streams = Four.Select(c => new Numbered(gateway, c)).ToList();
        var poured = Enumerable.Range(0, 3).Select(n => new Numbered(gateway, string.Create(CultureInfo.InvariantCulture, $"#p{n}"))).ToList();
        foreach (var stream in poured)
        {
            await watcher.JoinAsync(stream.Channel);
        }

        var posting = Task.WhenAll(streams.Select(s => s.PostAsync(100_000)));
        await Numbered.PourAsync(gateway, poured, string.Create(CultureInfo.InvariantCulture, $"irc://127.0.0.1:{server.Port}/"), 1000);
        await Deadline.Poll(_ => Task.FromResult(streams.Sum(s => s.Count) >= 100 && watcher.Messages.Entries.Count >= 300), "traffic flows both in and out");
        var clock = Stopwatch.StartNew();
        var code = await gateway.Process.TerminateAsync();

        Assert.Equal(0, code);
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(12));
        Assert.Equal("", string.Join('\n', gateway.Process.Process.Error.Entries));
        await posting;
        await gateway.StartAsync();
        Assert.Equal(0, await Numbered.AllSeenAsync([.. streams, .. poured], () => watcher.Messages.Entries));
    }

    [Fact]
    public async Task Sigterm_EndsInTimeThoughAServerAnswersNothing()
    {
        await using var peer = ScriptedPeer.Start();
        using var hole = await BlackHole.StartAsync();
        await using var gateway = await Installation.StartAsync(new JsonObject { ["silent"] = Installation.Network(peer.Port), ["hole"] = Installation.Network(hole.Port) });
        await gateway.PostAsync("silent/alice", "never proven");
        var connection = await peer.AcceptAsync();
        await connection.SendAsync(":srv 001 gateway :Welcome", ":srv 376 gateway :End");
        await connection.ExpectEventuallyAsync(l => l == "PRIVMSG alice :never proven", "the message");

        var clock = Stopwatch.StartNew();
        Assert.Equal(0, await gateway.Process.TerminateAsync());

        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(12));

        // Not proven, so it is not lost: the next run sends it again.
        await gateway.StartAsync();
        var again = await peer.AcceptAsync();
        await again.SendAsync(":srv 001 gateway :Welcome", ":srv 376 gateway :End");
        await again.ExpectEventuallyAsync(l => l == "PRIVMSG alice :never proven", "the message again");
    }

    [Fact]
    public async Task RequestThatWaits_IsAnsweredWhenTheProcessStops()
    {
        await using var gateway = await Installation.StartAsync(new JsonObject { ["net"] = Installation.Network(FreePort.Next()) });
        var waiting = gateway.TryPostAsync(["net/#x"], "nobody listens", wait: 60);
        await gateway.SessionAsync("net", s => s.Text("queued") == "1", "has the message");

        var clock = Stopwatch.StartNew();
        Assert.Equal(0, await gateway.Process.TerminateAsync());

        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(12));
        using var answer = await waiting;
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        Assert.Equal("queued", JsonNode.Parse(await answer.Content.ReadAsStringAsync())!.Text("status"));
    }
}
