using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace NotifyGateway.Bench.Sink;

/// <summary>The certificate of the servers that speak TLS: made for the run, signed by nobody.</summary>
internal static class SinkCertificate
{
    public static X509Certificate2 Make()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=bench.test", key, HashAlgorithmName.SHA256);
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30));
    }
}
