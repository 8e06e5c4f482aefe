namespace NotifyGateway.Core.Outbox.Sqlite;

/// <content>What cannot be read any more.</content>
internal sealed partial class Ledger
{
    /// <summary>Takes a damaged segment out of the way, and tells of what is lost with it.</summary>
    public void SetAside(SegmentDamagedException damaged)
    {
        var segment = damaged.Segment;
        var lost = _damage.SetAside(segment, damaged.InnerException!.Message, _nowMilliseconds);
        _store.Forget(segment);
        foreach (var (session, name, count, accepted) in lost)
        {
            var lane = Part(session).Lane(name);
            _effects.Parts.Add(lane.Part);
            _effects.Discarded.Add((lane, segment));
            _effects.Changes.Add(_store.Lost(lane, segment, accepted, count));
            _concerns.RaiseLost(session, count);
        }

        var deliveries = lost.Sum(l => l.Count);
        OutboxLog.SegmentDamaged(_logger, segment, deliveries, string.Join(", ", lost.Select(l => l.Session.Name).Distinct(StringComparer.Ordinal).Take(20)), damaged);
        _meter?.Lost(deliveries);
    }

    /// <summary>Somebody who reads has met damage. What is read here decides: theirs may have been a passing trouble.</summary>
    private void LookAtDamage(long segment)
    {
        if (!_store.IsGone(segment) && _damage.Look(segment) is { } why)
        {
            throw new SegmentDamagedException(segment, why);
        }
    }
}
