using System.Runtime.InteropServices;

namespace NotifyGateway.Core.Outbox.Sqlite;

/// <summary>What a transaction will mean for those in memory, collected while it is made and told after its commit.</summary>
internal sealed class Effects
{
    public List<Appended> Appended { get; } = [];

    public List<Ended> Ended { get; } = [];

    public List<Settlement> Settlements { get; } = [];

    public List<LaneChange> Changes { get; } = [];

    /// <summary>What was queued in these segments is lost.</summary>
    public List<(Lane Lane, long Segment)> Discarded { get; } = [];

    /// <summary>Lanes that something was revoked from.</summary>
    public HashSet<Lane> Frozen { get; } = [];

    public HashSet<SessionPart> Parts { get; } = [];

    /// <summary>Tells the parts. Ends first: room becomes free before new deliveries come.</summary>
    public void Publish(SessionParts parts)
    {
        foreach (ref readonly var change in CollectionsMarshal.AsSpan(Changes))
        {
            change.Lane.Part.Apply(change);
        }

        foreach (var (lane, segment) in Discarded)
        {
            lane.Part.Discard(lane, segment);
        }

        foreach (var run in Runs(CollectionsMarshal.AsSpan(Ended), e => e.Lane.Part))
        {
            run.Part.Settled(CollectionsMarshal.AsSpan(Ended)[run.Range]);
        }

        foreach (var run in Runs(CollectionsMarshal.AsSpan(Appended), a => a.Lane.Part))
        {
            run.Part.Publish(CollectionsMarshal.AsSpan(Appended)[run.Range]);
        }

        Finish(parts, committed: true);
    }

    /// <summary>The disk refused: everything is as it was.</summary>
    public void Withdraw(SessionParts parts) => Finish(parts, committed: false);

    private void Finish(SessionParts parts, bool committed)
    {
        foreach (var lane in Frozen)
        {
            lane.Part.Unfreeze(lane, committed);
        }

        foreach (ref readonly var change in CollectionsMarshal.AsSpan(Changes))
        {
            change.Lane.Part.Prune(change.Lane);
        }

        if (!committed)
        {
            // The lanes of refused deliveries may have become known only by them.
            foreach (ref readonly var one in CollectionsMarshal.AsSpan(Appended))
            {
                one.Lane.Part.Prune(one.Lane);
            }
        }

        foreach (var part in Parts)
        {
            part.Pending = 0;
            part.Signal();
            parts.Prune(part);
        }

        Appended.Clear();
        Ended.Clear();
        Changes.Clear();
        Discarded.Clear();
        Frozen.Clear();
        Parts.Clear();
    }

    /// <summary>Neighbours of one part are told together: one lock for all of them.</summary>
    private static List<(SessionPart Part, Range Range)> Runs<T>(ReadOnlySpan<T> items, Func<T, SessionPart> partOf)
    {
        var runs = new List<(SessionPart, Range)>();
        var start = 0;
        for (var i = 1; i <= items.Length; i++)
        {
            if (i == items.Length || partOf(items[i]) != partOf(items[start]))
            {
                runs.Add((partOf(items[start]), start..i));
                start = i;
            }
        }

        return runs;
    }
}
