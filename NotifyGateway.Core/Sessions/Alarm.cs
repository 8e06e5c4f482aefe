namespace NotifyGateway.Core.Sessions;

/// <summary>
/// One timer for a session: set to the earliest moment that anything waits for. Moments mostly move later; the timer is touched only
/// when one is earlier than the one it stands at. It belongs to the session's loop.
/// </summary>
internal sealed class Alarm(TimeProvider time, Action ring) : IDisposable
{
    private readonly ITimer _timer = time.CreateTimer(_ => ring(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    private TimeSpan _set = TimeSpan.MaxValue;

    /// <summary>It rang: it stands at nothing now.</summary>
    public void OnRung() => _set = TimeSpan.MaxValue;

    public void SetAt(TimeSpan moment, TimeSpan now)
    {
        if (moment >= _set || moment == TimeSpan.MaxValue)
        {
            return;
        }

        _set = moment;

        // Timers count whole milliseconds and may ring a little early.
        _timer.Change(moment > now ? moment - now + TimeSpan.FromMilliseconds(1) : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    public void Dispose() => _timer.Dispose();
}
