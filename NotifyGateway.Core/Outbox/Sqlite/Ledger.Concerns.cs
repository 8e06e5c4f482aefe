namespace NotifyGateway.Core.Outbox.Sqlite;

/// <content>What somebody has to be told.</content>
internal sealed partial class Ledger
{
    /// <summary>When something may have waited for long, in milliseconds since 1970.</summary>
    public long NextLate => _lateness.Next;

    /// <summary>Nobody wants to hear of what was counted, and it is not deleted yet.</summary>
    public bool Forgets => _concerns.Forgets;

    /// <summary>What somebody wants to hear of; null: nothing.</summary>
    public WatchTerms? Terms => _concerns.Terms;

    /// <param name="from">Not looked for before, in milliseconds since 1970.</param>
    public void Watch(WatchTerms? terms, long from)
    {
        _concerns.Watch(terms);
        _lateness.Wake(from);
    }

    /// <inheritdoc cref="Lateness.ClockSetBack"/>
    public void ClockSetBack(DateTimeOffset now) => _lateness.ClockSetBack(now.ToUnixTimeMilliseconds());

    /// <summary>Whether a commit has given somebody something to hear; asked once.</summary>
    public bool TakeNews()
    {
        var news = _concerns.News;
        _concerns.News = false;
        return news;
    }

    /// <summary>Tells of some of what waits for long.</summary>
    /// <returns>True when there may be more.</returns>
    public bool Late() => _lateness.Some(_nowMilliseconds);

    /// <summary>Whoever has queued it once more knows of it, and what still waited as it was looked at has been told.</summary>
    private void Raise(Segment segment, int key, in DeliveryState state, Notification notification, Destination destination)
    {
        if (state.Status is DeliveryStatus.Failed or DeliveryStatus.Expired && !_lateness.HasPassed(segment.Id) && segment.Origins?.ContainsKey(Sequence.Message(key)) is not true)
        {
            _concerns.Raise(destination, notification, state.Status, state.Reason);
        }
    }
}
