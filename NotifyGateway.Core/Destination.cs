using NotifyGateway.Core.Routing;

namespace NotifyGateway.Core;

/// <summary>
/// One place where a message goes, resolved: which session carries it, on which of the session's lanes, and what the
/// session's protocol calls the place.
/// </summary>
/// <param name="Session">Who delivers.</param>
/// <param name="Lane">The destination inside the session, folded to lower case (ASCII): order is kept per lane.</param>
/// <param name="Address">What the protocol needs, as the user wrote it. IRC: <c>target</c> or <c>target key</c>; XMPP: <see cref="Protocols.Xmpp.XmppAddress"/>. May hold a secret.</param>
/// <param name="Name">How users see it (<c>libera/#ops</c>, <c>xmpp:alice@example.org</c>). Holds no secret.</param>
public sealed record Destination(SessionKey Session, string Lane, string Address, string Name)
{
    /// <summary>The public name: the address may hold a secret.</summary>
    public override string ToString() => Name;
}

/// <summary>
/// Names a session. For a configured network or account its name; for a session made on demand the canonical URL of its server,
/// <em>with</em> credentials, so that different credentials are different sessions and a restart can connect again.
/// </summary>
/// <remarks><see cref="ToString"/> and <see cref="Name"/> hide the credentials; only the outbox and the link use <see cref="Value"/>.</remarks>
public readonly record struct SessionKey(string Value)
{
    /// <summary>True for a session made on demand from a URL.</summary>
    public bool IsDynamic => Value.Contains("://", StringComparison.Ordinal);

    /// <summary>True for the gateway's own log.</summary>
    public bool IsLog => this == LocalDestinations.LogSession;

    /// <summary>The name shown to users: without user and password.</summary>
    public string Name
    {
        get
        {
            var scheme = Value.IndexOf("://", StringComparison.Ordinal);
            var at = Value.LastIndexOf('@');
            return scheme < 0 || at < scheme ? Value : string.Concat(Value.AsSpan(0, scheme + 3), Value.AsSpan(at + 1));
        }
    }

    /// <summary>The name in metrics and traces. Sessions on demand share one: strangers name them, and each name would be a time series for ever.</summary>
    public string Label => IsDynamic ? OnDemandLabel : Value;

    /// <summary>No network or account can be named so.</summary>
    public const string OnDemandLabel = "irc://*";

    public override string ToString() => Name;
}
