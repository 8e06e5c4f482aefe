using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace NotifyGateway.Tests.Support;

/// <summary>A certificate and its key, as PEM files and ready for <see cref="SslStream"/>.</summary>
internal sealed record TestCertificate(X509Certificate2 Certificate, string CertificateFile, string KeyFile)
{
    /// <summary>SHA-256 of the certificate, in hex.</summary>
    public string Fingerprint => Certificate.GetCertHashString(HashAlgorithmName.SHA256);

    /// <summary>Issuers that a server sends along, from the nearest on.</summary>
    public IReadOnlyList<TestCertificate> Above { get; init; } = [];

    /// <summary>What a server shows.</summary>
    public SslStreamCertificateContext Context => SslStreamCertificateContext.Create(Certificate, [.. Above.Select(a => a.Certificate)], offline: true);
}

/// <summary>A certificate authority and what it has signed, made anew in code, so that nothing in the project ever expires.</summary>
internal sealed class TestCertificates : IDisposable
{
    // One value for all: no certificate may outlive its issuer, not even by a second.
    private static readonly (DateTimeOffset From, DateTimeOffset Until) Year = (DateTimeOffset.UtcNow.AddDays(-30), DateTimeOffset.UtcNow.AddDays(335));

    private readonly TempFolder _folder = new();
    private readonly List<TestCertificate> _issued = [];

    public TestCertificates()
    {
        Authority = Issue("ca", "CN=test CA", null, Year);
        Server = Issue("server", "CN=localhost", Authority, Year);
        Expired = Issue("expired", "CN=localhost", Authority, (DateTimeOffset.UtcNow.AddDays(-20), DateTimeOffset.UtcNow.AddDays(-10)));
        WrongName = Issue("wrong-name", "CN=elsewhere.test", Authority, Year, "elsewhere.test");
        OtherAuthority = Issue("other-ca", "CN=other CA", null, Year);
        Untrusted = Issue("untrusted", "CN=localhost", OtherAuthority, Year);
        Client = Issue("client", "CN=bot", Authority, Year);
    }

    /// <summary>The authority that clients are told to trust.</summary>
    public TestCertificate Authority { get; }

    /// <summary>For localhost, conference.localhost, 127.0.0.1 and ::1.</summary>
    public TestCertificate Server { get; }

    /// <summary>As <see cref="Server"/>, but its time is over.</summary>
    public TestCertificate Expired { get; }

    /// <summary>Valid, but for another host.</summary>
    public TestCertificate WrongName { get; }

    public TestCertificate OtherAuthority { get; }

    /// <summary>As <see cref="Server"/>, but signed by the other authority.</summary>
    public TestCertificate Untrusted { get; }

    /// <summary>What a client shows.</summary>
    public TestCertificate Client { get; }

    public void Dispose()
    {
        _issued.ForEach(issued => issued.Certificate.Dispose());

        _folder.Dispose();
    }

    /// <summary>One more.</summary>
    /// <param name="issuer">Null: signs itself, and is an authority.</param>
    /// <param name="host">The only name; null: those of <see cref="Server"/>.</param>
    /// <param name="authority">It may sign others.</param>
    public TestCertificate Issue(
        string name, string subject, TestCertificate? issuer, (DateTimeOffset From, DateTimeOffset Until)? during = null, string? host = null, bool authority = false)
    {
        var valid = during ?? Year;
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(issuer is null || authority, false, 0, true));
        X509Certificate2 certificate;
        if (issuer is null)
        {
            request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
            certificate = request.CreateSelfSigned(valid.From, valid.Until);
        }
        else
        {
            if (authority)
            {
                request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
            }

            // Server and client authentication.
            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1"), new Oid("1.3.6.1.5.5.7.3.2")], false));
            request.CertificateExtensions.Add(Names(host));
            // With the issuer's name and key, not its certificate: .NET refuses to sign what outlives the issuer, others do not.
            using var signing = issuer.Certificate.GetECDsaPrivateKey()!;
            using var signed = request.Create(
                issuer.Certificate.SubjectName, X509SignatureGenerator.CreateForECDsa(signing), valid.From, valid.Until, RandomNumberGenerator.GetBytes(16));
            certificate = signed.CopyWithPrivateKey(key);
        }

        var file = _folder.Write(name + ".crt", certificate.ExportCertificatePem() + "\n");
        var issued = new TestCertificate(certificate, file, _folder.Write(name + ".key", key.ExportPkcs8PrivateKeyPem() + "\n"));
        _issued.Add(issued);
        return issued;
    }

    private static X509Extension Names(string? host)
    {
        var names = new SubjectAlternativeNameBuilder();
        if (host is not null)
        {
            names.AddDnsName(host);
        }
        else
        {
            names.AddDnsName("localhost");
            names.AddDnsName("conference.localhost");
            names.AddIpAddress(IPAddress.Loopback);
            names.AddIpAddress(IPAddress.IPv6Loopback);
        }

        return names.Build();
    }
}
