using System.Net.Security;
using NotifyGateway.Core.Configuration;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Listeners;

public sealed class TlsDoorTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly TestCertificates _issued = new();

    private string Certificate => _folder["x.pem"];

    private string Key => _folder["x.key"];

    [Fact]
    public async Task Serves_Tls_AndTheNewCertificate_OnceTheFilesHaveChanged()
    {
        Install(_issued.Server);
        await using var host = await DoorHost.StartAsync(Dialect.Kaoz, new TcpListenerOptions { Tls = new ListenerTlsOptions { Certificate = Certificate, Key = Key } });
        host.Channels = ["#ops"];
        Assert.Equal("CN=localhost", await TalkAsync(host));

        // The certificate is there, its key not yet.
        File.Copy(_issued.WrongName.CertificateFile, Certificate, overwrite: true);
        Touch(1);
        Assert.Equal("CN=localhost", await TalkAsync(host));
        Assert.Single(host.Log.Of(3012));
        Assert.DoesNotContain("PRIVATE KEY", host.Log.Text, StringComparison.Ordinal);

        Install(_issued.WrongName);
        Touch(2);
        Assert.Equal("CN=elsewhere.test", await TalkAsync(host));
        Assert.Single(host.Log.Of(3011));

        File.Delete(Key);
        Assert.Equal("CN=elsewhere.test", await TalkAsync(host));
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

    public void Dispose()
    {
        _issued.Dispose();
        _folder.Dispose();
    }

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

    private void Install(TestCertificate issued)
    {
        File.Copy(issued.CertificateFile, Certificate, overwrite: true);
        File.Copy(issued.KeyFile, Key, overwrite: true);
    }

    // Files written within one tick of the clock, and of one size, look the same.
    private void Touch(int minutes)
    {
        File.SetLastWriteTimeUtc(Certificate, DateTime.UtcNow.AddMinutes(minutes));
        File.SetLastWriteTimeUtc(Key, DateTime.UtcNow.AddMinutes(minutes));
    }
}
