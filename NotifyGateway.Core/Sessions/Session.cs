using System.Buffers;
using System.Globalization;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using NotifyGateway.Core.Outbox;
using NotifyGateway.Core.Protocols;

namespace NotifyGateway.Core.Sessions;

/// <summary>
/// The owner of one account on one server: its loop alone touches the protocol state, the lanes and the writing of its links.
/// Everything else posts events to it.
/// </summary>
internal sealed class Session : IDisposable
{
    private static readonly TimeSpan ProvenAfter = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan GoodbyeTime = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan OnDemandCheck = TimeSpan.FromSeconds(30);

    private readonly SessionSettings _settings;
    private readonly ConnectGate _gate;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Channel<SessionEvent> _mailbox = Channel.CreateUnbounded<SessionEvent>(new UnboundedChannelOptions { SingleReader = true });
    private readonly List<Link> _links = [];
    private readonly List<Task> _running = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly long _origin;
    private readonly ITimer _timer;
    private Lanes _lanes = null!;
    private IOutboxReader _reader = null!;
    private TimeSpan _armed = TimeSpan.MaxValue;
    private TimeSpan _checkAt;
    private bool _seen;
    private bool _stopping;
    private TimeSpan _goodbyeUntil = TimeSpan.MaxValue;
    private SessionState _state = SessionState.Connecting;
    private DateTimeOffset _since;
    private DateTimeOffset? _nextAttemptAt;
    private string? _lastError;
    private volatile SessionStatus _status;

