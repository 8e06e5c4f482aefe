using NotifyGateway.Core;
using NotifyGateway.Core.Outbox;
using Xunit;

namespace NotifyGateway.Tests.Outbox;

/// <content>What was delivered, and comes back.</content>
public abstract partial class OutboxContract
{
    private const string Why = "remote-server-timeout: nobody there";

    [Fact]
    public async Task Bounced_Fails_AndIsTold()
    {
        await using var owner = await OutboxOwner.OpenAsync(Outbox, Libera);
        var id = await AppendAsync("hello", To("#a"), To("#b"));
        var first = await owner.TakeAsync("#a");
        first.Attempts = 2;
        await SettleAsync(owner, first, Outcome.Delivered(Proof.Ack));
        await SettleAsync(owner, await owner.TakeAsync("#b"), Outcome.Delivered(Proof.Pong));
        Time.Advance(TimeSpan.FromMinutes(1));

        owner.Reader.Bounce(id, 0, d => d == To("#a"), Why);

        var told = (await Ends.WaitAsync(3))[2];
        Assert.Equal(new Settlement(id, 0, "ci", Libera, "libera/#a", Outcome.Failed(Why), 2, Time.GetUtcNow() - TimeSpan.FromMinutes(1), Time.GetUtcNow()) { CameBack = true }, told);
        var receipt = await Outbox.FindAsync(id, None);
        Assert.Equal(MessageStatus.Partial, receipt!.Status);
        Assert.Equal(new DeliveryReceipt(DeliveryId.Format(id, 0), To("#a"), DeliveryStatus.Failed, 2, Why, Proof.None, Time.GetUtcNow()), receipt.Deliveries[0]);
        Assert.Equal(0, owner.Reader.Depth);

        owner.Reader.Bounce(id, 1, _ => true, Why);
        await Ends.WaitAsync(4);
        Assert.Equal(MessageStatus.Failed, (await Outbox.FindAsync(id, None))!.Status);
    }

    [Fact]
    public async Task Bounced_RightBehindItsEnd_IsNotOvertaken()
    {
        await using var owner = await OutboxOwner.OpenAsync(Outbox, Libera);
        var ids = new List<Guid>();
        for (var i = 0; i < 100; i++)
        {
            ids.Add(await AppendAsync(Text(i), To("#a")));
            owner.Reader.Settle(await owner.TakeAsync("#a"), Outcome.Delivered(Proof.Ack));
            owner.Reader.Bounce(ids[i], 0, _ => true, Why);
        }

        var ends = await Ends.WaitAsync(200);
        Assert.Equal(200, ends.Count);
        foreach (var id in ids)
        {
            Assert.Equal([DeliveryStatus.Delivered, DeliveryStatus.Failed], ends.Where(e => e.MessageId == id).Select(e => e.Outcome.Status));
            Assert.Equal(DeliveryStatus.Failed, (await ReceiptAsync(id)).Status);
        }
    }

    [Fact]
    public async Task Bounced_AfterARestart_Fails_AndStaysSo()
    {
        var id = await AppendAsync("hello", To("#a"));
        await using (var owner = await OutboxOwner.OpenAsync(Outbox, Libera))
        {
            await SettleAsync(owner, await owner.TakeAsync("#a"), Outcome.Delivered(Proof.Ack));
        }

        await ReopenAsync();
        await using (var owner = await OutboxOwner.OpenAsync(Outbox, Libera))
        {
            owner.Reader.Bounce(id, 0, d => d.Lane == "#a", Why);
        }

        await Ends.WaitAsync(1);
        await ReopenAsync();
        Assert.Equal((DeliveryStatus.Failed, Why), ((await ReceiptAsync(id)).Status, (await ReceiptAsync(id)).Reason));
        Assert.Equal(MessageStatus.Failed, Assert.Single((await Outbox.ListAsync(new ReceiptQuery(Status: [MessageStatus.Failed]), None)).Items).Status);
    }

