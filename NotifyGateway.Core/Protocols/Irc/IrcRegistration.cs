using System.Globalization;

namespace NotifyGateway.Core.Protocols.Irc;

/// <summary>
/// Login: capabilities, password, nick and user, up to the end of the MOTD or, where a server sends none, the PONG of our
/// first PING. SASL will stand between <c>CAP LS</c> and <c>CAP END</c>.
/// </summary>
internal sealed class IrcRegistration(IrcState state, IrcCapabilities capabilities)
{
    private readonly NickCandidates _nicks = new(state.Options.Nick, state.Options.NickFallback, state.Options.FirstNumber);
    private long _barrier = -1;
    private bool _negotiated;

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
    public void OnCapabilities()
    {
        if (!state.Online && !_negotiated && capabilities.Settled)
        {
            _negotiated = true;
            state.Send("CAP", "END");
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
            state.Send("USERHOST", nick);
            _barrier = state.SendBarrier();
        }
        else if (!string.Equals(nick, state.Nick, StringComparison.Ordinal))
        {
            state.Nick = nick;
            state.Raise(new ProtocolEvent.Renamed(nick));
        }
    }

    public void OnPong(long barrier)
    {
        if (_barrier >= 0 && barrier >= _barrier)
        {
            Finish();
        }
    }

    /// <summary>376 or 422.</summary>
    public void OnMotdEnd()
    {
        if (state.Nick is not null)
        {
            Finish();
        }
    }

    /// <summary>432, 433, 436 or 437 for the nick that we ask for.</summary>
    public void OnNickRefused(in IrcMessage message)
    {
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

    private void Finish()
    {
        if (state.Online)
        {
            return;
        }

        state.Online = true;
        Deadline = TimeSpan.MaxValue;
        foreach (var line in state.Options.OnConnect)
        {
            IrcLine.WriteRaw(state.Output.Bytes, line.Replace("{nick}", state.Nick, StringComparison.Ordinal));
        }

        state.Raise(new ProtocolEvent.Ready(state.Nick!));
    }

    // A URL may hold any user name; what is no word would end the login before it began.
    private static string User(string name)
    {
        var word = string.Concat(name.Where(c => !char.IsControl(c) && c is not (' ' or '@' or '!'))).TrimStart(':');
        return word.Length > 0 ? word : "gateway";
    }
}
