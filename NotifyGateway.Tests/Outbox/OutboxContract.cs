using NotifyGateway.Core;
using NotifyGateway.Core.Configuration;
using NotifyGateway.Core.Outbox;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Outbox;

/// <summary>What every outbox does. A subclass says how one is opened; closing and opening again must find the same messages.</summary>
public abstract partial class OutboxContract : IAsyncLifetime
{
    protected static readonly SessionKey Libera = new("libera");
    protected static readonly SessionKey Oftc = new("oftc");
    private static readonly CancellationToken None = CancellationToken.None;

    protected ManualTime Time { get; } = new();

    protected IOutbox Outbox { get; private set; } = null!;

    protected OutboxOptions Options { get; set; } = new() { MaxQueuedPerSession = 1_000_000 };

    private SettlementLog Ends { get; set; } = null!;

    public async ValueTask InitializeAsync() => await ReopenAsync();

    public async ValueTask DisposeAsync()
    {
        await Outbox.DisposeAsync();
        await CleanAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Opens the one outbox of this test.</summary>
    protected abstract Task<IOutbox> OpenOutboxAsync(OutboxOptions options, TimeProvider time);

    /// <summary>Removes what the test has left behind.</summary>
    protected abstract Task CleanAsync();

    protected async Task ReopenAsync()
    {
        if (Outbox is not null)
        {
            await Outbox.DisposeAsync();
        }

        Outbox = await OpenOutboxAsync(Options, Time);
        Ends = new SettlementLog(Outbox);
    }

    protected static Destination To(string lane, SessionKey? session = null) =>
        new(session ?? Libera, lane, lane, $"{(session ?? Libera).Name}/{lane}");

    protected OutboxEntry Entry(string text, params IReadOnlyList<Destination> destinations) => new(
        new Notification
        {
            Id = Guid.CreateVersion7(Time.GetUtcNow()),
            Client = "ci",
            Input = "http",
            Text = text,
            AcceptedAt = Time.GetUtcNow(),
            ExpiresAt = Time.GetUtcNow() + TimeSpan.FromHours(1),
        },
        destinations);

    protected async Task<Guid> AppendAsync(OutboxEntry entry)
    {
        var result = Assert.Single(await Outbox.AppendAsync([entry], None));
        Assert.Equal(AppendStatus.Stored, result.Status);
        return result.MessageId;
    }

    protected Task<Guid> AppendAsync(string text, params IReadOnlyList<Destination> destinations) => AppendAsync(Entry(text, destinations));

    protected async Task AppendManyAsync(int count, Func<int, Destination> to)
    {
        foreach (var chunk in Enumerable.Range(0, count).Chunk(1000))
        {
            var results = await Outbox.AppendAsync([.. chunk.Select(i => Entry(Text(i), to(i)))], None);
            Assert.All(results, r => Assert.Equal(AppendStatus.Stored, r.Status));
        }
    }

    protected static string Text(int i) => i.ToString(System.Globalization.CultureInfo.InvariantCulture);

    protected static void AssertTexts(IEnumerable<string> expected, IEnumerable<Delivery> deliveries) =>
        Assert.Equal(expected, deliveries.Select(d => d.Notification.Text), StringComparer.Ordinal);

    private async Task<DeliveryReceipt> ReceiptAsync(Guid id, int ordinal = 0) => (await Outbox.FindAsync(id, None))!.Deliveries[ordinal];

    private async Task SettleAsync(OutboxOwner owner, Delivery delivery, Outcome outcome)
    {
        var before = Ends.Count;
        owner.Reader.Settle(delivery, outcome);
        await Ends.WaitAsync(before + 1);
    }

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
