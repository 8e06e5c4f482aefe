using System.Net;
using System.Net.Sockets;
using NotifyGateway.Core.Sessions;
using NotifyGateway.Tests.Sessions.Proxies;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Sessions;

public sealed class ConnectorTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Name_IsResolved_AndItsAddressesAreTried()
    {
        await using var peer = ScriptedPeer.Start(new IPEndPoint(IPAddress.Parse("127.0.0.2"), 0));
        var asked = new List<string>();

        var connection = await Connector.ConnectAsync(
            Settings("irc.example.org", peer.Port),
            new ManualTime(),
            Stop,
            (host, _) =>
            {
                asked.Add(host);
                return Task.FromResult<IPAddress[]>([IPAddress.IPv6Loopback, IPAddress.Parse("127.0.0.2")]);
            }).Within();

        Assert.Null(connection.Refusal);
        await connection.Stream!.DisposeAsync();
        Assert.Equal(["irc.example.org"], asked);
    }

    [Fact]
    public async Task ServerOfIPv6_IsReached()
    {
        await using var peer = ScriptedPeer.Start(new IPEndPoint(IPAddress.IPv6Loopback, 0));

        var connection = await ConnectAsync(Settings("::1", peer.Port));

        Assert.Null(connection.Refusal);
        await connection.Stream!.DisposeAsync();
        Assert.Equal($"[::1]:{peer.Port}", Settings("::1", peer.Port).Server);
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("irc.localhost")]
    public async Task NameOfThisMachine_IsAskedOfNobody_AndMayHaveNoIPv6(string host)
    {
        await using var peer = ScriptedPeer.Start();

        var connection = await ConnectAsync(Settings(host, peer.Port));

        Assert.Null(connection.Refusal);
        await connection.Stream!.DisposeAsync();
    }

    [Fact]
    public async Task NameThatIsNone_IsSaid()
    {
        var settings = Settings("irc.example.org", 6667);
        const string Why = "irc.example.org:6667: the name cannot be resolved";

        Assert.Equal(Why, (await ConnectAsync(settings, (_, _) => Task.FromException<IPAddress[]>(new SocketException((int)SocketError.HostNotFound)))).Refusal);
        Assert.Equal(Why, (await ConnectAsync(settings, (_, _) => Task.FromResult<IPAddress[]>([]))).Refusal);
    }

    [Theory]
    [InlineData("192.0.2.7", "2001:db8::1", "irc.example.org:6667: has no IPv4 address, and LocalAddress is one")]
    [InlineData("2001:db8::7", "127.0.0.1", "irc.example.org:6667: has no IPv6 address, and LocalAddress is one")]
    public async Task LocalAddressOfAnotherFamily_IsSaid(string local, string server, string why) => Assert.Equal(why, (await ConnectAsync(
        Settings("irc.example.org", 6667) with { LocalAddress = IPAddress.Parse(local) },
        (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse(server)]))).Refusal);

    [Fact]
    public async Task LocalAddress_ChoosesTheFamily()
    {
        await using var peer = ScriptedPeer.Start();

        var connection = await ConnectAsync(
            Settings("irc.example.org", peer.Port) with { LocalAddress = IPAddress.Parse("127.0.0.9") },
            (_, _) => Task.FromResult<IPAddress[]>([IPAddress.IPv6Loopback, IPAddress.Loopback]));

        await connection.Stream!.DisposeAsync();
        Assert.Equal("127.0.0.9", (await peer.AcceptAsync()).Remote.Address.ToString());
    }

    [Fact]
    public async Task ResolverThatNeverAnswers_EndsInTime() => Assert.Equal(
        "irc.example.org:6667: no connection within 10 s (waiting for the name to be resolved)",
        await LateAsync(Settings("irc.example.org", 6667), Task.CompletedTask, async (_, token) =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, token);
            return [];
        }));

    [Fact]
    public async Task ServerThatNeverAnswers_EndsInTime_AndSaysWhatElseFailed()
    {
        using var hole = await BlackHole.StartAsync();

        // The system refuses to connect to everybody at once, before any time has gone by.
        var why = await LateAsync(
            Settings("irc.example.org", hole.Port), Task.CompletedTask, (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Broadcast, IPAddress.Loopback]));

        Assert.StartsWith($"irc.example.org:{hole.Port}: no connection within 10 s (waiting for TCP); ", why, StringComparison.Ordinal);
        Assert.EndsWith(" (255.255.255.255)", why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ServerThatSpeaksNoTls_EndsInTime()
    {
        var (server, heard) = Silent("\x16\x03\x01");
        await using var _ = server;

        Assert.Equal(
            $"127.0.0.1:{server.Port}: no connection within 10 s (waiting for TLS)",
            await LateAsync(Settings("127.0.0.1", server.Port) with { Tls = new TlsSettings(null, null, false) }, heard));
    }

    [Theory]
    [InlineData("socks5", "\x05\x02\0\x02")]
    [InlineData("socks4", "\x04\x01\x1a\x29")]
    [InlineData("http", "CONNECT ")]
    public async Task ProxyThatNeverAnswers_EndsInTime(string scheme, string asked)
    {
        var (proxy, heard) = Silent(asked);
        await using var _ = proxy;
        var login = scheme == "socks4" ? "geheim-9" : "user:geheim-9";

        var why = await LateAsync(Tunnels.Settings($"{scheme}://{login}@127.0.0.1:{proxy.Port}"), heard);

        Assert.Equal($"irc.example.org:6697: no connection within 10 s (waiting for the proxy 127.0.0.1:{proxy.Port})", why);
    }

    [Fact]
    public async Task ProxyThatIsNotThere_IsSaid()
    {
        var port = FreePort.Next();

        Assert.Equal(
            $"irc.example.org:6697: the proxy 127.0.0.1:{port}: connection refused",
            (await ConnectAsync(Tunnels.Settings($"socks5://user:geheim-9@127.0.0.1:{port}"))).Refusal);
        Assert.Equal(
            "irc.example.org:6697: the proxy proxy.example.org:1080: the name cannot be resolved",
            (await ConnectAsync(Tunnels.Settings("socks5://user:geheim-9@proxy.example.org"), (_, _) => Task.FromResult<IPAddress[]>([]))).Refusal);
    }

    [Fact]
    public async Task Cancelled_IsNoRefusal()
    {
        using var hole = await BlackHole.StartAsync();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var connecting = Connector.ConnectAsync(Settings("127.0.0.1", hole.Port), new ManualTime(), stop.Token);

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => connecting.Within());
    }

    [Fact]
    public void Settings_AsText_ShowNoSecret()
    {
        var settings = Tunnels.Settings("socks5://geheim-8:geheim-9@127.0.0.1") with { Traffic = new TrafficSettings("x.log", ["geheim-7"]) };

        Assert.All(new object[] { settings, settings.Proxy!, settings.Traffic! }, o => Assert.DoesNotContain("geheim", o.ToString(), StringComparison.Ordinal));
    }

    /// <summary>Hears how somebody begins, and says nothing.</summary>
    private static (ScriptedProxy Proxy, Task Heard) Silent(string beginning)
    {
        var heard = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var proxy = ScriptedProxy.Start(async script =>
        {
            await script.ExpectAsync(beginning);
            heard.SetResult();
            await script.SilenceAsync();
        });
        return (proxy, heard.Task);
    }

    private static LinkSettings Settings(string host, int port) =>
        new(host, port, null, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1), TimeSpan.Zero);

    private static Task<Connection> ConnectAsync(LinkSettings settings, Resolve? resolve = null) => Connector.ConnectAsync(
        settings, TimeProvider.System, Stop, resolve ?? ((host, _) => throw new InvalidOperationException($"nobody was to be asked for {host}"))).Within();

    /// <summary>Lets the time run out as soon as the attempt has got where it stays.</summary>
    private static async Task<string?> LateAsync(LinkSettings settings, Task arrived, Resolve? resolve = null)
    {
        var time = new ManualTime();
        var connecting = Connector.ConnectAsync(settings, time, Stop, resolve);
        await arrived.Within();
        for (var step = 0; step < 40; step++)
        {
            // In steps: what comes due on the way may begin something that is to be late, too.
            time.Advance(AddressRace.AttemptDelay);
            await Task.Yield();
        }

        return (await connecting.Within()).Refusal;
    }
}
