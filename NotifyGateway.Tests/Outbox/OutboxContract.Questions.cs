using NotifyGateway.Core;
using NotifyGateway.Core.Outbox;
using Xunit;

namespace NotifyGateway.Tests.Outbox;

/// <content>What is told of messages and queues, and what is forgotten.</content>
public abstract partial class OutboxContract
{
    [Fact]
    public async Task IsFull_AtTheLimitOfASession_AllOrNothing()
    {
        Options = Options with { MaxQueuedPerSession = 3 };
        await ReopenAsync();
        var results = await Outbox.AppendAsync(
            [Entry("1", To("#a")), Entry("2", To("#b")), Entry("both", To("#c", Oftc), To("#a"), To("#b")), Entry("3", To("#a")), Entry("4", To("#a"))], None);
        Assert.Equal([AppendStatus.Stored, AppendStatus.Stored, AppendStatus.Full, AppendStatus.Stored, AppendStatus.Full], results.Select(r => r.Status));
        Assert.Equal([(Libera, 3L)], Outbox.Backlog().Select(b => (b.Session, b.Queued)));
        Assert.Null(await Outbox.FindAsync(results[2].MessageId, None));

        await ReopenAsync();
        Assert.Equal(AppendStatus.Full, (await Outbox.AppendAsync([Entry("5", To("#a"))], None))[0].Status);
        await using var owner = await OutboxOwner.OpenAsync(Outbox, Libera);
        await SettleAsync(owner, await owner.TakeAsync("#b"), Outcome.Delivered(Proof.Pong));
        Assert.Equal(AppendStatus.Stored, (await Outbox.AppendAsync([Entry("6", To("#a"))], None))[0].Status);
    }

    [Fact]
    public async Task Explains_WhyDeliveriesWait_AndKeepsItWhenTheyExpire()
    {
        var a = await AppendAsync("a", To("#a"));
        var b = await AppendAsync("b", To("#b"));
        await using (var owner = await OutboxOwner.OpenAsync(Outbox, Libera))
        {
            owner.Reader.Explain(null, "the server is away");
            owner.Reader.Explain("#a", "473 invite only");
            await ReopenAsync();
        }

        Assert.Equal("473 invite only", (await ReceiptAsync(a)).Reason);
        Assert.Equal("the server is away", (await ReceiptAsync(b)).Reason);
        await using (var owner = await OutboxOwner.OpenAsync(Outbox, Libera))
        {
            owner.Reader.Explain(null, null);
            Assert.Null((await ReceiptAsync(b)).Reason);
            Time.Advance(TimeSpan.FromHours(2));
            await Ends.WaitAsync(2);
            Assert.Equal("473 invite only", (await ReceiptAsync(a)).Reason);
            Assert.Equal("expired before it could be delivered", (await ReceiptAsync(b)).Reason);
        }
    }

    [Fact]
    public async Task AnExplainedLane_IsServedWhenItsOwnerAsks()
    {
        await using var owner = await OutboxOwner.OpenAsync(Outbox, Libera);
        await AppendManyAsync(10, _ => To("#a"));
        owner.Reader.Explain("#a", "471 channel is full");
        await AppendManyAsync(10, _ => To("#a"));
        Assert.Equal(20, (await owner.TakeAsync("#a", 20)).Count);
        owner.Reader.Explain("#a", null);
        await AppendAsync("free", To("#a"));
        Assert.Equal("free", (await owner.TakeAsync("#a")).Notification.Text);
    }

    [Fact]
    public async Task AnExplainedLane_ThatIsReleased_ComesOnceAndInOrder()
    {
        await using var owner = await OutboxOwner.OpenAsync(Outbox, Libera);
        await AppendManyAsync(20, _ => To("#a"));
        var taken = await owner.TakeAsync("#a", 10);
        owner.Reader.Explain("#a", "473 invite only");
        owner.Reader.Release(taken);
        AssertTexts(Enumerable.Range(0, 20).Select(Text), await owner.TakeAsync("#a", 20));
        Assert.False(owner.Reader.TryTake("#a", out _));
    }

