using System.Diagnostics;

namespace NotifyGateway.Core.Outbox.Sqlite;

/// <summary>
/// Finds what still waits a given time after it was accepted, in the writer's transaction. Segments are numbered in the order of acceptance: a mark walks
/// behind the appends, at that distance, and passes each segment once. What is queued as it passes is told then; what ends behind it has been told already.
/// So no delivery is told twice, and none costs anything while it waits.
/// </summary>
internal sealed class Lateness(Database database, SegmentStore store, SessionParts parts, Concerns concerns)
{
    private const int SegmentsAtOnce = 256;

    /// <summary>Appends must not wait for it.</summary>
    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(4);

    /// <summary>Under load the mark moves no more often: each move is a transaction.</summary>
    private const long LookEvery = 1000;

    private readonly Statement _next = database.Prepare($"SELECT segment, queued FROM progress WHERE segment > ?1 ORDER BY segment LIMIT {SegmentsAtOnce}");
    private readonly Statement _messages = database.Prepare("SELECT messages FROM segment WHERE id = ?1");
    private readonly Statement _save = database.Prepare("UPDATE mark SET segment = ?1");
    private readonly List<(int Ordinal, int Destination)> _deliveries = [];
    private long _committed = database.Scalar("SELECT segment FROM mark");

    // Where everything was cleaned away, numbers begin anew: nothing that has them was passed.
    private long _mark = database.Scalar("SELECT min(segment, (SELECT coalesce(max(id), 0) FROM segment)) FROM mark");

    /// <summary>When the wall clock was set back last; null: not while this process ran. Milliseconds since 1970.</summary>
    private long? _setBackAt;

    /// <summary>When to look next, in milliseconds since 1970.</summary>
    public long Next { get; private set; } = long.MaxValue;

    /// <summary>Whether what is queued in this segment was told of as it was passed.</summary>
    public bool HasPassed(long segment) => segment <= _mark;

    /// <summary>Begins to look.</summary>
    public void Wake(long at) => Next = Math.Min(Next, at);

    /// <summary>
    /// The wall clock was set back: how long what was accepted before has waited is known to nobody. It is given the whole time anew: a report that is late does less harm than a
    /// false one.
    /// </summary>
    /// <param name="now">Milliseconds since 1970.</param>
    public void ClockSetBack(long now)
    {
        _setBackAt = now;
        Next = Math.Min(Next, now);
    }

    /// <summary>Passes what has become due.</summary>
    /// <param name="now">Milliseconds since 1970.</param>
    /// <returns>True when there may be more.</returns>
    public bool Some(long now)
    {
        if (concerns.Terms is not { } terms)
        {
            Next = long.MaxValue;
            return false;
        }

        var segments = new List<(long Id, bool Queued)>(SegmentsAtOnce);
        using (var rows = _next.Bind(1, _mark).Rows())
        {
            while (rows.Next())
            {
                segments.Add((rows.Long(0), rows.Long(1) > 0));
            }
        }

        var started = Stopwatch.GetTimestamp();
        foreach (var (id, queued) in segments)
        {
            var due = queued ? Pass(id, now, (long)terms.After.TotalMilliseconds) : now;
            if (due > now)
            {
                Next = Math.Max(due, now + LookEvery);
                return false;
            }

            _mark = id;
            if (Stopwatch.GetElapsedTime(started) > Slice)
            {
                break;
            }
        }

        var more = segments.Count > 0 && (_mark != segments[^1].Id || segments.Count == SegmentsAtOnce);
        Next = more ? now : long.MaxValue;
        return more;
    }

    public void Save()
    {
        if (_mark != _committed)
        {
            _save.Bind(1, _mark).Run();
        }
    }

    public void Committed() => _committed = _mark;

    public void RolledBack()
    {
        Next = _mark == _committed ? Next : 0;
        _mark = _committed;
    }

    /// <summary>Tells of what is queued in a segment, if its last message was accepted long enough ago.</summary>
    /// <returns>When it will be, or <paramref name="now"/> if it was done.</returns>
    private long Pass(long id, long now, long after)
    {
        using var rows = _messages.Bind(1, id).Rows();
        if (!rows.Next())
        {
            SegmentDamagedException.ThrowMissing(id);
        }

        try
        {
            return Pass(id, rows.Blob(0), now, after);
        }
        catch (Exception error) when (SegmentDamagedException.Is(error))
        {
            throw new SegmentDamagedException(id, error);
        }
    }

    private long Pass(long id, ReadOnlySpan<byte> messages, long now, long after)
    {
        var accepted = 0L;
        for (var reader = new SegmentReader(messages); reader.Next();)
        {
            if (!reader.IsAgain)
            {
                var at = reader.AcceptedAt.ToUnixTimeMilliseconds();
                // What lies in the future was accepted before the clock was set back, if need be by an earlier process.
                accepted = Math.Max(accepted, at > now ? _setBackAt ??= now : at);
            }
        }

        if (accepted + after > now)
        {
            return accepted + after;
        }

        Tell(store.Get(id), new SegmentReader(messages));
        return now;
    }

    /// <summary>Whoever has queued a message once more knows of it: another try is not told.</summary>
    private void Tell(Segment segment, SegmentReader reader)
    {
        var index = 0;
        while (reader.Next())
        {
            _deliveries.Clear();
            reader.ReadDeliveries(_deliveries);
            Notification? notification = null;
            foreach (var (_, place) in _deliveries)
            {
                if (segment.States[index].Status == DeliveryStatus.Queued && !reader.IsAgain)
                {
                    var destination = reader.Destination(place);
                    concerns.Raise(destination, notification ??= reader.ReadNotification(), DeliveryStatus.Queued, parts.Find(destination.Session)?.Reason(destination.Lane));
                }

                index++;
            }
        }
    }
}
