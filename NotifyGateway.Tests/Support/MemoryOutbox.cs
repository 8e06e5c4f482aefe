using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using NotifyGateway.Core;
using NotifyGateway.Core.Outbox;

namespace NotifyGateway.Tests.Support;

/// <summary>
/// An outbox for tests of the doors: everything that <see cref="IOutbox"/> promises but durability, expiry and concerns. Any thread may call it,
/// so one lock guards it.
/// </summary>
internal sealed class MemoryOutbox(TimeProvider time) : IOutbox
{
    private readonly Lock _gate = new();
    private readonly List<Message> _messages = [];
    private readonly Dictionary<string, (byte[] Fingerprint, Guid Id)> _guards = new(StringComparer.Ordinal);
    private readonly Dictionary<SessionKey, Reader> _readers = [];
    private long _sequence;

    public event Action<Settlement>? Settled;

    /// <summary>Never: this outbox keeps no account of what did not arrive.</summary>
    public event Action? Concerned { add { } remove { } }

    /// <summary>Set by a test: from now on nothing can be stored.</summary>
    public string? Fault { get; set; }

    public TimeSpan BusyFor { get; set; }

    /// <summary>Set by a test: how many deliveries a session may have waiting.</summary>
    public int MaxQueuedPerSession { get; set; } = 100_000;

    public Task<AppendResult[]> AppendAsync(IReadOnlyList<OutboxEntry> entries, CancellationToken cancellationToken)
    {
        var results = new AppendResult[entries.Count];
        var stored = new List<SessionKey>();
        lock (_gate)
        {
            for (var i = 0; i < results.Length; i++)
            {
                results[i] = Append(entries[i], stored);
            }
        }

        Announce(stored);
        return Task.FromResult(results);
    }

    public ValueTask<IOutboxReader> OpenAsync(SessionKey session, Action available, CancellationToken cancellationToken)
    {
        var reader = new Reader(this, session, available);
        lock (_gate)
        {
            if (!_readers.TryAdd(session, reader))
            {
                throw new InvalidOperationException($"{session} has an owner already");
            }
        }

        if (reader.Depth > 0)
        {
            available();
        }

        return new ValueTask<IOutboxReader>(reader);
    }

