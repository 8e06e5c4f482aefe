using System.Diagnostics.CodeAnalysis;

namespace NotifyGateway.Core.Outbox.Sqlite;

/// <summary>The owner's hold on its session's part.</summary>
internal sealed class LaneReader(SessionPart part, Writer writer) : IOutboxReader
{
    private bool _disposed;

    public long Depth => part.Queued;

    public void Collect(ICollection<string> lanes) => Part.Collect(lanes);

    public bool TryTake(string lane, [NotNullWhen(true)] out Delivery? delivery) => Part.TryTake(lane, out delivery);

    public long Waiting(string lane) => Part.Waiting(lane);

    public void Release(IReadOnlyCollection<Delivery> deliveries)
    {
        if (Part.Release(deliveries) is { Count: > 0 } released)
        {
            writer.Enqueue(new ReleasedOperation(released));
        }
    }

    public void Settle(Delivery delivery, Outcome outcome)
    {
        if (outcome.Status == DeliveryStatus.Queued)
        {
            throw new ArgumentException("A delivery cannot end as queued; release it.", nameof(outcome));
        }

        if (Part.BeginSettle(delivery))
        {
            writer.Enqueue(new Settling(part, delivery, outcome));
        }
    }

    public void Bounce(Guid message, int ordinal, Predicate<Destination> wentTo, string reason) =>
        writer.Enqueue(new Settling(Part, null, Outcome.Failed(reason), new Bounce(message, ordinal, wentTo)));

    public void Explain(string? lane, string? reason)
    {
        if (Part.Explain(lane, reason))
        {
            writer.Enqueue(new ExplainOperation(part, lane));
        }
    }

    public ValueTask DisposeAsync()
    {
        if (!_disposed)
        {
            _disposed = true;
            var released = part.Detach();
            writer.TryEnqueue(new ReleasedOperation(released));
            writer.TryEnqueue(new LeftOperation(part));
        }

        return ValueTask.CompletedTask;
    }

    private SessionPart Part
    {
        get
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return part;
        }
    }
}
