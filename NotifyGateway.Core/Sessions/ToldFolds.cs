namespace NotifyGateway.Core.Sessions;

/// <summary>What the last lines that stood for many have told: a line that comes back after it was proved comes back for all of them.</summary>
internal sealed class ToldFolds
{
    /// <summary>Each has at most some thousand deliveries. A line comes back within minutes, or never.</summary>
    private const int Most = 16;

    private readonly Dictionary<Guid, (Guid Message, int Ordinal)[]> _told = [];
    private readonly Queue<Guid> _order = new();

    /// <summary>A delivery was proved. One that tells itself needs no note.</summary>
    public void OnProved(Delivery delivery)
    {
        var line = delivery.Notification.Id;
        if (delivery.Folded.Count > 0 && _told.TryAdd(line, [.. delivery.Folded.Select(d => (d.Notification.Id, d.Ordinal))]))
        {
            _order.Enqueue(line);
            if (_order.Count > Most)
            {
                _told.Remove(_order.Dequeue());
            }
        }
    }

    /// <summary>The deliveries that a line has told; what is no such line is its own.</summary>
    public IReadOnlyList<(Guid Message, int Ordinal)> By(Guid message, int ordinal) => _told.GetValueOrDefault(message) ?? [(message, ordinal)];
}
