using System.Globalization;

namespace NotifyGateway.Core.Protocols.Irc;

/// <summary>
/// Login: capabilities, password, nick and user, up to the end of the MOTD or, where a server sends none, the PONG of our
/// first PING. SASL will stand between <c>CAP LS</c> and <c>CAP END</c>.
/// </summary>
internal sealed class IrcRegistration(IrcState state)
{
    private readonly NickCandidates _nicks = new(state.Options.Nick, state.Options.NickFallback, state.Options.FirstNumber);
    private long _barrier = -1;

    public TimeSpan Deadline { get; private set; } = TimeSpan.MaxValue;

    public void Start(TimeSpan now)
    {
        Deadline = now + state.Options.LoginTimeout;
        state.Send("CAP", "LS", "302");
        if (state.Options.Password is { } password)
        {
            state.Send("PASS", password);
        }

        state.Send("NICK", _nicks.Current);
        state.Send("USER", state.Options.User, "0", "*", state.Options.RealName);
    }

    public void Tick(TimeSpan now)
    {
        if (!state.Online && now >= Deadline)
        {
            Deadline = TimeSpan.MaxValue;
            state.Raise(new ProtocolEvent.Ended(string.Create(CultureInfo.InvariantCulture, $"the server did not finish the login within {state.Options.LoginTimeout.TotalSeconds:0} s"), CloseKind.Lost));
        }
    }

    /// <summary>A capability list: a <c>*</c> before it means that more of it follows.</summary>
    public void OnCap(in IrcMessage message)
    {
        if (!state.Online && message[1].SequenceEqual("LS"u8) && !(message.Count > 3 && message[2].SequenceEqual("*"u8)))
        {
            state.Send("CAP", "END");
        }
    }

    public void OnWelcome(in IrcMessage message)
    {
        state.Nick = message.Text(0);
        _barrier = state.SendBarrier();
        state.Send("USERHOST", state.Nick);
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
        if (state.Nick is not null)
        {
            return;
        }

        if (message.Numeric == 432 ? _nicks.Erroneous() : _nicks.Taken())
        {
            state.Send("NICK", _nicks.Current);
        }
        else
        {
            state.Raise(new ProtocolEvent.Ended($"no nick is left to try: {IrcState.Reason(message)}", message.Numeric == 432 ? CloseKind.Refused : CloseKind.Lost));
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
}
