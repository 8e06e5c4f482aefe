using System.Globalization;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using NotifyGateway.Core.Configuration;

namespace NotifyGateway.Core.Sessions;

/// <summary>Judges one server certificate and keeps, in words for a sysadmin, why it was refused.</summary>
internal sealed class TlsVerifier
{
    private static readonly TimeSpan Soon = TimeSpan.FromDays(14);

    /// <summary>The most characters of a name that a certificate gives itself.</summary>
    private const int MostName = 80;

    private readonly TlsSettings _settings;
    private readonly string _host;
    private readonly X509Certificate2Collection? _authorities;
    private readonly SslStreamCertificateContext? _own;
    private readonly DateTime _now;
    private readonly List<ExpiringCertificate> _expiring = [];

    private TlsVerifier(TlsSettings settings, string host, X509Certificate2Collection? authorities, SslStreamCertificateContext? own, DateTime now)
    {
        (_settings, _host, _authorities, _own, _now) = (settings, host, authorities, own, now);
        if (own is not null)
        {
            NoteIfSoon($"our certificate in {settings.ClientCertificateFile}", own.TargetCertificate);
        }
    }

    /// <summary>Null until a certificate is refused.</summary>
    public string? Refusal { get; private set; }

    /// <summary>The certificates, the server's and ours, that are good for 14 days or less.</summary>
    public IReadOnlyList<ExpiringCertificate> Expiring => _expiring;

    public SslClientAuthenticationOptions Options => new()
    {
        // A final dot, which a resolver understands, is in no certificate.
        TargetHost = _host.TrimEnd('.'),
#pragma warning disable CA5398 // Chosen on purpose: what the system allows by itself may be older.
        EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
#pragma warning restore CA5398
        RemoteCertificateValidationCallback = Judge,
        CertificateChainPolicy = Policy(),
        ClientCertificateContext = _own,
        ApplicationProtocols = _settings.Application is { } application ? [new SslApplicationProtocol(application)] : null,

        // A resumed session would still be that of the certificate we showed then.
        AllowTlsResume = false,
    };

    /// <summary>Reads the files that the settings name.</summary>
    /// <returns>A verifier for one connection, or what is wrong with a file.</returns>
    public static (TlsVerifier? Verifier, string? Fault) Create(TlsSettings settings, string host, TimeProvider time)
    {
        string? fault = null;
        X509Certificate2Collection? authorities = null;
        SslStreamCertificateContext? own = null;
        if (settings.AuthoritiesFile is { } file)
        {
            (authorities, fault) = CertificateFiles.ReadAuthorities(file);
        }

        if (fault is null && settings.ClientCertificateFile is { } ownFile)
        {
            (var certificate, var chain, fault) = CertificateFiles.ReadClient(ownFile, settings.ClientKeyFile, time.GetUtcNow());
            own = certificate is null ? null : SslStreamCertificateContext.Create(certificate, chain, offline: true);
        }

        return fault is null ? (new TlsVerifier(settings, host, authorities, own, time.GetUtcNow().UtcDateTime), null) : (null, fault);
    }

    private bool Judge(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        Refusal = certificate is not X509Certificate2 given ? "the server showed no certificate"
            : _settings.Fingerprint is { } expected ? Pinned(given, expected)
            : _settings.AllowInvalid || errors == SslPolicyErrors.None ? null
            : Describe(given, chain, errors);
        if (Refusal is null && !_settings.AllowInvalid)
        {
            NoteIfSoon($"the certificate of {_host}", (X509Certificate2)certificate!);
        }

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
        if (OutOfTime("the server's certificate", given) is { } late)
        {
            return late;
        }

        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
        {
            return $"the server's certificate is not for {_host}";
        }

        var issuers = chain?.ChainElements.Skip(1).Select(e => OutOfTime($"the certificate of the authority '{NameOf(e.Certificate)}', which stands above the server's,", e.Certificate));
        if (issuers?.FirstOrDefault(fault => fault is not null) is { } above)
        {
            return above;
        }

        var status = chain?.ChainStatus.Select(s => s.StatusInformation.Trim()).FirstOrDefault(s => s.Length > 0) ?? errors.ToString();
        return $"the server's certificate is not trusted: {status}";
    }

    private string? OutOfTime(string whose, X509Certificate2 certificate)
    {
        var (from, until) = (certificate.NotBefore.ToUniversalTime(), certificate.NotAfter.ToUniversalTime());
        return _now > until ? string.Create(CultureInfo.InvariantCulture, $"{whose} expired on {until:yyyy-MM-dd}")
            : _now < from ? string.Create(CultureInfo.InvariantCulture, $"{whose} is not valid before {from:yyyy-MM-dd}")
            : null;
    }

    private void NoteIfSoon(string whose, X509Certificate2 certificate)
    {
        if (certificate.NotAfter.ToUniversalTime() - _now <= Soon)
        {
            _expiring.Add(new ExpiringCertificate(whose, new DateTimeOffset(certificate.NotAfter.ToUniversalTime())));
        }
    }

    /// <summary>The certificate's own words, from a stranger.</summary>
    private static string NameOf(X509Certificate2 certificate)
    {
        var name = new string([.. certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false).Where(c => !char.IsControl(c))]);
        return name.Length > MostName ? name[..MostName] : name;
    }

    private X509ChainPolicy Policy()
    {
        var policy = new X509ChainPolicy
        {
            RevocationMode = X509RevocationMode.NoCheck,
            VerificationTime = _now,

            // A certificate may name an address to fetch its issuer from. Nobody is asked for anything because a stranger says so, and past the proxy at that.
            DisableCertificateDownloads = true,
        };
        if (_authorities is not null)
        {
            policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            policy.CustomTrustStore.AddRange(_authorities);
        }

        return policy;
    }
}
