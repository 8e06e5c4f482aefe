using NotifyGateway.Core;
using NotifyGateway.Core.Outbox;
using Xunit;

namespace NotifyGateway.Tests.Outbox;

/// <summary>Owns a session as its loop would: waits to be called, collects, takes.</summary>
internal sealed class OutboxOwner : IAsyncDisposable
{
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim _called = new(0);
    private int _calls;

    public IOutboxReader Reader { get; private set; } = null!;

    /// <summary>Every lane that was ever named.</summary>
    public HashSet<string> Named { get; } = [];

    /// <summary>True when it was called twice without a collect in between.</summary>
    public bool CalledTwice { get; private set; }

    public static async Task<OutboxOwner> OpenAsync(IOutbox outbox, SessionKey session)
    {
        var owner = new OutboxOwner();
        owner.Reader = await outbox.OpenAsync(session, owner.Called, CancellationToken.None);
        return owner;
    }

    /// <summary>The next delivery of a lane, waiting for it if need be.</summary>
    public async Task<Delivery> TakeAsync(string lane)
    {
        Delivery? delivery;
        while (!Reader.TryTake(lane, out delivery))
        {
            Assert.True(await _called.WaitAsync(Deadline), $"nothing came on the lane {lane}");
            Collect();
        }

        return delivery;
    }

    public async Task<List<Delivery>> TakeAsync(string lane, int count)
    {
        var deliveries = new List<Delivery>();
        while (deliveries.Count < count)
        {
            deliveries.Add(await TakeAsync(lane));
        }

        return deliveries;
    }

    public async Task WaitForCallAsync() => Assert.True(await _called.WaitAsync(Deadline), "nobody called");

    public IReadOnlyList<string> Collect()
    {
        Interlocked.Exchange(ref _calls, 0);
        var lanes = new List<string>();
        Reader.Collect(lanes);
        Named.UnionWith(lanes);
        return lanes;
    }

    public ValueTask DisposeAsync() => Reader.DisposeAsync();

    private void Called()
    {
        CalledTwice |= Interlocked.Increment(ref _calls) > 1;
        _called.Release();
    }
}

/// <summary>Keeps what an outbox says has ended.</summary>
internal sealed class SettlementLog
{
    private readonly Lock _gate = new();
    private readonly List<Settlement> _settlements = [];
    private readonly List<(Func<bool> Condition, TaskCompletionSource Reached)> _waiting = [];

    public SettlementLog(IOutbox outbox) => outbox.Settled += Add;

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _settlements.Count;
            }
        }
    }

    /// <summary>Waits until at least so many have ended, and returns all.</summary>
    public async Task<IReadOnlyList<Settlement>> WaitAsync(int count)
    {
        await WaitAsync(() => _settlements.Count >= count);
        lock (_gate)
        {
            return [.. _settlements];
        }
    }

    /// <summary>How often a delivery has ended.</summary>
    public int CountOf(Delivery delivery)
    {
        lock (_gate)
        {
            return _settlements.Count(s => s.MessageId == delivery.Notification.Id && s.Ordinal == delivery.Ordinal);
        }
    }

    /// <summary>Waits until this delivery has ended so often, whatever else ends meanwhile.</summary>
    public Task WaitAsync(Delivery delivery, int count) => WaitAsync(() => CountOf(delivery) >= count);

    private async Task WaitAsync(Func<bool> condition)
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            _waiting.Add((condition, reached));
            Tell();
        }

        await reached.Task.WaitAsync(OutboxOwner.Deadline);
    }

    private void Add(Settlement settlement)
    {
        lock (_gate)
        {
            _settlements.Add(settlement);
            Tell();
        }
    }

    private void Tell()
    {
        foreach (var (_, reached) in _waiting.Where(w => w.Condition()))
        {
            reached.TrySetResult();
        }
    }
}
