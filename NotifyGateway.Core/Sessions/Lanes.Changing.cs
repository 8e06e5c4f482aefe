namespace NotifyGateway.Core.Sessions;

/// <content>
/// Other settings, while lanes are in use. What the configuration names anew is entered; what it names no more is left once it is empty: what was accepted for it is
/// still delivered. A lane whose words for entering have changed (a channel's key) stays open; the new ones are for the next time.
/// </content>
internal sealed partial class Lanes
{
    public void Change(SessionSettings settings, TimeSpan now)
    {
        var fallback = _settings.Fallback;
        _settings = settings;
        folds.Change(settings);
        var names = settings.Standing.Select(s => s.Lane).ToHashSet(StringComparer.Ordinal);
        foreach (var lane in _lanes.Values.Where(l => l.Standing && !names.Contains(l.Name)).ToList())
        {
            Retire(lane);
        }

        foreach (var (name, address) in settings.Standing)
        {
            Stand(GetOrAdd(name), address, now);
        }

        if (settings.Fallback != fallback)
        {
            Reconsider(fallback, now);
        }

        Changed = true;
    }

    private void Stand(Lane lane, string address, TimeSpan now)
    {
        var other = !string.Equals(lane.Address, address, StringComparison.Ordinal);
        lane.Standing = true;
        lane.Retired = false;
        lane.Address = address;
        if (other && Rests(lane))
        {
            lane.Refusals = 0;
            Retry(lane, now);
        }
        else if (lane.State == LaneState.Idle)
        {
            Wake(lane, now);
        }
    }

    /// <summary>What carries others stays: they are why it is open.</summary>
    private void Retire(Lane lane)
    {
        lane.Standing = false;
        lane.Retired = !IsFallback(lane);
        LeaveRetired(lane);
    }

    /// <returns>Whether it was left.</returns>
    private bool LeaveRetired(Lane lane)
    {
        if (lane is not { Retired: true, HasWork: false, InFlight: 0, Folding.Next: null })
        {
            return false;
        }

        Leave(lane);
        return true;
    }

    /// <summary>Another fallback, or none: lanes that are refused try once more, and go its way if they are refused again.</summary>
    private void Reconsider((string Lane, string Address)? before, TimeSpan now)
    {
        foreach (var lane in _lanes.Values.Where(l => l.Blocked || l.State == LaneState.Parked).ToList())
        {
            Retry(lane, now);
        }

        if (before is { } old && _lanes.GetValueOrDefault(old.Lane) is { Standing: false } fallback)
        {
            Retire(fallback);
        }
    }
}
