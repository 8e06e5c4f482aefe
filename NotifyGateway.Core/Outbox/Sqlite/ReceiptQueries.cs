using System.Globalization;

namespace NotifyGateway.Core.Outbox.Sqlite;

/// <summary>Answers questions about messages, with a connection of its own; one at a time.</summary>
/// <param name="damaged">Told of a segment that cannot be read, which is passed over.</param>
internal sealed class ReceiptQueries(Database database, LogReset log, SessionParts parts, TimeSpan keep, TimeProvider time, Action<SegmentDamagedException> damaged) : IDisposable
{
    /// <summary>So much is looked at for one page; a rarer message is found on a later page, or a page is empty but has a next one.</summary>
    private const int SegmentsLookedAt = 20_000;
    private const int MessagesLookedAt = 20_000;

    private readonly SemaphoreSlim _gate = new(1);
    private readonly MessageLookup _lookup = new(database, damaged);

    private readonly Statement _list = database.Prepare("""
        SELECT s.id, p.queued, p.states, s.messages FROM segment s JOIN progress p ON p.segment = s.id
        WHERE s.id <= ?1 ORDER BY s.id DESC
        """);

    public async ValueTask<Receipt?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            using var reading = log.Read();
            return _lookup.Find(id) is { } message && IsKept(message) ? ToReceipt(message) : null;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <exception cref="ArgumentException">The limit or the cursor is not valid.</exception>
    public async ValueTask<ReceiptPage> ListAsync(ReceiptQuery query, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(query.Limit, 1, nameof(query));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(query.Limit, 500, nameof(query));
        var before = query.Before is null ? long.MaxValue : ParseCursor(query.Before);
        await _gate.WaitAsync(cancellationToken);
        try
        {
            using var reading = log.Read();
            return List(query, before);
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose()
    {
        database.Dispose();
        _gate.Dispose();
    }

    private ReceiptPage List(ReceiptQuery query, long before)
    {
        var items = new List<Receipt>();
        var segments = 0;
        var messages = 0;
        var onlyQueued = query.Status?.All(s => s == MessageStatus.Queued) == true;
        using var rows = _list.Bind(1, Sequence.Segment(before)).Rows();
        while (rows.Next())
        {
            var segment = rows.Long(0);
            if (++segments > SegmentsLookedAt || messages > MessagesLookedAt)
            {
                // The cursor stands before everything of this segment.
                return new ReceiptPage(items, Cursor(Sequence.Of(segment + 1, 0)));
            }

            if (onlyQueued && rows.Long(1) == 0)
            {
                continue;
            }

            if (Read(segment, rows, query, before, ref messages) is not { } found)
            {
                continue;
            }

            for (var i = found.Count - 1; i >= 0; i--)
            {
                if (!IsKept(found[i]) || ToReceipt(found[i]) is not { } receipt || query.Status?.Contains(receipt.Status) == false)
                {
                    continue;
                }

                if (items.Count == query.Limit)
                {
                    return new ReceiptPage(items, Cursor(Sequence.Of(segment, Sequence.Key(found[i].Message, 0)) + 1));
                }

                items.Add(receipt);
            }
        }

        return new ReceiptPage(items, null);
    }

    /// <returns>What matches of a segment; null when it cannot be read.</returns>
    private List<StoredMessage>? Read(long segment, in Rows rows, ReceiptQuery query, long before, ref int messages)
    {
        try
        {
            messages += new SegmentReader(rows.Blob(3)).Count;
            return MessageLookup.Read(segment, rows.Blob(3), rows.Blob(2), (in SegmentReader reader) =>
                Sequence.Of(segment, Sequence.Key(reader.Message, 0)) < before && Matches(query, reader));
        }
        catch (Exception error) when (SegmentDamagedException.Is(error))
        {
            damaged(new SegmentDamagedException(segment, error));
            return null;
        }
    }

    private static bool Matches(ReceiptQuery query, in SegmentReader reader) =>
        (query.Client is null || string.Equals(reader.Client, query.Client, StringComparison.OrdinalIgnoreCase))
        && (query.To is null || reader.HasDestination(query.To));

    private bool IsKept(StoredMessage message) => !(message.SettledAt < (time.GetUtcNow() - keep).ToUnixTimeMilliseconds());

    private Receipt ToReceipt(StoredMessage message)
    {
        var deliveries = new DeliveryReceipt[message.Destinations.Length];
        for (var i = 0; i < deliveries.Length; i++)
        {
            ref readonly var state = ref message.States[i];
            var destination = message.Destinations[i];
            deliveries[i] = new DeliveryReceipt(
                DeliveryId.Format(message.Notification.Id, i),
                destination,
                state.IsSettled ? state.Status : DeliveryStatus.Queued,
                state.Attempts,
                state.IsSettled ? state.Reason : parts.Find(destination.Session)?.Reason(destination.Lane),
                state.Proof,
                state.IsSettled ? DateTimeOffset.FromUnixTimeMilliseconds(state.When) : null);
        }

        return new Receipt(message.Notification, deliveries);
    }

    /// <summary>A cursor is the sequence that everything on the page has to come before.</summary>
    private static string Cursor(long sequence) => sequence.ToString(CultureInfo.InvariantCulture);

    private static long ParseCursor(string cursor) =>
        long.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out var sequence)
            ? sequence
            : throw new ArgumentException("This is not a cursor that a page has given.", nameof(cursor));
}