    public ValueTask<Receipt?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return new ValueTask<Receipt?>(_messages.Find(m => m.Notification.Id == id)?.ToReceipt());
        }
    }

    public ValueTask<ReceiptPage> ListAsync(ReceiptQuery query, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            var before = long.MaxValue;
            if (query.Before is { } cursor && !long.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out before))
            {
                throw new ArgumentException("no cursor", nameof(query));
            }

            var found = _messages.AsEnumerable().Reverse()
                .Where(m => m.Sequence < before && (query.Client is null || Same(m.Notification.Client, query.Client)))
                .Where(m => query.Status?.Contains(m.ToReceipt().Status) != false && (query.To is null || m.Deliveries.Exists(d => Same(d.Delivery.Destination.Name, query.To))))
                .Take(query.Limit + 1).ToList();
            var more = found.Count > query.Limit;
            var page = found.Take(query.Limit).ToList();
            return new ValueTask<ReceiptPage>(new ReceiptPage([.. page.Select(m => m.ToReceipt())], more ? page[^1].Sequence.ToString(CultureInfo.InvariantCulture) : null));
        }
    }

    public ValueTask<Receipt?> CancelAsync(Guid id, CancellationToken cancellationToken)
    {
        if (Fault is { } fault)
        {
            throw new OutboxFaultException(fault);
        }

        Message? message;
        var ended = new List<Settlement>();
        lock (_gate)
        {
            message = _messages.Find(m => m.Notification.Id == id);
            foreach (var queued in message?.Deliveries.Where(d => d.Status == DeliveryStatus.Queued && !d.Taken) ?? [])
            {
                ended.Add(End(message!, queued, new Outcome(DeliveryStatus.Cancelled)));
            }
        }

        Announce(ended);
        return FindAsync(id, cancellationToken);
    }

    public ValueTask<Receipt?> RetryAsync(Guid id, TimeSpan life, CancellationToken cancellationToken)
    {
        var again = new List<SessionKey>();
        lock (_gate)
        {
            foreach (var d in _messages.Find(m => m.Notification.Id == id)?.Deliveries.Where(d => d.Status is not (DeliveryStatus.Queued or DeliveryStatus.Delivered)) ?? [])
            {
                (d.Status, d.Reason, d.Proof, d.SettledAt, d.Order) = (DeliveryStatus.Queued, null, Proof.None, null, ++_sequence);
                again.Add(d.Delivery.Destination.Session);
            }
        }

        Announce(again);
        return FindAsync(id, cancellationToken);
    }

    public void Watch(WatchTerms? terms)
    {
    }

    public Task<IReadOnlyList<Concern>> ConcernsAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<Concern>>([]);

    public IReadOnlyList<SessionBacklog> Backlog()
    {
        lock (_gate)
        {
            return [.. _messages.SelectMany(m => m.Deliveries.Select(d => (m, d))).Where(x => x.d.Status == DeliveryStatus.Queued)
                .GroupBy(x => x.d.Delivery.Destination.Session)
                .Select(g => new SessionBacklog(g.Key, g.Count(), g.Min(x => x.m.Notification.AcceptedAt)))];
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static bool Same(string a, string? b) => string.Equals(a, b, StringComparison.Ordinal);

    private AppendResult Append(OutboxEntry entry, List<SessionKey> stored)
    {
        if (Fault is not null)
        {
            return new AppendResult(AppendStatus.Failing, Guid.Empty);
        }

        if (entry.Guard is { } guard && _guards.TryGetValue(guard.Key, out var first))
        {
            return first.Fingerprint.AsSpan().SequenceEqual(guard.Fingerprint)
                ? new AppendResult(AppendStatus.Repeated, first.Id)
                : new AppendResult(AppendStatus.KeyReused, Guid.Empty);
        }

        if (entry.Destinations.Any(d => Queued(d.Session).Count() >= MaxQueuedPerSession))
        {
            return new AppendResult(AppendStatus.Full, Guid.Empty);
        }

        var id = entry.Notification.Id;
        _messages.Add(new Message(++_sequence, entry.Notification, [.. entry.Destinations.Select((d, i) => new Item(new Delivery(++_sequence, i, entry.Notification, d)) { Order = _sequence })]));
        stored.AddRange(entry.Destinations.Select(d => d.Session));
        if (entry.Guard is { } mine)
        {
            _guards.Add(mine.Key, (mine.Fingerprint, id));
        }

        return new AppendResult(AppendStatus.Stored, id);
    }

    private IEnumerable<Item> Queued(SessionKey session) =>
        _messages.SelectMany(m => m.Deliveries).Where(d => d.Status == DeliveryStatus.Queued && d.Delivery.Destination.Session == session).OrderBy(d => d.Order);

    private Settlement End(Message message, Item item, Outcome outcome)
    {
        (item.Status, item.Reason, item.Proof, item.SettledAt, item.Taken) = (outcome.Status, outcome.Reason, outcome.Proof, time.GetUtcNow(), false);
        return new Settlement(message.Notification.Id, item.Delivery.Ordinal, message.Notification.Client, item.Delivery.Destination.Session, item.Delivery.Destination.Name,
            outcome, item.Delivery.Attempts, message.Notification.AcceptedAt, item.SettledAt.Value)
        {
            Trace = message.Notification.Trace,
        };
    }

    private void Announce(IEnumerable<SessionKey> sessions)
    {
        foreach (var session in sessions)
        {
            Reader? reader;
            lock (_gate)
            {
                _readers.TryGetValue(session, out reader);
            }

            reader?.Announce();
        }
    }

    private void Announce(IEnumerable<Settlement> ended)
    {
        foreach (var settlement in ended)
        {
            Settled?.Invoke(settlement);
        }
    }

    private sealed class Item(Delivery delivery)
    {
        public Delivery Delivery { get; } = delivery;

        public DeliveryStatus Status { get; set; }

        public string? Reason { get; set; }

        public Proof Proof { get; set; }

        public DateTimeOffset? SettledAt { get; set; }

        public bool Taken { get; set; }

        public long Order { get; set; }
    }

    private sealed record Message(long Sequence, Notification Notification, List<Item> Deliveries)
    {
        public Receipt ToReceipt() => new(Notification, [.. Deliveries.Select(d => new DeliveryReceipt(
            d.Delivery.Id, d.Delivery.Destination, d.Status, d.Delivery.Attempts, d.Reason, d.Proof, d.SettledAt))]);
    }

    private sealed class Reader(MemoryOutbox outbox, SessionKey session, Action available) : IOutboxReader
    {
        private bool _announced;

        public long Depth
        {
            get
            {
                lock (outbox._gate)
                {
                    return outbox.Queued(session).Count();
                }
            }
        }

        public void Announce()
        {
            if (!Interlocked.Exchange(ref _announced, true))
            {
                available();
            }
        }

        public void Collect(ICollection<string> lanes)
        {
            Volatile.Write(ref _announced, false);
            lock (outbox._gate)
            {
                foreach (var lane in outbox.Queued(session).Where(d => !d.Taken).Select(d => d.Delivery.Lane).Distinct(StringComparer.Ordinal))
                {
                    lanes.Add(lane);
                }
            }
        }

        public bool TryTake(string lane, [NotNullWhen(true)] out Delivery? delivery)
        {
            lock (outbox._gate)
            {
                var next = outbox.Queued(session).FirstOrDefault(d => !d.Taken && Same(d.Delivery.Lane, lane));
                if (next is not null)
                {
                    next.Taken = true;
                }

                delivery = next?.Delivery;
                return delivery is not null;
            }
        }

        public long Waiting(string lane)
        {
            lock (outbox._gate)
            {
                return outbox.Queued(session).Count(d => !d.Taken && Same(d.Delivery.Lane, lane));
            }
        }

        public void Release(IReadOnlyCollection<Delivery> deliveries)
        {
            lock (outbox._gate)
            {
                foreach (var item in outbox.Queued(session).Where(d => deliveries.Contains(d.Delivery)))
                {
                    item.Taken = false;
                }
            }

            if (deliveries.Count > 0)
            {
                Announce();
            }
        }

        public void Settle(Delivery delivery, Outcome outcome)
        {
            Settlement settlement;
            lock (outbox._gate)
            {
                var message = outbox._messages.Find(m => m.Notification.Id == delivery.Notification.Id)!;
                settlement = outbox.End(message, message.Deliveries[delivery.Ordinal], outcome);
            }

            outbox.Announce([settlement]);
        }

        public void Bounce(Guid message, int ordinal, Predicate<Destination> wentTo, string reason)
        {
            Settlement? settlement = null;
            lock (outbox._gate)
            {
                if (outbox._messages.Find(m => m.Notification.Id == message) is { } found && ordinal < found.Deliveries.Count
                    && found.Deliveries[ordinal] is { Status: DeliveryStatus.Delivered } item && item.Delivery.Destination.Session == session && wentTo(item.Delivery.Destination))
                {
                    settlement = outbox.End(found, item, Outcome.Failed(reason)) with { CameBack = true };
                }
            }

            outbox.Announce(settlement is { } failed ? [failed] : Array.Empty<Settlement>());
        }

        public void Explain(string? lane, string? reason)
        {
            lock (outbox._gate)
            {
                foreach (var item in outbox.Queued(session).Where(d => lane is null || Same(d.Delivery.Lane, lane)))
                {
                    item.Reason = reason;
                }
            }
        }

        public ValueTask DisposeAsync()
        {
            lock (outbox._gate)
            {
                foreach (var item in outbox.Queued(session))
                {
                    item.Taken = false;
                }

                outbox._readers.Remove(session);
            }

            return ValueTask.CompletedTask;
        }
    }
}
