using NotifyGateway.Core;
using Xunit;

namespace NotifyGateway.Tests.Outbox;

/// <content>What is handed out to the owner of a session, and in which order.</content>
public abstract partial class OutboxContract
{
    [Fact]
    public async Task HandsOut_WhatWasAppended_WithEveryField()
    {
        var destination = new Destination(new SessionKey("ircs://bob:pw@irc.example:6697"), "#ops", "#Ops s3cret", "ircs://irc.example:6697/#Ops");
        var entry = Entry("grüße 🌍\nzweite", destination);
        entry = entry with { Notification = entry.Notification with { Title = "Titel", Severity = Severity.Warning, Markup = Markup.Slack } };
        await using (var early = await OutboxOwner.OpenAsync(Outbox, destination.Session))
        {
            await AppendAsync(entry);
            var handed = await early.TakeAsync("#ops");
            Assert.Equal(entry.Notification, handed.Notification);
            Assert.Equal(destination, handed.Destination);
        }

        await ReopenAsync();
        await using var owner = await OutboxOwner.OpenAsync(Outbox, destination.Session);
        var delivery = await owner.TakeAsync("#ops");
        Assert.Equal(entry.Notification, delivery.Notification);
        Assert.Equal(destination, delivery.Destination);
        Assert.Equal(0, delivery.Ordinal);
    }

    [Fact]
    public async Task KeepsTheOrder_OfEachLane()
    {
        await using var owner = await OutboxOwner.OpenAsync(Outbox, Libera);
        await AppendManyAsync(3000, i => To($"#{i % 3}"));
        for (var lane = 0; lane < 3; lane++)
        {
            var deliveries = await owner.TakeAsync($"#{lane}", 1000);
            AssertTexts(Enumerable.Range(0, 1000).Select(i => Text((i * 3) + lane)), deliveries);
            Assert.True(deliveries.Zip(deliveries.Skip(1)).All(pair => pair.First.Sequence < pair.Second.Sequence));
        }
    }

    [Fact]
    public async Task Tells_HowManyOfALaneWait_InMemoryAndOnDisk()
    {
        await AppendManyAsync(1000, i => To(i % 2 == 0 ? "#a" : "#b"));
        await using (var owner = await OutboxOwner.OpenAsync(Outbox, Libera))
        {
            Assert.Equal((500, 0), (owner.Reader.Waiting("#a"), owner.Reader.Waiting("#nowhere")));
            var taken = await owner.TakeAsync("#a", 300);
            Assert.Equal(200, owner.Reader.Waiting("#a"));
            owner.Reader.Release(taken[200..]);
            foreach (var delivery in taken[..150])
            {
                owner.Reader.Settle(delivery, Outcome.Delivered(Proof.Pong));
            }

            await Ends.WaitAsync(150);
            Assert.Equal((300, 500), (owner.Reader.Waiting("#a"), owner.Reader.Waiting("#b")));
        }

        await using var next = await OutboxOwner.OpenAsync(Outbox, Libera);
        Assert.Equal(350, next.Reader.Waiting("#a"));
    }

    [Fact]
    public async Task KeepsTheOrder_WhenAppendsAndTakesInterleave()
    {
        await using var owner = await OutboxOwner.OpenAsync(Outbox, Libera);
        var appending = AppendManyAsync(20_000, _ => To("#ops"));
        for (var i = 0; i < 20_000; i++)
        {
            var delivery = await owner.TakeAsync("#ops");
            Assert.Equal(Text(i), delivery.Notification.Text);
            owner.Reader.Settle(delivery, Outcome.Delivered(Proof.Pong));
        }

        await appending;
        await Ends.WaitAsync(20_000);
        Assert.Equal(0, owner.Reader.Depth);
        Assert.Empty(Outbox.Backlog());
        Assert.False(owner.CalledTwice);
    }

    [Fact]
    public async Task NamesTheLanes_ThatHaveSomethingNew()
    {
        await AppendAsync("before", To("#a"));
        await using var owner = await OutboxOwner.OpenAsync(Outbox, Libera);
        await owner.WaitForCallAsync();
        Assert.Equal("#a", Assert.Single(owner.Collect()));
        Assert.Empty(owner.Collect());
        await AppendAsync("after", To("#b"), To("#c"), To("#a", Oftc));
        await owner.WaitForCallAsync();
        Assert.Equal(["#b", "#c"], owner.Collect().Order(StringComparer.Ordinal), StringComparer.Ordinal);
    }

    [Fact]
    public async Task Refuses_ASecondOwner()
    {
        await using (await OutboxOwner.OpenAsync(Outbox, Libera))
        {
            await Assert.ThrowsAsync<InvalidOperationException>(() => OutboxOwner.OpenAsync(Outbox, Libera));
        }

        await using var next = await OutboxOwner.OpenAsync(Outbox, Libera);
    }

