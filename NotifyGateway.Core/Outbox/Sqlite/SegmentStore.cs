namespace NotifyGateway.Core.Outbox.Sqlite;

/// <summary>The segments as the writer sees them: in its transaction, with the recently used ones in memory.</summary>
internal sealed class SegmentStore(Database database, Func<SessionKey, SessionPart> parts)
{
    /// <summary>How many segments with something queued stay in memory: about 2 MiB.</summary>
    private const int Kept = 512;

    private readonly Dictionary<long, Segment> _segments = [];
    private readonly HashSet<long> _gone = [];
    private readonly Queue<long> _order = new();
    private readonly List<Segment> _touched = [];
    private readonly ByteWriter _states = new();
    private readonly List<(int Ordinal, int Destination)> _deliveries = [];

    private readonly Statement _insertSegment = database.Prepare("INSERT INTO segment (id, first_id, last_id, messages) VALUES (?1, ?2, ?3, ?4)");
    private readonly Statement _insertProgress = database.Prepare("INSERT INTO progress (segment, queued, due, states) VALUES (?1, ?2, ?3, ?4)");
    private readonly Statement _updateProgress = database.Prepare("UPDATE progress SET queued = ?2, due = ?3, states = ?4 WHERE segment = ?1");
    private readonly Statement _insertQueue = database.Prepare("INSERT INTO queue (session, lane, segment, count, accepted) VALUES (?1, ?2, ?3, ?4, ?5)");
    private readonly Statement _updateQueue = database.Prepare("UPDATE queue SET count = ?4 WHERE session = ?1 AND lane = ?2 AND segment = ?3");
    private readonly Statement _deleteQueue = database.Prepare("DELETE FROM queue WHERE session = ?1 AND lane = ?2 AND segment = ?3");
    private readonly Statement _firstQueue = database.Prepare("SELECT segment, accepted FROM queue WHERE session = ?1 AND lane = ?2 ORDER BY segment LIMIT 1");
    private readonly Statement _load = database.Prepare(
        "SELECT s.messages, p.states, p.queued, p.due FROM segment s JOIN progress p ON p.segment = s.id WHERE s.id = ?1");

    /// <summary>The number of the next segment.</summary>
    public long Next { get; private set; } = database.Scalar("SELECT max(id) FROM segment") + 1;

    /// <summary>Writes a new segment; its progress follows with <see cref="Save"/>.</summary>
    /// <param name="ids">The first and the last id of its messages, or null when they are all other tries.</param>
    public void Insert(Segment segment, (Guid First, Guid Last)? ids, ReadOnlySpan<byte> messages)
    {
        Span<byte> first = stackalloc byte[16];
        Span<byte> last = stackalloc byte[16];
        _insertSegment.Bind(1, segment.Id).BindNull(2).BindNull(3).Bind(4, messages);
        if (ids is { } range)
        {
            range.First.TryWriteBytes(first, bigEndian: true, out _);
            range.Last.TryWriteBytes(last, bigEndian: true, out _);
            _insertSegment.Bind(2, first).Bind(3, last);
        }

        _insertSegment.Run();
        segment.IsNew = true;
        Keep(segment);
        Touch(segment);
        Next = segment.Id + 1;
    }

    /// <exception cref="SegmentDamagedException">There is none, or it cannot be read.</exception>
    public Segment Get(long id)
    {
        if (!_segments.TryGetValue(id, out var segment))
        {
            segment = Read(id);
            Keep(segment);
        }

        return segment;
    }

    /// <summary>The same; null when it was set aside while this process ran.</summary>
    /// <exception cref="SegmentDamagedException">There is none, or it cannot be read.</exception>
    public Segment? TryGet(long id) => IsGone(id) ? null : Get(id);

    public bool IsGone(long id) => _gone.Contains(id);

    /// <summary>A segment is set aside.</summary>
    public void Forget(long id)
    {
        _segments.Remove(id);
        _gone.Add(id);
    }

    /// <summary>How a lane changes by what it has lost with a segment; its rows are deleted.</summary>
    public LaneChange Lost(Lane lane, long segment, long accepted, long count) =>
        new(lane, segment, accepted, checked((int)-count)) { First = segment == lane.OldestSegment ? First(lane) : null };

    /// <summary>Has a changed segment written by <see cref="Save"/>.</summary>
    public void Touch(Segment segment)
    {
        if (!segment.IsTouched)
        {
            segment.IsTouched = true;
            _touched.Add(segment);
        }
    }

