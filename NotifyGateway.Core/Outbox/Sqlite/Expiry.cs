namespace NotifyGateway.Core.Outbox.Sqlite;

/// <summary>Ends the deliveries whose time is over, in the writer's transaction, some at a time. Segments, not deliveries, stand in the index that says which.</summary>
internal sealed class Expiry(Database database, SegmentStore store, Ledger ledger)
{
    private const int SegmentsAtOnce = 64;
    private const int DeliveriesAtOnce = 2048;

    /// <summary>When a segment with an expired delivery that is handed out is looked at again. Its owner ends or releases it, which is seen at once; this is for a crash.</summary>
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(30);

    private readonly Statement _first = database.Prepare("SELECT min(due) FROM progress WHERE queued > 0");
    private readonly Statement _due = database.Prepare($"SELECT segment FROM progress WHERE queued > 0 AND due <= ?1 ORDER BY due LIMIT {SegmentsAtOnce}");
    private readonly Statement _messages = database.Prepare("SELECT messages FROM segment WHERE id = ?1");
    private readonly List<(int Ordinal, int Destination)> _deliveries = [];

    /// <summary>When the first segment is due.</summary>
    public long First()
    {
        using var rows = _first.Rows();
        return rows.Next() && rows.Long(0) is not 0 and var due ? due : long.MaxValue;
    }

    /// <returns>True when there may be more.</returns>
    public bool Some(DateTimeOffset now)
    {
        var segments = new List<long>(SegmentsAtOnce);
        using (var rows = _due.Bind(1, now.ToUnixTimeMilliseconds()).Rows())
        {
            while (rows.Next())
            {
                segments.Add(rows.Long(0));
            }
        }

        var looked = 0;
        for (var i = 0; i < segments.Count; i++)
        {
            var segment = store.Get(segments[i]);
            End(segment, now);
            looked += segment.Keys.Length;
            if (looked >= DeliveriesAtOnce && i + 1 < segments.Count)
            {
                return true;
            }
        }

        return segments.Count == SegmentsAtOnce;
    }

    private void End(Segment segment, DateTimeOffset now)
    {
        using var rows = _messages.Bind(1, segment.Id).Rows();
        if (!rows.Next())
        {
            SegmentDamagedException.ThrowMissing(segment.Id);
        }

        try
        {
            End(segment, new SegmentReader(rows.Blob(0)), now);
        }
        catch (Exception error) when (SegmentDamagedException.Is(error))
        {
            throw new SegmentDamagedException(segment.Id, error);
        }
    }

    private void End(Segment segment, SegmentReader reader, DateTimeOffset now)
    {
        var due = long.MaxValue;
        var index = 0;
        while (reader.Next())
        {
            _deliveries.Clear();
            reader.ReadDeliveries(_deliveries);
            Notification? notification = null;
            foreach (var (_, destination) in _deliveries)
            {
                if (segment.States[index].Status == DeliveryStatus.Queued)
                {
                    due = Math.Min(due,
                        reader.ExpiresAt > now ? Moment.Ceiling(reader.ExpiresAt)
                        : ledger.TryEndUntaken(segment, index, DeliveryStatus.Expired, notification ??= reader.ReadNotification(), reader.Destination(destination))
                            ? long.MaxValue
                            : (now + Again).ToUnixTimeMilliseconds());
                }

                index++;
            }
        }

        if (segment.Queued > 0)
        {
            segment.Due = due;
            store.Touch(segment);
        }
    }
}
