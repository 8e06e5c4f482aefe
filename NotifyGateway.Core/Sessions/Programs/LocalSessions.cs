using Microsoft.Extensions.Logging;
using NotifyGateway.Core.Configuration;
using NotifyGateway.Core.Outbox;

namespace NotifyGateway.Core.Sessions.Programs;

/// <summary>The sessions of this machine: one for each configured program, and that of the log, which always is there.</summary>
internal sealed class LocalSessions : IDisposable
{
    private readonly IOutbox _outbox;
    private readonly LocalSession[] _programs;
    private readonly LocalSession _log;

    public LocalSessions(GatewayOptions options, IOutbox outbox, TimeProvider time, ILogger logger)
    {
        _outbox = outbox;
        var mask = new SecretMask(ConfiguredSecrets.Of(options));
        _programs = [.. options.Programs.Select(p => new LocalSession(new ProgramDestination(p.Key, p.Value, mask, time, logger), time, logger, options.LateAfter))];
        _log = new LocalSession(new LogDestination(logger), time, logger, options.LateAfter);
    }

    /// <summary>How the programs stand. The log has no state to show.</summary>
    public IEnumerable<SessionStatus> Snapshot() => _programs.Select(p => p.Status);

    /// <inheritdoc cref="LocalSession.BusyFor"/>
    public TimeSpan BusyFor => All.Max(s => s.BusyFor);

    /// <inheritdoc cref="ILocalDestination.Preview"/>
    public IReadOnlyList<string>? Preview(SessionKey session, Notification notification) => Array.Find(All, s => s.Key == session)?.Preview(notification);

    public bool Owns(SessionKey session) => Array.Exists(All, s => s.Key == session);

    /// <summary>Ends when all have been stopped.</summary>
    public Task Running { get; private set; } = Task.CompletedTask;

    public void Start() => Running = Task.WhenAll(All.Select(s => s.RunAsync(_outbox)));

    /// <inheritdoc cref="LocalSession.Stop"/>
    public void Stop(bool atOnce) => Array.ForEach(All, s => s.Stop(atOnce));

    public void Dispose() => Array.ForEach(All, s => s.Dispose());

    private LocalSession[] All => [.. _programs, _log];
}
