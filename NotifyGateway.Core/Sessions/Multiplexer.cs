using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using NotifyGateway.Core.Configuration;
using NotifyGateway.Core.Formatting;
using NotifyGateway.Core.Outbox;
using NotifyGateway.Core.Routing;
using NotifyGateway.Core.Sessions.Programs;
using NotifyGateway.Core.Sessions.Srv;

namespace NotifyGateway.Core.Sessions;

/// <summary>The one owner of all sessions: opens one for each configured network, account and program and, on demand, for servers named by a URL; every message to a server shares its connection.</summary>
public sealed partial class Multiplexer : IAsyncDisposable
{
    private static readonly TimeSpan RestartPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan PreviewTime = TimeSpan.FromSeconds(2);

    private readonly IOutbox _outbox;
    private readonly TimeProvider _time;
    private readonly ILogger<Multiplexer> _logger;
    private readonly ConnectGate _gate;
    private readonly TrafficLogs _traffic;
    private readonly XmppServers _servers;
    private readonly LocalSessions _local;
    private readonly SessionMeter? _meter;
    private readonly CancellationTokenSource _disposed = new();

    // Doors ask for sessions from many threads; a session's own state belongs to its loop.
    private readonly Lock _lock = new();
    private readonly Dictionary<SessionKey, Entry> _entries = [];
    private GatewayOptions _options;
    private bool _stopping;

    public Multiplexer(GatewayOptions options, IOutbox outbox, TimeProvider time, ILogger<Multiplexer> logger, SessionMeter? meter = null)
        : this(options, outbox, time, logger, new DnsClient(new ResolverFile(), time), meter)
    {
    }

    /// <param name="dns">Who tells where the servers of XMPP domains are.</param>
    internal Multiplexer(GatewayOptions options, IOutbox outbox, TimeProvider time, ILogger<Multiplexer> logger, DnsClient dns, SessionMeter? meter = null)
    {
        _options = options;
        _outbox = outbox;
        _time = time;
        _logger = logger;
        _gate = new ConnectGate(time);
        _traffic = new TrafficLogs(time, logger);
        _servers = new XmppServers(new SrvResolver(dns, time), Random.Shared);
        _local = new LocalSessions(options, outbox, time, logger);
        _meter = meter;
    }

    /// <inheritdoc cref="SessionSettings.Impatient"/>
    internal bool Impatient { get; init; }

    /// <summary>What other people read when the sessions are stopped: IRC's QUIT, and the reason in the log.</summary>
    internal string Goodbye { get; set; } = "gateway stopped";

    /// <summary>Opens every configured session and every one that the outbox has deliveries for.</summary>
    public void Start()
    {
        foreach (var (key, make) in Configured(_options))
        {
            Open(key, () => make(null));
        }

        _local.Start();
        foreach (var backlog in _outbox.Backlog())
        {
            if (backlog.Session.IsDynamic)
            {
                Restore(backlog);
            }
            else if (!_options.Irc.ContainsKey(backlog.Session.Value) && !_options.Xmpp.ContainsKey(backlog.Session.Value) && !_local.Owns(backlog.Session))
            {
                _logger.Orphaned(backlog.Session, backlog.Queued);
            }
        }
    }

    /// <summary>Lets each session settle what is in flight, at most until the token is cancelled, then says goodbye and closes.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        List<Entry> entries;
        lock (_lock)
        {
            _stopping = true;
            entries = [.. _entries.Values];
        }

