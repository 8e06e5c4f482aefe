namespace NotifyGateway.Tests.Support;

/// <summary>Time that stands still until a test moves it. Timers that come due fire, in their order, on the thread that moves it.</summary>
public sealed class ManualTime : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<ManualTimer> _timers = [];
    private DateTimeOffset _now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    private TimeSpan _wall;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
        {
            return _now + _wall;
        }
    }

    public override long GetTimestamp()
    {
        lock (_gate)
        {
            return _now.Ticks;
        }
    }

    /// <summary>Somebody sets the wall clock; no time passes.</summary>
    public void MoveWallClock(TimeSpan by)
    {
        lock (_gate)
        {
            _wall += by;
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    public void Advance(TimeSpan by)
    {
        DateTimeOffset end;
        lock (_gate)
        {
            end = _now + by;
        }

        while (NextUntil(end) is { } fire)
        {
            fire();
        }
    }

    /// <summary>Moves to the next timer until <paramref name="end"/> and returns its callback; without one moves to the end.</summary>
    private Action? NextUntil(DateTimeOffset end)
    {
        lock (_gate)
        {
            var timer = _timers.Where(t => t.At <= end).MinBy(t => t.At);
            if (timer is null)
            {
                _now = end;
                return null;
            }

            _now = timer.At > _now ? timer.At : _now;
            timer.At = timer.Period > TimeSpan.Zero ? _now + timer.Period : DateTimeOffset.MaxValue;
            return timer.Fire;
        }
    }

    private sealed class ManualTimer(ManualTime time, Action fire) : ITimer
    {
        public Action Fire { get; } = fire;

        public DateTimeOffset At { get; set; } = DateTimeOffset.MaxValue;

        public TimeSpan Period { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time._gate)
            {
                time._timers.Remove(this);
                Period = period == Timeout.InfiniteTimeSpan ? TimeSpan.Zero : period;
                if (dueTime != Timeout.InfiniteTimeSpan)
                {
                    At = dueTime > TimeSpan.Zero ? time._now + dueTime : Period > TimeSpan.Zero ? time._now + Period : DateTimeOffset.MaxValue;
                    time._timers.Add(this);
                }
            }

            if (dueTime == TimeSpan.Zero)
            {
                Fire();
            }

            return true;
        }

        public void Dispose() => Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
