using NotifyGateway.Core.Protocols;

namespace NotifyGateway.Core.Sessions;

/// <content>
/// What waits for a destination that refuses us for long goes through the fallback, and says for whom it is. Such a lane stays parked; it
/// takes its turn on the fallback's link, and its own window and order stay its own.
/// </content>
internal sealed partial class Lanes
{
    /// <summary>Which open lane carries what a lane has to send: itself or the fallback. Null: none at the moment.</summary>
    private Lane? Carrier(Lane lane) => lane.State == LaneState.Open ? lane : Detour(lane) is { State: LaneState.Open } fallback ? fallback : null;

    /// <summary>The fallback, if a lane's deliveries may go there now.</summary>
    private Lane? Detour(Lane lane) =>
        lane is { State: LaneState.Parked, Blocked: true, DetourRefused: false } && _settings.Fallback is { } fallback ? _lanes.GetValueOrDefault(fallback.Lane) : null;

    /// <summary>The fallback has none itself, and what fails at a nick fails message by message.</summary>
    private bool MayDetour(Lane lane) => _settings.Fallback is { } fallback && !string.Equals(fallback.Lane, lane.Name, StringComparison.Ordinal);

    private bool IsFallback(Lane lane) => _settings.Fallback is { } fallback && string.Equals(fallback.Lane, lane.Name, StringComparison.Ordinal);

    private bool IsWantedFallback(Lane lane) => IsFallback(lane) && _lanes.Values.Any(l => l is { Blocked: true, DetourRefused: false, HasWork: true });

    /// <summary>A lane rests for long; meanwhile its deliveries go through the fallback.</summary>
    private void Block(Lane lane, string reason, TimeSpan now)
    {
        if (!lane.Blocked)
        {
            logger.Blocked(_settings.Key, lane.Label, reason, _settings.Fallback!.Value.Address.Split(' ')[0], _settings.EnterRetryAfter);
        }

        lane.Blocked = true;
        lane.BlockedFor = reason;
        Explain(lane, reason);
        Rest(lane, LaneState.Parked, reason, _settings.EnterRetryAfter, now);
        Wake(lane, now);
    }

    /// <summary>Has a blocked lane take its turn through the fallback, which is joined for it if need be.</summary>
    private void Divert(Lane lane, TimeSpan now)
    {
        if (!lane.HasWork || lane.DetourRefused)
        {
            return;
        }

        var fallback = GetOrAdd(_settings.Fallback!.Value.Lane);
        if (fallback.State == LaneState.Open)
        {
            // What flows does not wait: the outbox keeps it in memory.
            Explain(lane, null);
            lane.Queue(fallback.Link!);
        }
        else
        {
            Explain(lane, lane.Reason);
            Wake(fallback, now);
        }
    }

    /// <summary>The fallback is open, or no longer.</summary>
    private void DivertAll(TimeSpan now)
    {
        foreach (var lane in _lanes.Values.Where(l => l.Blocked).ToList())
        {
            Divert(lane, now);
        }
    }

    /// <summary>The fallback takes no messages either: what waits for the lane waits, as it would without one.</summary>
    private void RefuseDetour(Delivery delivery, TimeSpan now)
    {
        var back = TakeBack(delivery);
        foreach (var one in back)
        {
            one.Refusals = 0;
        }

        reader.Release(back);
        if (_lanes.GetValueOrDefault(delivery.Lane) is { Blocked: true } lane)
        {
            lane.DetourRefused = true;
            Explain(lane, lane.Reason);
        }

        Halt();
    }

    private Outcome WithDetour(Outcome outcome, Delivery delivery, Lane? lane) => delivery.Detour is { } detour
        ? And(outcome, $"told in {_lanes.GetValueOrDefault(detour)?.Label ?? detour}: {lane?.BlockedFor}")
        : outcome;
}
