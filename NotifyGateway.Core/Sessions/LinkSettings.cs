using System.Security.Cryptography.X509Certificates;

namespace NotifyGateway.Core.Sessions;

/// <summary>Where a link connects and how often it may try.</summary>
/// <param name="Tls">Null: no TLS.</param>
internal sealed record LinkSettings(
    string Host, int Port, TlsSettings? Tls, TimeSpan ConnectTimeout, TimeSpan ReconnectMin, TimeSpan ReconnectMax, TimeSpan ConnectSpacing)
{
    /// <summary><c>host:port</c>.</summary>
    public string Server => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Host}:{Port}");

    /// <summary>The pause after a refusal that no retry can mend.</summary>
    public static readonly TimeSpan FaultedPause = TimeSpan.FromMinutes(30);

    /// <summary>The pause after the server has asked for patience.</summary>
    public static readonly TimeSpan ThrottledPause = TimeSpan.FromMinutes(5);
}

/// <summary>How a server's certificate is judged.</summary>
/// <param name="Authorities">Roots that count instead of the system's; null: the system's.</param>
/// <param name="Fingerprint">SHA-256 of the one certificate that is right, in upper-case hex without colons; null: any that is valid.</param>
/// <param name="AllowInvalid">Judges nothing.</param>
internal sealed record TlsSettings(X509Certificate2Collection? Authorities, string? Fingerprint, bool AllowInvalid);

/// <summary>How a link ended.</summary>
/// <param name="Proven">The link had shown that it works (a delivery was proved, or it stood for a minute): the next wait is the shortest.</param>
internal readonly record struct LinkEnd(string Reason, Protocols.CloseKind Kind, bool Proven);
