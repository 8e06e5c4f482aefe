using System.Globalization;
using Microsoft.Extensions.Logging;
using NotifyGateway.Core.Outbox;
using NotifyGateway.Core.Protocols;

namespace NotifyGateway.Core.Sessions;

/// <summary>
/// A session's lanes: which link each is pinned to, which is open, which is parked and until when, and whose turn it is. Belongs
/// to the session's loop.
/// </summary>
internal sealed class Lanes(SessionSettings settings, IOutboxReader reader, List<Link> links, Func<Link?> addLink, ILogger logger)
{
    private static readonly TimeSpan LongestRetry = TimeSpan.FromMinutes(5);

    /// <summary>A channel that was joined on demand is not left for another one sooner.</summary>
    private static readonly TimeSpan ShortestStay = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan IdleCheck = TimeSpan.FromSeconds(30);

    private readonly Dictionary<string, Lane> _lanes = new(StringComparer.Ordinal);
    private readonly List<string> _collected = [];
    private TimeSpan _idleCheckAt;

    /// <summary>The next moment at which a parked lane is tried again.</summary>
    public TimeSpan WakeAt { get; private set; } = TimeSpan.MaxValue;

    /// <summary>Something users see has changed since this was last set to false.</summary>
    public bool Changed { get; set; } = true;

    public IEnumerable<Lane> All => _lanes.Values;

    /// <summary>When a message last passed.</summary>
    public TimeSpan LastUsed { get; private set; }

    public void AddStanding(TimeSpan now)
    {
        LastUsed = now;
        foreach (var (name, address) in settings.Standing)
        {
            _lanes[name] = new Lane(name, standing: true) { Address = address };
        }
    }

    /// <summary>Takes over what is new in the outbox.</summary>
    public void Collect(TimeSpan now)
    {
        _collected.Clear();
        reader.Collect(_collected);
        foreach (var name in _collected)
        {
            if (!_lanes.TryGetValue(name, out var lane))
            {
                lane = new Lane(name, standing: false);
                _lanes[name] = lane;
            }

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
            lane.InRing = false;
            if (lane.Link != link || lane.State != LaneState.Open)
            {
                continue;
            }

            if (!reader.TryTake(lane.Name, out var delivery))
            {
                lane.HasWork = false;
                Dismiss(lane);
                continue;
            }

            lane.InFlight++;
            lane.LastUsed = LastUsed = now;
            protocol.Send(delivery, now);
            lane.Queue();
        }

        protocol.Flush(now);
    }

    public void OnSettled(Delivery delivery, Outcome outcome)
    {
        reader.Settle(delivery, outcome);
        if (_lanes.GetValueOrDefault(delivery.Lane) is { } lane)
        {
            lane.InFlight--;
            lane.Refusals = outcome.Status == DeliveryStatus.Delivered ? 0 : lane.Refusals;
        }
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
        reader.Release(unsettled);
        foreach (var delivery in unsettled)
        {
            if (_lanes.GetValueOrDefault(delivery.Lane) is { } lane)
            {
                lane.HasWork = true;
                lane.InFlight--;
            }
        }

        link.Ring.Clear();
        Changed = true;
        foreach (var lane in _lanes.Values.Where(l => l.Link == link).ToList())
        {
            lane.Link = null;
            lane.InRing = false;
            lane.State = lane.State is LaneState.Entering or LaneState.Open ? LaneState.Idle : lane.State;
            Wake(lane, now);
        }
    }

    public void OnEvent(Link link, ProtocolEvent happened, TimeSpan now)
    {
        switch (happened)
        {
            case ProtocolEvent.Opened opened when Find(opened.Lane, link) is { } lane:
                Open(lane);
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
                Return(returned.Delivery, returned.Reason);
                break;
        }
    }

