namespace NotifyGateway.Core.Outbox.Sqlite;

/// <summary>What the writer has in memory of a segment: how each delivery stands, and how many each lane has queued in it. Without the messages.</summary>
internal sealed class Segment
{
    /// <summary>Ascending; see <see cref="Sequence.Key(int, int)"/>.</summary>
    public required int[] Keys { get; init; }

    /// <summary>For each key the index in <see cref="Shares"/>, or negative for what had ended when the segment was read.</summary>
    public required int[] ShareIndexes { get; init; }

    public required DeliveryState[] States { get; init; }

    public required LaneShare[] Shares { get; init; }

    public required long Id { get; init; }

    /// <summary>For messages that are another try: by their place, the sequence of the first one's delivery 0.</summary>
    public IReadOnlyDictionary<int, long>? Origins { get; init; }

    /// <summary>How many deliveries are queued, here or elsewhere.</summary>
    public int Queued { get; set; }

    /// <summary>See the schema.</summary>
    public long Due { get; set; }

    public bool IsNew { get; set; }

    public bool IsTouched { get; set; }

    /// <summary>The index of a delivery, or negative.</summary>
    public int IndexOf(int key)
    {
        // Nearly always a message has one delivery.
        var message = Sequence.Message(key);
        return message < Keys.Length && Keys[message] == key ? message : Array.BinarySearch(Keys, key);
    }

    /// <summary>Ends a queued delivery.</summary>
    public void End(int index, in DeliveryState state)
    {
        if (States[index].Status == DeliveryStatus.Queued)
        {
            Shares[ShareIndexes[index]].Queued--;
        }

        States[index] = state;
        if (--Queued == 0)
        {
            Due = States.Max(s => s.When);
        }
    }

    /// <summary>A delivery that had ended is found to have ended otherwise.</summary>
    public void Amend(int index, in DeliveryState state)
    {
        States[index] = state;
        Due = Queued == 0 ? States.Max(s => s.When) : Due;
    }

    /// <summary>A delivery that had ended is queued once more, in a later segment.</summary>
    public void Requeue(int index, long elsewhere)
    {
        if (Queued++ == 0)
        {
            Due = long.MaxValue;
        }

        States[index] = new DeliveryState { Status = DeliveryState.Elsewhere, When = elsewhere };
    }
}

/// <summary>A lane's part in a segment.</summary>
/// <param name="Accepted">When its first delivery here was accepted, in milliseconds since 1970.</param>
internal record struct LaneShare(Lane Lane, long Accepted)
{
    /// <summary>Now.</summary>
    public int Queued { get; set; }

    /// <summary>As of the last commit.</summary>
    public int Committed { get; set; }
}
