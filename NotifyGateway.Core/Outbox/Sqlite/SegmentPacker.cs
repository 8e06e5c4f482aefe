using System.Buffers.Binary;

namespace NotifyGateway.Core.Outbox.Sqlite;

/// <summary>Puts what is appended in one transaction into segments, in order.</summary>
internal sealed class SegmentPacker(SegmentStore store, Func<SessionKey, SessionPart> parts, List<Appended> appended)
{
    /// <summary>The ids of a segment lie so close in time that a look-up by id needs to see only the segments of one second.</summary>
    public const long IdSpan = 1000;

    private readonly SegmentWriter _writer = new();
    private readonly List<int> _destinationIndexes = [];
    private readonly List<int> _keys = [];
    private readonly List<int> _shareIndexes = [];
    private readonly List<LaneShare> _shares = [];
    private readonly List<int> _shareOfDestination = [];
    private readonly Dictionary<Lane, int> _shareOfLane = [];
    private readonly List<(int Ordinal, Destination Destination)> _deliveries = [];
    private Dictionary<int, long>? _origins;
    private (Guid First, Guid Last)? _ids;
    private long _firstTime;
    private long _lastTime;
    private long _due = long.MaxValue;
    private long _accepted;

    /// <summary>The first moment at which anything packed since <see cref="Clear"/> expires.</summary>
    public long FirstExpiry { get; private set; } = long.MaxValue;

    public void Add(Notification notification, IReadOnlyList<Destination> destinations)
    {
        var time = IdTime(notification.Id);
        if (_writer.IsFull || (_ids is not null && (time < _lastTime - IdSpan || time > _firstTime + IdSpan)))
        {
            Flush();
        }

        _destinationIndexes.Clear();
        _writer.Add(notification, destinations, _destinationIndexes);
        AddId(notification.Id, time);
        for (var i = 0; i < destinations.Count; i++)
        {
            AddDelivery(notification, i, destinations[i], _destinationIndexes[i]);
        }

        AddTimes(notification, destinations.Count > 0);
    }

    /// <summary>Adds another try.</summary>
    /// <returns>The sequences of its deliveries.</returns>
    public List<long> AddAgain(Notification notification, long origin, IReadOnlyList<(int Ordinal, Destination Destination)> deliveries)
    {
        if (_writer.IsFull)
        {
            Flush();
        }

        _destinationIndexes.Clear();
        _writer.AddAgain(notification, origin, deliveries, _destinationIndexes);
        (_origins ??= [])[_writer.Count - 1] = origin;
        var sequences = new List<long>(deliveries.Count);
        for (var i = 0; i < deliveries.Count; i++)
        {
            AddDelivery(notification, deliveries[i].Ordinal, deliveries[i].Destination, _destinationIndexes[i]);
            sequences.Add(Sequence.Of(store.Next, _keys[^1]));
        }

        AddTimes(notification, isQueued: true);
        return sequences;
    }

    /// <summary>Writes the segment that is being filled.</summary>
    public void Flush()
    {
        if (_writer.Count == 0)
        {
            return;
        }

        var segment = new Segment
        {
            Id = store.Next,
            Keys = [.. _keys],
            ShareIndexes = [.. _shareIndexes],
            States = new DeliveryState[_keys.Count],
            Shares = [.. _shares],
            Origins = _origins,
            Queued = _keys.Count,
            Due = _keys.Count > 0 ? _due : _accepted,
        };
        store.Insert(segment, _ids, _writer.Finish());
        ClearSegment();
    }

    public void Clear()
    {
        ClearSegment();
        FirstExpiry = long.MaxValue;
    }

    /// <summary>The milliseconds of a UUIDv7; of any other id just its first bits.</summary>
    public static long IdTime(Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        return BinaryPrimitives.ReadInt64BigEndian(bytes) >>> 16;
    }

    private void ClearSegment()
    {
        _writer.Clear();
        _keys.Clear();
        _shareIndexes.Clear();
        _shares.Clear();
        _shareOfDestination.Clear();
        _shareOfLane.Clear();
        _origins = null;
        _ids = null;
        _due = long.MaxValue;
        _accepted = 0;
    }

    private void AddDelivery(Notification notification, int ordinal, Destination destination, int destinationIndex)
    {
        if (destinationIndex == _shareOfDestination.Count)
        {
            _shareOfDestination.Add(ShareOf(destination, notification));
        }

        var share = _shareOfDestination[destinationIndex];
        var key = Sequence.Key(_writer.Count - 1, ordinal);
        _keys.Add(key);
        _shareIndexes.Add(share);
        ref var counted = ref System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_shares)[share];
        counted.Queued++;
        appended.Add(new Appended(counted.Lane, Sequence.Of(store.Next, key), notification, destination));
    }

    private int ShareOf(Destination destination, Notification notification)
    {
        var lane = parts(destination.Session).Lane(destination.Lane);
        if (!_shareOfLane.TryGetValue(lane, out var share))
        {
            share = _shareOfLane[lane] = _shares.Count;
            _shares.Add(new LaneShare(lane, notification.AcceptedAt.ToUnixTimeMilliseconds()));
        }

        return share;
    }

    private void AddId(Guid id, long time)
    {
        if (_ids is not { } ids)
        {
            _ids = (id, id);
            _firstTime = _lastTime = time;
            return;
        }

        _ids = (Min(ids.First, id), Max(ids.Last, id));
        _firstTime = Math.Min(_firstTime, time);
        _lastTime = Math.Max(_lastTime, time);
    }

    private void AddTimes(Notification notification, bool isQueued)
    {
        _accepted = Math.Max(_accepted, notification.AcceptedAt.ToUnixTimeMilliseconds());
        if (isQueued)
        {
            _due = Math.Min(_due, Moment.Ceiling(notification.ExpiresAt));
            FirstExpiry = Math.Min(FirstExpiry, _due);
        }
    }

    // Guid compares as big-endian bytes do, field by field.
    private static Guid Min(Guid a, Guid b) => a.CompareTo(b) <= 0 ? a : b;

    private static Guid Max(Guid a, Guid b) => a.CompareTo(b) >= 0 ? a : b;
}

/// <summary>Moments in milliseconds since 1970.</summary>
internal static class Moment
{
    /// <summary>Not before the moment: who waits until then has waited long enough.</summary>
    public static long Ceiling(DateTimeOffset moment)
    {
        var floor = moment.ToUnixTimeMilliseconds();
        return DateTimeOffset.FromUnixTimeMilliseconds(floor) < moment ? floor + 1 : floor;
    }
}
