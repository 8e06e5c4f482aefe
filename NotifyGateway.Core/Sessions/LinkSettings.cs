using System.Globalization;
using System.Net;
using NotifyGateway.Core.Configuration;
using NotifyGateway.Core.Sessions.Srv;

namespace NotifyGateway.Core.Sessions;

/// <summary>Where a link connects and how often it may try.</summary>
/// <param name="Host">A host name, or an address, IPv6 without brackets.</param>
/// <param name="Tls">Null: no TLS.</param>
internal sealed record LinkSettings(
    string Host, int Port, TlsSettings? Tls, TimeSpan ConnectTimeout, TimeSpan ReconnectMin, TimeSpan ReconnectMax, TimeSpan ConnectSpacing)
{
    /// <summary>The pause after a refusal that no retry can mend.</summary>
    public static readonly TimeSpan FaultedPause = TimeSpan.FromMinutes(30);

    /// <summary>The pause after the server has asked for patience.</summary>
    public static readonly TimeSpan ThrottledPause = TimeSpan.FromMinutes(5);

    /// <summary>Null: directly.</summary>
    public ProxyAddress? Proxy { get; init; }

    /// <summary>Where connections come from; only servers (or proxies) of its family are tried. Null: the system chooses.</summary>
    public IPAddress? LocalAddress { get; init; }

    /// <summary>Null: none.</summary>
    public TrafficSettings? Traffic { get; init; }

    /// <summary>Finds the servers, at each connection anew; null: the host and port are the server.</summary>
    public Func<CancellationToken, Task<ServerList>>? Locate { get; init; }

    /// <summary><c>host:port</c>, IPv6 in brackets. Where servers have to be found, what they are found by.</summary>
    public string Server => string.Create(CultureInfo.InvariantCulture, $"{(Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host)}:{Port}");

    public override string ToString() => Server;
}

/// <summary>How a server's certificate is judged, and which one of ours it is shown. The files are read at each connection: whoever renews one needs no restart.</summary>
/// <param name="AuthoritiesFile">Roots that count instead of the system's (PEM); null: the system's.</param>
/// <param name="Fingerprint">SHA-256 of the one certificate that is right, in hex without colons; null: any that is valid.</param>
/// <param name="AllowInvalid">Judges nothing but the fingerprint.</param>
/// <param name="ClientCertificateFile">Our own (PEM); null: none.</param>
/// <param name="ClientKeyFile">Its key; null: stands in the same file.</param>
internal sealed record TlsSettings(string? AuthoritiesFile, string? Fingerprint, bool AllowInvalid, string? ClientCertificateFile = null, string? ClientKeyFile = null)
{
    /// <summary>Whose the server's certificate must be; null: the host's that the connection goes to.</summary>
    public string? Name { get; init; }

    /// <summary>What is going to be spoken (ALPN, RFC 7301); null: not said.</summary>
    public string? Application { get; init; }

    /// <summary>The connection begins without TLS, and changes to it when its protocol says so (STARTTLS).</summary>
    public bool OnDemand { get; init; }
}

/// <summary>Where a session's traffic log goes.</summary>
/// <param name="path">The file.</param>
/// <param name="secrets">What is never written there, should a server repeat it.</param>
internal sealed class TrafficSettings(string path, IEnumerable<string> secrets)
{
    /// <summary>Of a session on demand, whose channels and keys come with messages, the last ones.</summary>
    private const int MaxLearned = 1000;

    // The session's loop learns, the connections' tasks read.
    private readonly Lock _gate = new();
    private readonly string[] _configured = [.. secrets.Where(s => s.Length > 0)];
    private readonly List<string> _learned = [];
    private volatile IReadOnlyList<byte[]>? _all;

    public string Path { get; } = path;

    /// <summary>In UTF-8, the longest first: one may be a part of another.</summary>
    public IReadOnlyList<byte[]> Secrets
    {
        get
        {
            if (_all is { } all)
            {
                return all;
            }

            lock (_gate)
            {
                return _all = [.. _configured.Concat(_learned).Distinct(StringComparer.Ordinal).Select(System.Text.Encoding.UTF8.GetBytes).OrderByDescending(s => s.Length)];
            }
        }
    }

    /// <summary>A channel's key, which came with the address of a message.</summary>
    /// <param name="address">As in <see cref="Destination.Address"/>: <c>target</c> or <c>target key</c>.</param>
    public void Learn(string address)
    {
        var space = address.IndexOf(' ', StringComparison.Ordinal);
        if (space < 0 || space + 1 == address.Length)
        {
            return;
        }

        lock (_gate)
        {
            var key = address[(space + 1)..];
            if (!_learned.Contains(key, StringComparer.Ordinal))
            {
                _learned.RemoveRange(0, _learned.Count < MaxLearned ? 0 : 1);
                _learned.Add(key);
                _all = null;
            }
        }
    }

    /// <summary>Without the secrets.</summary>
    public override string ToString() => Path;
}

/// <summary>How a link ended.</summary>
/// <param name="Proven">The link had shown that it works (a delivery was proved, or it stood for a minute): the next wait is the shortest.</param>
internal readonly record struct LinkEnd(string Reason, Protocols.CloseKind Kind, bool Proven);
