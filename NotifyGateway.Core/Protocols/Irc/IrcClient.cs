namespace NotifyGateway.Core.Protocols.Irc;

/// <summary>One IRC connection as a state machine (RFC 1459, RFC 2812, modern practice). It only dispatches: each part has its own file.</summary>
public sealed class IrcClient : IProtocol
{
    private const int DefaultChannelLimit = 18;

    /// <summary>No limit, but still a place to stay in, which int.MaxValue says of a nick that it is not.</summary>
    private const int ManyChannels = int.MaxValue - 1;

    private static readonly string[] AskForPatience = ["throttl", "too fast", "too many", "banned", "K-line", "K:line", "G-line", "G:line", "Z-line", "Z:line"];

    private readonly IrcState _state;
    private readonly IrcFramer _framer = new();
    private readonly IrcFramer.LineHandler _onLine;
    private readonly IrcCapabilities _capabilities;
    private readonly IrcRegistration _registration;
    private readonly IrcTargets _targets;
    private readonly IrcOutgoing _outgoing;
    private readonly IrcAnswers _answers;
    private readonly IrcKeepalive _keepalive;
    private TimeSpan _now;

    public IrcClient(IrcClientOptions options)
    {
        _state = new IrcState(options, Output);
        _onLine = OnLine;
        _capabilities = new IrcCapabilities(_state, ["chghost", .. IrcAnswers.Wanted]);
        _registration = new IrcRegistration(_state, _capabilities);
        _targets = new IrcTargets(_state);
        _outgoing = new IrcOutgoing(_state, _targets);
        _answers = new IrcAnswers(_state, _capabilities, _outgoing);
        _keepalive = new IrcKeepalive(_state);
    }

    public ProtocolOutput Output { get; } = new();

    public string? Nick => _state.Nick;

    public int InFlight => _outgoing.Count;

    public bool CanSend => _state is { Online: true, Ended: false, Quitting: false } && _outgoing.CanSend;

    public TimeSpan WakeAt => _state.Ended || _state.Quitting ? TimeSpan.MaxValue
        : _state.Online ? Min(_keepalive.WakeAt, Min(_outgoing.WakeAt, _targets.WakeAt))
        : _registration.Deadline;

    public int LaneLimit(string address) => !_targets.IsChannel(address) ? int.MaxValue
        : Math.Min(ManyChannels, _state.Options.ChannelLimit ?? _state.Isupport.ChannelLimit(address[0]) ?? DefaultChannelLimit);

    public void Start(TimeSpan now)
    {
        _now = now;
        _keepalive.OnHeard(now);
        _registration.Start(now);
    }

    public void Feed(ReadOnlySpan<byte> bytes, TimeSpan now)
    {
        _now = now;
        _keepalive.OnHeard(now);
        _framer.Feed(bytes, _onLine);
        if (!_state.Ended && !_state.Quitting)
        {
            _outgoing.Release(now);
        }
    }

    public void Tick(TimeSpan now)
    {
        _now = now;
        if (_state.Ended || _state.Quitting)
        {
            return;
        }

        _registration.Tick(now);
        if (_state.Online)
        {
            _keepalive.Tick(now);
            _targets.Tick(now);
            _outgoing.Tick(now);
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
    }

    private void OnPong(ReadOnlySpan<byte> token)
    {
        if (_state.IsBarrier(token, out var barrier))
        {
            _outgoing.OnPong(barrier, _now);
            if (!_state.Quitting)
            {
                _registration.OnPong(barrier);
                _targets.OnPong(barrier, _now);
            }
        }
    }

    private void OnVerb(in IrcMessage message)
    {
        if (message.Is("PING"u8))
        {
            IrcLine.WriteEcho(Output.Bytes, "PONG"u8, message.Rest);
        }
        else if (message.Is("JOIN"u8))
        {
            _targets.OnJoin(message, _now);
        }
        else if (message.Is("PART"u8))
        {
            OnGone(message.Text(0), IrcSource.Parse(message.Source).Nick, "the server made us leave");
        }
        else if (message.Is("KICK"u8))
        {
            var words = IrcState.Words(message[2]);
            OnGone(message.Text(0), message.Text(1), $"kicked by {IrcSource.Parse(message.Source).Nick}{(words.Length > 0 ? ": " : "")}{words}");
        }
        else if (message.Is("NICK"u8))
        {
            OnNick(message);
        }
        else if (message.Is("CAP"u8))
        {
            _capabilities.OnCap(message);
            _answers.OnCapabilities();
            _registration.OnCapabilities();
        }
        else if (message.Is("CHGHOST"u8))
        {
            OnChangedHost(message);
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
    }

    private void OnGone(string channels, string nick, string reason)
    {
        foreach (var channel in channels.Split(','))
        {
            if (_targets.OnGone(channel, nick, reason, _now) is { } gone)
            {
                _outgoing.OnGone(gone, reason, _now);
            }
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

    /// <summary>ERROR: the server's last words. No code tells a ban or too many attempts from other trouble, so its words have to.</summary>
    private void OnClosing(in IrcMessage message)
    {
        var words = IrcState.Words(message.Count > 1 ? message.Rest : message.Last).Trim();
        if (IrcFloodHistory.IsFlood(words))
        {
            _state.Options.Floods.OnKilled();
        }

        var patience = AskForPatience.Any(w => words.Contains(w, StringComparison.OrdinalIgnoreCase));
        _state.End(words.Length > 0 ? words : "the server closed the connection", patience ? CloseKind.Throttled : CloseKind.Lost);
    }

    private void OnNumeric(int numeric, in IrcMessage message)
    {
        switch (numeric)
        {
            case 263:
                _answers.OnTryAgain(message, _now);
                break;
            case not (>= 400 and < 600) when _state.Quitting:
                break;
            case 1:
                _registration.OnWelcome(message);
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
            case 376 or 422:
                _registration.OnMotdEnd();
                break;
            case 463 or 464 or 465 when !_state.Online:
                _state.End(IrcState.Reason(message), CloseKind.Refused);
                break;
            case 432 or 433 or 436 or 437 when _state.Nick is null && !_state.Quitting:
                _registration.OnNickRefused(message);
                break;
            // About commands and nicks: what they name is no target.
            case 421 or 432 or 433 or 436 or 451 or 461 or 462:
                break;
            // 609, 926: InspIRCd's further refusals of JOIN; 716: a user accepts no messages (callerid).
            case (>= 400 and < 600) or 609 or 716 or 926:
                OnError(numeric, message);
                break;
        }
    }

    /// <summary>
    /// An error that names a channel we are about to join, or somebody we have sent to. Some are about the one only, some about the other;
    /// for the rest the order decides.
    /// </summary>
    private void OnError(int numeric, in IrcMessage message)
    {
        var aboutJoin = numeric is 405 or (>= 470 and <= 476) or 479 or 489 or 520 or 609 or 926;
        var aboutMessage = numeric is 404 or 408 or 442 or 716;
        if (!aboutMessage && _targets.Joining(message) is { } joining && (aboutJoin || !_outgoing.AwaitsBefore(joining)))
        {
            _targets.OnRefused(joining, message, _now);
        }
        else if (!aboutJoin)
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
