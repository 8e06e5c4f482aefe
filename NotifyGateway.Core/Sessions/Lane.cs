namespace NotifyGateway.Core.Sessions;

/// <summary>
/// Where a lane stands. <c>Idle</c>: no link yet. <c>Entering</c>: the protocol was asked. <c>Parked</c>: refused, waits for its next try.
/// <c>Rejected</c>: there is no such place; what comes fails until the next try.
/// </summary>
internal enum LaneState { Idle, Entering, Open, Parked, Rejected }

/// <summary>One destination's FIFO, as its session sees it: pinned to one link at a time.</summary>
internal sealed class Lane(string name, bool standing)
{
    public string Name { get; } = name;

    /// <summary>True for what the configuration names: it stays open.</summary>
    public bool Standing { get; } = standing;

    /// <summary>What the protocol calls it; null until the first delivery was seen.</summary>
    public string? Address { get; set; }

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

    /// <summary>True while it stands in its link's ring of lanes that may have something to send.</summary>
    public bool InRing { get; set; }

    /// <summary>Whether the outbox has said that something is there, and it was not found empty since.</summary>
    public bool HasWork { get; set; }

    public int InFlight { get; set; }

    public TimeSpan LastUsed { get; set; }

    /// <summary>Takes its turn on its link.</summary>
    public void Queue()
    {
        if (!InRing)
        {
            InRing = true;
            Link!.Ring.Enqueue(this);
        }
    }
}
