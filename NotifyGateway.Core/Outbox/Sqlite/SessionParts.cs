namespace NotifyGateway.Core.Outbox.Sqlite;

/// <summary>All sessions that something is known of.</summary>
/// <remarks>A lock, because doors, owners and the writer ask; nothing is called while it is held but a part's own lock.</remarks>
internal sealed class SessionParts(TimeProvider time, ISessionPartSource source)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<SessionKey, SessionPart> _parts = [];

    public SessionPart Get(SessionKey key)
    {
        lock (_gate)
        {
            return GetLocked(key);
        }
    }

    /// <exception cref="InvalidOperationException">The session has an owner.</exception>
    public SessionPart Attach(SessionKey key, Action available)
    {
        SessionPart part;
        lock (_gate)
        {
            part = GetLocked(key);
            part.Attach(available);
        }

        part.Signal();
        return part;
    }

    /// <summary>Forgets a session if nothing about it has to be kept. Only the writer may say so: it alone holds parts between calls.</summary>
    public void Prune(SessionPart part)
    {
        lock (_gate)
        {
            // Its owner's farewell may come when it is forgotten already, and another stands in its place.
            if (part.IsIdle && ReferenceEquals(_parts.GetValueOrDefault(part.Key), part))
            {
                _parts.Remove(part.Key);
            }
        }
    }

    public IReadOnlyList<SessionBacklog> Backlog()
    {
        SessionPart[] parts;
        lock (_gate)
        {
            parts = [.. _parts.Values];
        }

        return [.. parts.Select(p => p.Backlog()).OfType<SessionBacklog>()];
    }

    /// <summary>The session, without making one.</summary>
    public SessionPart? Find(SessionKey key)
    {
        lock (_gate)
        {
            return _parts.GetValueOrDefault(key);
        }
    }

    private SessionPart GetLocked(SessionKey key)
    {
        if (!_parts.TryGetValue(key, out var part))
        {
            part = _parts[key] = new SessionPart(key, time, source);
        }

        return part;
    }
}
