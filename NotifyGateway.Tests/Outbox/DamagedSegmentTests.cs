using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NotifyGateway.Core;
using NotifyGateway.Core.Configuration;
using NotifyGateway.Core.Outbox;
using NotifyGateway.Core.Outbox.Sqlite;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Outbox;

/// <summary>One segment of three is damaged: it is set aside and told, and the two others are delivered as if nothing had been.</summary>
public sealed class DamagedSegmentTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly SessionKey Session = new("libera");

    private readonly TempFolder _folder = new();
    private readonly ManualTime _time = new();
    private readonly MemoryLog _log = new();
    private readonly List<Guid> _ids = [];

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string> Damages() =>
    [
        "UPDATE segment SET messages = zeroblob(length(messages)) WHERE id = 2",
        "UPDATE segment SET messages = x'' WHERE id = 2",
        "UPDATE segment SET messages = substr(messages, 1, length(messages) - 5) WHERE id = 2",
        "UPDATE segment SET messages = x'01FFFFFFFF07' || messages WHERE id = 2",
        "UPDATE segment SET messages = randomblob(200) WHERE id = 2",
        "UPDATE progress SET states = x'40FFFFFFFFFFFFFFFFFFFF' WHERE segment = 2",
        "UPDATE progress SET states = x'4000FFFFFF07' WHERE segment = 2",
        "DELETE FROM segment WHERE id = 2",
        "DELETE FROM progress WHERE segment = 2",
    ];

    [Theory]
    [MemberData(nameof(Damages))]
    public async Task IsSetAside_AndTheRestIsDelivered(string damage)
    {
        await StoreAsync();
        Damage(damage);
        await using var outbox = await OpenAsync();
        var ends = new SettlementLog(outbox);
        outbox.Watch(new WatchTerms(TimeSpan.FromMinutes(10), null, "teller"));
        await using var owner = await OutboxOwner.OpenAsync(outbox, Session);
        // Whoever asks for messages gets those that are there.
        _ = await outbox.ListAsync(new ReceiptQuery(), None);
        var left = await DeliverAsync(owner, outbox);

        Assert.Equal(["one", "three"], left);
        await ends.WaitAsync(2);
        await Deadline.Poll(() => _log.Of(4009).Any());
        Assert.Null(outbox.Fault);
        Assert.Equal(0, owner.Reader.Depth);
        Assert.Equal(_ids[2], Assert.Single((await outbox.ListAsync(new ReceiptQuery(Limit: 1), None)).Items).Notification.Id);
        Assert.Equal(["three", "one"], (await outbox.ListAsync(new ReceiptQuery(), None)).Items.Select(i => i.Notification.Text));
        Assert.Null(await outbox.FindAsync(_ids[1], None));
        Assert.NotNull(await outbox.FindAsync(_ids[0], None));
        var concern = Assert.Single(await outbox.ConcernsAsync(None));
        Assert.Equal(("libera", DeliveryStatus.Failed, 3L), (concern.To, concern.Status, concern.Count));
        Assert.Single(_log.Of(4009));
        Assert.DoesNotContain(_log.Lines.Entries, l => l.Id.Id == 4002);
        using var database = Open();
        Assert.Equal(1, database.Scalar("SELECT count(*) FROM damaged WHERE segment = 2"));
    }

    /// <summary>A row of progress that is gone is found by whoever reads its lane: here nobody does.</summary>
    public static TheoryData<string> DamagesSeenByTheWriter() => [.. Damages().Select(d => d.Data).Where(d => !d.StartsWith("DELETE FROM progress", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(DamagesSeenByTheWriter))]
    public async Task HoldsUpNeitherExpiryNorWhatWaitsForLong(string damage)
    {
        await StoreAsync();
        Damage(damage);
        await using var outbox = await OpenAsync();
        var ends = new SettlementLog(outbox);
        outbox.Watch(new WatchTerms(TimeSpan.FromMinutes(10), null, "teller"));
        await Deadline.Poll(async _ =>
            {
                _time.Advance(TimeSpan.FromSeconds(20));
                return (await outbox.ConcernsAsync(None)).Where(c => c.Status == DeliveryStatus.Queued).Sum(c => c.Count) == 2;
            },
            "what can be read is told as late");
        await Deadline.Poll(() =>
        {
            _time.Advance(TimeSpan.FromMinutes(1));
            return ends.Count == 2;
        });

        Assert.Equal([_ids[0], _ids[2]], (await ends.WaitAsync(2)).Select(s => s.MessageId).Order());
        Assert.Null(outbox.Fault);
        Assert.Empty(outbox.Backlog());
        Assert.Single(_log.Of(4009));
    }

    [Fact]
    public async Task WhatIsHandedOutOfIt_EndsWithoutAFault_AndIsCounted()
    {
        await StoreAsync();
        using var meters = new ServiceCollection().AddMetrics().BuildServiceProvider();
        using var listener = new MeterListener();
        var lost = 0L;
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Name == "notify_outbox_lost_total")
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((_, value, _, _) => Interlocked.Add(ref lost, value));
        listener.Start();
        await using var outbox = await OpenAsync(new OutboxMeter(meters.GetRequiredService<IMeterFactory>()));
        await using var owner = await OutboxOwner.OpenAsync(outbox, Session);
        var taken = await owner.TakeAsync("#ops", 5);
        Damage("UPDATE segment SET messages = x'00' WHERE id = 2");

        foreach (var delivery in taken)
        {
            owner.Reader.Settle(delivery, Outcome.Delivered(Proof.Pong));
        }

        await Deadline.Poll(() => owner.Reader.Depth == 0);
        Assert.Null(outbox.Fault);
        Assert.Equal(3, Volatile.Read(ref lost));
        Assert.Equal(AppendStatus.Stored, (await outbox.AppendAsync([Entry("next")], None))[0].Status);
        Assert.Equal("next", (await owner.TakeAsync("#ops")).Notification.Text);
    }

    [Fact]
    public async Task CancelAndRetry_OfItsMessages_FindNothing()
    {
        await StoreAsync();
        Damage("UPDATE segment SET messages = x'00' WHERE id = 2");
        await using var outbox = await OpenAsync();

        Assert.Null(await outbox.CancelAsync(_ids[1], None));
        Assert.Null(await outbox.RetryAsync(_ids[1], TimeSpan.FromHours(1), None));
        Assert.Equal(MessageStatus.Cancelled, (await outbox.CancelAsync(_ids[0], None))!.Status);
        Assert.Null(outbox.Fault);
    }

    private async Task<List<string>> DeliverAsync(OutboxOwner owner, SqliteOutbox outbox)
    {
        var texts = new List<string>();
        await Deadline.Poll(() =>
        {
            // The loader tries again after a second of this clock.
            _time.Advance(TimeSpan.FromMilliseconds(100));
            owner.Collect();
            while (owner.Reader.TryTake("#ops", out var delivery))
            {
                texts.Add(delivery.Notification.Text);
                owner.Reader.Settle(delivery, Outcome.Delivered(Proof.Pong));
            }

            return texts.Contains("three") && outbox.Backlog().Count == 0;
        });
        return texts;
    }

    private async Task StoreAsync()
    {
        await using var outbox = await OpenAsync();
        foreach (var entries in new string[][] { ["one"], ["two", "2", "too"], ["three"] })
        {
            _ids.Add((await outbox.AppendAsync([.. entries.Select(Entry)], None))[0].MessageId);
            _time.Advance(TimeSpan.FromSeconds(2));
        }
    }

    private Task<SqliteOutbox> OpenAsync(OutboxMeter? meter = null) =>
        SqliteOutbox.OpenAsync(new OutboxOptions { Path = _folder["outbox.db"] }, _time, _log.CreateLogger<SqliteOutbox>(), None, meter);

    private OutboxEntry Entry(string text) => new(
        new Notification
        {
            Id = Guid.CreateVersion7(_time.GetUtcNow()),
            Client = "ci",
            Input = "http",
            Text = text,
            AcceptedAt = _time.GetUtcNow(),
            ExpiresAt = _time.GetUtcNow() + TimeSpan.FromHours(1),
        },
        [new Destination(Session, "#ops", "#ops", "libera/#ops")]);

    private Database Open() => new(_folder["outbox.db"], readOnly: false, TimeSpan.FromSeconds(5));

    private void Damage(string statement)
    {
        using var database = Open();
        database.Execute(statement);
    }
}
