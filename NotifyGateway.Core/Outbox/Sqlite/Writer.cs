using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace NotifyGateway.Core.Outbox.Sqlite;

/// <summary>
/// The one thread that writes. Everything that arrived while the last transaction ran goes into the next one, so that many share
/// one wait for the disk. While the disk refuses, what has ended stays here and is tried again.
/// </summary>
internal sealed partial class Writer : IDisposable
{
    /// <summary>More messages than this are not put into one transaction: the first ones would wait too long.</summary>
    private const int EntriesAtOnce = 16384;

    /// <summary>So many ends are stored at once without lingering.</summary>
    private const int EndsAtOnce = 32;

    /// <summary>How long ends wait for company. What is lost of them by a crash is sent once more, so this is kept short.</summary>
    private const int LingerMilliseconds = 20;

    /// <summary>Under load transactions begin no sooner after each other, unless <see cref="AppendsAtOnce"/> wait: each costs a dozen writes and a wait for the disk, however little is in it.</summary>
    private const int IntervalMilliseconds = 3;

    private const int AppendsAtOnce = 16;

    private static readonly TimeSpan CleanEvery = TimeSpan.FromMinutes(1);

    /// <summary>What expired while the program was not running ends this long after the start: by then those who want to hear of it listen.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    /// <summary>What has waited for a program that was not running is given so long, or the time that is waited for anyway if that is shorter.</summary>
    private static readonly TimeSpan LateGrace = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan SyncAfter = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    // Monitor, not Lock: the thread waits on it.
    private readonly object _gate = new();
    private readonly Database _database;
    private readonly LogReset _log;
    private readonly Ledger _ledger;
    private readonly BusyTime _busy;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Alarm _alarm;
    private readonly DateTimeOffset _started;
    private readonly DateTimeOffset _sweepFrom;
    private readonly Thread _thread;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Queue<Operation> _operations = new();
    private readonly List<Operation> _kept = [];
    private List<Settling> _settlings = [];
    private List<Settling> _keptSettlings = [];
    private bool _waiting;
    private bool _spacing;
    private long _begun;
    private bool _rung;
    private bool _stopping;
    private bool _more;
    private bool _closingFailed;
    private DateTimeOffset _cleanAt;
    private DateTimeOffset _tryAt;
    private DateTimeOffset _syncAt = DateTimeOffset.MaxValue;
    private TimeSpan _pause = FirstPause;
    private string? _fault;
    private WatchTerms? _terms;

    /// <param name="database">Belongs to the writer from now on.</param>
    public Writer(Database database, LogReset log, Ledger ledger, BusyTime busy, TimeProvider time, ILogger logger)
    {
        _database = database;
        _log = log;
        _ledger = ledger;
        _busy = busy;
        _time = time;
        _logger = logger;
        _started = time.GetUtcNow();
        _sweepFrom = _cleanAt = _started + Grace;
        _alarm = new Alarm(time, Ring);
        _thread = new Thread(Run) { IsBackground = true, Name = "outbox writer" };
    }

    /// <summary>Why nothing can be stored at the moment, or null.</summary>
    public string? Fault => Volatile.Read(ref _fault);

    public event Action<Settlement>? Settled;

    public event Action? Concerned;

    public void Start() => _thread.Start();

    /// <summary>From the next transaction on.</summary>
    public void Watch(WatchTerms? terms)
    {
        Volatile.Write(ref _terms, terms);
        Ring();
    }

    /// <exception cref="ObjectDisposedException">The outbox is closed.</exception>
    public void Enqueue(Operation operation)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_stopping, typeof(SqliteOutbox));
            _operations.Enqueue(operation);
            Wake();
        }
    }

    /// <summary>The same, but a closed outbox takes it for nothing: what it would have stored is only of use to a later reader.</summary>
    public void TryEnqueue(Operation operation)
    {
        lock (_gate)
        {
            if (!_stopping)
            {
                _operations.Enqueue(operation);
                Wake();
            }
        }
    }

    /// <exception cref="ObjectDisposedException">The outbox is closed.</exception>
    public void Enqueue(in Settling settling)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_stopping, typeof(SqliteOutbox));
            _settlings.Add(settling);
            if (_settlings.Count is 1 or EndsAtOnce)
            {
                Wake();
            }
        }
    }

    /// <summary>Takes nothing more, stores what it has and ends.</summary>
    public Task StopAsync()
    {
        lock (_gate)
        {
            _stopping = true;
            Wake();
        }

        return _ended.Task;
    }

    /// <summary>Moves the log into the file and empties it. After <see cref="StopAsync"/>.</summary>
    public void Checkpoint() => _database.Execute("PRAGMA wal_checkpoint(TRUNCATE)");

    public void Dispose()
    {
        _alarm.Dispose();
        _database.Dispose();
    }

    private void Ring()
    {
        lock (_gate)
        {
            _rung = true;
            Wake();
        }
    }

    private void Wake()
    {
        if (_spacing ? _stopping || _operations.Count == AppendsAtOnce : _waiting)
        {
            _waiting = false;
            Monitor.Pulse(_gate);
        }
    }

    private void Run()
    {
        SetAlarm();
        while (Gather())
        {
            _busy.During(Turn);
        }

        if (_keptSettlings.Count > 0)
        {
            OutboxLog.ClosedUnstored(_logger, _keptSettlings.Count);
        }

        _ended.SetResult();
    }

    /// <summary>Waits until there is something to do and takes it over.</summary>
    /// <returns>False when all is done and the outbox closes.</returns>
    private bool Gather()
    {
        lock (_gate)
        {
            while (_operations.Count == 0 && _settlings.Count == 0 && !_rung && !_stopping && !_more)
            {
                _waiting = true;
                Monitor.Wait(_gate);
            }

            Linger();
            Space();
            if (_rung)
            {
                _alarm.Heard();
            }

            _waiting = _rung = false;
            if (_keptSettlings.Count == 0)
            {
                (_settlings, _keptSettlings) = (_keptSettlings, _settlings);
            }
            else
            {
                _keptSettlings.AddRange(_settlings);
                _settlings.Clear();
            }

            var stop = _stopping && _operations.Count == 0 && _keptSettlings.Count == 0 && _kept.Count == 0;
            var entries = 0;
            while (entries < EntriesAtOnce && _operations.TryDequeue(out var operation))
            {
                entries += operation is AppendOperation append ? append.Entries.Count : 1;
                _kept.Add(operation);
            }

            return !stop && !(_stopping && _closingFailed);
        }
    }

    /// <summary>Nobody waits for ends to be stored: they wait a little for company, so that a message costs one transaction and not two.</summary>
    private void Linger()
    {
        var started = Environment.TickCount64;
        while (_operations.Count == 0 && _settlings.Count < EndsAtOnce && !_rung && !_stopping && !_more && Environment.TickCount64 - started < LingerMilliseconds)
        {
            _waiting = true;
            Monitor.Wait(_gate, LingerMilliseconds);
        }
    }

    /// <summary>A message after a pause is stored at once; in a stream of them a few share a transaction.</summary>
    private void Space()
    {
        while (_operations.Count is > 0 and < AppendsAtOnce && !_stopping && IntervalMilliseconds - Stopwatch.GetElapsedTime(_begun).TotalMilliseconds is var left and > 0.5)
        {
            // Nobody wakes the thread for less than what it waits for; the wait's grain is a millisecond.
            _spacing = true;
            Monitor.Wait(_gate, (int)Math.Ceiling(left));
        }

        _spacing = false;
        _begun = Stopwatch.GetTimestamp();
    }
}
