using System.Diagnostics;

namespace NotifyGateway.Core.Outbox.Sqlite;

/// <summary>
/// Keeps the write-ahead log short. SQLite starts it anew only in a moment in which nobody reads; while lanes are loaded without a
/// pause such a moment would never come. Then the readers are held up for a moment.
/// </summary>
internal sealed class LogReset(Database database, string path)
{
    private const long Long = 32 * 1024 * 1024;
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(10);

    // Monitor, not Lock: both sides wait on it.
    private readonly object _gate = new();
    private long _lookedAt = Stopwatch.GetTimestamp();
    private int _readers;
    private bool _closed;
    private bool _distrusted;

    /// <summary>For the time of one read, until it is disposed.</summary>
    public Reading Read()
    {
        lock (_gate)
        {
            while (_closed)
            {
                Monitor.Wait(_gate);
            }

            _readers++;
        }

        return new Reading(this);
    }

    /// <summary>
    /// The disk has refused and takes again. Of what was written to the log before, and not waited for, the system may have given up some: behind such a gap nothing is found
    /// after a power cut. So the log is begun anew.
    /// </summary>
    public void Distrust() => (_distrusted, _lookedAt) = (true, 0);

    /// <summary>Called by the writer between transactions.</summary>
    /// <exception cref="DatabaseException">The disk refused.</exception>
    public void Look()
    {
        if (Stopwatch.GetElapsedTime(_lookedAt) < LookEvery)
        {
            return;
        }

        _lookedAt = Stopwatch.GetTimestamp();
        if ((!_distrusted && new FileInfo(path + "-wal") is not { Exists: true, Length: > Long }) || !TryClose())
        {
            return;
        }

        try
        {
            database.Execute("PRAGMA wal_checkpoint(TRUNCATE)");
            _distrusted = false;
        }
        finally
        {
            Open();
        }
    }

    private bool TryClose()
    {
        lock (_gate)
        {
            _closed = true;
            var started = Stopwatch.GetTimestamp();
            while (_readers > 0)
            {
                var left = Patience - Stopwatch.GetElapsedTime(started);
                if (left <= TimeSpan.Zero)
                {
                    // A long read; there is another time.
                    Open();
                    return false;
                }

                Monitor.Wait(_gate, left);
            }

            return true;
        }
    }

    private void Open()
    {
        lock (_gate)
        {
            _closed = false;
            Monitor.PulseAll(_gate);
        }
    }

    private void Leave()
    {
        lock (_gate)
        {
            if (--_readers == 0 && _closed)
            {
                Monitor.PulseAll(_gate);
            }
        }
    }

    /// <summary>A read that is going on.</summary>
    public readonly ref struct Reading(LogReset log)
    {
        public void Dispose() => log.Leave();
    }
}
