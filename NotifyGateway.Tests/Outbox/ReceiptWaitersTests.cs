using NotifyGateway.Core;
using NotifyGateway.Core.Outbox;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Outbox;

public sealed class ReceiptWaitersTests
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task ReturnsAtOnce_WhatHasSettledBefore()
    {
        await using var outbox = new MemoryOutbox(TimeProvider.System);
        using var waiters = new ReceiptWaiters(outbox, TimeProvider.System);
        var id = await AppendAsync(outbox, "#a");
        await outbox.SettleAllAsync("net", Outcome.Delivered(Proof.Pong));
        Assert.Equal(MessageStatus.Delivered, (await waiters.WaitAsync(id, Long, default))!.Status);
    }

    [Fact]
    public async Task ReturnsAtOnce_AMessageToNobodyAndAnUnknownOne()
    {
        await using var outbox = new MemoryOutbox(TimeProvider.System);
        using var waiters = new ReceiptWaiters(outbox, TimeProvider.System);
        Assert.Equal(MessageStatus.Delivered, (await waiters.WaitAsync(await AppendAsync(outbox), Long, default))!.Status);
        Assert.Null(await waiters.WaitAsync(Guid.NewGuid(), Long, default));
        Assert.Equal(0, waiters.Count);
    }

    [Fact]
    public async Task WaitsForTheLastDelivery_ForEveryCaller()
    {
        await using var outbox = new MemoryOutbox(TimeProvider.System);
        using var waiters = new ReceiptWaiters(outbox, TimeProvider.System);
        var id = await AppendAsync(outbox, "#a", "#b");
        var first = waiters.WaitAsync(id, Long, default);
        var second = waiters.WaitAsync(id, Long, default);
        await using var owner = await outbox.OpenAsync(new SessionKey("net"), () => { }, default);
        Assert.True(owner.TryTake("#a", out var a));
        owner.Settle(a, Outcome.Failed("404"));
        Assert.False(first.IsCompleted);
        Assert.True(owner.TryTake("#b", out var b));
        owner.Settle(b, Outcome.Delivered(Proof.Echo));
        Assert.Equal(MessageStatus.Partial, (await first.WaitAsync(Long))!.Status);
        Assert.Equal(MessageStatus.Partial, (await second.WaitAsync(Long))!.Status);
        Assert.Equal(0, waiters.Count);
    }

    [Fact]
    public async Task MissesNothing_WhileManySettleAtTheSameTime()
    {
        await using var outbox = new MemoryOutbox(TimeProvider.System);
        using var waiters = new ReceiptWaiters(outbox, TimeProvider.System);
        var waits = new List<Task<Receipt?>>();
        for (var i = 0; i < 300; i++)
        {
            var id = await AppendAsync(outbox, "#a");
            waits.Add(Task.Run(() => waiters.WaitAsync(id, Long, TestContext.Current.CancellationToken)));
            await Task.Run(() => outbox.SettleAllAsync("net", Outcome.Delivered(Proof.Pong)));
        }

        var receipts = await Task.WhenAll(waits).WaitAsync(Long);
        Assert.All(receipts, r => Assert.Equal(MessageStatus.Delivered, r!.Status));
    }

    [Fact]
    public async Task ReturnsTheStateAsItIs_WhenTheTimeIsOver()
    {
        await using var outbox = new MemoryOutbox(TimeProvider.System);
        using var waiters = new ReceiptWaiters(outbox, TimeProvider.System);
        var receipt = await waiters.WaitAsync(await AppendAsync(outbox, "#a"), TimeSpan.FromMilliseconds(20), default);
        Assert.Equal(MessageStatus.Queued, receipt!.Status);
        Assert.Equal(0, waiters.Count);
    }

    [Fact]
    public async Task EndsWithTheToken()
    {
        await using var outbox = new MemoryOutbox(TimeProvider.System);
        using var waiters = new ReceiptWaiters(outbox, TimeProvider.System);
        using var stop = new CancellationTokenSource();
        var wait = waiters.WaitAsync(await AppendAsync(outbox, "#a"), Long, stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wait);
        Assert.Equal(0, waiters.Count);
    }

    private static async Task<Guid> AppendAsync(MemoryOutbox outbox, params string[] lanes)
    {
        var now = DateTimeOffset.UtcNow;
        var notification = new Notification { Id = Guid.CreateVersion7(), Client = "ci", Input = "http", Text = "x", AcceptedAt = now, ExpiresAt = now.AddDays(1) };
        var destinations = lanes.Select(l => new Destination(new SessionKey("net"), l, l, "net/" + l)).ToArray();
        return (await outbox.AppendAsync([new OutboxEntry(notification, destinations)], default))[0].MessageId;
    }
}
