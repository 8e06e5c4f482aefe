using NotifyGateway.Core;
using NotifyGateway.Core.Outbox;
using NotifyGateway.Core.Sessions;

namespace NotifyGateway.Api.Http;

/// <summary>What the doors see of the sessions: their state, what waits for them, and the one command they take.</summary>
/// <param name="Snapshot">All sessions, by name.</param>
/// <param name="Reconnect">Connects the named one anew; false when there is none.</param>
internal sealed record SessionBoard(Func<IReadOnlyList<SessionStatus>> Snapshot, Func<string, bool> Reconnect)
{
    /// <summary>What waits, by session.</summary>
    public Func<IReadOnlyList<SessionBacklog>> Backlog { get; init; } = static () => [];

    /// <summary>How a message is written for a destination (see <see cref="Multiplexer.PreviewAsync"/>); null: nobody knows.</summary>
    public Func<Notification, Destination, DateTimeOffset?, CancellationToken, ValueTask<MessagePreview?>> Preview { get; init; } = static (_, _, _, _) => default;

    public static SessionBoard Of(Multiplexer sessions, IOutbox outbox) => new(sessions.Snapshot, sessions.Reconnect) { Backlog = outbox.Backlog, Preview = sessions.PreviewAsync };

    /// <summary>
    /// What waits and nobody delivers: its network, account or program has been taken out of the configuration, or may not be connected to any more. It goes out if the name
    /// returns, else it expires.
    /// </summary>
    public IEnumerable<SessionBacklog> Unserved()
    {
        var served = Snapshot().Select(s => s.Name).ToHashSet(StringComparer.Ordinal);
        return Backlog().Where(b => b.Queued > 0 && !b.Session.IsLog && !served.Contains(b.Session.Name));
    }

    /// <summary>Whether this is a session without a connection: a program's, or that of the log.</summary>
    public bool IsLocal(string name) => new SessionKey(name.ToLowerInvariant()).IsLog
        || Snapshot().Any(s => s.Protocol is "program" && string.Equals(s.Name, name, StringComparison.OrdinalIgnoreCase));

    /// <summary>All sessions as the API shows them.</summary>
    public IReadOnlyList<SessionBody> Bodies()
    {
        var oldest = new Dictionary<string, DateTimeOffset?>(StringComparer.Ordinal);
        foreach (var waiting in Backlog())
        {
            // Sessions that differ in their credentials alone have one name.
            var name = waiting.Session.Name;
            oldest[name] = oldest.GetValueOrDefault(name) is { } before && before < waiting.OldestAcceptedAt ? before : waiting.OldestAcceptedAt;
        }

        return [.. Snapshot().Select(s => SessionBody.Of(s, s.Queued > 0 ? oldest.GetValueOrDefault(s.Name) : null))];
    }
}