    public Session(SessionSettings settings, ConnectGate gate, TimeProvider time, ILogger logger)
    {
        _settings = settings;
        _gate = gate;
        _time = time;
        _logger = logger;
        _origin = time.GetTimestamp();
        _since = time.GetUtcNow();
        _timer = time.CreateTimer(_ => Post(new SessionEvent.Tick()), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _status = Describe();
    }

    public SessionKey Key => _settings.Key;

    public SessionStatus Status => _status with { Queued = _reader?.Depth ?? 0 };

    /// <summary>How long the session has been without a message. May be read from any thread.</summary>
    public TimeSpan IdleFor => Now - (_lanes?.LastUsed ?? TimeSpan.Zero);

    private TimeSpan Now => _time.GetElapsedTime(_origin);

    /// <summary>Puts an event into the mailbox. May be called from any thread.</summary>
    public void Post(SessionEvent happened) => _mailbox.Writer.TryWrite(happened);

    /// <summary>Lives until stopped, or until a session on demand has nothing more to do. Ends with every connection closed and the outbox's part released.</summary>
    public async Task RunAsync(IOutbox outbox, CancellationToken cancellationToken)
    {
        _reader = await outbox.OpenAsync(Key, () => Post(new SessionEvent.Available()), cancellationToken);
        await using (_reader)
        {
            _lanes = new Lanes(_settings, _reader, _links, AddLink, _logger);
            _lanes.AddStanding(Now);
            _checkAt = _settings.OnDemand is null ? TimeSpan.MaxValue : Min(OnDemandCheck, _settings.OnDemand.NeverSeenAfter ?? OnDemandCheck);
            AddLink();
            Post(new SessionEvent.Available());
            try
            {
                await LoopAsync();
            }
            finally
            {
                await _stop.CancelAsync();
                await DrainLinksAsync();
            }
        }
    }

    public void Dispose()
    {
        _timer.Dispose();
        _stop.Dispose();
    }

    private async Task LoopAsync()
    {
        while (!(_stopping && _running.TrueForAll(t => t.IsCompleted)))
        {
            await _mailbox.Reader.WaitToReadAsync();
            var now = Now;
            while (_mailbox.Reader.TryRead(out var happened))
            {
                Handle(happened, now);
            }

            Advance(now);
        }
    }

    /// <summary>The links' tasks end only when their last words were heard.</summary>
    private async Task DrainLinksAsync()
    {
        var ended = Task.WhenAll(_running);
        while (!ended.IsCompleted)
        {
            await Task.WhenAny(ended, _mailbox.Reader.WaitToReadAsync().AsTask());
            while (_mailbox.Reader.TryRead(out var happened))
            {
                Handle(happened, Now);
            }
        }

        await ended;
    }

    private void Handle(SessionEvent happened, TimeSpan now)
    {
        switch (happened)
        {
            case SessionEvent.Available:
                _lanes.Collect(now);
                break;
            case SessionEvent.Received received:
                OnReceived(received, now);
                break;
            case SessionEvent.Tick:
                _armed = TimeSpan.MaxValue;
                break;
            case SessionEvent.Connecting connecting:
                _logger.Connecting(Key, Server);
                Become(_links.Exists(l => l.Online) ? SessionState.Online : SessionState.Connecting, null);
                break;
            case SessionEvent.Connected connected:
                OnConnected(connected.Link, now);
                break;
            case SessionEvent.Down down:
                OnDown(down, now);
                break;
            case SessionEvent.Waiting waiting:
                OnWaiting(waiting);
                break;
            case SessionEvent.Reconnect:
                _links.ForEach(l => l.ConnectNow());
                break;
            case SessionEvent.Stop stop:
                OnStop(stop, now);
                break;
        }
    }

    private void OnReceived(SessionEvent.Received received, TimeSpan now)
    {
        if (received.Link.Protocol is { } protocol)
        {
            protocol.Feed(received.Buffer.AsSpan(0, received.Count), now);
            Drain(received.Link, now);
        }

        ArrayPool<byte>.Shared.Return(received.Buffer);
        received.Done();
    }

    private void OnConnected(Link link, TimeSpan now)
    {
        link.Protocol = _settings.CreateProtocol(link.Number);
        link.ConnectedAt = now;
        link.Proven = false;
        link.Verdict = null;
        _seen = true;
        link.Protocol.Start(now);
    }

    private void OnDown(SessionEvent.Down down, TimeSpan now)
    {
        var link = down.Link;
        var reason = link.Verdict?.Reason ?? down.Reason;
        var proven = link.Proven || (link.Online && now - link.ConnectedAt >= ProvenAfter);
        if (link.Protocol is { } protocol)
        {
            link.Online = false;
            link.Protocol = null;
            _lanes.OnDown(link, protocol.Abandon(), now);
        }

        if (!_stopping)
        {
            _logger.Ended(Key, link.Number, reason);
            _lastError = reason;
            if (!_links.Exists(l => l.Online))
            {
                _reader.Explain(null, reason);
                Become(SessionState.Waiting, null);
            }
        }

        down.Answer(new LinkEnd(reason, link.Verdict?.Kind ?? CloseKind.Lost, proven));
    }

    private void OnWaiting(SessionEvent.Waiting waiting)
    {
        if (_stopping)
        {
            return;
        }

        if (waiting.End.Kind == CloseKind.Refused)
        {
            _logger.Faulted(Key, waiting.End.Reason, waiting.Delay);
        }
        else
        {
            _logger.Waiting(Key, waiting.Link.Number, waiting.Delay);
        }

        if (!_links.Exists(l => l.Online))
        {
            Become(waiting.End.Kind == CloseKind.Refused ? SessionState.Faulted : SessionState.Waiting, _time.GetUtcNow() + waiting.Delay);
        }
    }

    private void OnStop(SessionEvent.Stop stop, TimeSpan now)
    {
        if (!_stopping)
        {
            _stopping = true;
            _logger.Closed(Key, stop.Reason);
        }

        if (stop.AtOnce)
        {
            SayGoodbye(now);
        }
    }

    /// <summary>QUIT on every link; the server has a second to close, then we do.</summary>
    private void SayGoodbye(TimeSpan now)
    {
        if (_goodbyeUntil != TimeSpan.MaxValue)
        {
            return;
        }

        _goodbyeUntil = now + GoodbyeTime;
        foreach (var link in _links)
        {
            link.Protocol?.Quit("gateway stopped");
            link.Flush();
        }

        if (_links.TrueForAll(l => l.Protocol is null))
        {
            _stop.Cancel();
        }
    }

    /// <summary>After the events: time, sending, writing, and when to look again.</summary>
    private void Advance(TimeSpan now)
    {
        foreach (var link in _links)
        {
            if (link.Protocol is { } protocol && protocol.WakeAt <= now)
            {
                protocol.Tick(now);
                Drain(link, now);
            }
        }

        _lanes.Tick(now);
        if (_stopping)
        {
            Wind(now);
        }
        else
        {
            CheckOnDemand(now);
            Send(now);
        }

        var next = Min(_lanes.WakeAt, Min(_checkAt, _goodbyeUntil));
        foreach (var link in _links)
        {
            Drain(link, now);
            link.Flush();
            next = Min(next, link.Protocol?.WakeAt ?? TimeSpan.MaxValue);
        }

        Arm(next, now);
        if (_lanes.Changed)
        {
            _lanes.Changed = false;
            _status = Describe();
        }
    }

    private void Send(TimeSpan now)
    {
        foreach (var link in _links)
        {
            if (link.Online && link.Protocol is not null)
            {
                _lanes.Pump(link, now);
            }
        }
    }

    /// <summary>Stopping: goodbye as soon as nothing is in flight; after the goodbye's time the links are cut.</summary>
    private void Wind(TimeSpan now)
    {
        if (_links.TrueForAll(l => (l.Protocol?.InFlight ?? 0) == 0))
        {
            SayGoodbye(now);
        }

        if (now >= _goodbyeUntil || _links.TrueForAll(l => l.Protocol is null))
        {
            _goodbyeUntil = now >= _goodbyeUntil ? TimeSpan.MaxValue - TimeSpan.FromTicks(1) : _goodbyeUntil;
            _stop.Cancel();
        }
    }

    private void Drain(Link link, TimeSpan now)
    {
        if (link.Protocol?.Output is not { } output)
        {
            return;
        }

        foreach (var (delivery, outcome) in output.Settled)
        {
            link.Proven |= outcome.Proof != Proof.None;
            _lanes.OnSettled(delivery, outcome);
        }

        output.Settled.Clear();
        for (var i = 0; i < output.Events.Count; i++)
        {
            OnProtocol(link, output.Events[i], now);
        }

        output.Events.Clear();
    }

    private void OnProtocol(Link link, ProtocolEvent happened, TimeSpan now)
    {
        switch (happened)
        {
            case ProtocolEvent.Ready ready:
                link.Online = true;
                _logger.Online(Key, ready.Nick, link.Number);
                _lastError = null;
                _reader.Explain(null, null);
                Become(SessionState.Online, null);
                _lanes.OnOnline(now);
                break;
            case ProtocolEvent.Renamed:
                _lanes.Changed = true;
                break;
            case ProtocolEvent.Ended ended:
                link.Verdict ??= ended;
                link.Flush();
                link.Abort();
                break;
            default:
                _lanes.OnEvent(link, happened, now);
                break;
        }
    }

    private void CheckOnDemand(TimeSpan now)
    {
        if (_settings.OnDemand is not { } onDemand || now < _checkAt)
        {
            return;
        }

        _checkAt = now + OnDemandCheck;
        if (!_seen && onDemand.NeverSeenAfter is { } patience && now >= patience)
        {
            var reason = _lastError ?? "no connection";
            _logger.NeverSeen(Key, reason, _lanes.FailAll($"the server was never reached: {reason}"));
            Post(new SessionEvent.Stop(AtOnce: true, "never reached"));
        }
        else if (_reader.Depth == 0 && now - _lanes.LastUsed >= onDemand.IdleAfter)
        {
            Post(new SessionEvent.Stop(AtOnce: true, string.Create(CultureInfo.InvariantCulture, $"idle for {onDemand.IdleAfter}")));
        }
    }

    private Link AddLink()
    {
        var link = new Link(this, _links.Count + 1, _settings.Link, _gate, _time);
        _links.Add(link);
        _running.Add(link.RunAsync(_stop.Token));
        return link;
    }

    private void Arm(TimeSpan next, TimeSpan now)
    {
        if (next >= _armed || next == TimeSpan.MaxValue)
        {
            return;
        }

        _armed = next;
        var due = next - now;
        _timer.Change(due > TimeSpan.Zero ? due + TimeSpan.FromMilliseconds(1) : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    private void Become(SessionState state, DateTimeOffset? nextAttemptAt)
    {
        if (state != _state)
        {
            _state = state;
            _since = _time.GetUtcNow();
        }

        _nextAttemptAt = nextAttemptAt;
        _lanes.Changed = true;
    }

    private string Server => string.Create(CultureInfo.InvariantCulture, $"{_settings.Link.Host}:{_settings.Link.Port}");

    private SessionStatus Describe()
    {
        var channels = _lanes is null ? [] : _lanes.All
            .Where(l => l.Label.Length > 0 && l.Label[0] is '#' or '&' or '+' or '!')
            .Select(l => new ChannelStatus(l.Label, l.State switch
            {
                LaneState.Open => ChannelState.Joined,
                LaneState.Parked or LaneState.Rejected => ChannelState.Parked,
                _ => ChannelState.Joining,
            }, l.Reason))
            .OrderBy(c => c.Name, StringComparer.Ordinal).ToList();
        var nick = _links.Count > 0 ? _links[0].Protocol?.Nick : null;
        return new SessionStatus(Key.Name, _settings.Protocol, _state, nick, Server, _since, channels, 0, _lastError, _nextAttemptAt);
    }

    private static TimeSpan Min(TimeSpan left, TimeSpan right) => left < right ? left : right;
}
