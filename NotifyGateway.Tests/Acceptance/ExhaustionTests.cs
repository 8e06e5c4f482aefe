using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Acceptance;

/// <summary>Senders that take all they can get: connections, bytes without an end, time, descriptors. The others are served meanwhile, and memory stays bounded.</summary>
public sealed class ExhaustionTests(ITestOutputHelper output)
{
    private const int MegaByte = 1024 * 1024;

    [Fact]
    public async Task TenThousandIdleClients_CostLittle_AndBlockNobody()
    {
        const int clients = 10_000;
        await using var house = await StartAsync(door => door["MaxConnections"] = clients + 100, "sh", "-euc", "ulimit -n 12000; exec \"$@\"", "sh");
        var before = house.Memory("VmRSS");
        var idle = new List<Socket>();
        try
        {
            for (var n = 0; n < clients; n++)
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                idle.Add(socket);
                await socket.ConnectAsync(IPAddress.Loopback, house.Gateway.IrkerPort);
            }

            await house.ServesAsync("beside ten thousand");
            var each = (house.Memory("VmRSS") - before) * MegaByte / clients;
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{each} bytes for each idle client"));
            Assert.InRange(each, 0, 20_000);
        }
        finally
        {
            // Reset: ten thousand connections that linger would take the ports of other tests.
            idle.ForEach(s => s.Close(timeout: 0));
        }

