using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace NotifyGateway.Core.Outbox.Sqlite;

/// <summary>
/// What the outbox knows of one session: its lanes, and what its owner holds. Three threads meet here, the session's owner, the
/// writer and the loader, so it has a lock; each holds it for a few operations in memory, never while it waits or calls out.
/// </summary>
internal sealed class SessionPart(SessionKey key, TimeProvider time, ISessionPartSource source)
{
    /// <summary>How many deliveries of a lane are held ready in memory.</summary>
    public const int LaneReady = 256;

    /// <summary>How many of the whole session.</summary>
    public const int SessionReady = 8192;

    /// <summary>How many characters of text of the whole session: 16 MiB of memory.</summary>
    public const int SessionCharacters = 8 * 1024 * 1024;

    /// <summary>How many may be handed out, settled ones that a refusing disk has not taken yet included.</summary>
    public const int MaxTaken = 16384;

    private const int LoadWhenBelow = LaneReady / 4;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Lane> _lanes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _laneReasons = new(StringComparer.Ordinal);
    private readonly List<Lane> _new = [];

    /// <summary>By sequence what is handed out, or null in the place of a delivery that was settled but is not committed yet.</summary>
    private readonly Dictionary<long, Delivery?> _taken = [];

    private Action? _available;
    private bool _signalled;
    private bool _held;
    private string? _reason;
    private long _queued;
    private int _ready;
    private long _characters;
    private long _asked;

    public SessionKey Key { get; } = key;

    /// <summary>How many deliveries are queued, handed out ones included. Any thread.</summary>
    public long Queued => Volatile.Read(ref _queued);

    /// <summary>What the transaction that is being made will add to <see cref="Queued"/>. The writer's own.</summary>
    public long Pending { get; set; }

    public bool HasReader => _available is not null;

    // ---- the owner's side ----

    /// <exception cref="InvalidOperationException">It has an owner.</exception>
    public void Attach(Action available)
    {
        lock (_gate)
        {
            if (_available is not null)
            {
                throw new InvalidOperationException($"The session {Key} has an owner already.");
            }

            _available = available;
            _signalled = false;
            foreach (var lane in _lanes.Values)
            {
                lane.Forget();
                if (lane.Queued > 0)
                {
                    Announce(lane);
                }
            }
        }
    }

    /// <returns>What was handed out, and now is not.</returns>
    public List<Delivery> Detach()
    {
        lock (_gate)
        {
            _available = null;
            var released = _taken.Values.OfType<Delivery>().ToList();
            foreach (var delivery in released)
            {
                _taken.Remove(delivery.Sequence);
            }

            foreach (var lane in _lanes.Values)
            {
                Forget(lane);
                lane.Loading = null;
                lane.Announced = lane.Wanted = false;
            }

            _new.Clear();
            return released;
        }
    }

    public void Collect(ICollection<string> lanes)
    {
        lock (_gate)
        {
            _signalled = false;
            foreach (var lane in _new)
            {
                lane.Announced = false;
                lanes.Add(lane.Name);
            }

            _new.Clear();
        }
    }

    public bool TryTake(string name, [NotNullWhen(true)] out Delivery? delivery)
    {
        delivery = null;
        Lane? lane;
        LaneLoad? load;
        lock (_gate)
        {
            if (!_lanes.TryGetValue(name, out lane))
            {
                return false;
            }

            lane.LastAsked = ++_asked;
            if (_taken.Count >= MaxTaken)
            {
                _held = true;
                return false;
            }

            var now = lane.ReadyCount > 0 ? time.GetUtcNow() : default;
            while (delivery is null && lane.ReadyCount > 0)
            {
                var next = lane.Pop();
                Uncount(next);
                // What has expired is left to the writer, which settles it.
                delivery = next.Notification.ExpiresAt > now ? next : null;
            }

            if (delivery is not null)
            {
                _taken.Add(delivery.Sequence, delivery);
            }

            load = lane.More && lane.ReadyCount < LoadWhenBelow ? BeginLoad(lane) : null;
        }

        Load(load);
        return delivery is not null;
    }

    /// <summary>Puts deliveries back. Those that are not handed out (any more) are left out.</summary>
    /// <returns>What was put back.</returns>
    public List<Delivery> Release(IReadOnlyCollection<Delivery> deliveries)
    {
        var released = new List<Delivery>(deliveries.Count);
        lock (_gate)
        {
            foreach (var delivery in deliveries)
            {
                if (!IsTaken(delivery))
                {
                    continue;
                }

                _taken.Remove(delivery.Sequence);
                released.Add(delivery);
                var lane = _lanes[delivery.Lane];
                if (delivery.Sequence <= lane.Cursor)
                {
                    lane.PutBack(delivery);
                    Count(delivery);
                }
                else
                {
                    lane.More = true;
                }

                Announce(lane);
            }

            AnnounceHeld();
        }

        Signal();
        return released;
    }

