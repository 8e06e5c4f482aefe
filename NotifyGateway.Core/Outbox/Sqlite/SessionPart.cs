using System.Diagnostics.CodeAnalysis;

namespace NotifyGateway.Core.Outbox.Sqlite;

/// <summary>
/// What the outbox knows of one session: its lanes, and what its owner holds. Three threads meet here, the session's owner, the
/// writer and the loader, so it has a lock; each holds it for a few operations in memory, never while it waits or calls out.
/// </summary>
internal sealed partial class SessionPart(SessionKey key, TimeProvider time, ISessionPartSource source)
{
    /// <summary>How many deliveries of a lane are held ready in memory.</summary>
    public const int LaneReady = 256;

    /// <summary>How many of the whole session.</summary>
    public const int SessionReady = 8192;

    /// <summary>How many characters of text of the whole session: 16 MiB of memory.</summary>
    public const int SessionCharacters = 8 * 1024 * 1024;

    /// <summary>
    /// How many may be handed out, settled ones that are not on disk yet included: so many of a session's deliveries, at most, are sent
    /// once more after a crash, and so many wait in memory for a disk that refuses.
    /// </summary>
    public const int MaxTaken = 4096;

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
                _lanes[delivery.Lane].Taken--;
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
                lane.Taken++;
            }

            load = lane.More && lane.ReadyCount < LoadWhenBelow ? BeginLoad(lane) : null;
        }

        Load(load);
        return delivery is not null;
    }

    /// <summary>How many deliveries of a lane are queued and not handed out.</summary>
    public long Waiting(string name)
    {
        lock (_gate)
        {
            return _lanes.TryGetValue(name, out var lane) ? Math.Max(0, lane.Queued - lane.Taken) : 0;
        }
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
                lane.Taken--;
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
