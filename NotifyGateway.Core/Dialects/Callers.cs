using NotifyGateway.Core.Configuration;

namespace NotifyGateway.Core.Dialects;

/// <summary>Who may speak where a line came in.</summary>
/// <param name="clients">The clients as configured now.</param>
/// <param name="loopback">Whether the sender is on this machine.</param>
public readonly struct Callers(ClientDirectory clients, bool loopback)
{
    /// <summary>The client whose secret this is, or null.</summary>
    public string? Identify(ReadOnlySpan<byte> secret) => clients.Identify(secret);

    /// <summary>The client of a line without a secret, or null where one is needed.</summary>
    public string? Anonymous => clients.AllowsAnonymous(loopback) ? ClientDirectory.Anonymous : null;

    /// <summary>The client of a request with the optional fields <c>secret</c> and <c>client</c>; null and a refusal when it is not served.</summary>
    /// <remarks>A wrong secret is never taken for none, and a client's name alone proves nothing.</remarks>
    internal string? Admit(string? secret, string? client, out LineRefusal? refusal)
    {
        var admitted = secret is not null ? clients.Identify(secret, client) : client is null ? Anonymous : null;
        refusal = admitted is not null ? null : secret is not null ? LineRefusal.WrongSecret : LineRefusal.NoSecret;
        return admitted;
    }
}
