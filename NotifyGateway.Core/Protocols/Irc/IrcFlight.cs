namespace NotifyGateway.Core.Protocols.Irc;

/// <summary>The deliveries on their way, in the order in which they were sent.</summary>
internal sealed class IrcFlight(IrcState state)
{
    private readonly Queue<IrcSent> _queue = new();

    public int Count => _queue.Count;

    /// <summary>The oldest label on its way; <see cref="long.MaxValue"/> when none is.</summary>
    public long OldestLabel => _queue.FirstOrDefault(s => s.FirstLabel > 0)?.FirstLabel ?? long.MaxValue;

    /// <summary>The deliveries that were neither settled nor given back, in order.</summary>
    public IEnumerable<IrcSent> Open => _queue.Where(s => !s.Done);

    public void Add(IrcSent sent) => _queue.Enqueue(sent);

    /// <summary>Takes out the next one that a barrier proves; null: there is none.</summary>
    public IrcSent? TakeUpTo(long barrier) => _queue.TryPeek(out var first) && first.Batch.Barrier <= barrier ? _queue.Dequeue() : null;

    public void Clear() => _queue.Clear();

    /// <summary>The delivery of the oldest batch to this target, or null. Answers to later batches come after the oldest one's PONG.</summary>
    public IrcSent? InOldest(string name)
    {
        var oldest = _queue.TryPeek(out var first) ? first.Batch : null;
        foreach (var sent in _queue)
        {
            if (sent.Batch != oldest)
            {
                break;
            }

            if (IsTo(sent, name))
            {
                return sent;
            }
        }

        return null;
    }

    /// <summary>The open deliveries of the oldest batch.</summary>
    public List<IrcSent> OpenInOldest()
    {
        var oldest = _queue.TryPeek(out var first) ? first.Batch : null;
        return [.. _queue.TakeWhile(s => s.Batch == oldest).Where(s => !s.Done)];
    }

    /// <summary>The delivery that one of its lines carries this label, or null.</summary>
    public IrcSent? Labelled(long label)
    {
        foreach (var sent in _queue)
        {
            if (sent.Has(label))
            {
                return sent;
            }
        }

        return null;
    }

    /// <summary>The first delivery to this target of whose lines not all have come back, or null.</summary>
    public IrcSent? AwaitingEcho(string name)
    {
        foreach (var sent in _queue)
        {
            if (!sent.Done && sent.Echoes < sent.Out && IsTo(sent, name))
            {
                return sent;
            }
        }

        return null;
    }

    private bool IsTo(IrcSent sent, string name) => state.Isupport.CaseMapping.Same(sent.Target.Name, name);
}
