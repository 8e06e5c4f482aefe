using System.Collections.Concurrent;
using System.Text;
using Microsoft.Extensions.Logging;

namespace NotifyGateway.Core.Outbox.Sqlite;

/// <summary>The thread that reads lanes from disk, a piece at a time, with a connection of its own: the writer never waits for it.</summary>
internal sealed class LaneLoader : ISessionPartSource, IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly BlockingCollection<LaneLoad> _wishes = [];
    private readonly CancellationTokenSource _stopping = new();
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Thread _thread;
    private readonly List<(int Ordinal, int Destination)> _deliveries = [];
    private readonly List<int> _lane = [];
    private Destination? _lastDestination;
    private Database? _database;
    private LogReset? _log;
    private Action<SegmentDamagedException>? _damaged;
    private long _segment;
    private Statement? _read;
    private DeliveryState[] _states = new DeliveryState[Sequence.MessagesPerSegment];

    public LaneLoader(TimeProvider time, ILogger logger)
    {
        _time = time;
        _logger = logger;
        _thread = new Thread(Run) { IsBackground = true, Name = "outbox reader" };
    }

    /// <param name="database">Belongs to the loader from now on.</param>
    /// <param name="damaged">Told of a segment that cannot be read; until it is set aside the lane waits.</param>
    public void Start(Database database, LogReset log, Action<SegmentDamagedException> damaged)
    {
        _damaged = damaged;
        _database = database;
        _log = log;
        _read = database.Prepare("""
            SELECT q.segment, s.messages, p.states, s.id IS NULL OR p.segment IS NULL FROM queue q LEFT JOIN segment s ON s.id = q.segment LEFT JOIN progress p ON p.segment = q.segment
            WHERE q.session = ?1 AND q.lane = ?2 AND q.segment >= ?3 ORDER BY q.segment
            """);
        _thread.Start();
    }

    public void Load(LaneLoad load)
    {
        if (!_stopping.IsCancellationRequested)
        {
            _wishes.Add(load);
        }
    }

    public void Dispose()
    {
        _stopping.Cancel();
        if (_thread.IsAlive)
        {
            _thread.Join();
        }

        _database?.Dispose();
        _wishes.Dispose();
        _stopping.Dispose();
    }

    private void Run()
    {
        try
        {
            foreach (var load in _wishes.GetConsumingEnumerable(_stopping.Token))
            {
                Serve(load);
            }
        }
        catch (OperationCanceledException)
        {
            // Closing: whoever waits for a load is closing, too.
        }
    }

    private void Serve(LaneLoad load)
    {
        try
        {
            var (deliveries, cursor, end) = Read(load);
            load.Lane.Part.Loaded(load, deliveries, cursor, end);
        }
        // Whatever the reason is, the thread must live on: nothing else would read.
        catch (Exception error)
        {
            OutboxLog.ReadFailed(_logger, error);
            if (_segment > 0 && SegmentDamagedException.Is(error))
            {
                _damaged!(new SegmentDamagedException(_segment, error));
            }

            // The lane waits meanwhile; nothing is lost, for the disk has it.
            _ = Task.Delay(Pause, _time, _stopping.Token).ContinueWith(
                _ => Load(load), _stopping.Token, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
        }
    }

    private (List<Delivery> Deliveries, long Cursor, bool End) Read(LaneLoad load)
    {
        var found = new List<Delivery>();
        var cursor = load.After;
        var characters = 0L;
        var session = Encoding.UTF8.GetBytes(load.Lane.Part.Key.Value);
        var name = Encoding.UTF8.GetBytes(load.Lane.Name);
        _segment = 0;
        using var reading = _log!.Read();
        using var rows = _read!.Bind(1, load.Lane.Part.Key.Value).Bind(2, load.Lane.Name).Bind(3, Sequence.Segment(load.After)).Rows();
        while (rows.Next())
        {
            var segment = _segment = rows.Long(0);
            if (rows.Long(3) != 0)
            {
                throw new InvalidDataException("it is missing");
            }

            var index = 0;
            var place = -1;
            Destination? current = null;
            var reader = new SegmentReader(rows.Blob(1));
            _lane.Clear();
            reader.FindLane(session, name, _lane);
            ReadStates(rows.Blob(2), reader.Total);
            while (reader.Next())
            {
                _deliveries.Clear();
                reader.ReadDeliveries(_deliveries);
                Notification? notification = null;
                foreach (var (ordinal, destination) in _deliveries)
                {
                    ref readonly var state = ref _states[index++];
                    var sequence = Sequence.Of(segment, Sequence.Key(reader.Message, ordinal));
                    if (sequence <= load.After || state.Status != DeliveryStatus.Queued || !_lane.Contains(destination))
                    {
                        continue;
                    }

                    if (found.Count >= load.Count || (characters > load.Characters && found.Count > 0))
                    {
                        return (found, cursor, false);
                    }

                    notification ??= reader.ReadNotification();
                    characters += notification.Text.Length;
                    cursor = sequence;
                    if (destination != place)
                    {
                        current = Destination(reader, place = destination);
                    }

                    found.Add(new Delivery(sequence, ordinal, notification, current!, state.Attempts));
                }
            }
        }

        return (found, cursor, true);
    }

    /// <summary>The destination: as long as it is the same, the same object.</summary>
    private Destination Destination(in SegmentReader reader, int index)
    {
        var destination = reader.Destination(index);
        return _lastDestination == destination ? _lastDestination : _lastDestination = destination;
    }

    private void ReadStates(ReadOnlySpan<byte> states, int count)
    {
        if (_states.Length < count)
        {
            _states = new DeliveryState[count];
        }

        DeliveryStates.Read(states, _states.AsSpan(0, count));
    }
}
