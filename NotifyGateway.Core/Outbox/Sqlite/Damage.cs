namespace NotifyGateway.Core.Outbox.Sqlite;

/// <summary>
/// Sets a damaged segment aside, in the writer's transaction: its bytes are kept in a table of their own, for whoever can make something of them, and nothing that is queued
/// leads to it any more.
/// </summary>
internal sealed class Damage(Database database)
{
    private readonly List<(int Ordinal, int Destination)> _deliveries = [];

    private readonly Statement _read = database.Prepare("SELECT s.messages, p.states, p.segment IS NULL FROM segment s LEFT JOIN progress p ON p.segment = s.id WHERE s.id = ?1");
    private readonly Statement _queued = database.Prepare("DELETE FROM queue WHERE segment = ?1 RETURNING session, lane, count, accepted");
    private readonly Statement _deleteProgress = database.Prepare("DELETE FROM progress WHERE segment = ?1");
    private readonly Statement _deleteSegment = database.Prepare("DELETE FROM segment WHERE id = ?1");
    private Statement? _keep;

    /// <summary>Reads a segment whole.</summary>
    /// <returns>What is wrong with it, or null.</returns>
    public Exception? Look(long segment)
    {
        using var rows = _read.Bind(1, segment).Rows();
        if (!rows.Next())
        {
            return new InvalidDataException("it is missing");
        }

        try
        {
            if (rows.Long(2) != 0)
            {
                return new InvalidDataException("how its deliveries stand is missing");
            }

            Read(rows.Blob(0), rows.Blob(1));
            return null;
        }
        catch (Exception error) when (SegmentDamagedException.Is(error))
        {
            return error;
        }
    }

    /// <param name="segment">There need not be one.</param>
    /// <param name="why">What is wrong with it.</param>
    /// <param name="now">Milliseconds since 1970.</param>
    /// <returns>What was queued of it, by lane.</returns>
    public List<(SessionKey Session, string Lane, long Count, long Accepted)> SetAside(long segment, string why, long now)
    {
        // Made when it is needed: an earlier program reads the file as long as nothing is damaged, and after that, too.
        database.Execute("CREATE TABLE IF NOT EXISTS damaged (segment INTEGER NOT NULL, at INTEGER NOT NULL, why TEXT NOT NULL, messages BLOB, states BLOB)");
        _keep ??= database.Prepare("""
            INSERT INTO damaged SELECT ?1, ?2, ?3, (SELECT messages FROM segment WHERE id = ?1), (SELECT states FROM progress WHERE segment = ?1)
            """);
        _keep.Bind(1, segment).Bind(2, now).Bind(3, why).Run();
        var queued = new List<(SessionKey, string, long, long)>();
        using (var rows = _queued.Bind(1, segment).Rows())
        {
            while (rows.Next())
            {
                queued.Add((new SessionKey(rows.Text(0)), rows.Text(1), rows.Long(2), rows.Long(3)));
            }
        }

        _deleteProgress.Bind(1, segment).Run();
        _deleteSegment.Bind(1, segment).Run();
        return queued;
    }

    private void Read(ReadOnlySpan<byte> messages, ReadOnlySpan<byte> states)
    {
        var reader = new SegmentReader(messages);
        DeliveryStates.Read(states, new DeliveryState[reader.Total]);
        while (reader.Next())
        {
            _deliveries.Clear();
            reader.ReadDeliveries(_deliveries);
            foreach (var (_, destination) in _deliveries)
            {
                reader.Destination(destination);
            }

            reader.ReadNotification();
        }
    }
}
