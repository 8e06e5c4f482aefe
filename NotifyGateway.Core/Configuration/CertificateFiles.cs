using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace NotifyGateway.Core.Configuration;

/// <summary>Reads certificates and keys from PEM files. What is wrong is said in words that name the file, and never hold any of it.</summary>
internal static class CertificateFiles
{
    /// <summary>The certificates that count as authorities.</summary>
    /// <returns>At least one, or the fault.</returns>
    public static (X509Certificate2Collection? Authorities, string? Fault) ReadAuthorities(string path)
    {
        var (pem, fault) = ReadText(path);
        if (pem is null)
        {
            return (null, fault);
        }

        var found = new X509Certificate2Collection();
        try
        {
            found.ImportFromPem(pem);
        }
        catch (CryptographicException)
        {
            return (null, $"{path} holds a damaged certificate");
        }

        return found.Count > 0 ? (found, null) : (null, $"{path} holds no certificate (PEM)");
    }

    /// <summary>A client's own certificate with its key, and whatever of its chain stands in the file behind it.</summary>
    /// <param name="certificatePath">The certificate's file.</param>
    /// <param name="keyPath">Null: the key stands in the same file.</param>
    /// <param name="now">A certificate whose time is over, or not yet come, is a fault: no server would take it for a login. Null: its time is not looked at.</param>
    public static (X509Certificate2? Certificate, X509Certificate2Collection? Chain, string? Fault) ReadClient(string certificatePath, string? keyPath, DateTimeOffset? now)
    {
        var (chain, fault) = ReadAuthorities(certificatePath);
        if (chain is null)
        {
            return (null, null, fault);
        }

        var keyFile = keyPath ?? certificatePath;
        (var key, fault) = ReadText(keyFile);
        fault ??= WrongKey(key!, keyFile) ?? (now is { } time ? OutOfTime(chain[0], certificatePath, time) : null);
        if (fault is not null)
        {
            return (null, null, fault);
        }

        try
        {
            return (WithKey(chain[0], key!), chain, null);
        }
        catch (ArgumentException)
        {
            return (null, null, $"the key in {keyFile} does not belong to the certificate in {certificatePath}");
        }
        catch (CryptographicException)
        {
            return (null, null, $"{keyFile} holds a key that is damaged or does not belong to the certificate in {certificatePath}");
        }
    }

    private static X509Certificate2 WithKey(X509Certificate2 certificate, string key)
    {
        var paired = X509Certificate2.CreateFromPem(certificate.ExportCertificatePem(), key);
        if (!OperatingSystem.IsWindows())
        {
            return paired;
        }

        // Windows' TLS cannot use a key that lives in memory alone.
        using (paired)
        {
            return X509CertificateLoader.LoadPkcs12(paired.Export(X509ContentType.Pkcs12), null);
        }
    }

    private static string? WrongKey(string pem, string path)
    {
        var labels = Labels(pem).ToList();
        return labels.Exists(l => l is "PRIVATE KEY" or "RSA PRIVATE KEY" or "EC PRIVATE KEY")
            // OpenSSL's older form says inside that it is encrypted.
            && !pem.Contains("Proc-Type: 4,ENCRYPTED", StringComparison.Ordinal) ? null
            : labels.Exists(l => l.EndsWith("PRIVATE KEY", StringComparison.Ordinal)) || pem.Contains("Proc-Type: 4,ENCRYPTED", StringComparison.Ordinal)
                ? $"the key in {path} has a passphrase, or a form that is not known; a key without a passphrase is needed"
                : $"{path} holds no private key (PEM)";
    }

    private static IEnumerable<string> Labels(string pem)
    {
        for (var at = 0; PemEncoding.TryFind(pem.AsSpan(at), out var fields); at += fields.Location.End.Value)
        {
            yield return pem[at..][fields.Label];
        }
    }

    private static string? OutOfTime(X509Certificate2 certificate, string path, DateTimeOffset now)
    {
        var (from, until) = (certificate.NotBefore.ToUniversalTime(), certificate.NotAfter.ToUniversalTime());
        return now.UtcDateTime > until ? string.Create(CultureInfo.InvariantCulture, $"the certificate in {path} expired on {until:yyyy-MM-dd}")
            : now.UtcDateTime < from ? string.Create(CultureInfo.InvariantCulture, $"the certificate in {path} is not valid before {from:yyyy-MM-dd}")
            : null;
    }

    private static (string? Text, string? Fault) ReadText(string path)
    {
        try
        {
            return (File.ReadAllText(path), null);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return (null, $"no such file: {path}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return (null, $"{path} cannot be read: {e.Message}");
        }
    }
}
