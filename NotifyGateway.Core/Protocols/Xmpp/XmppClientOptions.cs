namespace NotifyGateway.Core.Protocols.Xmpp;

/// <summary>What one XMPP connection needs to know.</summary>
public sealed record XmppClientOptions
{
    /// <summary>The account, without a resource.</summary>
    public required Jid Jid { get; init; }

    public required string Password { get; init; }

    /// <summary>Makes what SCRAM wants: printable ASCII without commas, at least 16 characters, from a source that nobody can guess.</summary>
    public required Func<string> Nonce { get; init; }

    /// <summary>Names this connection among those of the account.</summary>
    public required string Resource { get; init; }

    /// <summary>Our nick in rooms where none is asked for; null: the account's local part.</summary>
    public string? Nick { get; init; }

    /// <summary>What others see beside our presence; null: nothing.</summary>
    public string? Status { get; init; }

    public int Burst { get; init; } = 10;

    /// <summary>0: no bound.</summary>
    public double MessagesPerSecond { get; init; } = 5;

    /// <summary>Deliveries sent and not proved, at most.</summary>
    public int Window { get; init; } = 32;

    /// <summary>Into how many stanzas a long delivery is cut, at most.</summary>
    public int MaxParts { get; init; } = 10;

    /// <summary>Where a message that is longer still can be read whole; null: nowhere.</summary>
    public Uri? PublicUrl { get; init; }

    public TimeSpan PingInterval { get; init; } = TimeSpan.FromMinutes(1);

    public TimeSpan PingTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a room may be silent before we ask whether we are still in (XEP-0410).</summary>
    public TimeSpan RoomCheck { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>From the connection to the end of login.</summary>
    public TimeSpan LoginTimeout { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Without its values: a record's own text would show the password.</summary>
    public override string ToString() => Jid.ToString();
}
