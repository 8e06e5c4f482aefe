namespace NotifyGateway.Core.Outbox;

/// <summary>Lets callers wait for the outcome of a message. Woken by the outbox's own settlements; nothing is polled.</summary>
public sealed class ReceiptWaiters : IDisposable
{
    /// <summary>More callers than this do not wait: they get the state as it is.</summary>
    public const int MaxWaiters = 10_000;

    private readonly IOutbox _outbox;
    private readonly TimeProvider _time;

    // The outbox's thread signals and request threads register: no loop owns both, so a lock does. It is held for a look-up only.
    private readonly Lock _gate = new();
    private readonly Dictionary<Guid, List<Waiter>> _waiters = [];
    private volatile int _count;

    public ReceiptWaiters(IOutbox outbox, TimeProvider time)
    {
        _outbox = outbox;
        _time = time;
        _outbox.Settled += OnSettled;
    }

    /// <summary>How many callers wait now.</summary>
    public int Count => _count;

    /// <summary>Returns the message as soon as none of its deliveries is queued, or as it stands when the time is over.</summary>
    /// <param name="id">The message.</param>
    /// <param name="atMost">The longest wait; more than zero.</param>
    /// <param name="cancellationToken">Ends the wait with an <see cref="OperationCanceledException"/>.</param>
    /// <returns>Null when the message is unknown.</returns>
    public async Task<Receipt?> WaitAsync(Guid id, TimeSpan atMost, CancellationToken cancellationToken)
    {
        var started = _time.GetTimestamp();
        var waiter = new Waiter();
        if (!Register(id, waiter))
        {
            return await _outbox.FindAsync(id, cancellationToken);
        }

        try
        {
            while (true)
            {
                // Asked after registering: what settled before is in the receipt, what settles from now on wakes the waiter.
                var receipt = await _outbox.FindAsync(id, cancellationToken);
                var left = atMost - _time.GetElapsedTime(started);
                if (receipt is null || receipt.Status != MessageStatus.Queued || left <= TimeSpan.Zero)
                {
                    return receipt;
                }

                if (!await SettledWithinAsync(waiter.Await(receipt), left, cancellationToken))
                {
                    return await _outbox.FindAsync(id, cancellationToken);
                }
            }
        }
        finally
        {
            Unregister(id, waiter);
        }
    }

    public void Dispose() => _outbox.Settled -= OnSettled;

    private async Task<bool> SettledWithinAsync(Task settled, TimeSpan left, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var first = await Task.WhenAny(settled, Task.Delay(left, _time, stop.Token));
        await stop.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
        return first == settled;
    }

    private bool Register(Guid id, Waiter waiter)
    {
        lock (_gate)
        {
            if (_count >= MaxWaiters)
            {
                return false;
            }

            if (!_waiters.TryGetValue(id, out var list))
            {
                _waiters.Add(id, list = new List<Waiter>(1));
            }

            list.Add(waiter);
            _count++;
            return true;
        }
    }

    private void Unregister(Guid id, Waiter waiter)
    {
        lock (_gate)
        {
            if (_waiters.TryGetValue(id, out var list) && list.Remove(waiter))
            {
                _count--;
                if (list.Count == 0)
                {
                    _waiters.Remove(id);
                }
            }
        }
    }

    private void OnSettled(Settlement settlement)
    {
        if (_count == 0)
        {
            return;
        }

        lock (_gate)
        {
            if (_waiters.TryGetValue(settlement.MessageId, out var list))
            {
                foreach (var waiter in list)
                {
                    waiter.Settle(settlement.Ordinal);
                }
            }
        }
    }

    /// <summary>Counts down the deliveries of one message, whether they settle before or after the first look at it.</summary>
    private sealed class Waiter
    {
        private readonly Lock _gate = new();
        private readonly HashSet<int> _settled = [];
        private readonly HashSet<int> _open = [];
        private TaskCompletionSource? _done;

        /// <summary>Completes when every delivery that the receipt shows as queued has settled.</summary>
        public Task Await(Receipt receipt)
        {
            lock (_gate)
            {
                _open.Clear();
                for (var ordinal = 0; ordinal < receipt.Deliveries.Count; ordinal++)
                {
                    if (receipt.Deliveries[ordinal].Status == DeliveryStatus.Queued && !_settled.Contains(ordinal))
                    {
                        _open.Add(ordinal);
                    }
                }

                // Settlements seen so far are used up: a delivery that is queued once more must settle once more.
                _settled.Clear();
                _done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                if (_open.Count == 0)
                {
                    _done.SetResult();
                }

                return _done.Task;
            }
        }

        public void Settle(int ordinal)
        {
            lock (_gate)
            {
                if (_done is null)
                {
                    _settled.Add(ordinal);
                }
                else if (_open.Remove(ordinal))
                {
                    if (_open.Count == 0)
                    {
                        _done.TrySetResult();
                    }
                }
                else
                {
                    _settled.Add(ordinal);
                }
            }
        }
    }
}
