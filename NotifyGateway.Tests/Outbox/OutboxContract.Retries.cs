using NotifyGateway.Core;
using NotifyGateway.Core.Outbox;
using Xunit;

namespace NotifyGateway.Tests.Outbox;

/// <content>What is queued once more, and what was stored before.</content>
public abstract partial class OutboxContract
{
    [Fact]
    public async Task Retry_QueuesAtTheEnd_WithAFreshLife()
    {
        await using var owner = await OutboxOwner.OpenAsync(Outbox, Libera);
        var id = await AppendAsync("again", To("#a"), To("#b"));
        var failed = await owner.TakeAsync("#a");
        failed.Attempts = 4;
        await SettleAsync(owner, failed, Outcome.Failed("no such nick"));
        await SettleAsync(owner, await owner.TakeAsync("#b"), Outcome.Delivered(Proof.Pong));
        await AppendAsync("other", To("#a"));
        Time.Advance(TimeSpan.FromMinutes(50));

        var receipt = await Outbox.RetryAsync(id, TimeSpan.FromHours(1), None);
        Assert.Equal([DeliveryStatus.Queued, DeliveryStatus.Delivered], receipt!.Deliveries.Select(d => d.Status));
        Assert.Equal(0, receipt.Deliveries[0].Attempts);
        Time.Advance(TimeSpan.FromMinutes(9));
        var deliveries = await owner.TakeAsync("#a", 2);
        AssertTexts(["other", "again"], deliveries);
        Time.Advance(TimeSpan.FromMinutes(49));
        var again = deliveries[1];
        Assert.Equal((DeliveryId.Format(id, 0), 0), (again.Id, again.Attempts));
        Assert.True(again.Sequence > deliveries[0].Sequence);
        again.Attempts = 1;
        await SettleAsync(owner, again, Outcome.Delivered(Proof.Echo));
        receipt = await Outbox.FindAsync(id, None);
        Assert.Equal(MessageStatus.Delivered, receipt!.Status);
        Assert.Equal((1, Proof.Echo), (receipt.Deliveries[0].Attempts, receipt.Deliveries[0].Proof));
    }

    [Fact]
    public async Task ARetry_SurvivesARestart_AndCanBeCancelledAndRetriedAgain()
    {
        await AppendAsync("before", To("#a"));
        var id = await AppendAsync("text", To("#a"), To("#b"), To("#a", Oftc));
        await Outbox.CancelAsync(id, None);
        await Outbox.RetryAsync(id, TimeSpan.FromHours(5), None);
        await ReopenAsync();
        Assert.Equal(MessageStatus.Cancelled, (await Outbox.CancelAsync(id, None))!.Status);
        Assert.Equal(MessageStatus.Queued, (await Outbox.RetryAsync(id, TimeSpan.FromHours(5), None))!.Status);
        Assert.Equal(MessageStatus.Queued, (await Outbox.RetryAsync(id, TimeSpan.FromHours(5), None))!.Status);
        Time.Advance(TimeSpan.FromHours(2));
        await Ends.WaitAsync(4);
        await ReopenAsync();
        await using var owner = await OutboxOwner.OpenAsync(Outbox, Libera);
        Assert.Equal(2, owner.Reader.Depth);
        Assert.Equal((id, 0), ((await owner.TakeAsync("#a")) is var a ? (a.Notification.Id, a.Ordinal) : default));
        Assert.Equal((id, 1), ((await owner.TakeAsync("#b")) is var b ? (b.Notification.Id, b.Ordinal) : default));
        Assert.Single((await Outbox.ListAsync(new ReceiptQuery(To: "libera/#b"), None)).Items);
    }

    [Fact]
    public async Task ARetry_ThatExpires_IsExpired()
    {
        var id = await AppendAsync("text", To("#a"));
        await Outbox.CancelAsync(id, None);
        await Outbox.RetryAsync(id, TimeSpan.FromMinutes(10), None);
        await Ends.WaitAsync(1);
        Time.Advance(TimeSpan.FromMinutes(11));
        await Ends.WaitAsync(2);
        Assert.Equal(MessageStatus.Expired, (await Outbox.FindAsync(id, None))!.Status);
    }

    [Fact]
    public async Task ARepeat_GivesTheFirstMessage()
    {
        var guard = new RepeatGuard("ci\nkey", [1, 2, 3], Time.GetUtcNow() + TimeSpan.FromHours(24));
        var first = Entry("text", To("#a")) with { Guard = guard };
        var second = Entry("text", To("#a")) with { Guard = guard };
        var third = Entry("other", To("#a")) with { Guard = guard with { Fingerprint = [4] } };
        var results = await Outbox.AppendAsync([first, second, third], None);
        Assert.Equal([AppendStatus.Stored, AppendStatus.Repeated, AppendStatus.KeyReused], results.Select(r => r.Status));
        Assert.Equal(first.Notification.Id, results[1].MessageId);
        await ReopenAsync();
        Assert.Equal(new AppendResult(AppendStatus.Repeated, first.Notification.Id), (await Outbox.AppendAsync([second], None))[0]);
        Assert.Equal(1, Assert.Single(Outbox.Backlog()).Queued);
    }

    [Fact]
    public async Task SimultaneousRepeats_StoreOnce()
    {
        var guard = new RepeatGuard("ci\nkey", [1, 2, 3], Time.GetUtcNow() + TimeSpan.FromHours(24));
        var calls = Enumerable.Range(0, 20).Select(_ => Outbox.AppendAsync([Entry("text", To("#a")) with { Guard = guard }], None)).ToList();
        var results = (await Task.WhenAll(calls)).Select(r => r[0]).ToList();
        Assert.Single(results, r => r.Status == AppendStatus.Stored);
        Assert.Single(results.Select(r => r.MessageId).Distinct());
    }

    [Fact]
    public async Task ARepeat_AfterItsTime_IsNew()
    {
        OutboxEntry Make() => Entry("text", To("#a")) with { Guard = new RepeatGuard("ci\nkey", [1], Time.GetUtcNow() + TimeSpan.FromHours(24)) };
        await AppendAsync(Make());
        Time.Advance(TimeSpan.FromHours(25));
        Assert.Equal(AppendStatus.Stored, (await Outbox.AppendAsync([Make()], None))[0].Status);
    }
}
