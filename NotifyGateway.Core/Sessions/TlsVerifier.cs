using System.Globalization;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace NotifyGateway.Core.Sessions;

/// <summary>Judges one server certificate and keeps, in words for a sysadmin, why it was refused.</summary>
internal sealed class TlsVerifier(TlsSettings settings, string host, TimeProvider time)
{
    /// <summary>Null until a certificate is refused.</summary>
    public string? Refusal { get; private set; }

    public SslClientAuthenticationOptions Options => new()
    {
        TargetHost = host,
        RemoteCertificateValidationCallback = Judge,
        CertificateChainPolicy = settings.Authorities is { } roots ? Policy(roots) : null,
    };

    private bool Judge(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        Refusal = certificate is not X509Certificate2 given ? "the server showed no certificate"
            : settings.Fingerprint is { } expected ? Pinned(given, expected)
            : settings.AllowInvalid || errors == SslPolicyErrors.None ? null
            : Describe(given, chain, errors);
        return Refusal is null;
    }

    private static string? Pinned(X509Certificate2 given, string expected)
    {
        var actual = given.GetCertHashString(HashAlgorithmName.SHA256);
        return string.Equals(actual, expected, StringComparison.OrdinalIgnoreCase) ? null
            : $"the server's certificate has the fingerprint {actual}, not the configured one";
    }

    private string Describe(X509Certificate2 given, X509Chain? chain, SslPolicyErrors errors)
    {
        var now = time.GetUtcNow().UtcDateTime;
        if (now > given.NotAfter.ToUniversalTime())
        {
            return string.Create(CultureInfo.InvariantCulture, $"the server's certificate expired on {given.NotAfter.ToUniversalTime():yyyy-MM-dd}");
        }

        if (now < given.NotBefore.ToUniversalTime())
        {
            return string.Create(CultureInfo.InvariantCulture, $"the server's certificate is not valid before {given.NotBefore.ToUniversalTime():yyyy-MM-dd}");
        }

        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
        {
            return $"the server's certificate is not for {host}";
        }

        var status = chain?.ChainStatus.Select(s => s.StatusInformation.Trim()).FirstOrDefault(s => s.Length > 0) ?? errors.ToString();
        return $"the server's certificate is not trusted: {status}";
    }

    private static X509ChainPolicy Policy(X509Certificate2Collection roots)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.AddRange(roots);
        return policy;
    }
}
