using System.Globalization;

namespace NotifyGateway.Core.Sessions;

/// <content>How a lane comes to a link and opens, and how it rests when it is refused.</content>
internal sealed partial class Lanes
{
    private static readonly TimeSpan LongestRetry = TimeSpan.FromMinutes(5);

    /// <summary>A channel that was joined on demand is not left for another one sooner.</summary>
    private static readonly TimeSpan ShortestStay = TimeSpan.FromSeconds(5);

    private void Retry(Lane lane, TimeSpan now)
    {
        lane.State = LaneState.Idle;
        lane.Blocked = lane.DetourRefused = false;
        lane.Address = lane.Standing ? lane.Address : null;
        Changed = true;
        Wake(lane, now);
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
            var address = Words(lane);
            _settings.Link.Traffic?.Learn(address);
            link.Protocol!.Enter(lane.Name, address, now);
        }
    }

    /// <summary>
    /// What the lane is entered with. Where the configuration's words are refused, those of the message that waits first have their turn: it may name the key or the password that
    /// the configuration lacks.
    /// </summary>
    private string Words(Lane lane)
    {
        if (!lane.Standing || lane.Refusals == 0 || lane.Lent || !reader.TryTake(lane.Name, out var delivery))
        {
            lane.Lent = false;
            return lane.Address!;
        }

        lane.Lent = true;
        reader.Release([delivery]);
        return delivery.Destination.Address;
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
            lane.Address = IsWantedFallback(lane) ? _settings.Fallback!.Value.Address : null;
            return lane.Address is not null;
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

        if (links.Count < _settings.MaxLinks)
        {
            logger.AnotherLink(_settings.Key, lane.Label, links.Count);
            addLink();
            return null;
        }

        if (_lanes.Values.Where(l => IsUnused(l) && now - l.LastUsed >= ShortestStay && LanePlaces.Frees(l, lane)).MinBy(l => l.LastUsed) is { Link: { } freed } unused)
        {
            Leave(unused);
            return freed;
        }

        var reason = lane.Reason ?? string.Create(CultureInfo.InvariantCulture, $"{links.Count} connections hold as many channels as the server allows");
        Park(lane, reason, ShortestStay, now);
        return null;
    }

    private void Open(Lane lane, TimeSpan now)
    {
        lane.State = LaneState.Open;
        lane.Reason = null;
        Changed = true;
        Explain(lane, null);
        if (!LanePlaces.Unlimited(lane))
        {
            logger.Joined(_settings.Key, lane.Label);
        }

        lane.Queue(lane.Link!);
        if (IsFallback(lane))
        {
            DivertAll(now);
        }
    }

    private void ParkRefused(Lane lane, string reason, TimeSpan now)
    {
        if (_settings.Impatient)
        {
            Reject(lane, reason, now);
            return;
        }

        var delay = _settings.EnterRetry * Math.Pow(2, Math.Min(lane.Refusals++, 20));
        delay = delay < LongestRetry ? delay : LongestRetry;
        if (lane.Refusals >= _settings.EnterAttempts)
        {
            if (MayDetour(lane))
            {
                // They go on counting: after the rest one more refusal is enough.
                Block(lane, reason, now);
                return;
            }

            lane.Refusals = 0;
            delay = _settings.EnterRetryAfter;
        }

        Park(lane, reason, delay, now);
    }

    private void Park(Lane lane, string reason, TimeSpan delay, TimeSpan now)
    {
        if (!string.Equals(lane.Reason, reason, StringComparison.Ordinal))
        {
            logger.Parked(_settings.Key, lane.Label, reason, delay);
        }

        Explain(lane, reason);
        Rest(lane, LaneState.Parked, reason, delay, now);
    }

    /// <summary>There is no such place. With a fallback people hear of it there, which is better than a failure that only the sender may see.</summary>
    private void Reject(Lane lane, string reason, TimeSpan now)
    {
        if (MayDetour(lane))
        {
            Block(lane, reason, now);
            return;
        }

        logger.Rejected(_settings.Key, lane.Label, reason);
        Rest(lane, LaneState.Rejected, reason, _settings.EnterRetry, now);
        FailWaiting(lane, reason);
    }

    private void Explain(Lane lane, string? reason)
    {
        if (!string.Equals(lane.Explained, reason, StringComparison.Ordinal))
        {
            lane.Explained = reason;
            reader.Explain(lane.Name, reason);
            Changed = true;
        }
    }

    private void Rest(Lane lane, LaneState state, string reason, TimeSpan delay, TimeSpan now)
    {
        lane.State = state;
        lane.Link = null;
        lane.Reason = reason;
        lane.RetryAt = now + delay;
        _retryAt = lane.RetryAt < _retryAt ? lane.RetryAt : _retryAt;
        Changed = true;
        if (IsFallback(lane))
        {
            DivertAll(now);
        }
    }

    /// <summary>A nick is no place to stay in: its lane goes when it is empty.</summary>
    private void Dismiss(Lane lane)
    {
        if (LeaveRetired(lane))
        {
            return;
        }

        if (lane is { Standing: false, State: LaneState.Open, InFlight: 0, Folding.Next: null } && LanePlaces.Unlimited(lane))
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

    private bool IsUnused(Lane lane) =>
        lane is { Standing: false, State: LaneState.Open, HasWork: false, InFlight: 0, Ring: null, Folding.Next: null } && !IsWantedFallback(lane);
}
