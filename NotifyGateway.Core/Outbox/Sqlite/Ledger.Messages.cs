namespace NotifyGateway.Core.Outbox.Sqlite;

/// <content>Cancelling and retrying whole messages.</content>
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
                var again = _store.Get(Sequence.Segment(state.When));
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
