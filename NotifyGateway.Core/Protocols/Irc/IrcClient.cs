namespace NotifyGateway.Core.Protocols.Irc;

/// <summary>One IRC connection as a state machine (RFC 1459, RFC 2812, modern practice). It only dispatches: each part has its own file.</summary>
public sealed class IrcClient : IProtocol
{
    private const int DefaultChannelLimit = 18;

    /// <summary>No limit, but still a place to stay in, which int.MaxValue says of a nick that it is not.</summary>
    private const int ManyChannels = int.MaxValue - 1;

    private readonly IrcState _state;
    private readonly IrcFramer _framer = new();
    private readonly IrcFramer.LineHandler _onLine;
    private readonly IrcCapabilities _capabilities;
    private readonly IrcLogin _login;
    private readonly IrcTargets _targets;
    private readonly IrcOutgoing _outgoing;
    private readonly IrcAnswers _answers;
    private readonly IrcKeepalive _keepalive;
    private readonly IrcUserModes _userModes;
    private readonly IrcMembership _membership;
    private TimeSpan _now;

    public IrcClient(IrcClientOptions options)
    {
        _state = new IrcState(options, Output);
        _onLine = OnLine;
        _capabilities = new IrcCapabilities(_state, ["chghost", .. options.Sasl is null ? (string[])[] : ["sasl"], .. IrcAnswers.Wanted]);
        _targets = new IrcTargets(_state);
        _login = new IrcLogin(_state, _capabilities, _targets);
        _outgoing = new IrcOutgoing(_state, _targets);
        _answers = new IrcAnswers(_state, _capabilities, _outgoing);
        _keepalive = new IrcKeepalive(_state);
        _userModes = new IrcUserModes(_state);
        _membership = new IrcMembership(_state, _targets, _outgoing);
    }

    public ProtocolOutput Output { get; } = new();

    public string? Nick => _state.Nick;

    public int InFlight => _outgoing.Count;

    public bool CanSend => _state is { Online: true, Ended: false, Quitting: false } && _outgoing.CanSend;

    public TimeSpan WakeAt => _state.Ended || _state.Quitting ? TimeSpan.MaxValue
        : _state.Online ? Min(Min(_login.WakeAt, _keepalive.WakeAt), Min(_outgoing.WakeAt, _targets.WakeAt))
        : _login.WakeAt;

    public int LaneLimit(string address) => !_targets.IsChannel(address) ? int.MaxValue
        : Math.Min(ManyChannels, _state.Options.ChannelLimit ?? _state.Isupport.ChannelLimit(address[0]) ?? DefaultChannelLimit);

    public void Start(TimeSpan now)
    {
        _now = now;
        _keepalive.OnHeard(now);
        _login.Start(now);
    }

    public void Feed(ReadOnlySpan<byte> bytes, TimeSpan now)
    {
        _now = now;
        _keepalive.OnHeard(now);
        _framer.Feed(bytes, _onLine);
        if (!_state.Ended && !_state.Quitting)
        {
            _targets.Release(now);
            _outgoing.Release(now);
        }

        _state.Secrets.Hide(Output);
    }

    public void Tick(TimeSpan now)
    {
        _now = now;
        if (_state.Ended || _state.Quitting)
        {
            return;
        }

        _login.Tick(now);
        if (_state.Online)
        {
            _keepalive.Tick(now);
            _targets.Tick(now);
            _outgoing.Tick(now);
        }

        _state.Secrets.Hide(Output);
    }

    /// <summary>Goes on with other options on the same connection. Another nick is asked for; what else belongs to the login stays as it was.</summary>
    public void Change(IrcClientOptions options, TimeSpan now)
    {
        var wanted = _state.Options.Nick;
        _state.Change(options, now);
        if (options.Reclaim && !string.Equals(options.Nick, wanted, StringComparison.Ordinal))
        {
            _login.Want(options.Nick, now);
        }
    }

    public void Enter(string lane, string address, TimeSpan now) => _targets.Enter(lane, address, now);

