using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using NotifyGateway.Tests.Support;
using NotifyGateway.Tests.Support.Servers;
using Xunit;

namespace NotifyGateway.Tests.Acceptance;

/// <summary>Servers and clients that are slow, or do not read at all. They wait for themselves; all others are served, and memory stays bounded.</summary>
public sealed class SlowPeersTests
{
    private const int Few = 30;

    [Fact]
    public async Task AServerThatDoesNotRead_HoldsUpNobodyElse_AndNothingIsCalledDelivered()
    {
        await using var world = await World.StartAsync(slow => (slow["PingInterval"], slow["PingTimeout"], slow["MaxLines"]) = ("00:00:03", "00:00:04", 1000));
        var connection = await world.LogInAsync();
        connection.StopReading();
        var before = world.Memory("VmHWM");
        var text = string.Join('\n', Enumerable.Range(0, 150).Select(n => string.Create(CultureInfo.InvariantCulture, $"{n} {new string('x', 390)}")));
        var waiting = new List<string>();
        for (var n = 0; n < Few; n++)
        {
            waiting.Add((await world.Gateway.PostAsync("slow/alice", text)).Text("id")!);
        }

        await world.ServesAsync("beside a server that does not read", 20);
        foreach (var id in waiting)
        {
            Assert.Equal("queued", (await world.ReadAsync(id)).Text("status"));
        }

        // It is given up when a PING has had no answer for as long as is configured, and no sooner than that.
        var again = await world.LogInAsync();
        connection.ResumeReading();
        Assert.InRange(world.Memory("VmHWM") - before, 0, 150);
        var served = again.ServeUntilAsync(l => l.StartsWith("QUIT", StringComparison.Ordinal), "the end");
        foreach (var id in waiting)
        {
            Assert.Equal("delivered", (await world.Gateway.SettledAsync(id)).Text("status"));
        }

        Assert.Equal(0, await world.Gateway.Process.TerminateAsync());
        await served;
    }

    [Fact]
    public async Task AServerThatAnswersLate_IsWaitedFor()
    {
        await using var world = await World.StartAsync(slow => (slow["PingInterval"], slow["PingTimeout"]) = ("00:00:01", "00:00:10"));
        var connection = await world.LogInAsync();
        var ids = new List<string>();
        for (var n = 0; n < Few; n++)
        {
            ids.Add((await world.Gateway.PostAsync("slow/alice", string.Create(CultureInfo.InvariantCulture, $"late {n}"))).Text("id")!);
        }

        // Every answer comes only when others have been served meanwhile, for longer than PINGs are apart.
        var (answered, rounds) = (0, 0);
        while ((await world.ReadAsync(ids[^1])).Text("status") == "queued")
        {
            await connection.Received.CollectAsync(IsPing, answered + 1, "another PING");
            var clock = System.Diagnostics.Stopwatch.StartNew();
            do
            {
                await world.ServesAsync(string.Create(CultureInfo.InvariantCulture, $"meanwhile {rounds} {clock.ElapsedMilliseconds}"), 1);
            }
            while (clock.Elapsed < TimeSpan.FromSeconds(1.5));
            string[] pings = [.. connection.Received.Entries.Where(IsPing).Skip(answered)];
            await connection.SendAsync([.. pings.Select(p => $":srv PONG srv :{p[5..]}")]);
            answered += pings.Length;
            Assert.InRange(++rounds, 1, 15);
        }

        foreach (var id in ids)
        {
            Assert.Equal("delivered", (await world.Gateway.SettledAsync(id)).Text("status"));
        }

        Assert.Equal(1, world.Peer.Connections);
    }

    public static TheoryData<string> Software => [.. XmppServer.AllSoftware];

    [Theory]
    [MemberData(nameof(Software))]
    public async Task AnXmppServerThatAcknowledgesLate_IsWaitedFor(string software)
    {
        using var certificates = new TestCertificates();
        await using var server = await XmppServer.StartAsync(software, new XmppServerOptions(certificates.Server) { Accounts = [("work", "workpw"), ("watcher", "watcherpw")] });
        await using var watcher = await XmppWatcher.ConnectAsync(server, "watcher", "watcherpw");
        await using var gateway = await Installation.StartAsync([], settings =>
        {
            settings["Gateway"]!["Programs"] = new JsonObject { ["p"] = new JsonObject { ["Command"] = new JsonArray("/bin/sh", "-c", "cat") } };
            settings["Gateway"]!["Xmpp"] = new JsonObject
            {
                ["work"] = new JsonObject
                {
                    ["Jid"] = "work@localhost",
                    ["Password"] = "workpw",
                    ["Host"] = "127.0.0.1",
                    ["Port"] = server.Port,
                    ["TlsCaFile"] = certificates.Authority.CertificateFile,
                    ["PingInterval"] = "00:00:01",
                    ["PingTimeout"] = "00:00:25",
                },
            };
        });
        Assert.Equal("delivered", (await gateway.PostAsync("xmpp:watcher@localhost", "at once", wait: 30)).Text("status"));
        var since = (await gateway.SessionAsync("work", _ => true, "is told")).Text("since");

        server.Freeze();
        var late = await gateway.PostAsync("xmpp:watcher@localhost", "late");
        for (var clock = System.Diagnostics.Stopwatch.StartNew(); clock.Elapsed < TimeSpan.FromSeconds(4);)
        {
            Assert.Equal("delivered", (await gateway.PostAsync("program:p", "meanwhile", wait: 30)).Text("status"));
        }

        Assert.Equal("queued", JsonNode.Parse(await gateway.Http.GetStringAsync(new Uri($"/api/v1/messages/{late.Text("id")}", UriKind.Relative)))!.Text("status"));
        server.Thaw();
        var delivery = (await gateway.SettledAsync(late.Text("id")!)).Delivery();

        Assert.Equal(("delivered", "1"), (delivery.Text("status"), delivery.Text("attempts")));
        Assert.Equal(since, (await gateway.SessionAsync("work", s => s.Text("state") == "online", "is online")).Text("since"));
    }

