using System.Diagnostics.Metrics;

namespace NotifyGateway.Core.Sessions;

/// <summary>Counts what happens to connections and lanes, on the meter <see cref="DoorCounters.MeterName"/>.</summary>
public sealed class SessionMeter
{
    private readonly Counter<long> _reconnects;
    private readonly Counter<long> _disconnects;
    private readonly Counter<long> _folded;

    public SessionMeter(IMeterFactory meters)
    {
        var meter = meters.Create(DoorCounters.MeterName);
        _reconnects = meter.CreateCounter<long>("notify_session_reconnects_total", description: "Logins of a connection that had been logged in before.");
        _disconnects = meter.CreateCounter<long>("notify_session_disconnects_total", description: "Connections that ended, or attempts that came to none, while the gateway wanted them.");
        _folded = meter.CreateCounter<long>("notify_deliveries_folded_total", description: "Deliveries that were told in one line with others, because too many had waited for too long.");
    }

    /// <summary>Makes a session's series begin at 0, so that the first event is an increase.</summary>
    public void Declare(string session)
    {
        Add(_reconnects, session, 0);
        Add(_disconnects, session, 0);
        Add(_folded, session, 0);
    }

    internal void Reconnected(SessionKey session) => Add(_reconnects, session.Label, 1);

    internal void ConnectionEnded(SessionKey session) => Add(_disconnects, session.Label, 1);

    internal void Folded(SessionKey session, int deliveries) => Add(_folded, session.Label, deliveries);

    private static void Add(Counter<long> counter, string session, long count) => counter.Add(count, new KeyValuePair<string, object?>("session", session));
}
