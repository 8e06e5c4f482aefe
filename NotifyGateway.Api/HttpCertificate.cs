using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using NotifyGateway.Core.Configuration;

namespace NotifyGateway.Api;

/// <summary>The certificate of https addresses, in Kestrel's own section. Looked at before Kestrel does, which would end the process with an exception.</summary>
internal static class HttpCertificate
{
    private const string Section = "Kestrel:Certificates:Default";

    /// <summary>What keeps it from being used.</summary>
    public static IEnumerable<ConfigurationError> Errors(IReadOnlyDictionary<string, string?> settings)
    {
        var path = settings.GetValueOrDefault($"{Section}:Path");
        var key = settings.GetValueOrDefault($"{Section}:KeyPath");
        if (string.IsNullOrEmpty(path))
        {
            // A certificate may also be chosen from a store (Subject); without any, https cannot work.
            return settings.Keys.Any(k => k.StartsWith(Section + ":", StringComparison.OrdinalIgnoreCase))
                ? []
                : [new(Section, "is missing: an https address needs a certificate, { \"Path\": \"x.pem\", \"KeyPath\": \"x.key\" }")];
        }

        ConfigurationError[] missing =
        [
            .. new[] { (Key: "Path", File: path), (Key: "KeyPath", File: key) }
                .Where(f => !string.IsNullOrEmpty(f.File) && !File.Exists(f.File))
                .Select(f => new ConfigurationError($"{Section}:{f.Key}", $"no such file: {Path.GetFullPath(f.File!)}")),
        ];
        return missing.Length > 0 || CanBeLoaded(path, key, settings.GetValueOrDefault($"{Section}:Password"))
            ? missing
            : [new(Section, "cannot be loaded: Path must hold a certificate, KeyPath its private key (PEM), Password be the right one if there is one; both files must be readable")];
    }

    /// <summary>
    /// The files of a certificate that can be exchanged while the gateway runs: PEM, its key not encrypted, and nothing else said of https that only Kestrel would know. Null: there
    /// are none.
    /// </summary>
    public static ListenerTlsOptions? Exchangeable(IReadOnlyDictionary<string, string?> settings) =>
        settings.GetValueOrDefault($"{Section}:Path") is { Length: > 0 } path && settings.GetValueOrDefault($"{Section}:KeyPath") is { Length: > 0 } key
        && string.IsNullOrEmpty(settings.GetValueOrDefault($"{Section}:Password")) && !settings.Keys.Any(k => k.StartsWith("Kestrel:EndpointDefaults:", StringComparison.OrdinalIgnoreCase))
            ? new ListenerTlsOptions { Certificate = path, Key = key }
            : null;

    private static bool CanBeLoaded(string path, string? key, string? password)
    {
        try
        {
            using var certificate = string.IsNullOrEmpty(key) ? X509CertificateLoader.LoadPkcs12FromFile(path, password)
                : string.IsNullOrEmpty(password) ? X509Certificate2.CreateFromPemFile(path, key)
                : X509Certificate2.CreateFromEncryptedPemFile(path, password, key);
            return certificate.HasPrivateKey;
        }
        catch (Exception error) when (error is CryptographicException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
