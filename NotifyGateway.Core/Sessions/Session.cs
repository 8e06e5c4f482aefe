using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using NotifyGateway.Core.Outbox;
using NotifyGateway.Core.Protocols;

namespace NotifyGateway.Core.Sessions;

/// <summary>
/// The owner of one account on one server: its loop alone touches the protocol state, the lanes and the writing of its links.
/// Everything else posts events to it.
/// </summary>
internal sealed partial class Session : IDisposable
{
    private static readonly TimeSpan ProvenAfter = TimeSpan.FromMinutes(1);

    private static readonly SessionEvent Available = new SessionEvent.Available();

    private SessionSettings _settings;
    private readonly ConnectGate _gate;
    private readonly TrafficLogs _traffic;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    // The loop goes on on the thread that brings the event: handing each over to another one would cost more than most events do.
    private readonly Channel<SessionEvent> _mailbox =
        Channel.CreateUnbounded<SessionEvent>(new UnboundedChannelOptions { SingleReader = true, AllowSynchronousContinuations = true });

    private readonly List<Link> _links = [];
    private readonly List<Task> _running = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly long _origin;
    private readonly Alarm _alarm;
    private Lanes _lanes = null!;
    private IOutboxReader _reader = null!;
    private readonly Departure _departure;
    private readonly SessionReport _report;
    private readonly OnDemandLife _life;
    private readonly BusyTime _busy;

    public Session(SessionSettings settings, ConnectGate gate, TrafficLogs traffic, TimeProvider time, ILogger logger)
    {
        _settings = settings;
        _gate = gate;
        _traffic = traffic;
        _time = time;
        _logger = logger;
        _origin = time.GetTimestamp();
        _busy = new BusyTime(time);
        _alarm = new Alarm(time, () => Post(new SessionEvent.Tick()));
        _report = new SessionReport(settings, time);
        _life = new OnDemandLife(settings.OnDemand);
        _departure = new Departure(_links);
    }

    public SessionKey Key => _settings.Key;

    /// <inheritdoc cref="SessionSettings.Kept"/>
    public object? Kept => _settings.Kept;

    public SessionStatus Status => _report.Published with { Queued = _reader?.Depth ?? 0 };

    /// <summary>False also before the session has begun: it was made for a message. May be read from any thread.</summary>
    public bool HasNothingQueued => _reader is { Depth: 0 };

    /// <summary>How long the session has been without a message. May be read from any thread.</summary>
    public TimeSpan IdleFor => Now - (_lanes?.LastUsed ?? TimeSpan.Zero);

    /// <summary>For how long the loop handles what came last; zero while it waits. May be read from any thread.</summary>
    public TimeSpan BusyFor => _busy.For;

    private TimeSpan Now => _time.GetElapsedTime(_origin);

    /// <summary>Puts an event into the mailbox, for a caller that must not run the loop itself: it has others to serve, or holds a lock.</summary>
    public void PostAside(SessionEvent happened) =>
        ThreadPool.UnsafeQueueUserWorkItem(static what => what.Session.Post(what.Event), (Session: this, Event: happened), preferLocal: false);

    /// <summary>Puts an event into the mailbox; the loop may go on on the caller's thread. May be called from any thread.</summary>
    public void Post(SessionEvent happened) => _mailbox.Writer.TryWrite(happened);

    /// <summary>Lives until stopped, or until a session on demand has nothing more to do. Ends with every connection closed and the outbox's part released.</summary>
    public async Task RunAsync(IOutbox outbox, CancellationToken cancellationToken)
    {
        _reader = await outbox.OpenAsync(Key, () => PostAside(Available), cancellationToken);
        await using (_reader)
        {
            var folds = new Folds(_settings, _reader, _time, new FoldStore(outbox, Post, _running, _stop.Token).Store, _logger);
            _lanes = new Lanes(_settings, _reader, _links, AddLink, folds, _logger);
            _lanes.AddStanding(Now);
            AddLink();
            Post(Available);
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
        _alarm.Dispose();
        _stop.Dispose();
    }

    private async Task LoopAsync()
    {
        Action turn = Turn;
        while (!_departure.Over)
        {
            await _mailbox.Reader.WaitToReadAsync();
            _busy.During(turn);
        }
    }

    private void Turn()
    {
        var now = Now;
        while (_mailbox.Reader.TryRead(out var happened))
        {
            Handle(happened, now);
        }

        Advance(now);
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
                _alarm.OnRung();
                break;
            case SessionEvent.Connecting connecting:
                _logger.Connecting(Key, _settings.Link.Server);
                _report.Become(_links.Exists(l => l.Online) ? SessionState.Online : SessionState.Connecting, null);
                break;
            case SessionEvent.Connected connected:
                OnConnected(connected, now);
                break;
            case SessionEvent.Secured secured:
                OnSecured(secured, now);
                break;
            case SessionEvent.Down down:
                OnDown(down, now);
                break;
            case SessionEvent.Waiting waiting:
                OnWaiting(waiting);
                break;
            case SessionEvent.FoldStored stored:
                _lanes.OnStored(stored.Fold, stored.Success, now);
                break;
            case SessionEvent.Reconnect:
                _links.ForEach(Renew);
                break;
            case SessionEvent.Preview preview:
                OnPreview(preview);
                break;
            case SessionEvent.Changed changed:
                OnChanged(changed.Settings, now);
                break;
            case SessionEvent.Stop stop:
                OnStop(stop, now);
                break;
            case SessionEvent.Crashed crashed:
                throw new InvalidOperationException("A link failed unexpectedly.", crashed.Exception);
        }
    }

