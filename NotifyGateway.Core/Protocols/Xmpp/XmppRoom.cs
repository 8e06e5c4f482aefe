namespace NotifyGateway.Core.Protocols.Xmpp;

/// <summary>Where a room stands. <c>Unlocking</c>: we have made it, and nobody else can come in yet.</summary>
internal enum RoomState { Joining, Unlocking, Open, Left }

/// <summary>A room that we are in, or about to be.</summary>
internal sealed class XmppRoom(Jid jid, string wanted)
{
    public Jid Jid { get; } = jid;

    /// <summary>The nick that was asked for.</summary>
    public string Wanted { get; } = wanted;

    /// <summary>The nick that we have, or are trying.</summary>
    public string Nick { get; set; } = wanted;

    /// <summary>How many nicks were taken.</summary>
    public int Taken { get; set; }

    public string? Password { get; set; }

    public RoomState State { get; set; }

    /// <summary>The stanza that asked for the present join; empty: none has yet.</summary>
    public string JoinId { get; set; } = "";

    public TimeSpan JoinDeadline { get; set; }

    /// <summary>When something last came from there.</summary>
    public TimeSpan HeardAt { get; set; }

    /// <summary>We have asked whether we are still in.</summary>
    public bool Checking { get; set; }

    /// <summary>How often in a row nobody answered that.</summary>
    public int Unanswered { get; set; }

    public List<string> Lanes { get; } = [];

    /// <summary>Our address in the room.</summary>
    public Jid Occupant => Jid with { Resource = Nick };
}
