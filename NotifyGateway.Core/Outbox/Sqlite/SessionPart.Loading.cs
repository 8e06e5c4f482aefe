namespace NotifyGateway.Core.Outbox.Sqlite;

/// <content>How lanes come from disk.</content>
internal sealed partial class SessionPart
{
    /// <summary>Takes over what was read from disk; reads again when it is out of date.</summary>
    /// <param name="cursor">The last sequence that was looked at.</param>
    /// <param name="end">True when nothing lies behind it.</param>
    public void Loaded(LaneLoad load, IReadOnlyList<Delivery> deliveries, long cursor, bool end)
    {
        LaneLoad? next = null;
        var lane = load.Lane;
        lock (_gate)
        {
            if (!ReferenceEquals(lane.Loading, load))
            {
                return;
            }

            lane.Loading = null;
            var stale = load.Epoch != lane.Epoch;
            if (!stale)
            {
                lane.More = !end || lane.Grown;
                foreach (var delivery in deliveries.Where(d => !_taken.ContainsKey(d.Sequence)))
                {
                    lane.Push(delivery);
                    Count(delivery);
                }

                lane.Advance(cursor);
            }

            if (lane.ReadyCount > 0)
            {
                Announce(lane);
            }
            else if (stale ? lane.Wanted || lane.Reason is null : lane.More)
            {
                next = BeginLoad(lane);
            }
            else if (lane.More)
            {
                // The owner asked, and has said since why the lane waits: it hears that there is something, or it would take the lane for empty.
                Announce(lane);
            }
        }

        Load(next);
        Signal();
    }

    private LaneLoad? BeginLoad(Lane lane)
    {
        if (_available is null)
        {
            return null;
        }

        if (lane.Frozen || lane.Loading is not null)
        {
            lane.Wanted |= lane.Frozen || lane.Loading!.Epoch != lane.Epoch;
            return null;
        }

        MakeRoom(lane);
        lane.Wanted = lane.Grown = false;
        var room = Math.Max(LoadWhenBelow, Math.Min(LaneReady - lane.ReadyCount, SessionReady - _ready));
        return lane.Loading = new LaneLoad(lane, lane.Epoch, lane.Cursor, room, Math.Max(0, SessionCharacters - _characters));
    }

    /// <summary>Other lanes give up their memory to one that is asked for, the one first that was not asked for the longest.</summary>
    private void MakeRoom(Lane lane)
    {
        while (_ready > SessionReady - LaneReady || _characters > SessionCharacters / 2)
        {
            var idle = _lanes.Values.Where(l => l != lane && l.ReadyCount > 0).MinBy(l => l.LastAsked);
            if (idle is null)
            {
                return;
            }

            Forget(idle);
            // It is named again, so that it is loaded when its owner comes to it.
            Announce(idle);
        }
    }

    private void Load(LaneLoad? load)
    {
        if (load is not null)
        {
            source.Load(load);
        }
    }
}
