using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using NotifyGateway.Core.Configuration;
using Xunit;

namespace NotifyGateway.Tests.Listeners;

public sealed class TlsDoorTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();

    private string Certificate => Path.Combine(_folder.FullName, "x.pem");

    private string Key => Path.Combine(_folder.FullName, "x.key");

    [Fact]
    public async Task Serves_Tls_AndTheNewCertificate_OnceTheFilesHaveChanged()
    {
        Issue("one.example.org", ECDsa.Create(ECCurve.NamedCurves.nistP256));
        await using var host = await DoorHost.StartAsync(Dialect.Kaoz, new TcpListenerOptions { Tls = new ListenerTlsOptions { Certificate = Certificate, Key = Key } });
        host.Channels = ["#ops"];
        Assert.Equal("CN=one.example.org", await TalkAsync(host));

        // The certificate is there, its key not yet.
        var key = await File.ReadAllTextAsync(Key, TestContext.Current.CancellationToken);
        Issue("two.example.org", ECDsa.Create(ECCurve.NamedCurves.nistP256));
        var newKey = await File.ReadAllTextAsync(Key, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Key, key, TestContext.Current.CancellationToken);
        Touch(1);
        Assert.Equal("CN=one.example.org", await TalkAsync(host));
        Assert.Single(host.Log.Of(3012));
        Assert.DoesNotContain("PRIVATE KEY", host.Log.All, StringComparison.Ordinal);

        await File.WriteAllTextAsync(Key, newKey, TestContext.Current.CancellationToken);
        Touch(2);
        Assert.Equal("CN=two.example.org", await TalkAsync(host));
        Assert.Single(host.Log.Of(3011));

        File.Delete(Key);
        Assert.Equal("CN=two.example.org", await TalkAsync(host));
    }

    [Fact]
    public async Task Fails_ToStart_WithoutACertificate()
    {
        var error = await Assert.ThrowsAnyAsync<IOException>(() =>
            DoorHost.StartAsync(Dialect.Kaoz, new TcpListenerOptions { Tls = new ListenerTlsOptions { Certificate = Certificate, Key = Key } }));
        Assert.Contains("x.pem", error.Message, StringComparison.Ordinal);
        await File.WriteAllTextAsync(Certificate, "nonsense", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Key, "nonsense", TestContext.Current.CancellationToken);
        error = await Assert.ThrowsAsync<IOException>(() =>
            DoorHost.StartAsync(Dialect.Kaoz, new TcpListenerOptions { Tls = new ListenerTlsOptions { Certificate = Certificate, Key = Key } }));
        Assert.Contains("tcp:door", error.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    /// <summary>Speaks Kaoz over TLS, at a leisurely pace, and returns the server's name.</summary>
    private static async Task<string> TalkAsync(DoorHost host)
    {
        using var plain = await host.ConnectAsync();
#pragma warning disable CA5359 // self-signed for the test; its name is what is looked at
        await using var tls = new SslStream(plain.Stream, leaveInnerStreamOpen: true, (_, _, _, _) => true);
#pragma warning restore CA5359
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "localhost" }, TestContext.Current.CancellationToken);
        using var client = new DoorClient(plain.Socket, tls);
        await client.SendAsync("s3cret::channels\n");
        Assert.Equal("#ops", await client.ReadLineAsync());
        await client.SendAsync("s3cret:#ops:hello");
        await tls.ShutdownAsync();
        Assert.Equal("hello", (await host.NextAsync()).Text);
        return tls.RemoteCertificate!.Subject;
    }

    private void Issue(string name, ECDsa key)
    {
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        File.WriteAllText(Certificate, certificate.ExportCertificatePem());
        File.WriteAllText(Key, key.ExportPkcs8PrivateKeyPem());
        key.Dispose();
    }

    // Files written within one tick of the clock, and of one size, look the same.
    private void Touch(int minutes)
    {
        File.SetLastWriteTimeUtc(Certificate, DateTime.UtcNow.AddMinutes(minutes));
        File.SetLastWriteTimeUtc(Key, DateTime.UtcNow.AddMinutes(minutes));
    }
}