    /// <summary>False when it is not handed out (any more). From then on it waits for its commit.</summary>
    public bool BeginSettle(Delivery delivery)
    {
        lock (_gate)
        {
            if (!IsTaken(delivery))
            {
                return false;
            }

            _taken[delivery.Sequence] = null;
            return true;
        }
    }

    /// <summary>Keeps the reason. A lane with a reason is not served at the moment: nothing of it stays in memory.</summary>
    /// <returns>False when that was the reason already.</returns>
    public bool Explain(string? lane, string? reason)
    {
        lock (_gate)
        {
            if (string.Equals(lane is null ? _reason : _laneReasons.GetValueOrDefault(lane), reason, StringComparison.Ordinal))
            {
                return false;
            }

            if (lane is null)
            {
                _reason = reason;
            }
            else
            {
                ExplainLane(lane, reason);
            }
        }

        Signal();
        return true;
    }

    /// <summary>The lane's own reason, else the session's. <paramref name="lane"/> null: the session's.</summary>
    public string? Reason(string? lane)
    {
        lock (_gate)
        {
            return lane is not null && _laneReasons.TryGetValue(lane, out var reason) ? reason : _reason;
        }
    }

    /// <summary>The reason of exactly this lane, or of exactly the session: what is stored.</summary>
    public string? OwnReason(string? lane)
    {
        lock (_gate)
        {
            return lane is null ? _reason : _laneReasons.GetValueOrDefault(lane);
        }
    }

    // ---- the writer's side ----

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
                _taken.Remove(one.Sequence);
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

    /// <summary>Calls the owner when there is something new, once until it collects.</summary>
    public void Signal()
    {
        Action? available;
        lock (_gate)
        {
            if (_new.Count == 0 || _signalled || _available is null)
            {
                return;
            }

            _signalled = true;
            available = _available;
        }

        available();
    }

    // ---- the loader's side ----

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

    private void ExplainLane(string name, string? reason)
    {
        if (reason is null)
        {
            _laneReasons.Remove(name);
        }
        else
        {
            _laneReasons[name] = reason;
        }

        if (!_lanes.TryGetValue(name, out var lane))
        {
            return;
        }

        lane.Reason = reason;
        if (reason is not null)
        {
            Forget(lane);
        }
        else if (lane.More)
        {
            Announce(lane);
        }
    }

    private void Load(LaneLoad? load)
    {
        if (load is not null)
        {
            source.Load(load);
        }
    }

    private void Forget(Lane lane)
    {
        foreach (var delivery in lane.Forget())
        {
            Uncount(delivery);
        }
    }

    private bool HasRoom(Lane lane, int characters) =>
        lane.ReadyCount < LaneReady && _ready < SessionReady && _characters + characters <= SessionCharacters;

    private bool IsTaken(Delivery delivery) => _taken.TryGetValue(delivery.Sequence, out var taken) && ReferenceEquals(taken, delivery);

    private void Announce(Lane lane)
    {
        if (!lane.Announced)
        {
            lane.Announced = true;
            _new.Add(lane);
        }
    }

    /// <summary>There is room again for what could not be handed out because too much was.</summary>
    private void AnnounceHeld()
    {
        if (_held && _taken.Count < MaxTaken)
        {
            _held = false;
            foreach (var lane in _lanes.Values.Where(l => l.More || l.ReadyCount > 0))
            {
                Announce(lane);
            }
        }
    }

    private void Count(Delivery delivery)
    {
        _ready++;
        _characters += delivery.Notification.Text.Length;
    }

    private void Uncount(Delivery delivery)
    {
        _ready--;
        _characters -= delivery.Notification.Text.Length;
    }
}

/// <summary>Where a part has its lanes loaded from.</summary>
internal interface ISessionPartSource
{
    void Load(LaneLoad load);
}

/// <summary>A wish for what lies behind <paramref name="After"/> in a lane.</summary>
/// <param name="Epoch">The lane's, when the wish was made.</param>
/// <param name="Count">At most so many deliveries.</param>
/// <param name="Characters">At most so much text, but one delivery in any case.</param>
internal sealed record LaneLoad(Lane Lane, int Epoch, long After, int Count, long Characters);

/// <summary>A delivery that a commit has made.</summary>
internal readonly record struct Appended(Lane Lane, long Sequence, Notification Notification, Destination Destination);

/// <summary>A delivery whose end a commit has made.</summary>
internal readonly record struct Ended(Lane Lane, long Sequence);

/// <summary>How many more (or fewer) deliveries of a lane a segment has queued since a commit.</summary>
/// <param name="First">What is first in the lane now, when that segment was.</param>
internal readonly record struct LaneChange(Lane Lane, long Segment, long Accepted, int Delta, (long Segment, long Accepted)? First = null);
