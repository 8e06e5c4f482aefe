using NotifyGateway.Core;
using NotifyGateway.Core.Outbox;
using Xunit;

namespace NotifyGateway.Tests.Outbox;

/// <content>How deliveries end: proved, expired, cancelled.</content>
public abstract partial class OutboxContract
{
    [Fact]
    public async Task Settle_IsStoredOnce_WithAttemptsAndProof()
    {
        await using var owner = await OutboxOwner.OpenAsync(Outbox, Libera);
        var id = await AppendAsync("hello", To("#ops"));
        var delivery = await owner.TakeAsync("#ops");
        delivery.Attempts = 3;
        Time.Advance(TimeSpan.FromSeconds(7));
        owner.Reader.Settle(delivery, Outcome.Delivered(Proof.Echo));
        owner.Reader.Settle(delivery, Outcome.Failed("later"));
        owner.Reader.Release([delivery]);
        await AppendAsync("next", To("#ops"));
        var next = await owner.TakeAsync("#ops");
        Assert.Equal("next", next.Notification.Text);
        await SettleAsync(owner, next, Outcome.Delivered(Proof.Pong));

        var settlements = await Ends.WaitAsync(2);
        Assert.Equal(2, settlements.Count);
        Assert.Equal(new Settlement(id, 0, "ci", Libera, "libera/#ops", Outcome.Delivered(Proof.Echo), 3, Time.GetUtcNow() - TimeSpan.FromSeconds(7), Time.GetUtcNow()), settlements[0]);
        var receipt = await Outbox.FindAsync(id, None);
        Assert.Equal(MessageStatus.Delivered, receipt!.Status);
        Assert.Equal(new DeliveryReceipt(DeliveryId.Format(id, 0), To("#ops"), DeliveryStatus.Delivered, 3, null, Proof.Echo, Time.GetUtcNow()), receipt.Deliveries[0]);
    }

    [Fact]
    public async Task Receipts_SurviveARestart()
    {
        var id = await AppendAsync("hello", To("#a"), To("#b"), To("#c"));
        await using (var owner = await OutboxOwner.OpenAsync(Outbox, Libera))
        {
            await SettleAsync(owner, await owner.TakeAsync("#b"), Outcome.Failed("banned: go away"));
            await SettleAsync(owner, await owner.TakeAsync("#c"), Outcome.Delivered(Proof.Pong));
            await ReopenAsync();
        }

        var receipt = await Outbox.FindAsync(id, None);
        Assert.Equal([DeliveryStatus.Queued, DeliveryStatus.Failed, DeliveryStatus.Delivered], receipt!.Deliveries.Select(d => d.Status));
        Assert.Equal("banned: go away", receipt.Deliveries[1].Reason);
        Assert.Equal("hello", receipt.Notification.Text);
        Assert.Null(await Outbox.FindAsync(Guid.CreateVersion7(Time.GetUtcNow()), None));
    }

    [Fact]
    public async Task AMessageToNobody_IsDelivered()
    {
        var id = await AppendAsync("alone");
        Assert.Equal(MessageStatus.Delivered, (await Outbox.FindAsync(id, None))!.Status);
        Assert.Null(await Outbox.RetryAsync(Guid.NewGuid(), TimeSpan.FromHours(1), None));
    }

    [Fact]
    public async Task Expires_WhatWaitsTooLong()
    {
        await using var owner = await OutboxOwner.OpenAsync(Outbox, Libera);
        var id = await AppendAsync("old", To("#ops"), To("#other", Oftc));
        var taken = await AppendAsync("on the wire", To("#wire"));
        var wire = await owner.TakeAsync("#wire");
        Time.Advance(TimeSpan.FromMinutes(30));
        var young = await AppendAsync("young", To("#ops"));
        Time.Advance(TimeSpan.FromMinutes(31));

        var settlements = await Ends.WaitAsync(2);
        Assert.All(settlements, s => Assert.Equal((id, new Outcome(DeliveryStatus.Expired, Proof.None, "expired before it could be delivered")), (s.MessageId, s.Outcome)));
        Assert.Equal("young", (await owner.TakeAsync("#ops")).Notification.Text);
        Assert.Equal(MessageStatus.Expired, (await Outbox.FindAsync(id, None))!.Status);
        Assert.Equal(MessageStatus.Queued, (await Outbox.FindAsync(young, None))!.Status);
        Assert.Equal(DeliveryStatus.Queued, (await ReceiptAsync(taken)).Status);

        owner.Reader.Release([wire]);
        await Ends.WaitAsync(3);
        Assert.Equal(DeliveryStatus.Expired, (await ReceiptAsync(taken)).Status);
        Assert.False(owner.Reader.TryTake("#wire", out _));
    }

    [Fact]
    public async Task NeverHandsOut_WhatHasExpired_AlsoAfterARestart()
    {
        await AppendAsync("old", To("#ops"));
        await Outbox.DisposeAsync();
        Time.Advance(TimeSpan.FromHours(2));
        Outbox = await OpenOutboxAsync(Options, Time);
        Ends = new SettlementLog(Outbox);
        await using var owner = await OutboxOwner.OpenAsync(Outbox, Libera);
        await AppendAsync("new", To("#ops"));
        Assert.Equal("new", (await owner.TakeAsync("#ops")).Notification.Text);
    }

    [Fact]
    public async Task SettlesAsItEnds_WhatExpiresOnTheWire()
    {
        await using var owner = await OutboxOwner.OpenAsync(Outbox, Libera);
        var id = await AppendAsync("slow", To("#ops"));
        var delivery = await owner.TakeAsync("#ops");
        Time.Advance(TimeSpan.FromHours(3));
        await SettleAsync(owner, delivery, Outcome.Delivered(Proof.Pong));
        Assert.Equal(MessageStatus.Delivered, (await Outbox.FindAsync(id, None))!.Status);
    }

    [Fact]
    public async Task Cancels_WhatIsQueued_ButNotWhatIsOnTheWire()
    {
        await using var owner = await OutboxOwner.OpenAsync(Outbox, Libera);
        await AppendAsync("first", To("#a"));
        var id = await AppendAsync("cancelled", To("#a"), To("#b"));
        await AppendAsync("last", To("#a"));
        var wire = await owner.TakeAsync("#b");

        var receipt = await Outbox.CancelAsync(id, None);
        Assert.Equal([DeliveryStatus.Cancelled, DeliveryStatus.Queued], receipt!.Deliveries.Select(d => d.Status));
        AssertTexts(["first", "last"], await owner.TakeAsync("#a", 2));
        await SettleAsync(owner, wire, Outcome.Delivered(Proof.Pong));
        Assert.Equal(MessageStatus.Partial, (await Outbox.FindAsync(id, None))!.Status);
        Assert.Equal(2, owner.Reader.Depth);
        Assert.Null(await Outbox.CancelAsync(Guid.CreateVersion7(Time.GetUtcNow()), None));
    }

    [Fact]
    public async Task ReleasedAfterACancel_IsStillQueued()
    {
        await using var owner = await OutboxOwner.OpenAsync(Outbox, Libera);
        var id = await AppendAsync("text", To("#a"));
        var wire = await owner.TakeAsync("#a");
        await Outbox.CancelAsync(id, None);
        owner.Reader.Release([wire]);
        Assert.Same(wire, await owner.TakeAsync("#a"));
        owner.Reader.Release([wire]);
        Assert.Equal(MessageStatus.Cancelled, (await Outbox.CancelAsync(id, None))!.Status);
        Assert.False(owner.Reader.TryTake("#a", out _));
    }
}