        await house.ServesAsync("after ten thousand");
    }

    [Fact]
    public async Task AGigabyteWithoutALineEnd_IsReadAndForgotten()
    {
        await using var house = await StartAsync(_ => { });
        var before = house.Memory("VmHWM");
        await using var client = await LineClient.ConnectAsync(house.Gateway.IrkerPort);
        var block = new byte[MegaByte];
        Array.Fill(block, (byte)'x');
        for (var sent = 0; sent < 1024; sent++)
        {
            await client.SendAsync(block);
            if (sent == 512)
            {
                await house.ServesAsync("beside the gigabyte");
            }
        }

        // The connection goes on behind it.
        await client.SendAsync("\n" + house.Line("behind the gigabyte") + "\n");
        await house.SeenAsync("behind the gigabyte");
        Assert.InRange(house.Memory("VmHWM") - before, 0, 100);
    }

    [Fact]
    public async Task NoDescriptorsLeft_IsAPassingTrouble()
    {
        await using var house = await StartAsync(_ => { }, "sh", "-euc", "ulimit -n 400; exec \"$@\"", "sh");
        var idle = new List<Socket>();
        for (var n = 0; n < 600; n++)
        {
            // The system takes what the gateway cannot accept yet.
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            idle.Add(socket);
            await socket.ConnectAsync(IPAddress.Loopback, house.Gateway.IrkerPort).Within();
        }

        // What stands goes on: datagrams need no descriptor, nor does the connection to the server.
        await house.Gateway.UdpAsync(house.Line("without descriptors"));
        await house.SeenAsync("without descriptors");
        idle.ForEach(s => s.Dispose());

        await house.ServesAsync("with descriptors again");
        Assert.True(house.Gateway.Process.IsRunning);
    }

    [Fact]
    public async Task NoDescriptorsLeft_AProgramIsStartedWhenThereAreSome()
    {
        await using var gateway = new Installation(
            [], settings => settings["Gateway"]!["Programs"] = new JsonObject { ["p"] = new JsonObject { ["Command"] = new JsonArray("/bin/sh", "-c", "cat >> out") } },
            "sh", "-euc", "ulimit -n 400; exec \"$@\"", "sh");
        await gateway.StartAsync();
        // This connection stays open: a further one would find no descriptor.
        Assert.Equal("delivered", (await gateway.PostAsync("program:p", "first\n", wait: 30)).Text("status"));
        var idle = new List<Socket>();
        for (var n = 0; n < 600; n++)
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            idle.Add(socket);
            await socket.ConnectAsync(IPAddress.Loopback, gateway.IrkerPort).Within();
        }

        var waiting = await gateway.PostAsync("program:p", "second\n");
        await gateway.SessionAsync("program:p", s => s.Text("state") == "waiting", "waits for a descriptor");
        Assert.Contains("Too many open files", gateway.Log, StringComparison.Ordinal);
        idle.ForEach(s => s.Dispose());

        var settled = (await gateway.SettledAsync(waiting.Text("id")!)).Delivery();
        Assert.Equal(("delivered", "1"), (settled.Text("status"), settled.Text("attempts")));
        Assert.Equal("first\nsecond\n", File.ReadAllText(gateway.Folder["out"]));
    }

    [Fact]
    public async Task SlowClients_OfHttp_AreServedAsSlowly_AndNobodyElse()
    {
        await using var house = await StartAsync(_ => { });
        var slow = new List<LineClient>();
        for (var n = 0; n < 500; n++)
        {
            var client = await LineClient.ConnectAsync(house.Gateway.Process.Port);
            slow.Add(client);
            await client.SendAsync(n % 2 == 0 ? "POST /api/v1/messages HTTP/1.1\r\nHost: localhost\r\nX-" : "POST /api/v1/messages HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{");
        }

        await house.ServesAsync("beside slow clients");
        foreach (var client in slow)
        {
            await client.DisposeAsync();
        }
    }

    [Fact]
    public async Task AFloodOfDatagrams_IsTakenOrCounted_AndNobodyElseWaits()
    {
        await using var house = await StartAsync(_ => { });
        var before = house.Memory("VmHWM");
        using var udp = new UdpClient();
        var junk = Encoding.UTF8.GetBytes("{\"to\":\"irc://elsewhere.test/x\",\"privmsg\":\"" + new string('x', 1000) + "\"}");
        for (var n = 0; n < 50_000; n++)
        {
            await udp.SendAsync(junk, new IPEndPoint(IPAddress.Loopback, house.Gateway.IrkerPort));
        }

        await house.ServesAsync("beside the flood");
        Assert.InRange(house.Memory("VmHWM") - before, 0, 150);
    }

    private static async Task<ServedHouse> StartAsync(Action<JsonObject> door, params string[] launcher)
    {
        var server = await NgircdServer.StartAsync();
        var watcher = await IrcWatcher.ConnectAsync(server.Port, "watcher", "#in");
        var gateway = new Installation(
            new JsonObject { ["net"] = Installation.Network(server.Port, "#in") }, settings => door(settings["Gateway"]!["Listeners"]!["Tcp"]!["irker"]!.AsObject()), launcher);
        await gateway.StartAsync();
        await gateway.JoinedAsync("net", "#in");
        return new ServedHouse(server, watcher, gateway);
    }

    private sealed class ServedHouse(NgircdServer server, IrcWatcher watcher, Installation gateway) : IAsyncDisposable
    {
        public Installation Gateway => gateway;

        public string Line(string text) => Installation.Irker(string.Create(CultureInfo.InvariantCulture, $"irc://127.0.0.1:{server.Port}/in"), text);

        public Task<WatchedMessage> SeenAsync(string text) => watcher.Messages.FirstAsync(m => m.Text == text, text, TimeSpan.FromSeconds(30));

        /// <summary>Somebody else, at each door.</summary>
        public async Task ServesAsync(string what)
        {
            await gateway.IrkerAsync(Line(what + ", TCP"));
            await SeenAsync(what + ", TCP");
            var posted = await gateway.PostAsync("net/#in", what + ", HTTP", wait: 30);
            Assert.Equal("delivered", posted.Text("status"));
        }

        /// <inheritdoc cref="ChildProcess.Memory"/>
        public int Memory(string what) => gateway.Process.Process.Memory(what);

        public async ValueTask DisposeAsync()
        {
            await gateway.DisposeAsync();
            await watcher.DisposeAsync();
            await server.DisposeAsync();
        }
    }
}
