using System.Net;
using System.Net.Sockets;
using Xunit;
using Xunit.Sdk;

namespace NotifyGateway.Tests.Support.Servers;

public sealed class IrcServerTests
{
    /// <summary>All at the same time: some take seconds for each client.</summary>
    [Fact]
    public Task EachServer_ComesBackOnItsPort_AndStopsAndKills() => Task.WhenAll(IrcServer.AllSoftware.Select(async software =>
    {
        await using var server = IrcServer.Prepare(software, new ServerOptions { Password = "srvpw" });
        await RefusesConnectionsAsync(server.Port);
        await server.StartAgainAsync();
        await using var before = await WatcherAsync(server);
        var denied = await Assert.ThrowsAsync<FailException>(() => IrcWatcher.ConnectAsync(server.Port, "other", "wrong", tls: false));
        Assert.DoesNotContain("not in time", denied.Message, StringComparison.Ordinal);
        await server.StopAsync();
        var over = await Assert.ThrowsAsync<FailException>(() => before.Lines.FirstAsync(_ => false, "more"));
        Assert.DoesNotContain("not in time", over.Message, StringComparison.Ordinal);
        await RefusesConnectionsAsync(server.Port);

        await server.StartAgainAsync();
        await using var after = await WatcherAsync(server);
        await server.KillClientAsync("watcher", "in the way");
        await after.Lines.FirstAsync(line => line.StartsWith("ERROR ", StringComparison.Ordinal), "ERROR");
        await server.KillAsync();
        Assert.False(server.IsRunning);
        await RefusesConnectionsAsync(server.Port);
    }));

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

    private static Task<IrcWatcher> WatcherAsync(IrcServer server) => IrcWatcher.ConnectAsync(server.Port, "watcher", "srvpw", tls: false, "#a");

    private static async Task RefusesConnectionsAsync(int port)
    {
        using var client = new TcpClient();
        var refused = await Assert.ThrowsAsync<SocketException>(() => client.ConnectAsync(IPAddress.Loopback, port));
        Assert.Equal(SocketError.ConnectionRefused, refused.SocketErrorCode);
    }
}
