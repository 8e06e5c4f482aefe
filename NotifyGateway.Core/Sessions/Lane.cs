namespace NotifyGateway.Core.Sessions;

/// <summary>
/// Where a lane stands. <c>Idle</c>: no link yet. <c>Entering</c>: the protocol was asked. <c>Parked</c>: refused, waits for its next try.
/// <c>Rejected</c>: there is no such place; what comes fails until the next try.
/// </summary>
internal enum LaneState { Idle, Entering, Open, Parked, Rejected }

/// <summary>One destination's FIFO, as its session sees it: pinned to one link at a time.</summary>
internal sealed class Lane(string name)
{
    public string Name { get; } = name;

    /// <summary>True for what the configuration names: it stays open.</summary>
    public bool Standing { get; set; }

    /// <summary>True for what the configuration named once: it is left as soon as nothing waits there.</summary>
    public bool Retired { get; set; }

    /// <summary>What the protocol calls it; null until the first delivery was seen.</summary>
    public string? Address { get; set; }

    /// <summary>It was last entered with the words of a message, not the configuration's.</summary>
    public bool Lent { get; set; }

    /// <summary>The address without its secrets.</summary>
    public string Label => Address?.Split(' ')[0] ?? Name;

    public LaneState State { get; set; }

    public Link? Link { get; set; }

    /// <summary>Why it is parked or rejected.</summary>
    public string? Reason { get; set; }

    /// <summary>What the outbox was last told about why its deliveries wait; null: nothing; empty: not known, as an earlier run may have left word.</summary>
    public string? Explained { get; set; } = "";

    /// <summary>When it is tried again.</summary>
    public TimeSpan RetryAt { get; set; }

    /// <summary>Refusals in a row, since a delivery was last proved.</summary>
    public int Refusals { get; set; }

    /// <summary>Refused for good, or so often that it rests for long: meanwhile its deliveries may go through the fallback.</summary>
    public bool Blocked { get; set; }

    /// <summary>What the other side said when it was last blocked; kept for deliveries that are still on their detour when it opens.</summary>
    public string? BlockedFor { get; set; }

    /// <summary>The fallback has refused a delivery of this lane: until the lane's next try they wait.</summary>
    public bool DetourRefused { get; set; }

    /// <summary>The link in whose ring of lanes that may have something to send it stands, or null.</summary>
    public Link? Ring { get; private set; }

    /// <summary>Whether the outbox has said that something is there, and it was not found empty since.</summary>
    public bool HasWork { get; set; }

    /// <summary>How many deliveries are on the wire; one that tells others counts as one.</summary>
    public int InFlight { get; set; }

    /// <summary>How far folding what waits has come.</summary>
    public LaneFolding Folding { get; } = new();

    public TimeSpan LastUsed { get; set; }

    /// <summary>Takes its turn on a link.</summary>
    public void Queue(Link link)
    {
        if (Ring != link)
        {
            Ring = link;
            link.Ring.Enqueue(this);
        }
    }

    /// <summary>Was taken out of a link's ring.</summary>
    /// <returns>False when it has moved to another one since.</returns>
    public bool Dequeued(Link link)
    {
        if (Ring != link)
        {
            return false;
        }

        Ring = null;
        return true;
    }
}

/// <summary>A lane's part in <see cref="Folds"/>, who alone changes it.</summary>
internal sealed class LaneFolding
{
    /// <summary>What is being gathered, stored, or ready to be sent; null: nothing.</summary>
    public Fold? Next { get; set; }

    /// <summary>On the wire; null: none. There is one at a time, so that a slow server finds more in the next one.</summary>
    public Fold? Sent { get; set; }

    /// <summary>The last list that was stored and is not proved as told; null: none.</summary>
    public StoredFold? Stored { get; set; }

    /// <summary>Up to this sequence deliveries go out one by one: there is too little to fold among them.</summary>
    public long PlainUntil { get; set; }

    /// <summary>Nothing is folded before: the outbox could not store a list.</summary>
    public TimeSpan NotBefore { get; set; }
}
