using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Xunit;
using Xunit.Sdk;

namespace NotifyGateway.Tests.Support.Servers;

public sealed class IrcServerTests
{
    public static TheoryData<string> Software { get; } = new(IrcServer.AllSoftware);

    [Theory]
    [MemberData(nameof(Software))]
    public async Task ComesBack_OnTheSamePort_AfterAStopAndAKill(string software)
    {
        await using var server = IrcServer.Prepare(software, new ServerOptions { Password = "srvpw" });
        await RefusesConnectionsAsync(server.Port);
        await server.StartAgainAsync();
        await using var before = await IrcWatcher.ConnectAsync(server.Port, "before", "srvpw", tls: false, "#a");
        await server.StopAsync();
        var over = await Assert.ThrowsAsync<FailException>(() => before.Lines.FirstAsync(_ => false, "more"));
        Assert.DoesNotContain("not in time", over.Message, StringComparison.Ordinal);
        await RefusesConnectionsAsync(server.Port);

        await server.StartAgainAsync();
        await using (await IrcWatcher.ConnectAsync(server.Port, "between", "srvpw", tls: false, "#a"))
        {
            await server.KillAsync();
            Assert.False(server.IsRunning);
        }

        await server.StartAgainAsync();
        await using var after = await IrcWatcher.ConnectAsync(server.Port, "before", "srvpw", tls: false, "#a");
    }

    [Theory]
    [MemberData(nameof(Software))]
    public async Task Operator_KillsAndBans(string software)
    {
        await using var server = await StartAsync(software);
        await using var victim = await IrcWatcher.ConnectAsync(server.Port, "victim");
        await server.KillClientAsync("victim");
        await victim.Lines.FirstAsync(line => line.StartsWith("ERROR ", StringComparison.Ordinal), "ERROR");

        await server.BanUserAsync("unwanted", "not here");
        var refused = await Assert.ThrowsAsync<FailException>(() => IrcWatcher.ConnectAsync(server.Port, "unwanted"));
        Assert.Contains("not here", refused.Message, StringComparison.Ordinal);
        await using var wanted = await IrcWatcher.ConnectAsync(server.Port, "wanted");
    }

    [Theory]
    [MemberData(nameof(Software))]
    public async Task Limits_AreOffUnlessAskedFor(string software)
    {
        await using var server = await StartAsync(software);
        await using var reader = await IrcWatcher.ConnectAsync(server.Port, "reader", "#flood");
        await using var writer = await IrcWatcher.ConnectAsync(server.Port, "writer", "#flood");
        await writer.SendAsync([.. Enumerable.Range(0, 150).Select(n => string.Create(CultureInfo.InvariantCulture, $"PRIVMSG #flood :line {n}"))]);

        Assert.Equal("line 149", (await reader.MessagesAsync("#flood", 150, TimeSpan.FromSeconds(4)))[^1].Text);
    }

    [Theory]
    [MemberData(nameof(Software))]
    public async Task Frozen_IsSilentAndThenGoesOn(string software)
    {
        await using var server = await StartAsync(software);
        await using var watcher = await IrcWatcher.ConnectAsync(server.Port, "watcher");
        server.Freeze();
        await watcher.SendAsync("PING :frozen");
        await Assert.ThrowsAsync<FailException>(() => watcher.Lines.FirstAsync(line => line.Contains("frozen", StringComparison.Ordinal), "PONG", TimeSpan.FromMilliseconds(200)));
        server.Thaw();
        await watcher.Lines.FirstAsync(line => line.Contains("frozen", StringComparison.Ordinal), "PONG");
    }

    [Theory]
    [InlineData(InspircdServer.Name)]
    [InlineData(HybridServer.Name)]
    public async Task Tls_IsServed(string software)
    {
        using var certificates = new TestCertificates();
        await using var server = IrcServer.Prepare(software, new ServerOptions { Certificate = certificates.Server });
        await server.StartAgainAsync();

        await using var watcher = await IrcWatcher.ConnectAsync(server.TlsPort, "watcher", null, tls: true, "#a");
    }

    private static async Task<IrcServer> StartAsync(string software)
    {
        var server = IrcServer.Prepare(software);
        await server.StartAgainAsync();
        return server;
    }

    private static async Task RefusesConnectionsAsync(int port)
    {
        using var client = new TcpClient();
        var refused = await Assert.ThrowsAsync<SocketException>(() => client.ConnectAsync(IPAddress.Loopback, port));
        Assert.Equal(SocketError.ConnectionRefused, refused.SocketErrorCode);
    }
}