        Stop(entries, atOnce: false);
        await using (cancellationToken.Register(() => Stop(entries, atOnce: true)))
        {
            await Task.WhenAll(entries.Select(e => e.Running).Append(_local.Running));
        }
    }

    /// <summary>Makes sure that a session on demand exists before anything is queued for it.</summary>
    /// <returns>Null, or why there can be none (too many sessions, or a password would go over the network in clear).</returns>
    public string? Ensure(SessionKey session)
    {
        lock (_lock)
        {
            if (_entries.ContainsKey(session))
            {
                return null;
            }

            if (_stopping)
            {
                return "the gateway is stopping";
            }

            if (DynamicServer.Parse(session).PlaintextFault(_options.Dynamic) is { } fault)
            {
                return fault;
            }

            var limit = _options.Dynamic.MaxSessions;
            if (_entries.Values.Count(e => e is { OnDemand: true, Leaving: false }) >= limit && !MakeRoom())
            {
                return string.Create(CultureInfo.InvariantCulture, $"{limit} sessions on demand are open, and all have messages to deliver");
            }

            OpenOnDemand(session, restored: false);
            return null;
        }
    }

    /// <summary>All sessions, by name.</summary>
    public IReadOnlyList<SessionStatus> Snapshot()
    {
        lock (_lock)
        {
            return [.. _entries.Values.Select(e => e.Session.Status).Concat(_local.Snapshot()).OrderBy(s => s.Name, StringComparer.Ordinal)];
        }
    }

    /// <summary>For how long the session that has been at it for longest handles what came last; zero while all wait. A loop that hangs shows here. Any thread.</summary>
    public TimeSpan BusyFor
    {
        get
        {
            lock (_lock)
            {
                return _entries.Values.Select(e => e.Session.BusyFor).Append(_local.BusyFor).Max();
            }
        }
    }

    /// <summary>Connects a session anew, at once. False when there is none of that name.</summary>
    public bool Reconnect(string name)
    {
        lock (_lock)
        {
            var named = _entries.Values.Where(e => string.Equals(e.Session.Key.Name, name, StringComparison.OrdinalIgnoreCase)).ToList();
            named.ForEach(e => e.Session.PostAside(new SessionEvent.Reconnect()));
            return named.Count > 0;
        }
    }

    /// <summary>How a message is written for one of its destinations: by the rules of the session's connection, or of its settings while there is none. Sends nothing.</summary>
    /// <param name="notification">The message.</param>
    /// <param name="destination">Where it goes.</param>
    /// <param name="ended">When its delivery ended: what was late then begins with its age. Null: it has not, and its age is that of this moment.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Null when there is no such session, or it does not answer in time.</returns>
    public async ValueTask<MessagePreview?> PreviewAsync(Notification notification, Destination destination, DateTimeOffset? ended, CancellationToken cancellationToken)
    {
        var lead = LateText.Lead((ended ?? _time.GetUtcNow()) - notification.AcceptedAt, _options.LateAfter);
        if (_local.Preview(destination.Session, notification, lead) is { } local)
        {
            return new MessagePreview(local, Connected: true);
        }

        var question = new SessionEvent.Preview(notification, destination.Address, lead);
        lock (_lock)
        {
            if (!_entries.TryGetValue(destination.Session, out var entry))
            {
                return null;
            }

            entry.Session.PostAside(question);
        }

        try
        {
            return await question.Answered.WaitAsync(PreviewTime, _time, cancellationToken);
        }
        catch (TimeoutException)
        {
            // It has ended, or is busy: the question is not worth more.
            return null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        using var atOnce = new CancellationTokenSource();
        await atOnce.CancelAsync();
        await _disposed.CancelAsync();
        await StopAsync(atOnce.Token);
        await _traffic.DisposeAsync();
        _local.Dispose();
        _disposed.Dispose();
    }

    /// <summary>Serves what an earlier run has left, unless that run could log in where this one must not.</summary>
    private void Restore(SessionBacklog backlog)
    {
        try
        {
            if (DynamicServer.Parse(backlog.Session).PlaintextFault(_options.Dynamic) is { } fault)
            {
                _logger.NotRestored(backlog.Session, backlog.Queued, fault);
            }
            else
            {
                OpenOnDemand(backlog.Session, restored: true);
            }
        }
        catch (FormatException damaged)
        {
            // What stands in the outbox is no server any more. It must not keep all the others from their sessions.
            _logger.NotRestored(backlog.Session, backlog.Queued, damaged.Message);
        }
    }

    private void OpenOnDemand(SessionKey key, bool restored) =>
        Open(key, () => IrcSessions.OnDemand(key, _options.Dynamic, _options.PublicUrl, restored, RandomNumberGenerator.GetInt32(1, 900)));

    private void Open(SessionKey key, Func<SessionSettings> settings)
    {
        lock (_lock)
        {
            if (!_entries.ContainsKey(key))
            {
                var entry = new Entry(NewSession(settings()), key.IsDynamic) { Settings = settings };
                _entries[key] = entry;
                entry.Running = RunAsync(entry);
            }
        }
    }

    private Session NewSession(SessionSettings settings) => new(Equipped(settings), _gate, _traffic, _time, _logger);

    /// <summary>What every session is given besides its own.</summary>
    private SessionSettings Equipped(SessionSettings settings) => settings with { Impatient = Impatient, Meter = _meter, LateAfter = _options.LateAfter };

    /// <summary>Runs a session to its end. A bug in its loop costs this session a pause, and no other anything.</summary>
    private async Task RunAsync(Entry entry)
    {
        var key = entry.Session.Key;
        while (true)
        {
            try
            {
                // Whoever asked for the session holds the lock: nothing of it runs on that thread.
                await Task.Yield();
                using var session = entry.Session;
                await session.RunAsync(_outbox, _disposed.Token);
                if (!Renew(key))
                {
                    return;
                }
            }
            catch (OperationCanceledException) when (_disposed.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                _logger.LoopFailed(e, key, RestartPause);
                if (_stopping)
                {
                    return;
                }

                await Task.Delay(RestartPause, _time, CancellationToken.None);
            }

            lock (_lock)
            {
                if (_stopping || (entry.Removed && !Renew(key)))
                {
                    return;
                }

                entry.Session = NewSession(entry.Settings());
                entry.Leaving = false;
            }
        }
    }

    /// <summary>A session has ended. True when it is to begin anew: its settings have changed, or it was made on demand and something was queued for it in the meantime.</summary>
    private bool Renew(SessionKey key)
    {
        lock (_lock)
        {
            var entry = _entries[key];
            var queued = _outbox.Backlog().FirstOrDefault(b => b.Session == key).Queued;
            var wanted = !_stopping && (entry.OnDemand ? queued > 0 : !entry.Removed);
            if (!wanted)
            {
                _entries.Remove(key);
            }

            if (entry.Removed && queued > 0)
            {
                _logger.Orphaned(key, queued);
            }

            return wanted;
        }
    }

    /// <summary>Ends the session on demand that is idle for longest and has nothing queued. False when there is none.</summary>
    private bool MakeRoom()
    {
        var idle = _entries.Values.Where(e => e is { OnDemand: true, Leaving: false, Session.HasNothingQueued: true }).MaxBy(e => e.Session.IdleFor);
        if (idle is null)
        {
            return false;
        }

        idle.Leaving = true;
        idle.Session.PostAside(new SessionEvent.Stop(AtOnce: true, "makes room for another") { Goodbye = "idle" });
        return true;
    }

    private void Stop(List<Entry> entries, bool atOnce)
    {
        entries.ForEach(e => e.Session.Post(new SessionEvent.Stop(atOnce, Goodbye) { Goodbye = Goodbye }));
        _local.Stop(atOnce);
    }

    private sealed class Entry(Session session, bool onDemand)
    {
        public Session Session { get; set; } = session;

        public bool OnDemand { get; } = onDemand;

        /// <summary>What the next one is made with.</summary>
        public required Func<SessionSettings> Settings { get; set; }

        /// <summary>Told to end, as it is configured no more.</summary>
        public bool Removed { get; set; }

        /// <summary>Told to end, to make room.</summary>
        public bool Leaving { get; set; }

        public Task Running { get; set; } = Task.CompletedTask;
    }
}