    public void Leave(string lane)
    {
        if (_targets.Leave(lane, _now) is { } left)
        {
            _outgoing.OnGone(left, "left", _now);
        }
    }

    public void Send(Delivery delivery, TimeSpan now)
    {
        if (!CanSend)
        {
            throw new InvalidOperationException("nothing can be sent now");
        }

        _outgoing.Send(delivery, now);
    }

    public IReadOnlyList<string> Preview(Notification notification, string address, string lead) => _outgoing.Preview(notification, address.Split(' ')[0], lead);

    public void Flush(TimeSpan now) => _outgoing.Flush(now);

    public IReadOnlyList<Delivery> Abandon() => _outgoing.Abandon();

    public void Quit(string reason) => _state.Quit(reason);

    private void OnLine(ReadOnlySpan<byte> line)
    {
        if (_state.Ended || !IrcMessage.TryParse(line, out var message))
        {
            return;
        }

        if (message.Is("PONG"u8))
        {
            OnPong(message.Last);
        }
        else if (_answers.OnLabelled(message, _now))
        {
            // All that it says is about one line of ours.
        }
        else if (message.Numeric is var numeric and > 0)
        {
            OnNumeric(numeric, message);
        }
        else if (!_state.Quitting)
        {
            OnVerb(message);
        }

        _userModes.Advance();
    }

    private void OnPong(ReadOnlySpan<byte> token)
    {
        if (_state.IsBarrier(token, out var barrier))
        {
            _outgoing.OnPong(barrier, _now);
            if (!_state.Quitting)
            {
                _login.OnPong(barrier, _now);
                _targets.OnPong(barrier, _now);
            }
        }
    }

    private void OnVerb(in IrcMessage message)
    {
        _login.OnVerb(message, _now);
        if (message.Is("PING"u8))
        {
            IrcLine.WriteEcho(Output.Bytes, "PONG"u8, message.Rest);
        }
        else if (message.Is("NICK"u8))
        {
            OnNick(message);
        }
        else if (message.Is("CAP"u8))
        {
            _capabilities.OnCap(message);
            _answers.OnCapabilities();
            _login.OnCapabilities(_now);
        }
        else if (message.Is("CHGHOST"u8))
        {
            OnChangedHost(message);
        }
        else if (message.Is("KILL"u8))
        {
            OnKill(message);
        }
        else if (message.Is("PRIVMSG"u8) || message.Is("NOTICE"u8))
        {
            _answers.OnMessage(message, _now);
        }
        else if (message.Is("BATCH"u8))
        {
            _answers.OnBatch(message, 0);
        }
        else if (message.Is("FAIL"u8))
        {
            _answers.OnFail(message, _now);
        }
        else if (message.Is("ERROR"u8))
        {
            OnClosing(message);
        }
        else
        {
            _membership.On(message, _now);
        }
    }

    /// <summary>KILL of us: the end of the connection, of which ERROR may or may not tell. Others' are none of our business.</summary>
    private void OnKill(in IrcMessage message)
    {
        if (_state.IsUs(message.Text(0)))
        {
            _state.End(IrcState.Because($"killed by {IrcSource.Parse(message.Source).Nick}", message[1]), CloseKind.Lost);
        }
    }

    private void OnNick(in IrcMessage message)
    {
        var source = IrcSource.Parse(message.Source);
        var nick = message.Text(0);
        if (_state.IsUs(source.Nick) && IrcLine.IsWord(nick))
        {
            _state.Nick = nick;
            _state.Learn(source.User, source.Host);
            _state.Raise(new ProtocolEvent.Renamed(nick));
            _login.OnRenamed(_now);
        }
    }

    /// <summary>CHGHOST (IRCv3): <c>:nick!old@old CHGHOST user host</c>.</summary>
    private void OnChangedHost(in IrcMessage message)
    {
        if (_state.IsUs(IrcSource.Parse(message.Source).Nick))
        {
            _state.Learn(message.Text(0), message.Text(1));
        }
    }