    /// <summary>Tries parked lanes again whose time has come, and leaves on-demand channels that nobody uses.</summary>
    public void Tick(TimeSpan now)
    {
        if (settings.OnDemand is { } onDemand && now >= _idleCheckAt)
        {
            _idleCheckAt = now + IdleCheck;
            foreach (var idle in _lanes.Values.Where(l => IsUnused(l) && now - l.LastUsed >= onDemand.LaneIdleAfter).ToList())
            {
                Leave(idle);
            }
        }

        if (now < WakeAt)
        {
            return;
        }

        foreach (var lane in _lanes.Values.Where(l => Rests(l) && l.RetryAt <= now).ToList())
        {
            Retry(lane, now);
        }

        WakeAt = _lanes.Values.Where(Rests).Select(l => l.RetryAt).DefaultIfEmpty(TimeSpan.MaxValue).Min();
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

    private Lane? Find(string name, Link link) => _lanes.GetValueOrDefault(name) is { } lane && lane.Link == link ? lane : null;

    private void Retry(Lane lane, TimeSpan now)
    {
        lane.State = LaneState.Idle;
        lane.Address = lane.Standing ? lane.Address : null;
        Wake(lane, now);
    }

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
                lane.Queue();
                break;
            case LaneState.Idle when lane.HasWork || lane.Standing:
                Assign(lane, now);
                break;
            case LaneState.Rejected:
                FailWaiting(lane, lane.Reason!);
                break;
        }
    }

    private void Assign(Lane lane, TimeSpan now)
    {
        if (!links.Exists(l => l.Online) || !Address(lane))
        {
            return;
        }

        var link = Choose(lane, now);
        if (link is not null)
        {
            lane.Link = link;
            lane.State = LaneState.Entering;
            lane.LastUsed = now;
            Changed = true;
            link.Protocol!.Enter(lane.Name, lane.Address!, now);
        }
    }

    /// <summary>Learns the address from the first delivery that waits. False: there is none any more, or it is still being loaded.</summary>
    private bool Address(Lane lane)
    {
        if (lane.Address is not null)
        {
            return true;
        }

        if (!reader.TryTake(lane.Name, out var delivery))
        {
            lane.HasWork = false;
            return false;
        }

        lane.Address = delivery.Destination.Address;
        reader.Release([delivery]);
        return true;
    }

    private Link? Choose(Lane lane, TimeSpan now)
    {
        if (LanePlaces.Free(_lanes.Values, links, lane) is { } free)
        {
            return free;
        }

        if (LanePlaces.Coming(links))
        {
            // The lane is asked again when that connection is there.
            Explain(lane, lane.Reason ?? "waits for a further connection: the others hold as many channels as the server allows");
            return null;
        }

        if (links.Count < settings.MaxLinks)
        {
            logger.AnotherLink(settings.Key, lane.Label, links.Count);
            addLink();
            return null;
        }

        if (_lanes.Values.Where(l => IsUnused(l) && now - l.LastUsed >= ShortestStay).MinBy(l => l.LastUsed) is { Link: { } freed } unused)
        {
            Leave(unused);
            return freed;
        }

        var reason = lane.Reason ?? string.Create(CultureInfo.InvariantCulture, $"{links.Count} connections hold as many channels as the server allows");
        Park(lane, reason, ShortestStay, now);
        return null;
    }

    private void Open(Lane lane)
    {
        lane.State = LaneState.Open;
        lane.Reason = null;
        Changed = true;
        if (lane.Explained is not null)
        {
            lane.Explained = null;
            reader.Explain(lane.Name, null);
        }

        if (!LanePlaces.Unlimited(lane))
        {
            logger.Joined(settings.Key, lane.Label);
        }

        lane.Queue();
    }

    private void ParkRefused(Lane lane, string reason, TimeSpan now)
    {
        var delay = settings.EnterRetry * Math.Pow(2, Math.Min(lane.Refusals++, 20));
        delay = delay < LongestRetry ? delay : LongestRetry;
        if (lane.Refusals >= settings.EnterAttempts)
        {
            lane.Refusals = 0;
            delay = settings.EnterRetryAfter;
        }

        Park(lane, reason, delay, now);
    }

    private void Park(Lane lane, string reason, TimeSpan delay, TimeSpan now)
    {
        if (!string.Equals(lane.Reason, reason, StringComparison.Ordinal))
        {
            logger.Parked(settings.Key, lane.Label, reason, delay);
        }

        Explain(lane, reason);
        Rest(lane, LaneState.Parked, reason, now + delay);
    }

    private void Reject(Lane lane, string reason, TimeSpan now)
    {
        logger.Rejected(settings.Key, lane.Label, reason);
        Rest(lane, LaneState.Rejected, reason, now + settings.EnterRetry);
        FailWaiting(lane, reason);
    }

    private void Explain(Lane lane, string reason)
    {
        if (!string.Equals(lane.Explained, reason, StringComparison.Ordinal))
        {
            lane.Explained = reason;
            reader.Explain(lane.Name, reason);
            Changed = true;
        }
    }

    private void Rest(Lane lane, LaneState state, string reason, TimeSpan until)
    {
        lane.State = state;
        lane.Link = null;
        lane.InRing = false;
        lane.Reason = reason;
        lane.RetryAt = until;
        WakeAt = until < WakeAt ? until : WakeAt;
        Changed = true;
    }

    private void FailWaiting(Lane lane, string reason)
    {
        while (reader.TryTake(lane.Name, out var delivery))
        {
            reader.Settle(delivery, Outcome.Failed(reason));
        }

        lane.HasWork = false;
    }

    /// <summary>Back to the front of its lane, which stays closed until the protocol has found out whether we are still in.</summary>
    private void Return(Delivery delivery, string reason)
    {
        reader.Release([delivery]);
        if (_lanes.GetValueOrDefault(delivery.Lane) is { } lane)
        {
            lane.InFlight--;
            lane.HasWork = true;
            lane.State = lane.State == LaneState.Open ? LaneState.Entering : lane.State;
            Explain(lane, reason);
            Changed = true;
        }
    }

    /// <summary>A nick is no place to stay in: its lane goes when it is empty.</summary>
    private void Dismiss(Lane lane)
    {
        if (!lane.Standing && lane.InFlight == 0 && LanePlaces.Unlimited(lane))
        {
            Leave(lane);
        }
    }

    private void Leave(Lane lane)
    {
        lane.Link?.Protocol?.Leave(lane.Name);
        lane.Link = null;
        _lanes.Remove(lane.Name);
        Changed = true;
    }

    private static bool Rests(Lane lane) => lane.State is LaneState.Parked or LaneState.Rejected;

    private static bool IsUnused(Lane lane) => lane is { Standing: false, State: LaneState.Open, HasWork: false, InFlight: 0, InRing: false };
}