    [Fact]
    public async Task HandsOutAgain_InOrder_WhatWasNotSettledBeforeARestart()
    {
        await AppendManyAsync(10, _ => To("#ops"));
        await using (var owner = await OutboxOwner.OpenAsync(Outbox, Libera))
        {
            var taken = await owner.TakeAsync("#ops", 6);
            await SettleAsync(owner, taken[1], Outcome.Delivered(Proof.Pong));
            await SettleAsync(owner, taken[3], Outcome.Failed("no such nick"));
            await ReopenAsync();
        }

        await using var again = await OutboxOwner.OpenAsync(Outbox, Libera);
        Assert.Equal(8, again.Reader.Depth);
        AssertTexts(["0", "2", "4", "5", "6", "7", "8", "9"], await again.TakeAsync("#ops", 8));
        Assert.False(again.Reader.TryTake("#ops", out _));
    }

    [Fact]
    public async Task DoesNotHandOutAgain_WhatWasSettledJustBeforeTheOwnerLeft()
    {
        await AppendManyAsync(500, _ => To("#ops"));
        await using (var owner = await OutboxOwner.OpenAsync(Outbox, Libera))
        {
            foreach (var delivery in await owner.TakeAsync("#ops", 300))
            {
                owner.Reader.Settle(delivery, Outcome.Delivered(Proof.Pong));
            }
        }

        await using var again = await OutboxOwner.OpenAsync(Outbox, Libera);
        AssertTexts(Enumerable.Range(300, 200).Select(Text), await again.TakeAsync("#ops", 200));
    }

    [Fact]
    public async Task Release_PutsBackInOrder()
    {
        await using var owner = await OutboxOwner.OpenAsync(Outbox, Libera);
        await AppendManyAsync(600, _ => To("#ops"));
        var taken = await owner.TakeAsync("#ops", 300);
        taken[5].Attempts = 1;
        await SettleAsync(owner, taken[0], Outcome.Delivered(Proof.Pong));
        owner.Reader.Release([.. taken.AsEnumerable().Reverse()]);
        var again = await owner.TakeAsync("#ops", 599);
        AssertTexts(Enumerable.Range(1, 599).Select(Text), again);
        Assert.Equal(1, again[4].Attempts);
        Assert.Equal(599, owner.Reader.Depth);
    }

    [Fact]
    public async Task Disposing_ReleasesInOrder()
    {
        await AppendManyAsync(400, _ => To("#ops"));
        await using (var owner = await OutboxOwner.OpenAsync(Outbox, Libera))
        {
            await owner.TakeAsync("#ops", 350);
        }

        await using var again = await OutboxOwner.OpenAsync(Outbox, Libera);
        AssertTexts(Enumerable.Range(0, 400).Select(Text), await again.TakeAsync("#ops", 400));
    }

    [Fact]
    public async Task AReaderThatWasDisposed_IsOfNoUse()
    {
        var owner = await OutboxOwner.OpenAsync(Outbox, Libera);
        await AppendAsync("text", To("#a"));
        var delivery = await owner.TakeAsync("#a");
        await owner.DisposeAsync();
        await owner.DisposeAsync();
        Assert.Throws<ObjectDisposedException>(() => owner.Reader.Settle(delivery, Outcome.Delivered(Proof.Pong)));
    }

    [Fact]
    public async Task ManyDestinations_OfOneMessage_AreDeliveredEach()
    {
        await using var owner = await OutboxOwner.OpenAsync(Outbox, Libera);
        var id = await AppendAsync("all", [.. Enumerable.Range(0, 1000).Select(i => To($"#{i}"))]);
        for (var i = 0; i < 1000; i++)
        {
            var delivery = await owner.TakeAsync($"#{i}");
            Assert.Equal(i, delivery.Ordinal);
            owner.Reader.Settle(delivery, Outcome.Delivered(Proof.Pong));
        }

        await Ends.WaitAsync(1000);
        Assert.Equal(MessageStatus.Delivered, (await Outbox.FindAsync(id, None))!.Status);
        await Assert.ThrowsAnyAsync<ArgumentException>(() => AppendAsync("too many", [.. Enumerable.Range(0, 1001).Select(i => To($"#{i}"))]));
    }

    [Fact]
    public async Task ABacklogOf100000_IsServedInOrder_FromARestart_WithNewOnesBehind()
    {
        await AppendManyAsync(100_000, i => To($"#{i % 10}"));
        await ReopenAsync();
        await using var owner = await OutboxOwner.OpenAsync(Outbox, Libera);
        Assert.Equal(100_000, owner.Reader.Depth);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var i = 0; i < 10_000; i++)
        {
            var delivery = await owner.TakeAsync("#3");
            Assert.Equal(Text((i * 10) + 3), delivery.Notification.Text);
            owner.Reader.Settle(delivery, Outcome.Delivered(Proof.Pong));
            if (i == 5000)
            {
                await AppendAsync("behind", To("#3"));
            }
        }

        Assert.Equal("behind", (await owner.TakeAsync("#3")).Notification.Text);
        await Ends.WaitAsync(10_000);
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 16 * 1024 * 1024);
    }
}
