namespace NotifyGateway.Core.Sessions;

/// <summary>
/// How a session ends: it sends nothing more, waits until what is in flight is settled, says goodbye on every link, and gives the
/// servers a second to close. Belongs to the session's loop.
/// </summary>
internal sealed class Departure(List<Link> links)
{
    private static readonly TimeSpan GoodbyeTime = TimeSpan.FromSeconds(1);

    private TimeSpan _settleUntil = TimeSpan.MaxValue;
    private TimeSpan _goodbyeUntil = TimeSpan.MaxValue;
    private string _words = "";

    /// <summary>Told to end.</summary>
    public bool Begun { get; private set; }

    /// <summary>Nothing is waited for any more: what connection there still is may be cut.</summary>
    public bool Over { get; private set; }

    public TimeSpan WakeAt => Over ? TimeSpan.MaxValue : _settleUntil < _goodbyeUntil && _goodbyeUntil == TimeSpan.MaxValue ? _settleUntil : _goodbyeUntil;

    public void Begin(SessionEvent.Stop stop, TimeSpan now)
    {
        _words = Begun ? _words : stop.Goodbye;
        Begun = true;
        _settleUntil = stop.Within is { } within && now + within < _settleUntil ? now + within : _settleUntil;
        if (stop.AtOnce)
        {
            SayGoodbye(now);
        }
    }

    public void Advance(TimeSpan now)
    {
        if (!Begun)
        {
            return;
        }

        if (now >= _settleUntil || links.TrueForAll(l => l.Protocol is not { InFlight: > 0 }))
        {
            SayGoodbye(now);
        }

        Over |= now >= _goodbyeUntil || links.TrueForAll(l => l.Protocol is null);
    }

    private void SayGoodbye(TimeSpan now)
    {
        if (_goodbyeUntil == TimeSpan.MaxValue)
        {
            _goodbyeUntil = now + GoodbyeTime;
            links.ForEach(l => l.Protocol?.Quit(_words));
        }
    }
}
