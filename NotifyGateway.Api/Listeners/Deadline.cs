namespace NotifyGateway.Api.Listeners;

/// <summary>A moment that is moved on often and passes rarely: moving it on costs no timer operation.</summary>
internal sealed class Deadline : IDisposable
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);

    private readonly TimeProvider _time;
    private readonly Action _passed;
    private readonly ITimer _timer;

    // The timer's thread and the connection's loop both look at the two moments.
    private readonly Lock _gate = new();
    private long _due = long.MaxValue;
    private long _armed = long.MaxValue;

    /// <param name="passed">Called on the timer's thread. May be late news: <see cref="Passed"/> says whether it still holds.</param>
    public Deadline(TimeProvider time, Action passed)
    {
        _time = time;
        _passed = passed;
        _timer = time.CreateTimer(static state => ((Deadline)state!).Fire(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public bool Passed
    {
        get
        {
            lock (_gate)
            {
                return _time.GetTimestamp() >= _due;
            }
        }
    }

    /// <summary>Moves the deadline, in either direction.</summary>
    public void Set(TimeSpan fromNow)
    {
        lock (_gate)
        {
            var now = _time.GetTimestamp();
            _due = now + (long)(fromNow.TotalSeconds * _time.TimestampFrequency);
            if (_due < _armed)
            {
                Arm(now);
            }
        }
    }

    public void Dispose() => _timer.Dispose();

    private void Fire()
    {
        lock (_gate)
        {
            _armed = long.MaxValue;
            var now = _time.GetTimestamp();
            if (now < _due)
            {
                Arm(now);
                return;
            }
        }

        _passed();
    }

    private void Arm(long now)
    {
        var wait = _time.GetElapsedTime(now, _due);
        wait = wait > LongestWait ? LongestWait : TimeSpan.FromMilliseconds(Math.Ceiling(wait.TotalMilliseconds));
        _armed = now + (long)(wait.TotalSeconds * _time.TimestampFrequency);
        _timer.Change(wait, Timeout.InfiniteTimeSpan);
    }
}
