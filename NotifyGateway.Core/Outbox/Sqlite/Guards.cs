namespace NotifyGateway.Core.Outbox.Sqlite;

/// <summary>The keys of requests that may be repeated, in the writer's transaction.</summary>
internal sealed class Guards(Database database)
{
    private const int DeletedAtOnce = 500;

    private readonly Statement _find = database.Prepare("SELECT fingerprint, message FROM guard WHERE key = ?1 AND until > ?2");
    private readonly Statement _store = database.Prepare("INSERT OR REPLACE INTO guard (key, fingerprint, message, until) VALUES (?1, ?2, ?3, ?4)");
    private readonly Statement _delete = database.Prepare(
        $"DELETE FROM guard WHERE key IN (SELECT key FROM guard WHERE until <= ?1 ORDER BY until LIMIT {DeletedAtOnce}) RETURNING 1");

    /// <summary>What an earlier request with the key means for this one; null when there was none.</summary>
    public AppendResult? Check(RepeatGuard guard, long now)
    {
        using var rows = _find.Bind(1, guard.Key).Bind(2, now).Rows();
        if (!rows.Next())
        {
            return null;
        }

        return rows.Blob(0).SequenceEqual(guard.Fingerprint)
            ? new AppendResult(AppendStatus.Repeated, new Guid(rows.Blob(1), bigEndian: true))
            : new AppendResult(AppendStatus.KeyReused, Guid.Empty);
    }

    public void Store(RepeatGuard guard, Guid message)
    {
        Span<byte> id = stackalloc byte[16];
        message.TryWriteBytes(id, bigEndian: true, out _);
        _store.Bind(1, guard.Key).Bind(2, guard.Fingerprint).Bind(3, id).Bind(4, Moment.Ceiling(guard.Until)).Run();
    }

    /// <summary>Deletes some of the keys that are to be forgotten.</summary>
    /// <returns>True when there may be more.</returns>
    public bool Forget(long now)
    {
        using var rows = _delete.Bind(1, now).Rows();
        var deleted = 0;
        while (rows.Next())
        {
            deleted++;
        }

        return deleted == DeletedAtOnce;
    }
}
