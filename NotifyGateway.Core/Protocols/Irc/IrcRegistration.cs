using System.Globalization;

namespace NotifyGateway.Core.Protocols.Irc;

/// <summary>
/// The way in: capabilities, SASL, password, nick and user, up to the end of the MOTD or, where a server sends none, the PONG of our
/// first PING; then the login by services, for which everything else waits a little.
/// </summary>
internal sealed class IrcRegistration(IrcState state, IrcCapabilities capabilities, IrcSasl sasl, IrcServices services)
{
    private readonly NickCandidates _nicks = new(state.Options.Nick, state.Options.NickFallback, state.Options.FirstNumber);
    private long _barrier = -1;
    private bool _refused;
    private bool _negotiating;
    private bool _negotiated;
    private bool _welcomed;

    /// <summary>When the server must have let us in.</summary>
    public TimeSpan Deadline { get; private set; } = TimeSpan.MaxValue;

    public void Start(TimeSpan now)
    {
        Deadline = now + state.Options.LoginTimeout;
        capabilities.Start();
        if (state.Options.Password is { } password)
        {
            state.Send("PASS", password);
        }

        state.Send("NICK", _nicks.Current);
        state.Send("USER", User(state.Options.User), "0", "*", state.Options.RealName);
    }

    public void Tick(TimeSpan now)
    {
        if (!state.Online && now >= Deadline)
        {
            state.End(string.Create(CultureInfo.InvariantCulture, $"the server did not finish the login within {state.Options.LoginTimeout.TotalSeconds:0} s"), CloseKind.Lost);
        }
    }

    /// <summary>The capabilities may be settled now.</summary>
    public void OnCapabilities(TimeSpan now)
    {
        if (!_negotiating && state.Nick is null && capabilities.Settled)
        {
            _negotiating = true;
            sasl.Begin(now);
        }
    }

    /// <summary>Goes as far as what has happened allows.</summary>
    public void Advance(TimeSpan now)
    {
        if (state.Online || state.Ended)
        {
            return;
        }

        if (_negotiating && !_negotiated && !sasl.Busy)
        {
            _negotiated = true;
            if (MayGoOn())
            {
                state.Send("CAP", "END");
            }
        }

        if (_welcomed && !services.Pending)
        {
            Finish();
        }
    }

    /// <summary>001: we are what it calls us. A bouncer may say it again.</summary>
    public void OnWelcome(in IrcMessage message)
    {
        var first = state.Nick is null;
        var nick = message.Text(0);
        nick = IrcLine.IsWord(nick) && !string.Equals(nick, "*", StringComparison.Ordinal) ? nick : state.Nick ?? _nicks.Current;
        if (first)
        {
            state.Nick = nick;
            // A server that cuts nicks without a word (irc2) has given us what we want, as far as it has that.
            state.WantedNick = _refused ? _nicks.Wanted(null) : nick;
            if (MayGoOn())
            {
                state.Send("USERHOST", nick);
                _barrier = state.SendBarrier();
            }
        }
        else if (!string.Equals(nick, state.Nick, StringComparison.Ordinal))
        {
            state.Nick = nick;
            state.Raise(new ProtocolEvent.Renamed(nick));
        }
    }

    public void OnPong(long barrier, TimeSpan now)
    {
        if (_barrier >= 0 && barrier >= _barrier)
        {
            OnWelcomed(now);
        }
    }

    /// <summary>376 or 422.</summary>
    public void OnMotdEnd(TimeSpan now)
    {
        if (state.Nick is not null)
        {
            OnWelcomed(now);
        }
    }

    /// <summary>432, 433, 436 or 437 for the nick that we ask for.</summary>
    public void OnNickRefused(in IrcMessage message)
    {
        _refused = true;
        var erroneous = message.Numeric == 432;
        if (!erroneous)
        {
            LearnLength(message);
        }

        if (erroneous ? _nicks.Erroneous() : _nicks.Taken())
        {
            state.Send("NICK", _nicks.Current);
        }
        else
        {
            state.End($"no nick is left to try: {IrcState.Reason(message)}", erroneous ? CloseKind.Refused : CloseKind.Lost);
        }
    }

    /// <summary>
    /// A server that cuts nicks without a word (irc2) calls the rest taken. It stands behind a <c>*</c>, or first where a server leaves that out.
    /// </summary>
    private void LearnLength(in IrcMessage message)
    {
        for (var i = 0; i < message.Count - 1; i++)
        {
            var refused = message.Text(i);
            if (refused.Length >= NickCandidates.GuaranteedLength && refused.Length < _nicks.Current.Length && _nicks.Current.StartsWith(refused, StringComparison.Ordinal))
            {
                _nicks.Cut(refused.Length);
            }
        }
    }

    private void OnWelcomed(TimeSpan now)
    {
        if (!_welcomed)
        {
            _welcomed = true;
            state.WantedNick = _refused ? _nicks.Wanted(state.Isupport.NickLength) : state.WantedNick;
            services.Identify(now);
        }
    }

    /// <summary>A login that is required and does not come about ends the connection, before anything is joined. Also where a server lets us in that knows no CAP.</summary>
    private bool MayGoOn()
    {
        if (state.Options.Sasl is not { Required: true } || state.LoggedIn)
        {
            return true;
        }

        state.End(sasl.Failure ?? "the server offers no SASL", sasl.Failure is null ? CloseKind.Refused : sasl.FailureKind);
        return false;
    }

    private void Finish()
    {
        state.Online = true;
        Deadline = TimeSpan.MaxValue;
        foreach (var line in state.Options.OnConnect)
        {
            IrcLine.WriteRaw(state.Output.Bytes, line.Replace("{nick}", state.Nick, StringComparison.Ordinal));
        }

        state.Raise(new ProtocolEvent.Ready(state.Nick!));
        if (!state.LoggedIn && (services.Failure ?? sasl.Failure) is { } reason)
        {
            state.Raise(new ProtocolEvent.Unauthenticated(reason));
        }
    }

    // A URL may hold any user name; what is no word would end the login before it began.
    private static string User(string name)
    {
        var word = string.Concat(name.Where(c => !char.IsControl(c) && c is not (' ' or '@' or '!'))).TrimStart(':');
        return word.Length > 0 ? word : "gateway";
    }
}