    /// <summary>ERROR: the server's last words.</summary>
    private void OnClosing(in IrcMessage message)
    {
        var words = IrcState.Words(message.Count > 1 ? message.Rest : message.Last).Trim();
        if (IrcFloodHistory.IsFlood(words))
        {
            _state.Options.Floods.OnKilled();
        }

        _state.End(words.Length > 0 ? words : "the server closed the connection", IrcClosing.KindOf(words));
    }

    private void OnNumeric(int numeric, in IrcMessage message)
    {
        if (!_state.Quitting && _login.OnNumeric(numeric, message, _now))
        {
            return;
        }

        switch (numeric)
        {
            case 263:
                OnTryAgain(message);
                break;
            case not (>= 400 and < 600) when _state.Quitting:
                break;
            case 5:
                _state.Isupport.Read(message);
                break;
            case 302:
                OnUserhost(message);
                break;
            case 396:
                OnHost(message);
                break;
            // Online, 463 and 464 answer an OPER that a user has put into what is sent after login; 465 is always about us.
            case 465:
                _state.End(IrcState.Reason(message), CloseKind.Refused);
                break;
            case JoinRefusals.Forwarded:
                _targets.OnForwarded(message, _now);
                break;
            // About a nick that we ask for, not a channel.
            case 437 when !_targets.IsChannel(message.Text(1)) && !_targets.IsChannel(message.Text(0)):
            // About commands, modes and nicks: what they name is no target. 466 is a warning of 465.
            case 416 or 421 or 432 or 433 or 436 or 451 or 461 or 462 or 463 or 464 or 466 or 501 or 502:
                break;
            // 716: a user accepts no messages (callerid).
            case (>= 400 and < 600) or 609 or 716 or 926:
                OnError(numeric, message);
                break;
        }
    }

    /// <summary>263 names the command that it is about: JOIN, or that of a message.</summary>
    private void OnTryAgain(in IrcMessage message)
    {
        _answers.OnTryAgain(message, _now);
        if (!_state.Quitting)
        {
            _targets.OnTryAgain(message, _now);
        }
    }

    /// <summary>
    /// An error that names a channel we are about to join, or somebody we have sent to. Some are about the one only, some about the other;
    /// for the rest the order decides. Nothing but a greeting was sent to a channel that is being greeted.
    /// </summary>
    private void OnError(int numeric, in IrcMessage message)
    {
        var joining = _targets.Joining(message);
        var ofJoin = JoinRefusals.IsOnlyOfJoin(numeric);
        if (joining is { State: not TargetState.Greeting } && (ofJoin || (!JoinRefusals.IsNeverOfJoin(numeric) && !_outgoing.AwaitsBefore(joining))))
        {
            _targets.OnRefused(joining, message, _now);
        }
        else if (!ofJoin && (joining is not { State: TargetState.Greeting } || _outgoing.AwaitsBefore(joining)))
        {
            _answers.OnError(message, _now);
        }
    }

    /// <summary>
    /// 302: <c>nick[*]=±user@host</c>. Only the user is of use: to ourselves servers show our real host here, not the one that they relay
    /// (Solanum's m_userhost, InspIRCd and UnrealIRCd likewise), and that may be longer.
    /// </summary>
    private void OnUserhost(in IrcMessage message)
    {
        var reply = message.Text(1).Trim();
        var equals = reply.IndexOf('=', StringComparison.Ordinal);
        var at = reply.IndexOf('@', StringComparison.Ordinal);
        if (equals > 0 && at > equals + 2 && reply[equals + 1] is '+' or '-' && _state.IsUs(reply[..equals].TrimEnd('*')))
        {
            _state.Learn(reply[(equals + 2)..at], null);
        }
    }

    /// <summary>396: <c>[user@]host</c> is what others see from now on.</summary>
    private void OnHost(in IrcMessage message)
    {
        var shown = message.Text(1);
        var at = shown.IndexOf('@', StringComparison.Ordinal);
        _state.Learn(at < 0 ? null : shown[..at], shown[(at + 1)..]);
    }

    private static TimeSpan Min(TimeSpan left, TimeSpan right) => left < right ? left : right;
}
