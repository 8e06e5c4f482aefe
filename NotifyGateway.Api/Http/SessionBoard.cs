using NotifyGateway.Core.Sessions;

namespace NotifyGateway.Api.Http;

/// <summary>What the doors see of the sessions: their state, and the one command they take.</summary>
/// <param name="Snapshot">All sessions, by name.</param>
/// <param name="Reconnect">Connects the named one anew; false when there is none.</param>
internal sealed record SessionBoard(Func<IReadOnlyList<SessionStatus>> Snapshot, Func<string, bool> Reconnect)
{
    public static SessionBoard Of(Multiplexer sessions) => new(sessions.Snapshot, sessions.Reconnect);
}
