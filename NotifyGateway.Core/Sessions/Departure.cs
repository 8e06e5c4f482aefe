namespace NotifyGateway.Core.Sessions;

/// <summary>
/// How a session ends: it sends nothing more, waits until what is in flight is settled, says goodbye on every link, and gives the
/// servers a second to close. Belongs to the session's loop.
/// </summary>
internal sealed class Departure(List<Link> links)
{
    private static readonly TimeSpan GoodbyeTime = TimeSpan.FromSeconds(1);

    private TimeSpan _goodbyeUntil = TimeSpan.MaxValue;

    /// <summary>Told to end.</summary>
    public bool Begun { get; private set; }

    /// <summary>Nothing is waited for any more: what connection there still is may be cut.</summary>
    public bool Over { get; private set; }

    public TimeSpan WakeAt => Over ? TimeSpan.MaxValue : _goodbyeUntil;

    /// <param name="atOnce">True: does not wait for what is in flight.</param>
    public void Begin(bool atOnce, TimeSpan now)
    {
        Begun = true;
        if (atOnce)
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

        if (links.TrueForAll(l => l.Protocol is not { InFlight: > 0 }))
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
            links.ForEach(l => l.Protocol?.Quit("gateway stopped"));
        }
    }
}
