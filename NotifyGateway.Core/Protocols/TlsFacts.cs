namespace NotifyGateway.Core.Protocols;

/// <summary>What both ends of one TLS channel know and nobody else, for a login that is bound to the channel (RFC 5056).</summary>
public sealed record TlsFacts
{
    /// <summary>A channel that tells nothing of itself.</summary>
    public static TlsFacts None { get; } = new();

    /// <summary><c>tls-unique</c> (RFC 5929, section 3), without a prefix; empty: not known.</summary>
    public ReadOnlyMemory<byte> Unique { get; init; }

    /// <summary><c>tls-exporter</c> (RFC 9266); empty: not known.</summary>
    public ReadOnlyMemory<byte> Exporter { get; init; }
}
