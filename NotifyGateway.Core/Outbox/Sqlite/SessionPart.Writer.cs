using System.Runtime.InteropServices;

namespace NotifyGateway.Core.Outbox.Sqlite;

/// <content>What the writer tells it.</content>
internal sealed partial class SessionPart
{
    /// <summary>The lane, known from now on.</summary>
    public Lane Lane(string name)
    {
        lock (_gate)
        {
            ref var lane = ref CollectionsMarshal.GetValueRefOrAddDefault(_lanes, name, out _);
            return lane ??= new Lane(this, name) { Reason = _laneReasons.GetValueOrDefault(name) };
        }
    }

    /// <summary>Counts what a commit has changed.</summary>
    public void Apply(in LaneChange change)
    {
        lock (_gate)
        {
            var lane = change.Lane;
            if (lane.Queued == 0 || change.Segment < lane.OldestSegment)
            {
                lane.OldestSegment = change.Segment;
                lane.OldestAccepted = change.Accepted;
            }

            if (change.First is { } first)
            {
                (lane.OldestSegment, lane.OldestAccepted) = first;
            }

            lane.Queued += change.Delta;
            Volatile.Write(ref _queued, _queued + change.Delta);
        }
    }

    /// <summary>A segment is lost: what it had for the lane is no more, wherever it stands.</summary>
    public void Discard(Lane lane, long segment)
    {
        lock (_gate)
        {
            // One that waits for its commit ends with that.
            foreach (var sequence in _taken.Where(t => Sequence.Segment(t.Key) == segment && string.Equals(t.Value?.Lane, lane.Name, StringComparison.Ordinal)).Select(t => t.Key).ToList())
            {
                _taken.Remove(sequence);
                lane.Taken--;
            }

            Forget(lane);
            if (_available is not null && lane.Queued > 0)
            {
                Announce(lane);
            }

            AnnounceHeld();
        }
    }

    /// <summary>A delivery has ended whose segment is lost: there is nothing to store.</summary>
    public void Drop(Delivery delivery)
    {
        lock (_gate)
        {
            if (_taken.Remove(delivery.Sequence) && _lanes.GetValueOrDefault(delivery.Lane) is { Taken: > 0 } lane)
            {
                lane.Taken--;
            }

            AnnounceHeld();
        }

        Signal();
    }

    /// <summary>Hands committed deliveries, in their order, to the owner if there is one; else, or when there is no room, they are found on disk.</summary>
    public void Publish(ReadOnlySpan<Appended> appended)
    {
        lock (_gate)
        {
            foreach (ref readonly var one in appended)
            {
                var lane = one.Lane;
                if (_available is null || lane.More || lane.Reason is not null || !HasRoom(lane, one.Notification.Text.Length))
                {
                    lane.Grown = true;
                    lane.More = true;
                }
                else if (one.Sequence > lane.Cursor)
                {
                    var delivery = new Delivery(one.Sequence, Sequence.Ordinal(Sequence.Key(one.Sequence)), one.Notification, one.Destination);
                    lane.Push(delivery);
                    Count(delivery);
                }

                if (_available is not null)
                {
                    Announce(lane);
                }
            }
        }
    }

    /// <summary>Forgets deliveries whose end is committed.</summary>
    public void Settled(ReadOnlySpan<Ended> ended)
    {
        lock (_gate)
        {
            foreach (ref readonly var one in ended)
            {
                if (_taken.Remove(one.Sequence))
                {
                    one.Lane.Taken--;
                }

                if (one.Lane.Loading is not null && one.Sequence > one.Lane.Cursor)
                {
                    // The load may have read it as queued.
                    one.Lane.CancelLoad();
                }
            }

            AnnounceHeld();
        }
    }

    /// <summary>Takes a delivery away from the owner before it is cancelled or expired; until <see cref="Unfreeze"/> the lane loads nothing.</summary>
    /// <param name="attempts">How often it was tried, as far as memory knows.</param>
    /// <returns>False when it is handed out: it will end there.</returns>
    public bool TryRevoke(Lane lane, long sequence, out int attempts)
    {
        lock (_gate)
        {
            attempts = 0;
            if (_taken.ContainsKey(sequence))
            {
                return false;
            }

            lane.Frozen = true;
            lane.CancelLoad();
            if (lane.Remove(sequence) is { } delivery)
            {
                Uncount(delivery);
                attempts = delivery.Attempts;
            }

            return true;
        }
    }

    /// <param name="committed">False: the disk refused, and what was revoked is queued after all.</param>
    public void Unfreeze(Lane lane, bool committed)
    {
        LaneLoad? load = null;
        lock (_gate)
        {
            lane.Frozen = false;
            if (!committed)
            {
                Forget(lane);
                lane.Wanted |= _available is not null;
            }

            if (lane.Wanted)
            {
                load = BeginLoad(lane);
            }
        }

        Load(load);
    }

    /// <summary>Drops what is known of a lane that has nothing queued.</summary>
    public void Prune(Lane lane)
    {
        lock (_gate)
        {
            if (lane.Queued > 0)
            {
                return;
            }

            Forget(lane);
            lane.Loading = null;
            _lanes.Remove(lane.Name);
            if (lane.Announced)
            {
                _new.Remove(lane);
            }
        }
    }

    /// <summary>True when nothing is known of the session that would have to be kept.</summary>
    public bool IsIdle
    {
        get
        {
            lock (_gate)
            {
                return _available is null && _queued == 0 && Pending == 0 && _taken.Count == 0 && _reason is null && _laneReasons.Count == 0;
            }
        }
    }

    public SessionBacklog? Backlog()
    {
        lock (_gate)
        {
            return _queued == 0 ? null : new SessionBacklog(Key, _queued,
                DateTimeOffset.FromUnixTimeMilliseconds(_lanes.Values.Where(l => l.Queued > 0).Min(l => l.OldestAccepted)));
        }
    }
}
