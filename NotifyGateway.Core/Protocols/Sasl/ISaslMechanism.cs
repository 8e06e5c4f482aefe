namespace NotifyGateway.Core.Protocols.Sasl;

/// <summary>
/// The client's side of one SASL exchange (RFC 4422), without the protocol that carries it: that one knows how messages are framed, and
/// what success and failure look like. An exchange is used once.
/// </summary>
internal interface ISaslMechanism
{
    /// <summary>As IANA registers it, like <c>SCRAM-SHA-256</c>.</summary>
    string Name { get; }

    /// <summary>Whether a password is what it shows: mechanisms that do so fail together when it is wrong.</summary>
    bool ByPassword { get; }

    /// <summary>True once the server has what it needs to judge us: a failure from then on is about who we are, not about the mechanism.</summary>
    bool Proved { get; }

    /// <summary>True when the server's success may be believed: it has shown whatever this mechanism wants to see of it.</summary>
    bool Complete { get; }

    /// <summary>Our first message, which the mechanisms here always have.</summary>
    SaslStep Begin();

    /// <summary>Answers a challenge, whatever bytes it has.</summary>
    SaslStep Answer(ReadOnlySpan<byte> challenge);
}

/// <summary>What an exchange wants next: a message to send, or its end.</summary>
/// <param name="Response">The message; may be empty.</param>
/// <param name="Fault">Why the exchange must be aborted; null: it goes on. Holds nothing of the credentials.</param>
/// <param name="Impostor">The other side is not who it has to be: nothing more may be told to it.</param>
internal readonly record struct SaslStep(byte[] Response, string? Fault = null, bool Impostor = false)
{
    public static SaslStep Aborted(string fault, bool impostor = false) => new([], fault, impostor);
}
