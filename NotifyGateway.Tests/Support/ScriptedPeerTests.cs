using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using Xunit;
using Xunit.Sdk;

namespace NotifyGateway.Tests.Support;

public sealed class ScriptedPeerTests : IDisposable
{
    private readonly TestCertificates _certificates = new();

    public void Dispose() => _certificates.Dispose();

    [Fact]
    public async Task Converses_AndRecordsTheOrderOverAllConnections()
    {
        await using var peer = ScriptedPeer.Start();
        using var first = await ConnectAsync(peer.Port);
        var one = await peer.AcceptAsync();
        using var second = await ConnectAsync(peer.Port);
        var two = await peer.AcceptAsync();

        await WriteAsync(first, "NICK a\r\nUSER");
        await one.ExpectAsync("NICK a");
        await WriteAsync(second, "hello\n");
        await two.ExpectAsync("hello");
        await WriteAsync(first, " b\r\nskipped\r\nPING 1\r\n");
        Assert.Equal("USER b", await one.ExpectAsync(line => line.StartsWith("USER", StringComparison.Ordinal), "USER"));
        Assert.Equal("PING 1", await one.ExpectEventuallyAsync(line => line.StartsWith("PING", StringComparison.Ordinal), "PING"));
        await one.SendAsync("PONG 1");
        await one.SendByteWiseAsync("bit", "by bit");

        using var reader = new StreamReader(first.GetStream());
        Assert.Equal("PONG 1", await reader.ReadLineAsync().Within());
        Assert.Equal("bit", await reader.ReadLineAsync().Within());
        Assert.Equal("by bit", await reader.ReadLineAsync().Within());
        Assert.Equal([new PeerLine(0, "NICK a"), new(1, "hello"), new(0, "USER b"), new(0, "skipped"), new(0, "PING 1")], peer.Received.Entries);
        Assert.Equal(2, peer.Connections);
    }

    [Fact]
    public async Task Fails_WithTheLineThatCameInstead()
    {
        await using var peer = ScriptedPeer.Start();
        using var client = await ConnectAsync(peer.Port);
        var connection = await peer.AcceptAsync();
        await WriteAsync(client, "other\r\n");
        client.Close();

        var wrong = await Assert.ThrowsAnyAsync<XunitException>(() => connection.ExpectAsync("expected"));
        Assert.Contains("other", wrong.Message, StringComparison.Ordinal);
        var missing = await Assert.ThrowsAsync<FailException>(() => connection.ExpectAsync("more"));
        Assert.Contains("the other side has closed the connection: the line 'more'", missing.Message, StringComparison.Ordinal);
        await connection.Closed.Within();
    }

    [Fact]
    public async Task Closes_InOrderOrByReset()
    {
        await using var peer = ScriptedPeer.Start();
        using var first = await ConnectAsync(peer.Port);
        await (await peer.AcceptAsync()).CloseAsync();
        Assert.Equal(0, await first.GetStream().ReadAsync(new byte[1]).AsTask().Within());

        using var second = await ConnectAsync(peer.Port);
        await (await peer.AcceptAsync()).ResetAsync();
        var reset = await Assert.ThrowsAsync<IOException>(() => second.GetStream().ReadAsync(new byte[1]).AsTask().Within());
        Assert.Equal(SocketError.ConnectionReset, (reset.InnerException as SocketException)?.SocketErrorCode);
    }

    [Fact]
    public async Task StopsReading_UntilItResumes()
    {
        await using var peer = ScriptedPeer.Start();
        using var client = await ConnectAsync(peer.Port);
        client.SendBufferSize = 4096;
        var connection = await peer.AcceptAsync();
        connection.StopReading();
        var line = Encoding.ASCII.GetBytes(new string('x', 1023) + "\n");
        var written = 0;
        using var stuck = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            for (; written < 100_000; written++)
            {
                await client.GetStream().WriteAsync(line, stuck.Token);
            }
        });
        var seen = connection.Received.Entries.Count;
        Assert.InRange(seen, 0, 4);
        connection.ResumeReading();

        await connection.Received.AtAsync(written - 1, "all that was written");
    }

    [Fact]
    public async Task SpeaksTls_WithTheCertificateGiven()
    {
        await using var peer = ScriptedPeer.Start(certificate: _certificates.Server);
        using var client = await ConnectAsync(peer.Port);
        await using var tls = new SslStream(client.GetStream());
        await tls.AuthenticateAsClientAsync(Trusting(_certificates.Authority)).Within();
        await tls.WriteAsync("secret\n"u8.ToArray());

        await (await peer.AcceptAsync()).ExpectAsync("secret");
    }

    [Theory]
    [InlineData("expired")]
    [InlineData("untrusted")]
    [InlineData("wrong name")]
    public async Task ShowsBadCertificates_ThatACarefulClientRefuses(string kind)
    {
        var bad = kind switch { "expired" => _certificates.Expired, "untrusted" => _certificates.Untrusted, _ => _certificates.WrongName };
        await using var peer = ScriptedPeer.Start(certificate: bad);
        using var client = await ConnectAsync(peer.Port);
        await using var tls = new SslStream(client.GetStream());

        await Assert.ThrowsAsync<AuthenticationException>(() => tls.AuthenticateAsClientAsync(Trusting(_certificates.Authority)).Within());
    }

    [Fact]
    public async Task BlackHole_NeitherAcceptsNorRefuses()
    {
        using var hole = await BlackHole.StartAsync();
        using var client = new TcpClient();
        using var soon = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.ConnectAsync(IPAddress.Loopback, hole.Port, soon.Token).AsTask());
    }

    [Fact]
    public void FreePort_GivesEachPortOnce_BelowTheEphemeralRange()
    {
        var ports = Enumerable.Range(0, 50).Select(_ => FreePort.Next()).ToArray();

        Assert.Equal(50, ports.Distinct().Count());
        Assert.All(ports, port => Assert.InRange(port, 10_000, 32_767));
    }

    private static SslClientAuthenticationOptions Trusting(TestCertificate authority)
    {
        var policy = new System.Security.Cryptography.X509Certificates.X509ChainPolicy
        {
            TrustMode = System.Security.Cryptography.X509Certificates.X509ChainTrustMode.CustomRootTrust,
            RevocationMode = System.Security.Cryptography.X509Certificates.X509RevocationMode.NoCheck,
        };
        policy.CustomTrustStore.Add(authority.Certificate);
        return new SslClientAuthenticationOptions { TargetHost = "localhost", CertificateChainPolicy = policy };
    }

    private static async Task<TcpClient> ConnectAsync(int port)
    {
        var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync(IPAddress.Loopback, port).Within();
        return client;
    }

    private static async Task WriteAsync(TcpClient client, string text) => await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(text));
}
