using Microsoft.Extensions.Logging;
using NotifyGateway.Core;
using NotifyGateway.Core.Configuration;
using NotifyGateway.Core.Outbox;
using NotifyGateway.Core.Outbox.Sqlite;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Outbox;

/// <summary>Somebody sets the wall clock while messages wait. Lives go by it; nothing else does.</summary>
public sealed class MovedClockTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly SessionKey Session = new("libera");
    private static readonly TimeSpan After = TimeSpan.FromMinutes(10);

    private readonly TempFolder _folder = new();
    private readonly ManualTime _time = new();
    private readonly MemoryLog _log = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(-3)]
    [InlineData(-30)]
    [InlineData(-3000)]
    public async Task SetBack_NobodyIsToldTooEarlyThatSomethingWaits(int hours)
    {
        await using var outbox = await OpenAsync();
        outbox.Watch(new WatchTerms(After, null, "teller"));
        await AppendAsync(outbox, "before", TimeSpan.FromDays(3000));
        await PassAsync(outbox, TimeSpan.FromMinutes(2));
        _time.MoveWallClock(TimeSpan.FromHours(hours));
        await AppendAsync(outbox, "after", TimeSpan.FromDays(3000));

        await PassAsync(outbox, TimeSpan.FromMinutes(9.5));
        Assert.Empty(await outbox.ConcernsAsync(None));
        await PassAsync(outbox, TimeSpan.FromMinutes(3));

        Assert.Equal(2, Assert.Single(await outbox.ConcernsAsync(None)).Count);
        Assert.Single(_log.Of(4008));
        await PassAsync(outbox, TimeSpan.FromMinutes(30));
        Assert.Equal(2, Assert.Single(await outbox.ConcernsAsync(None)).Count);
    }

    [Fact]
    public async Task SetBackAgainAndAgain_NobodyIsToldTooEarly_ButOnceItIsLeftAlone()
    {
        await using var outbox = await OpenAsync();
        outbox.Watch(new WatchTerms(After, null, "teller"));
        for (var i = 0; i < 5; i++)
        {
            await AppendAsync(outbox, $"{i}", TimeSpan.FromDays(3000));
            _time.MoveWallClock(TimeSpan.FromHours(-5));
            await PassAsync(outbox, TimeSpan.FromMinutes(2));
        }

        Assert.Empty(await outbox.ConcernsAsync(None));
        await PassAsync(outbox, TimeSpan.FromMinutes(12));
        Assert.Equal(5, Assert.Single(await outbox.ConcernsAsync(None)).Count);
    }

    [Fact]
    public async Task SetBackWhileNobodyRan_WhatWaitedIsGivenTheWholeTime()
    {
        await using (var before = await OpenAsync())
        {
            await AppendAsync(before, "before", TimeSpan.FromDays(3000));
        }

        _time.MoveWallClock(TimeSpan.FromHours(-3));
        await using var outbox = await OpenAsync();
        outbox.Watch(new WatchTerms(After, null, "teller"));
        await PassAsync(outbox, TimeSpan.FromMinutes(9));
        Assert.Empty(await outbox.ConcernsAsync(None));
        await PassAsync(outbox, TimeSpan.FromMinutes(4));
        Assert.Single(await outbox.ConcernsAsync(None));
    }

    [Fact]
    public async Task SetBack_ADiskThatTakesAgain_IsNoticedAtOnce()
    {
        await using var outbox = await OpenAsync();
        using (var stranger = new Database(_folder["outbox.db"], readOnly: false, TimeSpan.FromSeconds(5)))
        {
            stranger.Execute("BEGIN IMMEDIATE");
            Assert.Equal(AppendStatus.Failing, (await outbox.AppendAsync([Entry("refused", TimeSpan.FromHours(1))], None))[0].Status);
            _time.MoveWallClock(TimeSpan.FromHours(-8));
        }

        _time.Advance(TimeSpan.FromSeconds(3));
        await Deadline.Poll(() => outbox.Fault is null);
        await AppendAsync(outbox, "taken", TimeSpan.FromHours(1));
    }

    [Fact]
    public async Task Lives_GoByTheWallClock_InBothDirections()
    {
        await using var outbox = await OpenAsync();
        var ends = new SettlementLog(outbox);
        var (hour, day) = (await AppendAsync(outbox, "an hour", TimeSpan.FromHours(1)), await AppendAsync(outbox, "a day", TimeSpan.FromDays(1)));
        await PassAsync(outbox, TimeSpan.FromMinutes(2));
        _time.MoveWallClock(TimeSpan.FromHours(-5));
        await PassAsync(outbox, TimeSpan.FromHours(2));
        Assert.Equal(0, ends.Count);

        // Noticed within a minute, though nothing else happens.
        _time.MoveWallClock(TimeSpan.FromHours(10));
        await PassAsync(outbox, TimeSpan.FromSeconds(61));
        Assert.Equal(hour, (await ends.WaitAsync(1))[0].MessageId);
        _time.MoveWallClock(TimeSpan.FromDays(2));
        await PassAsync(outbox, TimeSpan.FromSeconds(61));

        Assert.Equal([hour, day], (await ends.WaitAsync(2)).Select(s => s.MessageId));
    }

    [Fact]
    public async Task Order_IsThatOfAcceptance_WhateverTheClockSaid()
    {
        await using var outbox = await OpenAsync();
        var ids = new List<Guid>();
        foreach (var hours in new[] { 0, -5, 48, -100, 3 })
        {
            _time.MoveWallClock(TimeSpan.FromHours(hours));
            for (var i = 0; i < 3; i++)
            {
                ids.Add(await AppendAsync(outbox, $"{ids.Count}", TimeSpan.FromDays(3000)));
            }
        }

        await using var owner = await OutboxOwner.OpenAsync(outbox, Session);
        Assert.Equal(Enumerable.Range(0, 15).Select(i => $"{i}"), (await owner.TakeAsync("#ops", 15)).Select(d => d.Notification.Text));
        var listed = new List<Guid>();
        string? before = null;
        do
        {
            var page = await outbox.ListAsync(new ReceiptQuery(Limit: 4, Before: before), None);
            listed.AddRange(page.Items.Select(i => i.Notification.Id));
            before = page.Next;
        }
        while (before is not null);

        Assert.Equal(ids.AsEnumerable().Reverse(), listed);
        foreach (var id in ids)
        {
            Assert.Equal(id, (await outbox.FindAsync(id, None))!.Notification.Id);
        }
    }

    /// <summary>Time passes in steps, each of them seen by the outbox.</summary>
    private async Task PassAsync(SqliteOutbox outbox, TimeSpan time)
    {
        for (var left = time; left > TimeSpan.Zero; left -= TimeSpan.FromSeconds(30))
        {
            _time.Advance(left < TimeSpan.FromSeconds(30) ? left : TimeSpan.FromSeconds(30));
            // What was due by then has been done when this is answered; what may be done next, too.
            await outbox.ConcernsAsync(None);
            await outbox.ConcernsAsync(None);
        }
    }

    private Task<SqliteOutbox> OpenAsync() => SqliteOutbox.OpenAsync(new OutboxOptions { Path = _folder["outbox.db"] }, _time, _log.CreateLogger<SqliteOutbox>(), None);

    private async Task<Guid> AppendAsync(SqliteOutbox outbox, string text, TimeSpan life)
    {
        var result = Assert.Single(await outbox.AppendAsync([Entry(text, life)], None));
        Assert.Equal(AppendStatus.Stored, result.Status);
        return result.MessageId;
    }

    private OutboxEntry Entry(string text, TimeSpan life) => new(
        new Notification
        {
            Id = Guid.CreateVersion7(_time.GetUtcNow()),
            Client = "ci",
            Input = "http",
            Text = text,
            AcceptedAt = _time.GetUtcNow(),
            ExpiresAt = _time.GetUtcNow() + life,
        },
        [new Destination(Session, "#ops", "#ops", "libera/#ops")]);
}
