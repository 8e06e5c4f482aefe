namespace NotifyGateway.Core;

/// <summary>Where a whole message stands: <c>Queued</c> while one delivery is, then <c>Delivered</c> if all are, <c>Failed</c> if none is, <c>Partial</c> otherwise.</summary>
/// <remarks>All expired is <c>Expired</c>, all cancelled is <c>Cancelled</c>; a message to nobody is <c>Delivered</c>.</remarks>
public enum MessageStatus { Queued, Delivered, Failed, Partial, Expired, Cancelled }

/// <summary>The queryable outcome of a message: what was said and how each delivery stands.</summary>
public sealed record Receipt(Notification Notification, IReadOnlyList<DeliveryReceipt> Deliveries)
{
    public MessageStatus Status => Summarize(Deliveries);

    internal static MessageStatus Summarize(IReadOnlyList<DeliveryReceipt> deliveries)
    {
        var counts = new int[5];
        foreach (var delivery in deliveries)
        {
            counts[(int)delivery.Status]++;
        }

        if (counts[(int)DeliveryStatus.Queued] > 0)
        {
            return MessageStatus.Queued;
        }

        var delivered = counts[(int)DeliveryStatus.Delivered];
        if (delivered == deliveries.Count)
        {
            return MessageStatus.Delivered;
        }

        if (delivered > 0)
        {
            return MessageStatus.Partial;
        }

        return counts[(int)DeliveryStatus.Expired] == deliveries.Count ? MessageStatus.Expired
            : counts[(int)DeliveryStatus.Cancelled] == deliveries.Count ? MessageStatus.Cancelled
            : MessageStatus.Failed;
    }
}

/// <summary>How one delivery stands.</summary>
/// <param name="Id">See <see cref="DeliveryId"/>.</param>
/// <param name="Destination">Where it goes. Its address may hold a secret.</param>
/// <param name="Reason">The other side's words; for a queued delivery, why it still waits; for one that was delivered another way, which.</param>
/// <param name="SettledAt">Null while queued.</param>
public sealed record DeliveryReceipt(
    string Id, Destination Destination, DeliveryStatus Status, int Attempts, string? Reason, Proof Proof, DateTimeOffset? SettledAt)
{
    /// <summary>The destination's public name.</summary>
    public string To => Destination.Name;

    /// <summary>Who delivers it.</summary>
    public SessionKey Session => Destination.Session;
}
