using Microsoft.Extensions.Logging;
using NotifyGateway.Core.Configuration;
using NotifyGateway.Core.Configuration.Changes;
using NotifyGateway.Core.Outbox;
using NotifyGateway.Core.Routing;

namespace NotifyGateway.Core.Sessions.Programs;

/// <summary>The sessions of this machine: one for each configured program, and that of the log, which always is there.</summary>
internal sealed class LocalSessions : IDisposable
{
    private readonly IOutbox _outbox;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly SecretMask _mask;

    // Whoever reloads changes it, doors look at it: a lock, as no loop owns it.
    private readonly Lock _lock = new();
    private readonly Dictionary<SessionKey, Entry> _entries = [];
    private GatewayOptions _options;
    private bool _stopping;

    public LocalSessions(GatewayOptions options, IOutbox outbox, TimeProvider time, ILogger logger)
    {
        _options = options;
        _outbox = outbox;
        _time = time;
        _logger = logger;
        _mask = new SecretMask(ConfiguredSecrets.Of(options));
        foreach (var (name, program) in options.Programs)
        {
            Add(LocalDestinations.Session(name), () => Program(name, program));
        }

        Add(LocalDestinations.LogSession, () => new LogDestination(logger));
    }

    /// <summary>How the programs stand. The log has no state to show.</summary>
    public IEnumerable<SessionStatus> Snapshot()
    {
        lock (_lock)
        {
            return [.. _entries.Where(e => e.Key != LocalDestinations.LogSession).Select(e => e.Value.Session.Status)];
        }
    }

    /// <inheritdoc cref="LocalSession.BusyFor"/>
    public TimeSpan BusyFor
    {
        get
        {
            lock (_lock)
            {
                return _entries.Values.Max(e => e.Session.BusyFor);
            }
        }
    }

    /// <inheritdoc cref="ILocalDestination.Preview"/>
    public IReadOnlyList<string>? Preview(SessionKey session, Notification notification, string lead)
    {
        lock (_lock)
        {
            return _entries.GetValueOrDefault(session)?.Session.Preview(notification, lead);
        }
    }

    public bool Owns(SessionKey session)
    {
        lock (_lock)
        {
            return _entries.ContainsKey(session);
        }
    }

    /// <summary>Ends when all have been stopped.</summary>
    public Task Running
    {
        get
        {
            lock (_lock)
            {
                return Task.WhenAll(_entries.Values.Select(e => e.Running));
            }
        }
    }

    public void Start()
    {
        lock (_lock)
        {
            foreach (var entry in _entries.Values)
            {
                entry.Running = RunAsync(entry);
            }
        }
    }

    /// <summary>
    /// Other programs, or other settings of theirs. What runs goes on to its end as it was begun; what waits is run as it is configured then.
    /// </summary>
    public void Change(GatewayOptions options)
    {
        _mask.Learn(ConfiguredSecrets.Of(options));
        lock (_lock)
        {
            if (_stopping)
            {
                return;
            }

            var before = _options;
            _options = options;
            try
            {
                Change(before, options);
            }
            catch
            {
                // Another call finds the same difference, and does all of it once more.
                _options = before;
                throw;
            }
        }
    }

    /// <inheritdoc cref="LocalSession.Stop"/>
    public void Stop(bool atOnce)
    {
        lock (_lock)
        {
            _stopping = true;
            foreach (var entry in _entries.Values)
            {
                entry.Session.Stop(atOnce);
            }
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            foreach (var entry in _entries.Values)
            {
                entry.Session.Dispose();
            }
        }
    }

    private void Change(GatewayOptions before, GatewayOptions options)
    {
        foreach (var name in before.Programs.Keys.Where(n => !Has(options, n)))
        {
            Replace(_entries[LocalDestinations.Session(name)], null);
        }

        foreach (var (name, program) in options.Programs)
        {
            var key = LocalDestinations.Session(name);
            if (!_entries.TryGetValue(key, out var entry))
            {
                entry = Add(key, () => Program(name, program));
                entry.Running = RunAsync(entry);
            }
            else if (!Has(before, name) || before.LateAfter != options.LateAfter || OptionDifference.Between(before.Programs[name], program).Count > 0)
            {
                Replace(entry, () => Program(name, program));
            }
        }

        if (before.LateAfter != options.LateAfter)
        {
            Replace(_entries[LocalDestinations.LogSession], () => new LogDestination(_logger));
        }
    }

    /// <summary>As it is spelled: that is what its part of the outbox is called.</summary>
    private static bool Has(GatewayOptions options, string name) => options.Programs.Keys.Contains(name, StringComparer.Ordinal);

    private ProgramDestination Program(string name, ProgramOptions program) => new(name, program, _mask, _time, _logger);

    private Entry Add(SessionKey key, Func<ILocalDestination> make) => _entries[key] = new Entry(new LocalSession(make(), _time, _logger, _options.LateAfter)) { Make = make };

    private static void Replace(Entry entry, Func<ILocalDestination>? make)
    {
        entry.Make = make;
        entry.Renewed = true;
        entry.Session.Stop(atOnce: false);
    }

    private async Task RunAsync(Entry entry)
    {
        while (true)
        {
            var session = entry.Session;
            await session.RunAsync(_outbox);
            lock (_lock)
            {
                if (_stopping || !entry.Renewed)
                {
                    return;
                }

                session.Dispose();
                entry.Renewed = false;
                if (entry.Make is not { } make)
                {
                    _entries.Remove(session.Key);
                    if (_outbox.Backlog().FirstOrDefault(b => b.Session == session.Key).Queued is > 0 and var queued)
                    {
                        _logger.Orphaned(session.Key, queued);
                    }

                    return;
                }

                entry.Session = new LocalSession(make(), _time, _logger, _options.LateAfter);
            }
        }
    }

    private sealed class Entry(LocalSession session)
    {
        public LocalSession Session { get; set; } = session;

        /// <summary>What the next one delivers to; null: it is configured no more.</summary>
        public Func<ILocalDestination>? Make { get; set; }

        /// <summary>Told to end because of other settings.</summary>
        public bool Renewed { get; set; }

        public Task Running { get; set; } = Task.CompletedTask;
    }
}
