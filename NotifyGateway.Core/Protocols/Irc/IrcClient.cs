using System.Buffers.Text;

namespace NotifyGateway.Core.Protocols.Irc;

/// <summary>One IRC connection as a state machine (RFC 1459, RFC 2812, modern practice). It only dispatches: each part has its own file.</summary>
public sealed class IrcClient : IProtocol
{
    private const int DefaultChannelLimit = 18;

    private readonly IrcState _state;
    private readonly IrcFramer _framer = new();
    private readonly IrcFramer.LineHandler _onLine;
    private readonly IrcRegistration _registration;
    private readonly IrcTargets _targets;
    private readonly IrcOutgoing _outgoing;
    private readonly IrcKeepalive _keepalive;
    private TimeSpan _now;
    private bool _ended;

    public IrcClient(IrcClientOptions options)
    {
        _state = new IrcState(options, Output);
        _onLine = OnLine;
        _registration = new IrcRegistration(_state);
        _targets = new IrcTargets(_state);
        _outgoing = new IrcOutgoing(_state, _targets);
        _keepalive = new IrcKeepalive(_state);
    }

    public ProtocolOutput Output { get; } = new();

    public string? Nick => _state.Nick;

    public int InFlight => _outgoing.Count;

    public bool CanSend => _state.Online && !_ended && _outgoing.CanSend;

    public TimeSpan WakeAt => Min(_state.Online ? _keepalive.WakeAt : _registration.Deadline, Min(_outgoing.WakeAt, _targets.WakeAt));

    public int LaneLimit(string address) =>
        !_targets.IsChannel(address) ? int.MaxValue : _state.Options.ChannelLimit ?? _state.Isupport.ChannelLimit(address[0]) ?? DefaultChannelLimit;

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
    }

    public void Tick(TimeSpan now)
    {
        _now = now;
        _registration.Tick(now);
        if (_state.Online)
        {
            _keepalive.Tick(now);
            _targets.Tick(now);
            _outgoing.Release(now);
        }
    }

    public void Enter(string lane, string address, TimeSpan now) => _targets.Enter(lane, address, now);

    public void Leave(string lane) => _targets.Leave(lane);

    public void Send(Delivery delivery, TimeSpan now) => _outgoing.Send(delivery, now);

    public void Flush(TimeSpan now) => _outgoing.Flush();

    public IReadOnlyList<Delivery> Abandon() => _outgoing.Abandon();

    public void Quit(string reason)
    {
        _ended = true;
        _state.Send("QUIT", reason);
    }

    private void OnLine(ReadOnlySpan<byte> line)
    {
        if (_ended || !IrcMessage.TryParse(line, out var message))
        {
            return;
        }

        if (message.Numeric is var numeric and > 0)
        {
            OnNumeric(numeric, message);
        }
        else if (message.Is("PONG"u8))
        {
            OnPong(message.Last);
        }
        else if (message.Is("PING"u8))
        {
            _state.Send("PONG", Token(message));
        }
        else
        {
            OnVerb(message);
        }
    }

    // A server may put anything into its PING: what cannot be echoed inside one line is dropped.
    private static string Token(in IrcMessage message) => message.Text(message.Count - 1).Replace("\0", "", StringComparison.Ordinal).Replace("\r", "", StringComparison.Ordinal);

    private void OnPong(ReadOnlySpan<byte> token)
    {
        if (Utf8Parser.TryParse(token, out long barrier, out var used) && used == token.Length)
        {
            _registration.OnPong(barrier);
            _outgoing.OnPong(barrier);
            _targets.OnPong(barrier);
        }
    }

    private void OnVerb(in IrcMessage message)
    {
        if (message.Is("JOIN"u8))
        {
            _targets.OnJoin(message, _now);
        }
        else if (message.Is("PART"u8))
        {
            _targets.OnGone(message.Text(0), IrcSource.Parse(message.Source).Nick, "the server made us leave");
        }
        else if (message.Is("KICK"u8))
        {
            _targets.OnGone(message.Text(0), message.Text(1), $"kicked by {IrcSource.Parse(message.Source).Nick}: {message.Text(2)}");
        }
        else if (message.Is("NICK"u8))
        {
            OnNick(message);
        }
        else if (message.Is("CAP"u8))
        {
            _registration.OnCap(message);
        }
        else if (message.Is("ERROR"u8))
        {
            End(message.Text(0), CloseKind.Lost);
        }
    }

    private void OnNick(in IrcMessage message)
    {
        if (_state.IsUs(IrcSource.Parse(message.Source).Nick))
        {
            _state.Nick = message.Text(0);
            _state.Raise(new ProtocolEvent.Renamed(_state.Nick));
        }
    }

    private void OnNumeric(int numeric, in IrcMessage message)
    {
        switch (numeric)
        {
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
                _state.Host = message.Text(1).Split('@')[^1];
                break;
            case 376 or 422:
                _registration.OnMotdEnd();
                break;
            case 464 or 465 when !_state.Online:
                End(IrcState.Reason(message), CloseKind.Refused);
                break;
            case 432 or 433 or 436 or 437 when _state.Nick is null:
                _registration.OnNickRefused(message);
                break;
            case >= 400 and < 600:
                OnError(message);
                break;
        }
    }

    private void OnError(in IrcMessage message)
    {
        if (!_targets.OnError(message, _now))
        {
            _outgoing.OnError(message, _now);
        }
    }

    /// <summary>302: <c>nick[*]=±user@host</c>, our own prefix as the server relays it.</summary>
    private void OnUserhost(in IrcMessage message)
    {
        var reply = message.Text(1).Trim();
        var equals = reply.IndexOf('=', StringComparison.Ordinal);
        var at = reply.LastIndexOf('@');
        if (equals > 0 && at > equals + 1 && _state.IsUs(reply[..equals].TrimEnd('*')))
        {
            _state.User = reply[(equals + 2)..at];
            _state.Host = reply[(at + 1)..];
        }
    }

    private void End(string reason, CloseKind kind)
    {
        _ended = true;
        _state.Raise(new ProtocolEvent.Ended(reason, kind));
    }

    private static TimeSpan Min(TimeSpan left, TimeSpan right) => left < right ? left : right;
}