    /// <summary>Connections stay, and learn what is different.</summary>
    private void OnChanged(SessionSettings settings, TimeSpan now)
    {
        // What is masked in traffic stays known: the logs of connections that stand look it up there, and learn on.
        _settings = settings with { Link = settings.Link with { Traffic = _settings.Link.Traffic } };
        _report.Change(_settings);
        foreach (var link in _links)
        {
            link.Change(_settings.Link);
            if (link.Protocol is { } protocol)
            {
                _settings.ChangeProtocol(link.Number, protocol, now);
            }
        }

        _lanes.Change(_settings, now);
        _logger.Changed(Key);
    }

    private void OnStop(SessionEvent.Stop stop, TimeSpan now)
    {
        if (!_departure.Begun)
        {
            _logger.Closed(Key, stop.Reason);
        }

        _departure.Begin(stop, now);
    }

    /// <summary>After the events: time, sending, writing, and when to look again.</summary>
    private void Advance(TimeSpan now)
    {
        foreach (var link in _links)
        {
            if (link.Protocol is { } protocol && protocol.WakeAt <= now)
            {
                protocol.Tick(now);
            }
        }

        _lanes.Tick(now);
        do
        {
            _links.ForEach(l => Drain(l, now));
            Pump(now);
        }
        while (_links.Exists(l => l.Protocol is { Output: { Events.Count: > 0 } or { Settled.Count: > 0 } }));

        if (_life.Check(now, _reader.Depth, _lanes.LastUsed, () => GiveUp(now)) is { } end)
        {
            OnStop(new SessionEvent.Stop(AtOnce: true, end), now);
        }

        _departure.Advance(now);
        var next = Min(_lanes.WakeAt, Min(_life.WakeAt, _departure.WakeAt));
        foreach (var link in _links)
        {
            link.Flush();
            next = Min(next, link.Protocol?.WakeAt ?? TimeSpan.MaxValue);
        }

        _alarm.SetAt(next, now);
        if (_lanes.Changed || _report.Changed)
        {
            _lanes.Changed = false;
            _report.Publish(_links[0].Protocol?.Nick, _lanes.All);
        }
    }

    private void Pump(TimeSpan now)
    {
        foreach (var link in _links)
        {
            if (link.Online && !_departure.Begun)
            {
                _lanes.Pump(link, now);
            }
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
            _lanes.OnSettled(delivery, outcome, now);
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
                link.Moves = 0;
                CountLogin(link);
                _logger.Online(Key, ready.Nick, link.Number);
                _report.LastError = null;
                _reader.Explain(null, null);
                _report.Become(SessionState.Online, null);
                _lanes.OnOnline(now);
                break;
            case ProtocolEvent.Unauthenticated without:
                _logger.Unauthenticated(Key, link.Number, without.Reason);
                break;
            case ProtocolEvent.Renamed:
                _report.Changed = true;
                break;
            case ProtocolEvent.Secure:
                link.WantsTls = true;
                break;
            case ProtocolEvent.Unbound unbound:
                _logger.Unbound(Key, link.Number, unbound.Reason);
                break;
            case ProtocolEvent.Moved moved:
                OnMoved(link, moved.Address);
                break;
            case ProtocolEvent.Bounced bounced:
                _logger.Bounced(Key, DeliveryId.Format(bounced.Message, bounced.Ordinal), bounced.From, bounced.Reason);
                _lanes.OnBounced(bounced);
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

    private void CountLogin(Link link)
    {
        if (link.WasOnline)
        {
            _settings.Meter?.Reconnected(Key);
        }

        link.WasOnline = true;
    }

    private void GiveUp(TimeSpan now)
    {
        var reason = $"the server was never reached: {_report.LastError ?? "no connection"}";
        if (_lanes.Hopeless is null)
        {
            _logger.NeverSeen(Key, reason, _reader.Depth);
        }

        _lanes.GiveUp(reason, now);
    }

    private Link AddLink()
    {
        var link = new Link(this, _links.Count + 1, _settings.Link, _gate, _traffic, _time);
        _links.Add(link);
        _running.Add(link.RunAsync(_stop.Token));
        return link;
    }

    private static TimeSpan Min(TimeSpan left, TimeSpan right) => left < right ? left : right;
}