    [Fact]
    public async Task ABounce_OfNothingThatWasDelivered_ChangesNothing()
    {
        await using var owner = await OutboxOwner.OpenAsync(Outbox, Libera);
        await using var other = await OutboxOwner.OpenAsync(Outbox, Oftc);
        var id = await AppendAsync("hello", To("#queued"), To("#taken"), To("#failed"), To("#done"), To("#done", Oftc));
        await owner.TakeAsync("#taken");
        await SettleAsync(owner, await owner.TakeAsync("#failed"), Outcome.Failed("first words"));
        await SettleAsync(owner, await owner.TakeAsync("#done"), Outcome.Delivered(Proof.Ack));
        await SettleAsync(other, await other.TakeAsync("#done"), Outcome.Delivered(Proof.Ack));

        for (var ordinal = 0; ordinal < 6; ordinal++)
        {
            owner.Reader.Bounce(id, ordinal, d => d.Lane != "#done" || d.Session != Libera, Why);
        }

        owner.Reader.Bounce(id, -1, _ => true, Why);
        owner.Reader.Bounce(Guid.CreateVersion7(Time.GetUtcNow()), 0, _ => true, Why);
        // What comes later is carried out later.
        await Outbox.CancelAsync(Guid.CreateVersion7(), None);

        Assert.Equal(3, Ends.Count);
        var receipt = await Outbox.FindAsync(id, None);
        Assert.Equal(
            [DeliveryStatus.Queued, DeliveryStatus.Queued, DeliveryStatus.Failed, DeliveryStatus.Delivered, DeliveryStatus.Delivered], receipt!.Deliveries.Select(d => d.Status));
        Assert.Equal("first words", receipt.Deliveries[2].Reason);
    }

    [Fact]
    public async Task Bounced_CanBeRetried_AndBounceAgain()
    {
        await using var owner = await OutboxOwner.OpenAsync(Outbox, Libera);
        var id = await AppendAsync("hello", To("#a"));
        await SettleAsync(owner, await owner.TakeAsync("#a"), Outcome.Delivered(Proof.Ack));
        owner.Reader.Bounce(id, 0, _ => true, Why);
        await Ends.WaitAsync(2);
        var again = await Outbox.RetryAsync(id, TimeSpan.FromHours(1), None);
        Assert.Equal(MessageStatus.Queued, again!.Status);

        // It is on its way once more: what comes back now is of the first try.
        owner.Reader.Bounce(id, 0, _ => true, "late");
        await SettleAsync(owner, await owner.TakeAsync("#a"), Outcome.Delivered(Proof.Ack));
        Assert.Equal(DeliveryStatus.Delivered, (await ReceiptAsync(id)).Status);
        owner.Reader.Bounce(id, 0, _ => true, "twice");
        await Ends.WaitAsync(4);
        Assert.Equal((DeliveryStatus.Failed, "twice"), ((await ReceiptAsync(id)).Status, (await ReceiptAsync(id)).Reason));
    }

    [Fact]
    public async Task Bounced_IsKept_FromThenOn_AndAfterItsTimeIsUnknown()
    {
        await using var owner = await OutboxOwner.OpenAsync(Outbox, Libera);
        var kept = await AppendAsync("kept", To("#a"));
        var gone = await AppendAsync("gone", To("#a"));
        await SettleAsync(owner, await owner.TakeAsync("#a"), Outcome.Delivered(Proof.Ack));
        await SettleAsync(owner, await owner.TakeAsync("#a"), Outcome.Delivered(Proof.Ack));
        Time.Advance(Options.KeepSettled / 2);
        owner.Reader.Bounce(kept, 0, _ => true, Why);
        await Ends.WaitAsync(3);

        Time.Advance((Options.KeepSettled / 2) + TimeSpan.FromMinutes(1));
        owner.Reader.Bounce(gone, 0, _ => true, Why);
        await Outbox.CancelAsync(kept, None);

        Assert.Equal(3, Ends.Count);
        Assert.Null(await Outbox.FindAsync(gone, None));
        Assert.Equal(DeliveryStatus.Failed, (await ReceiptAsync(kept)).Status);
    }
}
