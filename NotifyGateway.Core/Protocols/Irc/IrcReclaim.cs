namespace NotifyGateway.Core.Protocols.Irc;

/// <summary>
/// Takes our nick back, as soon as we have another one. With services by REGAIN, then GHOST; else, and after that, it waits until nobody
/// has it, by MONITOR where the server has that, by ISON elsewhere, and whenever the holder is seen to leave. A server or service that renames
/// us has a reason: each time we wait longer before we want the nick back.
/// </summary>
internal sealed class IrcReclaim(IrcState state, IrcServices services)
{
    private static readonly TimeSpan Poll = TimeSpan.FromMinutes(1);

    /// <summary>Services act within a moment.</summary>
    private static readonly TimeSpan ServiceTime = TimeSpan.FromSeconds(5);

    /// <summary>The least time between two attempts, whatever is seen: servers bound how often a nick is changed.</summary>
    private static readonly TimeSpan LeastPause = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(10);

    private enum Step { Content, Regain, Ghost, Take, Watch }

    private Step _step;
    private bool _monitored;
    private bool _noMonitor;
    private bool _free;
    private bool _asked;
    private TimeSpan _mayTryAt = TimeSpan.MinValue;
    private TimeSpan _afterLoss = Poll;
    private TimeSpan _afterRefusal = Poll;

    public TimeSpan WakeAt { get; private set; } = TimeSpan.MaxValue;

    /// <summary>We are in.</summary>
    public void Start(TimeSpan now)
    {
        if (state.Options.Reclaim && !state.HasWantedNick)
        {
            Go(Step.Regain, now);
        }
    }

    /// <summary>Another nick is wanted: asked for at once, and whenever it may be free if somebody has it.</summary>
    public void Want(string nick, TimeSpan now)
    {
        if (_monitored)
        {
            state.Send("MONITOR", "-", state.WantedNick!);
        }

        _monitored = _free = _asked = false;
        _afterLoss = _afterRefusal = Poll;
        state.WantedNick = state.Isupport.NickLength is { } most && nick.Length > most ? nick[..most] : nick;
        if (state.HasWantedNick)
        {
            Go(Step.Content, TimeSpan.MaxValue);
        }
        else
        {
            _step = Step.Watch;
            Take(now);
        }
    }

    /// <summary>Services know us now, and may give us what they have refused.</summary>
    public void OnLoggedIn(TimeSpan now)
    {
        if (_step == Step.Watch)
        {
            Go(Step.Regain, now);
        }
    }

    public void Tick(TimeSpan now)
    {
        if (now < WakeAt)
        {
            return;
        }

        switch (_step)
        {
            case Step.Regain when services.Demand("REGAIN", state.WantedNick!, now):
                Go(Step.Ghost, now + ServiceTime);
                break;
            case Step.Regain:
                _step = Step.Watch;
                Watch(now);
                break;
            // Older services: the one ends whoever has the nick, the other what keeps it free for its owner; we have to take it ourselves.
            case Step.Ghost:
                _ = services.Demand("GHOST", state.WantedNick!, now) && services.Demand("RELEASE", state.WantedNick!, now);
                Go(Step.Take, now + ServiceTime);
                break;
            case Step.Take:
                _step = Step.Watch;
                Take(now);
                break;
            case Step.Watch:
                Watch(now);
                break;
        }
    }

    /// <summary>Our nick has changed. True when it is the wanted one again.</summary>
    public bool OnRenamed(TimeSpan now)
    {
        if (state.HasWantedNick && _step != Step.Content)
        {
            if (_monitored)
            {
                state.Send("MONITOR", "-", state.WantedNick!);
            }

            _monitored = _free = _asked = false;
            _afterRefusal = Poll;
            Go(Step.Content, TimeSpan.MaxValue);
            return true;
        }

        if (state is { Options.Reclaim: true, Online: true, HasWantedNick: false } && _step == Step.Content)
        {
            Go(Step.Regain, now + _afterLoss);
            _afterLoss = Longer(_afterLoss);
        }

        return false;
    }

    /// <summary>Somebody gave up a nick.</summary>
    public void OnGone(string nick, TimeSpan now)
    {
        if (_step == Step.Watch && IsWanted(nick))
        {
            OnFree(now);
        }
    }

    /// <summary>730, 731 and 734 of MONITOR, 303 of ISON.</summary>
    public void OnNumeric(in IrcMessage message, TimeSpan now)
    {
        if (_step != Step.Watch)
        {
            return;
        }

        switch (message.Numeric)
        {
            case 303:
                OnIson(message, now);
                break;
            case 730 when Named(message):
                _free = false;
                break;
            case 731 when Named(message):
                OnFree(now);
                break;
            case 734:
                (_noMonitor, _monitored, WakeAt) = (true, false, now);
                break;
        }
    }

    /// <summary>An error that names the nick. True when it answers our attempt, and so is no news to anybody else.</summary>
    public bool OnRefused(in IrcMessage message)
    {
        if (!_asked || !(IsWanted(message.Text(1)) || IsWanted(message.Text(0))))
        {
            return false;
        }

        _asked = false;
        _free = message.Numeric != 433 && _free;
        return true;
    }

    private void OnIson(in IrcMessage message, TimeSpan now)
    {
        if (!message.Text(message.Count - 1).Split(' ').Any(IsWanted))
        {
            OnFree(now);
        }
    }

    private void OnFree(TimeSpan now)
    {
        _free = true;
        if (now >= _mayTryAt)
        {
            Take(now);
        }
        else
        {
            WakeAt = _mayTryAt;
        }
    }

    private void Watch(TimeSpan now)
    {
        WakeAt = now + Poll;
        if (_free)
        {
            Take(now);
        }
        else if (_noMonitor || state.Isupport["MONITOR"] is null)
        {
            state.Send("ISON", state.WantedNick!);
        }
        else if (!_monitored)
        {
            _monitored = true;
            state.Send("MONITOR", "+", state.WantedNick!);
        }
        else
        {
            WakeAt = TimeSpan.MaxValue;
        }
    }

    private void Take(TimeSpan now)
    {
        _asked = true;
        _mayTryAt = now + LeastPause;
        WakeAt = now + _afterRefusal;
        _afterRefusal = Longer(_afterRefusal);
        state.Send("NICK", state.WantedNick!);
    }

    private void Go(Step step, TimeSpan at) => (_step, WakeAt) = (step, at);

    private bool IsWanted(string nick) => state.Isupport.CaseMapping.Same(nick, state.WantedNick!);

    private bool Named(in IrcMessage message) => message.Text(1).Split(',').Any(mask => IsWanted(mask.Split('!')[0]));

    private static TimeSpan Longer(TimeSpan pause) => pause * 2 < LongestPause ? pause * 2 : LongestPause;
}
