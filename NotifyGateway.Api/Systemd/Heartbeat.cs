using NotifyGateway.Core.Outbox;
using NotifyGateway.Core.Sessions;

namespace NotifyGateway.Api.Systemd;

/// <summary>Whether the loops that do the work go on: the outbox's writer and the owners of sessions.</summary>
/// <param name="BusyFor">For how long the one that has been at one thing for longest has been; zero while all wait.</param>
internal sealed record Heartbeat(Func<TimeSpan> BusyFor)
{
    public static Heartbeat Of(IOutbox outbox, Multiplexer sessions) => new(() => outbox.BusyFor > sessions.BusyFor ? outbox.BusyFor : sessions.BusyFor);
}
