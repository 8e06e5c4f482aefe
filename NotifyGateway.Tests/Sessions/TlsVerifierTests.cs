using System.Globalization;
using System.Net;
using System.Security.Authentication;
using NotifyGateway.Core.Sessions;
using NotifyGateway.Tests.Sessions.Proxies;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Sessions;

public sealed class TlsVerifierTests : IDisposable
{
    private readonly TestCertificates _certificates = new();

    public void Dispose() => _certificates.Dispose();

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    [InlineData("localhost")]
    [InlineData("LOCALHOST.")]
    public async Task NameOrAddressOfTheCertificate_IsGood(string host) => Assert.Null(await RefusalAsync(_certificates.Server, Trusting(), host));

    [Fact]
    public async Task AnotherAddress_IsNot() => Assert.Equal(
        "the server's certificate is not for 127.0.0.2", await RefusalAsync(_certificates.Server, Trusting(), "127.0.0.2"));

    [Fact]
    public async Task Unknown_Expired_OrEarly_IsSaid()
    {
        var early = _certificates.Issue("early", "CN=localhost", _certificates.Authority, (DateTimeOffset.UtcNow.AddDays(10), DateTimeOffset.UtcNow.AddDays(20)));

        Assert.StartsWith("the server's certificate is not trusted: ", await RefusalAsync(_certificates.Untrusted, Trusting()), StringComparison.Ordinal);
        Assert.StartsWith("the server's certificate is not trusted: ", await RefusalAsync(_certificates.Server, Trusting() with { AuthoritiesFile = null }), StringComparison.Ordinal);
        Assert.Equal($"the server's certificate expired on {Day(_certificates.Expired.Certificate.NotAfter)}", await RefusalAsync(_certificates.Expired, Trusting()));
        Assert.Equal($"the server's certificate is not valid before {Day(early.Certificate.NotBefore)}", await RefusalAsync(early, Trusting()));
    }

    [Fact]
    public async Task ExpiredAuthority_IsNamed()
    {
        var (from, until) = (DateTimeOffset.UtcNow.AddDays(-20), DateTimeOffset.UtcNow.AddDays(-10));
        var middle = _certificates.Issue("middle", "CN=middle CA", _certificates.Authority, (from, until), authority: true);
        var below = _certificates.Issue("below", "CN=localhost", middle, (from, until)) with { Above = [middle] };
        var root = _certificates.Issue("old-ca", "CN=old CA", null, (from, until));

        Assert.Equal($"the server's certificate expired on {Day(until)}", await RefusalAsync(below, Trusting()));
        Assert.Equal(
            $"the certificate of the authority 'middle CA', which stands above the server's, expired on {Day(until)}",
            await RefusalAsync(_certificates.Issue("longer", "CN=localhost", middle) with { Above = [middle] }, Trusting()));
        Assert.Equal(
            $"the certificate of the authority 'old CA', which stands above the server's, expired on {Day(until)}",
            await RefusalAsync(_certificates.Issue("longest", "CN=localhost", root), Trusting() with { AuthoritiesFile = root.CertificateFile }));
    }

