namespace NotifyGateway.Core.Outbox.Sqlite;

/// <content>Cancelling and retrying whole messages, and what comes back.</content>
internal sealed partial class Ledger
{
    private void Cancel(Guid id)
    {
        if (Find(id) is not ({ } message, { } segment, var first))
        {
            return;
        }

        for (var i = 0; i < message.Destinations.Length; i++)
        {
            var state = segment.States[first + i];
            if (state.Status == DeliveryStatus.Queued)
            {
                TryEndUntaken(segment, first + i, DeliveryStatus.Cancelled, message.Notification, message.Destinations[i]);
            }
            else if (state.Status == DeliveryState.Elsewhere)
            {
                if (_store.TryGet(Sequence.Segment(state.When)) is not { } again)
                {
                    continue;
                }

                TryEndUntaken(again, again.IndexOf(Sequence.Key(state.When)), DeliveryStatus.Cancelled, message.Notification, message.Destinations[i]);
            }
        }
    }

    private void Retry(Guid id, TimeSpan life)
    {
        if (Find(id) is not ({ } message, { } segment, var first))
        {
            return;
        }

        var deliveries = new List<(int Ordinal, Destination Destination)>();
        for (var i = 0; i < message.Destinations.Length; i++)
        {
            if (segment.States[first + i] is { IsSettled: true, Status: not DeliveryStatus.Delivered })
            {
                deliveries.Add((i, message.Destinations[i]));
            }
        }

        if (deliveries.Count == 0)
        {
            return;
        }

        var origin = Sequence.Of(segment.Id, Sequence.Key(message.Message, 0));
        var sequences = _packer.AddAgain(message.Notification with { ExpiresAt = _now + life }, origin, deliveries);
        for (var i = 0; i < deliveries.Count; i++)
        {
            segment.Requeue(first + deliveries[i].Ordinal, sequences[i]);
            var part = Part(deliveries[i].Destination.Session);
            Remember(part);
            part.Pending++;
        }

        _store.Touch(segment);
        // A cancel in the same transaction has to find them.
        _packer.Flush();
    }

    /// <summary>
    /// What came back is known by its message's first entry, which also knows how another try has ended. Whoever says so may be anybody: only what has
    /// been delivered, by this session, to where it is said to come back from, is changed.
    /// </summary>
    private void Return(SessionPart part, Bounce bounce, in Outcome outcome)
    {
        if (Find(bounce.Message) is not ({ } message, { } segment, var first) || (uint)bounce.Ordinal >= message.Destinations.Length)
        {
            return;
        }

        var destination = message.Destinations[bounce.Ordinal];
        var index = first + bounce.Ordinal;
        if (segment.States[index].Status == DeliveryStatus.Delivered && destination.Session == part.Key && bounce.WentTo(destination))
        {
            var state = new DeliveryState { Status = outcome.Status, Reason = outcome.Reason, Attempts = segment.States[index].Attempts, When = _nowMilliseconds };
            if (segment.States[index].When < message.Notification.AcceptedAt.ToUnixTimeMilliseconds() + (_concerns.Terms?.After.TotalMilliseconds ?? 0))
            {
                // What had arrived in time was not told of as late.
                _concerns.Raise(destination, message.Notification, state.Status, state.Reason);
            }

            segment.Amend(index, state);
            _store.Touch(segment);
            Tell(state, message.Notification, bounce.Ordinal, destination, cameBack: true);
        }
    }

    /// <summary>The message, its segment and the index of its first delivery there; nothing when it is unknown or too old to be known.</summary>
    private (StoredMessage? Message, Segment? Segment, int First) Find(Guid id)
    {
        // What this transaction has appended so far is found like the rest.
        _packer.Flush();
        var message = _lookup.Find(id);
        if (message is null || message.SettledAt < _nowMilliseconds - (long)_options.KeepSettled.TotalMilliseconds)
        {
            return default;
        }

        var segment = _store.Get(message.Segment);
        return (message, segment, message.Destinations.Length == 0 ? 0 : segment.IndexOf(Sequence.Key(message.Message, 0)));
    }
}
