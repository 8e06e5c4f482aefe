namespace NotifyGateway.Core.Protocols.Irc;

/// <summary>
/// Who we are, from the first line to the last: the way in, the account (SASL, services) and the nick. It only dispatches to the parts, and
/// tells the targets when the account is ours.
/// </summary>
internal sealed class IrcLogin
{
    private readonly IrcState _state;
    private readonly IrcTargets _targets;
    private readonly IrcSasl _sasl;
    private readonly IrcServices _services;
    private readonly IrcReclaim _reclaim;
    private readonly IrcRegistration _registration;
    private string? _wanted;
    private bool _wasOnline;
    private bool _wasLoggedIn;

    public IrcLogin(IrcState state, IrcCapabilities capabilities, IrcTargets targets)
    {
        _state = state;
        _targets = targets;
        _sasl = new IrcSasl(state, capabilities);
        _services = new IrcServices(state);
        _reclaim = new IrcReclaim(state, _services);
        _registration = new IrcRegistration(state, capabilities, _sasl, _services);
    }

    public TimeSpan WakeAt => Min(Min(_registration.Deadline, _sasl.WakeAt), Min(_services.WakeAt, _reclaim.WakeAt));

    public void Start(TimeSpan now) => _registration.Start(now);

    public void Tick(TimeSpan now)
    {
        _registration.Tick(now);
        _sasl.Tick(now);
        _services.Tick(now);
        _reclaim.Tick(now);
        Advance(now);
    }

    public void OnPong(long barrier, TimeSpan now)
    {
        _registration.OnPong(barrier, now);
        Advance(now);
    }

    /// <summary>The server has said something of its capabilities. It may offer SASL late, when services come.</summary>
    public void OnCapabilities(TimeSpan now)
    {
        if (_state.Online)
        {
            _sasl.Begin(now);
        }
        else
        {
            _registration.OnCapabilities(now);
        }

        Advance(now);
    }

    /// <summary>What concerns login, account and nick alone. False: it is about something else, or may be.</summary>
    public bool OnNumeric(int numeric, in IrcMessage message, TimeSpan now)
    {
        var handled = Handle(numeric, message, now);
        Advance(now);
        return handled;
    }

    /// <summary>AUTHENTICATE, MODE, NOTICE, NICK and QUIT, which others may want too.</summary>
    public void OnVerb(in IrcMessage message, TimeSpan now)
    {
        if (message.Is("AUTHENTICATE"u8))
        {
            _sasl.OnAuthenticate(message, now);
        }
        else if (message.Is("MODE"u8))
        {
            _services.OnMode(message);
        }
        else if (message.Is("NOTICE"u8))
        {
            _services.OnNotice(message);
        }
        else if (message.Is("NICK"u8) || message.Is("QUIT"u8))
        {
            _reclaim.OnGone(IrcSource.Parse(message.Source).Nick, now);
        }

        Advance(now);
    }

    /// <summary>Our own nick has changed.</summary>
    public void OnRenamed(TimeSpan now)
    {
        // Services that take the nick for the account could not know us before.
        if (_reclaim.OnRenamed(now))
        {
            _services.Identify(now);
        }
    }

    /// <summary>Another nick is wanted. While we log in it waits for the end of that.</summary>
    public void Want(string nick, TimeSpan now)
    {
        if (_state.Online)
        {
            _reclaim.Want(nick, now);
        }
        else
        {
            _wanted = nick;
        }
    }

    private bool Handle(int numeric, in IrcMessage message, TimeSpan now)
    {
        switch (numeric)
        {
            case 1:
                _registration.OnWelcome(message);
                return true;
            case 376 or 422:
                _registration.OnMotdEnd(now);
                return true;
            case 463 or 464 or 465 when !_state.Online:
                _state.End(IrcState.Reason(message), CloseKind.Refused);
                return true;
            case 432 or 433 or 436 or 437 when _state.Nick is null:
                _registration.OnNickRefused(message);
                return true;
            case (>= 432 and <= 438) or 447 or 484:
                return _reclaim.OnRefused(message);
            case >= 900 and <= 908:
                _sasl.OnNumeric(message, now);
                return true;
            case 421 or 451 or 461 or 462 when message.Text(1) is "AUTHENTICATE":
                _sasl.OnNumeric(message, now);
                return true;
            case 401 or 440:
                return _services.OnAbsent(message, now);
            case 303 or 730 or 731 or 734:
                _reclaim.OnNumeric(message, now);
                return true;
            default:
                return false;
        }
    }

    private void Advance(TimeSpan now)
    {
        _registration.Advance(now);
        if (_state.Online && !_wasOnline)
        {
            _wasOnline = true;
            _wasLoggedIn = _state.LoggedIn;
            if (_wanted is { } nick)
            {
                _reclaim.Want(nick, now);
            }
            else
            {
                _reclaim.Start(now);
            }
        }

        if (_state.Online && _state.LoggedIn && !_wasLoggedIn)
        {
            _targets.OnLoggedIn();
            _reclaim.OnLoggedIn(now);
        }

        _wasLoggedIn = _state.LoggedIn;
    }

    private static TimeSpan Min(TimeSpan left, TimeSpan right) => left < right ? left : right;
}