    [Fact]
    public async Task Intermediate_ThatTheServerSends_IsGood()
    {
        var middle = _certificates.Issue("middle", "CN=middle CA", _certificates.Authority, authority: true);
        var below = _certificates.Issue("below", "CN=localhost", middle);

        Assert.Null(await RefusalAsync(below with { Above = [middle] }, Trusting()));
        Assert.StartsWith("the server's certificate is not trusted: ", await RefusalAsync(below, Trusting()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fingerprint_DecidesAlone()
    {
        var untrusted = new TlsSettings(null, _certificates.Untrusted.Fingerprint, AllowInvalid: false);
        var other = $"the server's certificate has the fingerprint {_certificates.Server.Fingerprint}, not the configured one";

        Assert.Null(await RefusalAsync(_certificates.Untrusted, untrusted));
        Assert.Null(await RefusalAsync(_certificates.Untrusted, untrusted with { Fingerprint = untrusted.Fingerprint!.ToLowerInvariant() }));
        Assert.Null(await RefusalAsync(_certificates.Expired, untrusted with { Fingerprint = _certificates.Expired.Fingerprint }, "127.0.0.2"));
        Assert.Equal(other, await RefusalAsync(_certificates.Server, untrusted));
        Assert.Equal(other, await RefusalAsync(_certificates.Server, untrusted with { AllowInvalid = true }));
        Assert.Equal(other, await RefusalAsync(_certificates.Server, Trusting() with { Fingerprint = untrusted.Fingerprint }));
    }

    [Fact]
    public async Task AllowInvalid_AcceptsAny() =>
        Assert.Null(await RefusalAsync(_certificates.Expired, new TlsSettings(null, null, AllowInvalid: true), "127.0.0.2"));

    [Fact]
    public async Task FileOfAuthorities_ThatIsGoneOrWorthless_IsSaid()
    {
        using var folder = new TempFolder();
        var empty = folder.Write("empty.pem", "");

        Assert.Equal($"no such file: {folder["ca.pem"]}", await RefusalAsync(_certificates.Server, Trusting() with { AuthoritiesFile = folder["ca.pem"] }));
        Assert.Equal($"{empty} holds no certificate (PEM)", await RefusalAsync(_certificates.Server, Trusting() with { AuthoritiesFile = empty }));
    }

    [Fact]
    public async Task CertificateThatExpiresSoon_IsTold_OursToo()
    {
        var (from, until) = (DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(13));
        var server = _certificates.Issue("soon", "CN=localhost", _certificates.Authority, (from, until));
        var own = _certificates.Issue("own", "CN=bot", _certificates.Authority, (from, until));

        Assert.Empty((await ConnectAsync(_certificates.Server, Trusting())).Expiring);
        Assert.Equal(
            [$"our certificate in {own.CertificateFile}: {Day(until)}", $"the certificate of 127.0.0.1: {Day(until)}"],
            (await ConnectAsync(server, Trusting() with { ClientCertificateFile = own.CertificateFile, ClientKeyFile = own.KeyFile })).Expiring.Select(e => $"{e.Whose}: {Day(e.On)}"));
        Assert.Single((await ConnectAsync(server, new TlsSettings(null, server.Fingerprint, false))).Expiring);
        Assert.Empty((await ConnectAsync(server, new TlsSettings(null, null, true))).Expiring);
    }

    [Fact]
    public async Task OwnCertificate_IsShown_AsItIsNow()
    {
        using var folder = new TempFolder();
        var both = folder.Write("bot.pem", Pem(_certificates.Client));
        await using var peer = ScriptedPeer.Start(certificate: _certificates.Server);
        var settings = Settings("127.0.0.1", peer.Port, Trusting() with { ClientCertificateFile = both });

        Assert.Equal(_certificates.Client.Fingerprint, await ShownAsync(peer, settings));
        var renewed = _certificates.Issue("renewed", "CN=bot", _certificates.Authority);
        folder.Write("bot.pem", Pem(renewed));
        Assert.Equal(renewed.Fingerprint, await ShownAsync(peer, settings));
        Assert.Equal(_certificates.Client.Fingerprint, await ShownAsync(peer, settings with
        {
            Tls = Trusting() with { ClientCertificateFile = _certificates.Client.CertificateFile, ClientKeyFile = _certificates.Client.KeyFile },
        }));
        Assert.Null(await ShownAsync(peer, settings with { Tls = Trusting() }));
    }

    [Fact]
    public async Task OwnCertificate_ThatIsOver_IsToldAndShownToNobody()
    {
        await using var peer = ScriptedPeer.Start(certificate: _certificates.Server);
        var tls = Trusting() with { ClientCertificateFile = _certificates.Expired.CertificateFile, ClientKeyFile = _certificates.Expired.KeyFile };

        var connection = await ConnectAsync(Settings("127.0.0.1", peer.Port, tls));

        Assert.Equal(
            $"127.0.0.1:{peer.Port}: the certificate in {_certificates.Expired.CertificateFile} expired on {Day(_certificates.Expired.Certificate.NotAfter)}", connection.Refusal);
        Assert.Null((await peer.AcceptAsync()).ClientFingerprint);
    }

    [Fact]
    public void OlderVersionsOfTls_AreNotSpoken()
    {
        var (verifier, _) = TlsVerifier.Create(Trusting(), "localhost", TimeProvider.System);

        Assert.Equal(SslProtocols.Tls12 | SslProtocols.Tls13, verifier!.Options.EnabledSslProtocols);
        Assert.False(verifier.Options.AllowTlsResume);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ThroughAProxy_TheServersNameIsChecked(bool right)
    {
        await using var peer = ScriptedPeer.Start(certificate: right ? _certificates.Issue("far", "CN=x", _certificates.Authority, host: "irc.example.org") : _certificates.Server);
        await using var proxy = ScriptedProxy.Start(async script =>
        {
            await script.ExpectAsync("\x04\x01\x1a\x29\0\0\0\x01\0irc.example.org\0");
            await script.SendAsync("\0\x5a\0\0\0\0\0\0");
            await script.RelayAsync(peer.Port);
        });

        var connection = await ConnectAsync(Tunnels.Settings($"socks4://127.0.0.1:{proxy.Port}", tls: Trusting()));

        Assert.Equal(right ? null : "irc.example.org:6697: the server's certificate is not for irc.example.org", connection.Refusal);
        await (connection.Stream?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    private static string Pem(TestCertificate certificate) => File.ReadAllText(certificate.CertificateFile) + File.ReadAllText(certificate.KeyFile);

    private static string Day(DateTimeOffset time) => Day(time.UtcDateTime);

    private static string Day(DateTime time) => time.ToUniversalTime().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private TlsSettings Trusting() => new(_certificates.Authority.CertificateFile, null, AllowInvalid: false);

    private static LinkSettings Settings(string host, int port, TlsSettings tls) =>
        new(host, port, tls, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1), TimeSpan.Zero);

    private static Task<Connection> ConnectAsync(LinkSettings settings) => Connector.ConnectAsync(settings, TimeProvider.System, TestContext.Current.CancellationToken).Within();

    private static async Task<Connection> ConnectAsync(TestCertificate server, TlsSettings tls, string host = "127.0.0.1")
    {
        var address = IPAddress.TryParse(host, out var literal) ? literal : IPAddress.Loopback;
        await using var peer = ScriptedPeer.Start(new IPEndPoint(address, 0), server);
        var connection = await ConnectAsync(Settings(host, peer.Port, tls));
        await (connection.Stream?.DisposeAsync() ?? ValueTask.CompletedTask);
        return connection with { Refusal = connection.Refusal?[(connection.Refusal.IndexOf(": ", StringComparison.Ordinal) + 2)..] };
    }

    private static async Task<string?> RefusalAsync(TestCertificate server, TlsSettings tls, string host = "127.0.0.1") => (await ConnectAsync(server, tls, host)).Refusal;

    private static async Task<string?> ShownAsync(ScriptedPeer peer, LinkSettings settings)
    {
        var connection = await ConnectAsync(settings);
        Assert.Null(connection.Refusal);
        var shown = (await peer.AcceptAsync()).ClientFingerprint;
        await connection.Stream!.DisposeAsync();
        return shown;
    }
}
