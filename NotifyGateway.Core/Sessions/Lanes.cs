using Microsoft.Extensions.Logging;
using NotifyGateway.Core.Outbox;
using NotifyGateway.Core.Protocols;

namespace NotifyGateway.Core.Sessions;

/// <summary>
/// A session's lanes: which link each is pinned to, which is open, which is parked and until when, and whose turn it is. Belongs
/// to the session's loop.
/// </summary>
internal sealed partial class Lanes(
    SessionSettings settings, IOutboxReader reader, List<Link> links, Func<Link?> addLink, Folds folds, ILogger logger)
{
    private static readonly TimeSpan IdleCheck = TimeSpan.FromSeconds(30);

    private SessionSettings _settings = settings;
    private readonly Dictionary<string, Lane> _lanes = new(StringComparer.Ordinal);
    private readonly List<string> _collected = [];
    private readonly ToldFolds _told = new();
    private TimeSpan _idleCheckAt;
    private TimeSpan _retryAt = TimeSpan.MaxValue;

    /// <summary>The next moment at which a parked lane is tried again, or what was gathered is told.</summary>
    public TimeSpan WakeAt => _retryAt < folds.WakeAt ? _retryAt : folds.WakeAt;

    /// <summary>Something users see has changed since this was last set to false.</summary>
    public bool Changed { get; set; } = true;

    public IEnumerable<Lane> All => _lanes.Values;

    /// <summary>When a message last passed.</summary>
    public TimeSpan LastUsed { get; private set; }

    public void AddStanding(TimeSpan now)
    {
        LastUsed = now;
        foreach (var (name, address) in _settings.Standing)
        {
            _lanes[name] = new Lane(name) { Standing = true, Address = address };
        }
    }

    /// <summary>Takes over what is new in the outbox.</summary>
    public void Collect(TimeSpan now)
    {
        _collected.Clear();
        reader.Collect(_collected);
        foreach (var name in _collected)
        {
            var lane = GetOrAdd(name);
            lane.HasWork = true;
            Wake(lane, now);
        }
    }

    /// <summary>Sends what may be sent on a link, each lane in its turn.</summary>
    public void Pump(Link link, TimeSpan now)
    {
        var protocol = link.Protocol!;
        while (protocol.CanSend && link.Ring.TryDequeue(out var lane))
        {
            if (!lane.Dequeued(link) || Carrier(lane) is not { } carrier || carrier.Link != link)
            {
                continue;
            }

            if (!folds.TryTake(lane, now, out var delivery))
            {
                lane.HasWork = lane.Folding.Next is not null;
                Dismiss(lane);
                continue;
            }

            lane.InFlight++;
            lane.LastUsed = carrier.LastUsed = LastUsed = now;
            delivery.Detour = carrier == lane ? null : carrier.Name;
            delivery.Lead = folds.Lead(delivery);
            protocol.Send(delivery, now);
            lane.Queue(link);
        }

        protocol.Flush(now);
    }

    public void OnSettled(Delivery delivery, Outcome outcome, TimeSpan now)
    {
        var lane = _lanes.GetValueOrDefault(delivery.Lane);
        var delivered = outcome.Status == DeliveryStatus.Delivered;
        if (delivery.Detour is not null && !delivered)
        {
            RefuseDetour(delivery, now);
            return;
        }

        var told = WithDetour(WithFold(outcome, delivery), delivery, lane);
        foreach (var one in Folds.End(lane, delivery, delivered))
        {
            reader.Settle(one, told);
        }

        if (delivered)
        {
            _told.OnProved(delivery);
        }

        if (lane is not null)
        {
            lane.InFlight--;
            var carrier = delivery.Detour is { } detour ? _lanes.GetValueOrDefault(detour) : lane;
            if (carrier is not null && delivered)
            {
                carrier.Refusals = 0;
            }

            if (lane.Folding.Next is not null)
            {
                Wake(lane, now);
            }

            LeaveRetired(lane);
        }
    }

    /// <summary>What was proved came back, or somebody says so: the outbox knows.</summary>
    public void OnBounced(ProtocolEvent.Bounced bounced)
    {
        foreach (var (message, ordinal) in _told.By(bounced.Message, bounced.Ordinal))
        {
            reader.Bounce(message, ordinal, bounced.WentTo, bounced.Reason);
        }
    }

    /// <summary>The list of a fold was stored, or could not be.</summary>
    public void OnStored(Fold fold, bool stored, TimeSpan now)
    {
        folds.OnStored(fold, stored, now);
        Wake(fold.Lane, now);
    }

    /// <summary>A link has logged in: lanes without one may have it.</summary>
    public void OnOnline(TimeSpan now)
    {
        foreach (var lane in _lanes.Values.Where(l => l.State == LaneState.Idle).ToList())
        {
            Wake(lane, now);
        }
    }

    /// <summary>A link is gone: its deliveries go back to the front of their lanes, and the lanes look for another link.</summary>
    public void OnDown(Link link, IReadOnlyList<Delivery> unsettled, TimeSpan now)
    {
        var released = new List<Delivery>(unsettled.Count);
        foreach (var delivery in unsettled)
        {
            released.AddRange(TakeBack(delivery));
        }

        reader.Release(released);
        while (link.Ring.TryDequeue(out var lane))
        {
            lane.Dequeued(link);
        }

        Changed = true;
        foreach (var lane in _lanes.Values.Where(l => l.Link == link).ToList())
        {
            lane.Link = null;
            lane.State = lane.State is LaneState.Entering or LaneState.Open ? LaneState.Idle : lane.State;
            Wake(lane, now);
        }

        DivertAll(now);
        Halt();
    }

    public void OnEvent(Link link, ProtocolEvent happened, TimeSpan now)
    {
        switch (happened)
        {
            case ProtocolEvent.Opened opened when Find(opened.Lane, link) is { } lane:
                Open(lane, now);
                break;
            case ProtocolEvent.Refused { Kind: RefusalKind.Never } refused when Find(refused.Lane, link) is { } lane:
                Reject(lane, refused.Reason, now);
                break;
            case ProtocolEvent.Refused { Kind: RefusalKind.LimitReached } refused when Find(refused.Lane, link) is { } lane:
                link.LearnedLimit = Math.Max(0, LanePlaces.Held(_lanes.Values, link) - 1);
                lane.Link = null;
                lane.State = LaneState.Idle;
                lane.Reason = refused.Reason;
                Wake(lane, now);
                break;
            case ProtocolEvent.Refused refused when Find(refused.Lane, link) is { } lane:
                ParkRefused(lane, refused.Reason, now);
                break;
            case ProtocolEvent.Closed closed when Find(closed.Lane, link) is { } lane:
                ParkRefused(lane, closed.Reason, now);
                break;
            case ProtocolEvent.Reachable reachable when _lanes.GetValueOrDefault(reachable.Lane) is { } lane && Rests(lane):
                Retry(lane, now);
                break;
            case ProtocolEvent.Returned returned:
                Return(returned.Delivery);
                break;
        }

        Halt();
    }

    /// <summary>Tries parked lanes again whose time has come, and leaves on-demand channels that nobody uses.</summary>
    public void Tick(TimeSpan now)
    {
        if (_settings.OnDemand is { } onDemand && now >= _idleCheckAt)
        {
            _idleCheckAt = now + IdleCheck;
            foreach (var idle in _lanes.Values.Where(l => IsUnused(l) && now - l.LastUsed >= onDemand.LaneIdleAfter).ToList())
            {
                Leave(idle);
            }
        }

        if (now >= folds.WakeAt)
        {
            folds.TakeDue(now).ForEach(l => Wake(l, now));
        }

        if (now < _retryAt)
        {
            return;
        }

        foreach (var lane in _lanes.Values.Where(l => Rests(l) && l.RetryAt <= now).ToList())
        {
            Retry(lane, now);
        }

        _retryAt = _lanes.Values.Where(Rests).Select(l => l.RetryAt).DefaultIfEmpty(TimeSpan.MaxValue).Min();
        Halt();
    }

    /// <summary>Null, or why everything fails.</summary>
    public string? Hopeless { get; private set; }

    /// <summary>Fails everything that waits, and whatever still comes, with one reason.</summary>
    public void GiveUp(string reason, TimeSpan now)
    {
        Hopeless = reason;
        foreach (var lane in _lanes.Values)
        {
            Wake(lane, now);
        }
    }

    private Lane GetOrAdd(string name)
    {
        if (!_lanes.TryGetValue(name, out var lane))
        {
            lane = new Lane(name);
            _lanes[name] = lane;
        }

        return lane;
    }

    private Lane? Find(string name, Link link) => _lanes.GetValueOrDefault(name) is { } lane && lane.Link == link ? lane : null;

    private void Wake(Lane lane, TimeSpan now)
    {
        if (Hopeless is { } reason)
        {
            FailWaiting(lane, reason);
            return;
        }

        switch (lane.State)
        {
            case LaneState.Open:
                lane.Queue(lane.Link!);
                break;
            case LaneState.Idle when lane.HasWork || lane.Standing || IsWantedFallback(lane):
                Assign(lane, now);
                break;
            case LaneState.Parked when lane.Blocked:
                Divert(lane, now);
                break;
            case LaneState.Rejected:
                FailWaiting(lane, lane.Reason!);
                break;
        }
    }

    private void FailWaiting(Lane lane, string reason)
    {
        while (reader.TryTake(lane.Name, out var delivery))
        {
            reader.Settle(delivery, Outcome.Failed(reason));
        }

        lane.HasWork = false;
    }

    /// <summary>Back to the front of its lane; where it went stays closed until the protocol has found out whether we are still in.</summary>
    private void Return(Delivery delivery)
    {
        reader.Release(TakeBack(delivery));
        if (_lanes.GetValueOrDefault(delivery.Detour ?? delivery.Lane) is { } carrier)
        {
            carrier.State = carrier.State == LaneState.Open ? LaneState.Entering : carrier.State;
            Changed = true;
        }
    }

    /// <summary>A delivery that was on the wire waits again. What was gathered behind it does, too, to come after it.</summary>
    /// <returns>What the outbox has to have back.</returns>
    private IReadOnlyList<Delivery> TakeBack(Delivery delivery)
    {
        var lane = _lanes.GetValueOrDefault(delivery.Lane);
        if (lane is not null)
        {
            folds.Abandon(lane);
            lane.InFlight--;
            lane.HasWork = true;
        }

        return Folds.End(lane, delivery, proved: false);
    }

    /// <summary>What cannot be sent now is not held: others may need what the outbox hands out at a time.</summary>
    private void Halt() => folds.AbandonWhere(l => Carrier(l) is null);

    private static Outcome WithFold(Outcome outcome, Delivery delivery) =>
        delivery.Folded.Count > 0 && outcome.Status == DeliveryStatus.Delivered ? And(outcome, $"folded into {delivery.Notification.Id:D}") : outcome;

    private static Outcome And(Outcome outcome, string reason) =>
        outcome with { Reason = outcome.Reason is null ? reason : $"{reason}; {outcome.Reason}" };

    private static bool Rests(Lane lane) => lane.State is LaneState.Parked or LaneState.Rejected;
}
