using System.Buffers.Binary;

namespace NotifyGateway.Core.Outbox.Sqlite;

/// <summary>A stored message, whole.</summary>
/// <param name="Destinations">By ordinal.</param>
/// <param name="States">By ordinal, as of the read.</param>
internal sealed record StoredMessage(long Segment, int Message, Notification Notification, Destination[] Destinations, DeliveryState[] States)
{
    /// <summary>When the last delivery ended (for a message to nobody: when it was accepted), or null while one is queued. Milliseconds since 1970.</summary>
    public long? SettledAt => States.Length == 0 ? Notification.AcceptedAt.ToUnixTimeMilliseconds()
        : States.All(s => s.IsSettled) ? States.Max(s => s.When)
        : null;
}

/// <summary>Finds messages by id, on the connection that it is given.</summary>
/// <param name="damaged">Told of a segment that cannot be read, which is passed over.</param>
internal sealed class MessageLookup(Database database, Action<SegmentDamagedException> damaged)
{
    private readonly Statement _byId = database.Prepare("""
        SELECT s.id, s.messages, p.states FROM segment s JOIN progress p ON p.segment = s.id
        WHERE s.first_id <= ?1 AND s.first_id >= ?2 AND s.last_id >= ?1 ORDER BY s.first_id DESC
        """);

    public StoredMessage? Find(Guid id)
    {
        Span<byte> key = stackalloc byte[16];
        id.TryWriteBytes(key, bigEndian: true, out _);
        // All ids of a segment lie within a second, so its first one is not more than that before this one.
        Span<byte> from = stackalloc byte[16];
        from.Clear();
        BinaryPrimitives.WriteInt64BigEndian(from, Math.Max(0, SegmentPacker.IdTime(id) - SegmentPacker.IdSpan) << 16);
        using var rows = _byId.Bind(1, key).Bind(2, from).Rows();
        while (rows.Next())
        {
            try
            {
                var found = Read(rows.Long(0), rows.Blob(1), rows.Blob(2), (in SegmentReader reader) => reader.Id == id);
                if (found.Count > 0)
                {
                    return found[0];
                }
            }
            catch (Exception error) when (SegmentDamagedException.Is(error))
            {
                damaged(new SegmentDamagedException(rows.Long(0), error));
            }
        }

        return null;
    }

    /// <summary>The messages of a segment that are wanted. Other tries are no messages.</summary>
    public static List<StoredMessage> Read(long segment, ReadOnlySpan<byte> messages, ReadOnlySpan<byte> states, SegmentFilter wanted)
    {
        var found = new List<StoredMessage>();
        var deliveries = new List<(int Ordinal, int Destination)>();
        var places = new List<(int Found, int First)>();
        var first = 0;
        var reader = new SegmentReader(messages);
        while (reader.Next())
        {
            if (!reader.IsAgain && wanted(reader))
            {
                deliveries.Clear();
                reader.ReadDeliveries(deliveries);
                var destinations = new Destination[deliveries.Count];
                foreach (var (ordinal, destination) in deliveries)
                {
                    destinations[ordinal] = reader.Destination(destination);
                }

                places.Add((found.Count, first));
                found.Add(new StoredMessage(segment, reader.Message, reader.ReadNotification(), destinations, new DeliveryState[destinations.Length]));
            }

            first += reader.Deliveries;
        }

        if (found.Count > 0)
        {
            var all = new DeliveryState[reader.Total];
            DeliveryStates.Read(states, all);
            foreach (var (place, start) in places)
            {
                all.AsSpan(start, found[place].States.Length).CopyTo(found[place].States);
            }
        }

        return found;
    }
}

/// <summary>Looks at the current message of a reader.</summary>
internal delegate bool SegmentFilter(in SegmentReader reader);