    [Fact]
    public async Task Backlog_CountsAndDatesEachSession()
    {
        var start = Time.GetUtcNow();
        await AppendAsync("1", To("#a"));
        Time.Advance(TimeSpan.FromSeconds(10));
        await AppendAsync("2", To("#b"), To("#a"), To("#x", Oftc));
        await using var owner = await OutboxOwner.OpenAsync(Outbox, Libera);
        Assert.Equal([new(Libera, 3, start), new(Oftc, 1, start.AddSeconds(10))], Outbox.Backlog().OrderBy(b => b.Session.Value, StringComparer.Ordinal));
        await SettleAsync(owner, await owner.TakeAsync("#a"), Outcome.Delivered(Proof.Pong));
        Assert.Equal(start.AddSeconds(10), Outbox.Backlog().Single(b => b.Session == Libera).OldestAcceptedAt);
        await ReopenAsync();
        Assert.Equal([new(Libera, 2, start.AddSeconds(10)), new(Oftc, 1, start.AddSeconds(10))], Outbox.Backlog().OrderBy(b => b.Session.Value, StringComparer.Ordinal));
    }

    [Fact]
    public async Task Lists_NewestFirst_InPages()
    {
        await AppendManyAsync(250, i => To($"#{i % 2}"));
        await AppendAsync(Entry("by another", To("#0")) is var e ? e with { Notification = e.Notification with { Client = "other" } } : e);
        var texts = new List<string>();
        string? cursor = null;
        do
        {
            var page = await Outbox.ListAsync(new ReceiptQuery(Client: "ci", To: "libera/#1", Before: cursor, Limit: 40), None);
            Assert.InRange(page.Items.Count, 1, 40);
            texts.AddRange(page.Items.Select(r => r.Notification.Text));
            cursor = page.Next;
        }
        while (cursor is not null);

        Assert.Equal(Enumerable.Range(0, 250).Where(i => i % 2 == 1).Reverse().Select(Text), texts, StringComparer.Ordinal);
        var newest = await Outbox.ListAsync(new ReceiptQuery(Limit: 1), None);
        Assert.Equal("by another", newest.Items[0].Notification.Text);
        Assert.NotNull(newest.Next);
        await Assert.ThrowsAnyAsync<ArgumentException>(async () => await Outbox.ListAsync(new ReceiptQuery(Before: "nonsense"), None));
        await Assert.ThrowsAnyAsync<ArgumentException>(async () => await Outbox.ListAsync(new ReceiptQuery(Limit: 501), None));
    }

    [Fact]
    public async Task Lists_ByStatus()
    {
        await using var owner = await OutboxOwner.OpenAsync(Outbox, Libera);
        await AppendManyAsync(3, _ => To("#a"));
        var taken = await owner.TakeAsync("#a", 2);
        await SettleAsync(owner, taken[0], Outcome.Delivered(Proof.Pong));
        await SettleAsync(owner, taken[1], Outcome.Failed("gone"));
        foreach (var (status, text) in new[] { (MessageStatus.Delivered, "0"), (MessageStatus.Failed, "1"), (MessageStatus.Queued, "2") })
        {
            Assert.Equal(text, Assert.Single((await Outbox.ListAsync(new ReceiptQuery(Status: [status]), None)).Items).Notification.Text);
        }

        Assert.Empty((await Outbox.ListAsync(new ReceiptQuery(Status: [MessageStatus.Expired]), None)).Items);
    }

    [Fact]
    public async Task Forgets_WhatWasSettledLongAgo()
    {
        Options = Options with { KeepSettled = TimeSpan.FromMinutes(30) };
        await ReopenAsync();
        await using var owner = await OutboxOwner.OpenAsync(Outbox, Libera);
        var results = await Outbox.AppendAsync([Entry("settled", To("#a")), Entry("waits", To("#b"))], None);
        await SettleAsync(owner, await owner.TakeAsync("#a"), Outcome.Delivered(Proof.Pong));
        Assert.NotNull(await Outbox.FindAsync(results[0].MessageId, None));
        Time.Advance(TimeSpan.FromMinutes(31));
        Assert.Null(await Outbox.FindAsync(results[0].MessageId, None));
        Assert.Null(await Outbox.RetryAsync(results[0].MessageId, TimeSpan.FromHours(1), None));
        Assert.Equal("waits", Assert.Single((await Outbox.ListAsync(new ReceiptQuery(), None)).Items).Notification.Text);
        Assert.Equal("waits", (await owner.TakeAsync("#b")).Notification.Text);
    }
}