    /// <summary>Writes what has changed, and tells how the lanes change by it.</summary>
    public void Save(List<LaneChange> changes)
    {
        foreach (var segment in _touched)
        {
            DeliveryStates.Write(segment.IsNew ? [] : segment.States, _states);
            (segment.IsNew ? _insertProgress : _updateProgress)
                .Bind(1, segment.Id).Bind(2, segment.Queued).Bind(3, segment.Due).Bind(4, _states.Written).Run();
            foreach (ref var share in segment.Shares.AsSpan())
            {
                if (share.Queued != share.Committed)
                {
                    SaveShare(segment, share);
                    changes.Add(new LaneChange(share.Lane, segment.Id, share.Accepted, share.Queued - share.Committed));
                }
            }
        }

        foreach (ref var change in System.Runtime.InteropServices.CollectionsMarshal.AsSpan(changes))
        {
            // The first segment of the lane may have ended: what is first now is known only when all is written.
            if (change.Segment == change.Lane.OldestSegment && change.Delta < 0)
            {
                change = change with { First = First(change.Lane) };
            }
        }
    }

    public void Committed()
    {
        foreach (var segment in _touched)
        {
            segment.IsTouched = segment.IsNew = false;
            foreach (ref var share in segment.Shares.AsSpan())
            {
                share.Committed = share.Queued;
            }

            if (segment.Queued == 0)
            {
                _segments.Remove(segment.Id);
            }
        }

        _touched.Clear();
        while (_segments.Count > Kept || _order.Count > Kept * 4)
        {
            _segments.Remove(_order.Dequeue());
        }
    }

    /// <summary>Forgets what was changed: the disk has it as it was.</summary>
    public void RolledBack()
    {
        foreach (var segment in _touched)
        {
            _segments.Remove(segment.Id);
        }

        _touched.Clear();
    }

    private (long Segment, long Accepted)? First(Lane lane)
    {
        using var rows = _firstQueue.Bind(1, lane.Part.Key.Value).Bind(2, lane.Name).Rows();
        return rows.Next() ? (rows.Long(0), rows.Long(1)) : null;
    }

    private void SaveShare(Segment segment, in LaneShare share)
    {
        var statement = share.Committed == 0 ? _insertQueue : share.Queued == 0 ? _deleteQueue : _updateQueue;
        statement.Bind(1, share.Lane.Part.Key.Value).Bind(2, share.Lane.Name).Bind(3, segment.Id);
        if (share.Queued > 0)
        {
            statement.Bind(4, share.Queued);
        }

        if (share.Committed == 0)
        {
            statement.Bind(5, share.Accepted);
        }

        statement.Run();
    }

    private void Keep(Segment segment)
    {
        _segments[segment.Id] = segment;
        _order.Enqueue(segment.Id);
    }

    private Segment Read(long id)
    {
        using var rows = _load.Bind(1, id).Rows();
        if (!rows.Next())
        {
            SegmentDamagedException.ThrowMissing(id);
        }

        try
        {
            return Decode(id, rows);
        }
        catch (Exception error) when (SegmentDamagedException.Is(error))
        {
            throw new SegmentDamagedException(id, error);
        }
    }

    private Segment Decode(long id, in Rows rows)
    {
        var reader = new SegmentReader(rows.Blob(0));
        var states = new DeliveryState[reader.Total];
        DeliveryStates.Read(rows.Blob(1), states);
        var keys = new int[reader.Total];
        var shareIndexes = new int[reader.Total];
        var shares = new List<LaneShare>();
        var shareOf = new Dictionary<int, int>();
        Dictionary<int, long>? origins = null;
        var i = 0;
        while (reader.Next())
        {
            if (reader.IsAgain)
            {
                (origins ??= [])[reader.Message] = reader.Origin;
            }

            _deliveries.Clear();
            reader.ReadDeliveries(_deliveries);
            foreach (var (ordinal, destination) in _deliveries)
            {
                keys[i] = Sequence.Key(reader.Message, ordinal);
                shareIndexes[i] = states[i].Status == DeliveryStatus.Queued ? CountShare(reader, destination, shares, shareOf) : -1;
                i++;
            }
        }

        return new Segment
        {
            Id = id,
            Keys = keys,
            ShareIndexes = shareIndexes,
            States = states,
            Shares = [.. shares],
            Origins = origins,
            Queued = (int)rows.Long(2),
            Due = rows.Long(3),
        };
    }

    /// <summary>Counts a queued delivery in its lane's share, of which there is one however many destinations lead to the lane.</summary>
    private int CountShare(in SegmentReader reader, int destination, List<LaneShare> shares, Dictionary<int, int> shareOf)
    {
        if (!shareOf.TryGetValue(destination, out var index))
        {
            var (session, name, _, _) = reader.Destination(destination);
            var lane = parts(session).Lane(name);
            index = shares.FindIndex(s => s.Lane == lane);
            if (index < 0)
            {
                index = shares.Count;
                shares.Add(new LaneShare(lane, reader.AcceptedAt.ToUnixTimeMilliseconds()));
            }

            shareOf[destination] = index;
        }

        ref var share = ref System.Runtime.InteropServices.CollectionsMarshal.AsSpan(shares)[index];
        share.Queued = ++share.Committed;
        return index;
    }
}
