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

    private readonly Dictionary<string, Lane> _lanes = new(StringComparer.Ordinal);
    private readonly List<string> _collected = [];

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
            Ring(lane);
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
            }
        }

        link.Ring.Clear();
        Changed = true;
        foreach (var lane in _lanes.Values.Where(l => l.Link == link).ToList())
        {
            lane.Link = null;
            lane.InRing = false;
            lane.InFlight = 0;
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
                link.LearnedLimit = Math.Max(0, Held(link) - 1);
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
            case ProtocolEvent.Returned returned:
                Return(returned.Delivery);
                break;
        }
    }

    /// <summary>Tries parked lanes again whose time has come, and leaves on-demand channels that nobody uses.</summary>
    public void Tick(TimeSpan now)
    {
        var due = WakeAt <= now;
        if (due)
        {
            foreach (var lane in _lanes.Values.Where(l => l.State is LaneState.Parked or LaneState.Rejected && l.RetryAt <= now).ToList())
            {
                lane.State = LaneState.Idle;
                lane.Address = lane.Standing ? lane.Address : null;
                Wake(lane, now);
            }
        }

        if (settings.OnDemand is { } onDemand)
        {
            foreach (var idle in _lanes.Values.Where(l => IsUnused(l) && now - l.LastUsed >= onDemand.LaneIdleAfter).ToList())
            {
                Leave(idle);
            }
        }

        if (due || settings.OnDemand is not null)
        {
            WakeAt = _lanes.Values.Where(l => l.State is LaneState.Parked or LaneState.Rejected).Select(l => l.RetryAt).DefaultIfEmpty(TimeSpan.MaxValue).Min();
        }
    }

    /// <summary>Fails everything that waits, with one reason.</summary>
    public long FailAll(string reason)
    {
        var failed = 0L;
        foreach (var lane in _lanes.Values)
        {
            while (reader.TryTake(lane.Name, out var delivery))
            {
                reader.Settle(delivery, Outcome.Failed(reason));
                failed++;
            }
        }

        return failed;
    }

    private Lane? Find(string name, Link link) => _lanes.GetValueOrDefault(name) is { } lane && lane.Link == link ? lane : null;

    private void Wake(Lane lane, TimeSpan now)
    {
        switch (lane.State)
        {
            case LaneState.Open:
                Ring(lane);
                break;
            case LaneState.Idle when lane.HasWork || lane.Standing:
                Assign(lane, now);
                break;
            case LaneState.Rejected:
                FailWaiting(lane);
                break;
        }
    }

    private static void Ring(Lane lane)
    {
        if (!lane.InRing)
        {
            lane.InRing = true;
            lane.Link!.Ring.Enqueue(lane);
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
        var online = links.Where(l => l.Online).ToList();
        if (online.Find(l => Held(l) < Limit(l, lane)) is { } free)
        {
            return free;
        }

        if (links.Exists(l => !l.Online && l.LearnedLimit > 0))
        {
            // A further connection is on its way; the lane is asked again when it is there.
            return null;
        }

        if (links.Count < settings.MaxLinks)
        {
            logger.AnotherLink(settings.Key, lane.Label, links.Count);
            addLink();
            return null;
        }

        var unused = _lanes.Values.Where(l => IsUnused(l) && now - l.LastUsed >= ShortestStay).MinBy(l => l.LastUsed);
        if (unused?.Link is { } freed)
        {
            Leave(unused);
            return freed;
        }

        var reason = lane.Reason ?? string.Create(CultureInfo.InvariantCulture, $"{links.Count} connections hold as many channels as the server allows");
        Park(lane, reason, ShortestStay, now);
        return null;
    }

    private int Held(Link link) => _lanes.Values.Count(l => l.Link == link && l.State is LaneState.Entering or LaneState.Open && link.Protocol!.LaneLimit(l.Label) != int.MaxValue);

    private static int Limit(Link link, Lane lane)
    {
        var limit = link.Protocol!.LaneLimit(lane.Label);
        return limit == int.MaxValue ? limit : Math.Min(limit, link.LearnedLimit);
    }

    private void Open(Lane lane)
    {
        lane.State = LaneState.Open;
        lane.Reason = null;
        Changed = true;
        reader.Explain(lane.Name, null);
        if (lane.Link!.Protocol!.LaneLimit(lane.Label) != int.MaxValue)
        {
            logger.Joined(settings.Key, lane.Label);
        }

        Ring(lane);
    }

    private void ParkRefused(Lane lane, string reason, TimeSpan now)
    {
        lane.Refusals++;
        var rest = lane.Refusals >= settings.EnterAttempts;
        var delay = rest ? settings.EnterRetryAfter
            : TimeSpan.FromSeconds(Math.Min(settings.EnterRetry.TotalSeconds * Math.Pow(2, lane.Refusals - 1), LongestRetry.TotalSeconds));
        lane.Refusals = rest ? 0 : lane.Refusals;
        Park(lane, reason, delay, now);
    }

    private void Park(Lane lane, string reason, TimeSpan delay, TimeSpan now)
    {
        if (!string.Equals(lane.Reason, reason, StringComparison.Ordinal))
        {
            logger.Parked(settings.Key, lane.Label, reason, delay);
            reader.Explain(lane.Name, reason);
        }

        Rest(lane, LaneState.Parked, reason, now + delay);
    }

    private void Reject(Lane lane, string reason, TimeSpan now)
    {
        logger.Rejected(settings.Key, lane.Label, reason);
        Rest(lane, LaneState.Rejected, reason, now + settings.EnterRetry);
        FailWaiting(lane);
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

    private void FailWaiting(Lane lane)
    {
        while (reader.TryTake(lane.Name, out var delivery))
        {
            reader.Settle(delivery, Outcome.Failed(lane.Reason!));
        }

        lane.HasWork = false;
    }

    /// <summary>Back to the front of its lane, which stays closed until the protocol has found out whether we are still in.</summary>
    private void Return(Delivery delivery)
    {
        reader.Release([delivery]);
        if (_lanes.GetValueOrDefault(delivery.Lane) is { } lane)
        {
            lane.InFlight--;
            lane.HasWork = true;
            lane.State = lane.State == LaneState.Open ? LaneState.Entering : lane.State;
            Changed = true;
        }
    }

    /// <summary>A nick is no place to stay in: its lane goes when it is empty.</summary>
    private void Dismiss(Lane lane)
    {
        if (!lane.Standing && lane.Link!.Protocol!.LaneLimit(lane.Label) == int.MaxValue && lane.InFlight == 0)
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

    private static bool IsUnused(Lane lane) => lane is { Standing: false, State: LaneState.Open, HasWork: false, InFlight: 0, InRing: false };
}