    private static bool IsPing(string line) => line.StartsWith("PING ", StringComparison.Ordinal);

    [Fact]
    public async Task ASenderOfSingleBytes_IsServedAtItsPace_AndNobodyWaitsForIt()
    {
        await using var world = await World.StartAsync(_ => { });
        await using var slow = await LineClient.ConnectAsync(world.Gateway.IrkerPort);
        var line = Encoding.UTF8.GetBytes(world.Line("byte by byte") + "\n");
        for (var i = 0; i < line.Length; i++)
        {
            await slow.SendAsync(line.AsMemory(i, 1));
            if (i % 20 == 0)
            {
                await world.ServesAsync(string.Create(CultureInfo.InvariantCulture, $"after byte {i}"), 1);
            }
        }

        await world.SeenAsync("byte by byte");
    }

    [Theory]
    [InlineData("/api/v1/events")]
    [InlineData("/api/v1/messages?limit=500")]
    public async Task ClientsThatDoNotReadTheirAnswers_CostLittle_AndHoldUpNobody(string path)
    {
        await using var world = await World.StartAsync(_ => { });
        for (var n = 0; n < 100; n++)
        {
            await world.Gateway.PostAsync("slow/alice", new string('x', 10_000));
        }

        await world.ServesAsync("before", 5);
        var before = world.Memory("VmHWM");
        var stuck = new List<Socket>();
        try
        {
            for (var n = 0; n < 50; n++)
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
                stuck.Add(socket);
                await socket.ConnectAsync(IPAddress.Loopback, world.Gateway.Process.Port).Within();
                await socket.SendAsync(Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n"));
            }

            // Each of these is an event for all who listen.
            await world.Gateway.IrkerAsync([.. Enumerable.Range(0, 5000).Select(n => world.Line(string.Create(CultureInfo.InvariantCulture, $"many {n}")))]);
            await world.SeenAsync("many 4999");
            await world.ServesAsync("beside them", 20);
            Assert.InRange(world.Memory("VmHWM") - before, 0, 200);
        }
        finally
        {
            stuck.ForEach(s => s.Dispose());
        }

        await world.ServesAsync("after them", 1);
    }

    /// <summary>A network that a test speaks for, and one that works.</summary>
    private sealed class World(NgircdServer server, IrcWatcher watcher, ScriptedPeer peer, Installation gateway) : IAsyncDisposable
    {
        public Installation Gateway => gateway;

        public ScriptedPeer Peer => peer;

        public static async Task<World> StartAsync(Action<JsonObject> change)
        {
            var server = await NgircdServer.StartAsync();
            var watcher = await IrcWatcher.ConnectAsync(server.Port, "watcher", "#in");
            var peer = ScriptedPeer.Start();
            var slow = Installation.Network(peer.Port);
            change(slow);
            var gateway = new Installation(new JsonObject { ["net"] = Installation.Network(server.Port, "#in"), ["slow"] = slow });
            await gateway.StartAsync();
            await gateway.JoinedAsync("net", "#in");
            return new World(server, watcher, peer, gateway);
        }

        public async Task<PeerConnection> LogInAsync()
        {
            var connection = await peer.AcceptAsync();
            await connection.SendAsync(":srv 001 gateway :Welcome", ":srv 376 gateway :End");
            return connection;
        }

        public string Line(string text) => Installation.Irker(string.Create(CultureInfo.InvariantCulture, $"irc://127.0.0.1:{server.Port}/in"), text);

        public Task<WatchedMessage> SeenAsync(string text) => watcher.Messages.FirstAsync(m => m.Text == text, text, TimeSpan.FromSeconds(60));

        /// <summary>Somebody else, at two doors.</summary>
        public async Task ServesAsync(string what, int times)
        {
            for (var n = 0; n < times; n++)
            {
                var text = string.Create(CultureInfo.InvariantCulture, $"{what} {n}");
                await gateway.IrkerAsync(Line(text + ", TCP"));
                Assert.Equal("delivered", (await gateway.PostAsync("net/#in", text + ", HTTP", wait: 30)).Text("status"));
                await SeenAsync(text + ", TCP");
            }
        }

        public async Task<JsonNode> ReadAsync(string id) => JsonNode.Parse(await gateway.Http.GetStringAsync(new Uri($"/api/v1/messages/{id}", UriKind.Relative)))!;

        /// <summary>In MB, as <c>/proc</c> calls it.</summary>
        public int Memory(string what) => int.Parse(
            File.ReadLines(string.Create(CultureInfo.InvariantCulture, $"/proc/{gateway.Process.Process.Id}/status"))
                .Single(l => l.StartsWith(what + ":", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2],
            CultureInfo.InvariantCulture) / 1024;

        public async ValueTask DisposeAsync()
        {
            await gateway.DisposeAsync();
            await peer.DisposeAsync();
            await watcher.DisposeAsync();
            await server.DisposeAsync();
        }
    }
}
