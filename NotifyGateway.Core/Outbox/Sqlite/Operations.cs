namespace NotifyGateway.Core.Outbox.Sqlite;

/// <summary>What the writer is asked to do, besides settling.</summary>
internal abstract class Operation;

/// <summary>Somebody waits for the answer; while the disk refuses the answer is that it does.</summary>
internal abstract class AskedOperation : Operation
{
    /// <summary>Answers after the commit.</summary>
    public abstract void Complete();

    /// <summary>Answers that nothing was stored.</summary>
    public abstract void Refuse(string fault, Exception? error);
}

internal sealed class AppendOperation(IReadOnlyList<OutboxEntry> entries) : AskedOperation
{
    private readonly TaskCompletionSource<AppendResult[]> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IReadOnlyList<OutboxEntry> Entries { get; } = entries;

    public AppendResult[] Results { get; } = new AppendResult[entries.Count];

    public Task<AppendResult[]> Done => _done.Task;

    public override void Complete() => _done.SetResult(Results);

    public override void Refuse(string fault, Exception? error)
    {
        Array.Fill(Results, new AppendResult(AppendStatus.Failing, Guid.Empty));
        _done.SetResult(Results);
    }
}

/// <summary>Cancels what is queued of a message, or (with a life) queues once more what ended undelivered.</summary>
internal sealed class MessageOperation(Guid id, TimeSpan? retryLife) : AskedOperation
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Guid Id { get; } = id;

    public TimeSpan? RetryLife { get; } = retryLife;

    public Task Done => _done.Task;

    public override void Complete() => _done.SetResult();

    public override void Refuse(string fault, Exception? error) => _done.SetException(new OutboxFaultException(fault, error));
}

/// <summary>Reads what nobody has been told of.</summary>
internal sealed class ConcernsOperation : AskedOperation
{
    private readonly TaskCompletionSource<IReadOnlyList<Concern>> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IReadOnlyList<Concern> Found { get; set; } = [];

    public Task<IReadOnlyList<Concern>> Done => _done.Task;

    public override void Complete() => _done.SetResult(Found);

    public override void Refuse(string fault, Exception? error) => _done.SetException(new OutboxFaultException(fault, error));
}

/// <summary>Stores the reason that the part has in memory.</summary>
internal sealed class ExplainOperation(SessionPart part, string? lane) : Operation
{
    public SessionPart Part { get; } = part;

    public string? Lane { get; } = lane;
}

/// <summary>Stores how often released deliveries were tried, and ends those whose time is over.</summary>
internal sealed class ReleasedOperation(IReadOnlyList<Delivery> deliveries) : Operation
{
    public IReadOnlyList<Delivery> Deliveries { get; } = deliveries;
}

/// <summary>Looks whether a session that lost its owner can be forgotten.</summary>
internal sealed class LeftOperation(SessionPart part) : Operation
{
    public SessionPart Part { get; } = part;
}

/// <summary>Somebody who reads has met a segment that cannot be read.</summary>
internal sealed class DamagedOperation(long segment) : Operation
{
    public long Segment { get; } = segment;
}

/// <summary>The end of a delivery, as its owner says.</summary>
/// <param name="Delivery">Null: it had ended as delivered, and <paramref name="Bounce"/> says which one it is.</param>
internal readonly record struct Settling(SessionPart Part, Delivery? Delivery, Outcome Outcome, Bounce? Bounce = null);

/// <summary>Says which delivery came back. See <see cref="IOutboxReader.Bounce"/>.</summary>
internal sealed record Bounce(Guid Message, int Ordinal, Predicate<Destination> WentTo);
