namespace NotifyGateway.Core.Outbox.Sqlite;

/// <summary>
/// Rings once at a moment, or earlier: whoever is woken looks at the clock and sets it again. Moments are by the process's own clock, which nobody moves. Set by one thread.
/// </summary>
internal sealed class Alarm : IDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan Jump = TimeSpan.FromMilliseconds(500);

    private readonly Uptime _time;
    private readonly Action _ring;
    private readonly ITimer _timer;
    private TimeSpan _at = TimeSpan.MaxValue;

    /// <param name="ring">Called on any thread.</param>
    public Alarm(TimeProvider provider, Uptime time, Action ring)
    {
        _time = time;
        _ring = ring;
        _timer = provider.CreateTimer(_ => ring(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>It has rung, perhaps a little early.</summary>
    public void Heard() => _at = TimeSpan.MaxValue;

    /// <summary>Rings at that moment, unless it is going to ring before.</summary>
    public void Set(TimeSpan at)
    {
        if (at >= _at)
        {
            return;
        }

        _at = at;
        for (var now = _time.Now; ;)
        {
            if (at <= now)
            {
                _ring();
                return;
            }

            _timer.Change(at - now > Tick ? at - now : Tick, Timeout.InfiniteTimeSpan);
            var then = now;
            now = _time.Now;
            if (now - then < Jump)
            {
                return;
            }

            // So long between the two looks: the timer would come too late.
        }
    }

    public void Dispose() => _timer.Dispose();
}
