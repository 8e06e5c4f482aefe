namespace NotifyGateway.Core.Outbox.Sqlite;

/// <summary>Rings once at a moment of the wall clock, or earlier: whoever is woken looks at the clock and sets it again. Set by one thread.</summary>
internal sealed class Alarm : IDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan Jump = TimeSpan.FromMilliseconds(500);

    private readonly TimeProvider _time;
    private readonly Action _ring;
    private readonly ITimer _timer;
    private DateTimeOffset _at = DateTimeOffset.MaxValue;

    /// <param name="ring">Called on any thread.</param>
    public Alarm(TimeProvider time, Action ring)
    {
        _time = time;
        _ring = ring;
        _timer = time.CreateTimer(_ => ring(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>It has rung; timers run on another clock, so that may have been a little early.</summary>
    public void Heard() => _at = DateTimeOffset.MaxValue;

    /// <summary>Rings at that moment, unless it is going to ring before.</summary>
    public void Set(DateTimeOffset at)
    {
        if (at >= _at)
        {
            return;
        }

        _at = at;
        for (var now = _time.GetUtcNow(); ;)
        {
            if (at <= now)
            {
                _ring();
                return;
            }

            _timer.Change(at - now > Tick ? at - now : Tick, Timeout.InfiniteTimeSpan);
            var then = now;
            now = _time.GetUtcNow();
            if (now - then < Jump)
            {
                return;
            }

            // The clock was moved in between: the timer would come too late.
        }
    }

    public void Dispose() => _timer.Dispose();
}
