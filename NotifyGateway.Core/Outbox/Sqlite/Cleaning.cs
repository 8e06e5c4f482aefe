using System.Diagnostics;

namespace NotifyGateway.Core.Outbox.Sqlite;

/// <summary>Deletes what nobody may ask for any more, in the writer's transaction, a little at a time: appends must not wait for it.</summary>
internal sealed class Cleaning(Database database, Guards guards, TimeSpan keep)
{
    private const int SegmentsAtOnce = 128;
    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(4);

    private readonly Statement _old = database.Prepare($"SELECT segment FROM progress WHERE queued = 0 AND due < ?1 ORDER BY due LIMIT {SegmentsAtOnce}");
    private readonly Statement _deleteSegment = database.Prepare("DELETE FROM segment WHERE id = ?1");
    private readonly Statement _deleteProgress = database.Prepare("DELETE FROM progress WHERE segment = ?1");

    /// <param name="now">Milliseconds since 1970.</param>
    /// <returns>True when there may be more.</returns>
    public bool Some(long now)
    {
        var segments = new List<long>(SegmentsAtOnce);
        using (var rows = _old.Bind(1, now - (long)keep.TotalMilliseconds).Rows())
        {
            while (rows.Next())
            {
                segments.Add(rows.Long(0));
            }
        }

        // The machine's own clock: this is about how long others wait, not about what time it is.
        var started = Stopwatch.GetTimestamp();
        foreach (var segment in segments)
        {
            _deleteSegment.Bind(1, segment).Run();
            _deleteProgress.Bind(1, segment).Run();
            if (Stopwatch.GetElapsedTime(started) > Slice)
            {
                return true;
            }
        }

        return guards.Forget(now) || segments.Count == SegmentsAtOnce;
    }
}
