namespace NotifyGateway.Core.Sessions;

/// <summary>
/// Keeps attempts to connect to one server apart, over all sessions: many at once look like an attack. A server is a host and a port:
/// those that do not answer must not hold up others on the same machine.
/// </summary>
internal sealed class ConnectGate(TimeProvider time)
{
    // Shared by all sessions' links, each on its own task: a lock, as no loop owns it.
    private readonly Lock _lock = new();
    private readonly Dictionary<string, TimeSpan> _next = new(StringComparer.OrdinalIgnoreCase);
    private readonly long _start = time.GetTimestamp();

    /// <summary>Waits for this server's turn.</summary>
    public Task WaitAsync(string server, TimeSpan spacing, CancellationToken cancellationToken)
    {
        TimeSpan wait;
        lock (_lock)
        {
            var now = time.GetElapsedTime(_start);
            foreach (var (old, at) in _next)
            {
                if (at <= now)
                {
                    _next.Remove(old);
                }
            }

            var turn = _next.TryGetValue(server, out var next) ? next : now;
            _next[server] = turn + spacing;
            wait = turn - now;
        }

        return wait <= TimeSpan.Zero ? Task.CompletedTask : Task.Delay(wait, time, cancellationToken);
    }
}
