using System.Globalization;
using System.Net;
using System.Net.Security;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Acceptance;

/// <summary>An https address of the built program.</summary>
public sealed class HttpsTests : IDisposable
{
    private readonly TestCertificates _issued = new();
    private readonly int _port = FreePort.Next();

    public void Dispose() => _issued.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task TheCertificate_IsExchangedWithoutARestart(int version)
    {
        await using var gateway = new GatewayProcess("""
            { "Gateway": { "Outbox": { "Path": "data/outbox.db" } }, "Kestrel": { "Certificates": { "Default": { "Path": "x.pem", "KeyPath": "x.key" } } } }
            """);
        Install(gateway, _issued.Server, 0);
        gateway.Launch("serve", "--urls", string.Create(CultureInfo.InvariantCulture, $"https://127.0.0.1:{_port}"), "--config", gateway.Folder["no-doors.json"], "--config", gateway.Folder["gateway.json"]);
        await gateway.Process.Output.FirstAsync(l => l.Contains("[1003]", StringComparison.Ordinal), "the gateway is ready");
        Assert.Equal(("CN=localhost", version), await TalkAsync(version));

        // Its key is not there yet: the one before goes on.
        File.Copy(_issued.WrongName.CertificateFile, gateway.Folder["x.pem"], overwrite: true);
        File.SetLastWriteTimeUtc(gateway.Folder["x.pem"], DateTime.UtcNow.AddMinutes(1));
        Assert.Equal(("CN=localhost", version), await TalkAsync(version));
        Install(gateway, _issued.WrongName, 2);

        Assert.Equal(("CN=elsewhere.test", version), await TalkAsync(version));
        Assert.Contains("[3011]", gateway.Process.Said, StringComparison.Ordinal);
        Assert.DoesNotContain("PRIVATE KEY", gateway.Process.Said, StringComparison.Ordinal);
    }

    private static void Install(GatewayProcess gateway, TestCertificate issued, int minutes)
    {
        foreach (var (from, to) in new[] { (issued.CertificateFile, "x.pem"), (issued.KeyFile, "x.key") })
        {
            File.Copy(from, gateway.Folder[to], overwrite: true);
            // Files written within one tick of the clock, and of one size, look the same.
            File.SetLastWriteTimeUtc(gateway.Folder[to], DateTime.UtcNow.AddMinutes(minutes));
        }
    }

    /// <summary>One request over a connection of its own.</summary>
    /// <returns>Whose certificate it was, and the version of HTTP that was agreed on.</returns>
    private async Task<(string Subject, int Version)> TalkAsync(int version)
    {
        var subject = "";
#pragma warning disable CA5359 // Self-signed for the test: whose it is is what is looked at.
        using var handler = new SocketsHttpHandler
        {
            SslOptions = new SslClientAuthenticationOptions
            {
                RemoteCertificateValidationCallback = (_, certificate, _, _) =>
                {
                    subject = certificate!.Subject;
                    return true;
                },
            },
        };
#pragma warning restore CA5359
        using var client = new HttpClient(handler);
        using var request = new HttpRequestMessage(HttpMethod.Get, string.Create(CultureInfo.InvariantCulture, $"https://127.0.0.1:{_port}/health/live"))
        {
            Version = new Version(version, version == 1 ? 1 : 0),
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        using var answer = await client.SendAsync(request).Within();
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return (subject, answer.Version.Major);
    }
}
