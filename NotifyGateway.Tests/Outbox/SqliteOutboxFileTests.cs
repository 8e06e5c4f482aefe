using Microsoft.Extensions.Logging.Abstractions;
using NotifyGateway.Core;
using NotifyGateway.Core.Configuration;
using NotifyGateway.Core.Outbox;
using NotifyGateway.Core.Outbox.Sqlite;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Outbox;

/// <summary>What is SQLite's own: the file, its owner, its errors, its crash.</summary>
public sealed class SqliteOutboxFileTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly SessionKey Session = new("libera");

    private readonly string _folder = Directory.CreateTempSubdirectory("outbox").FullName;
    private readonly ManualTime _time = new();

    private string DatabasePath => Path.Combine(_folder, "data", "outbox.db");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private Task<SqliteOutbox> OpenAsync(OutboxOptions? options = null, string? path = null) =>
        SqliteOutbox.OpenAsync((options ?? new OutboxOptions()) with { Path = path ?? DatabasePath }, _time, NullLogger<SqliteOutbox>.Instance, None);

    private OutboxEntry Entry(string text, string lane = "#ops") => new(
        new Notification
        {
            Id = Guid.CreateVersion7(_time.GetUtcNow()),
            Client = "ci",
            Input = "http",
            Text = text,
            AcceptedAt = _time.GetUtcNow(),
            ExpiresAt = _time.GetUtcNow() + TimeSpan.FromDays(3000),
        },
        [new Destination(Session, lane, lane, $"libera/{lane}")]);

    private long Count(string table)
    {
        using var database = new Database(DatabasePath, readOnly: true, TimeSpan.FromSeconds(5));
        return database.Scalar($"SELECT count(*) FROM {table}");
    }

    /// <summary>Another connection to the file, which can be in the way.</summary>
    private Database Stranger() => new(DatabasePath, readOnly: false, TimeSpan.FromSeconds(5));

    /// <summary>Lets the manual time pass, a little at a time, until something is so.</summary>
    private async Task AdvanceUntilAsync(Func<bool> condition)
    {
        using var deadline = new CancellationTokenSource(OutboxOwner.Deadline);
        while (!condition())
        {
            _time.Advance(TimeSpan.FromSeconds(20));
            await Task.Delay(1, deadline.Token);
        }
    }

    [Fact]
    public void Says_WhichLibraryItUses() => Assert.Matches(@"^(libsqlite3\.so\.0|the bundled SQLite) 3\.\d+\.\d+$", NativeLibraryChoice.Use());

    [Fact]
    public async Task Makes_TheFile_ForItsOwnerOnly()
    {
        await using var outbox = await OpenAsync();
        await outbox.AppendAsync([Entry("text")], None);
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no such modes");
            return;
        }

        foreach (var file in Directory.GetFiles(Path.GetDirectoryName(DatabasePath)!))
        {
            Assert.Equal((file, UnixFileMode.UserRead | UnixFileMode.UserWrite), (file, File.GetUnixFileMode(file)));
        }

        Assert.True(File.Exists(DatabasePath + "-wal"));
    }

    [Fact]
    public async Task Refuses_ASecondProcess_UntilTheFirstIsGone()
    {
        await using (await OpenAsync())
        {
            var error = await Assert.ThrowsAsync<OutboxOpenException>(() => OpenAsync());
            Assert.Contains(DatabasePath, error.Message, StringComparison.Ordinal);
            Assert.Contains("another process", error.Message, StringComparison.Ordinal);
        }

        await using var next = await OpenAsync();
    }

    [Fact]
    public async Task Refuses_ADamagedFile_AndLeavesItAsItIs()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(DatabasePath)!);
        var garbage = new byte[20_000];
        new Random(1).NextBytes(garbage);
        await File.WriteAllBytesAsync(DatabasePath, garbage, None);
        var error = await Assert.ThrowsAsync<OutboxOpenException>(() => OpenAsync());
        Assert.Equal(DatabasePath, error.Path);
        Assert.Contains(DatabasePath, error.Message, StringComparison.Ordinal);
        Assert.Equal(garbage, await File.ReadAllBytesAsync(DatabasePath, None));
        File.Delete(DatabasePath);
        // What was opened before the error was found is closed again.
        await using var outbox = await OpenAsync();
    }

    [Fact]
    public async Task Refuses_AFileOfANewerVersion()
    {
        await using (await OpenAsync())
        {
        }

        using (var stranger = Stranger())
        {
            stranger.Execute("PRAGMA user_version = 99");
        }

        var error = await Assert.ThrowsAsync<OutboxOpenException>(() => OpenAsync());
        Assert.Contains("newer version", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refuses_AnotherProgramsDatabase()
    {
        NativeLibraryChoice.Use();
        Directory.CreateDirectory(Path.GetDirectoryName(DatabasePath)!);
        await File.WriteAllBytesAsync(DatabasePath, [], None);
        using (var stranger = Stranger())
        {
            stranger.Execute("CREATE TABLE precious (value)");
        }

        var error = await Assert.ThrowsAsync<OutboxOpenException>(() => OpenAsync());
        Assert.Contains("another program", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, Count("precious"));
    }

    [Fact]
    public async Task Refuses_APlaceThatCannotBe()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "file"), "not a folder", None);
        await Assert.ThrowsAsync<OutboxOpenException>(() => OpenAsync(path: Path.Combine(_folder, "file", "outbox.db")));
    }

    [Fact]
    public async Task LosesNothing_InACrash()
    {
        await using var outbox = await OpenAsync();
        var ends = new SettlementLog(outbox);
        var ids = new List<Guid>();
        for (var i = 0; i < 300; i++)
        {
            ids.Add((await outbox.AppendAsync([Entry($"{i}")], None))[0].MessageId);
        }

        await using var owner = await OutboxOwner.OpenAsync(outbox, Session);
        foreach (var delivery in await owner.TakeAsync("#ops", 100))
        {
            owner.Reader.Settle(delivery, Outcome.Delivered(Proof.Pong));
        }

        await ends.WaitAsync(100);
        // What a crash of the process leaves behind: the file and its log as they are at this moment.
        var crashed = Path.Combine(_folder, "crashed", "outbox.db");
        Directory.CreateDirectory(Path.GetDirectoryName(crashed)!);
        File.Copy(DatabasePath, crashed);
        File.Copy(DatabasePath + "-wal", crashed + "-wal");

        await using var after = await OpenAsync(path: crashed);
        Assert.Equal(200, Assert.Single(after.Backlog()).Queued);
        await using var heir = await OutboxOwner.OpenAsync(after, Session);
        Assert.Equal(Enumerable.Range(100, 200).Select(i => $"{i}"), (await heir.TakeAsync("#ops", 200)).Select(d => d.Notification.Text), StringComparer.Ordinal);
        Assert.Equal(MessageStatus.Delivered, (await after.FindAsync(ids[99], None))!.Status);
        Assert.Equal(MessageStatus.Queued, (await after.FindAsync(ids[100], None))!.Status);
    }

    [Fact]
    public async Task LeavesNoLog_WhenItIsClosed()
    {
        await using (var outbox = await OpenAsync())
        {
            await outbox.AppendAsync([Entry("text")], None);
        }

        Assert.False(File.Exists(DatabasePath + "-wal"));
        Assert.Equal(1, Count("segment"));
    }

    [Fact]
    public async Task SaysSo_WhileTheDiskRefuses_AndLosesNoEnd()
    {
        await using var outbox = await OpenAsync();
        var ends = new SettlementLog(outbox);
        var id = (await outbox.AppendAsync([Entry("text")], None))[0].MessageId;
        await using var owner = await OutboxOwner.OpenAsync(outbox, Session);
        var delivery = await owner.TakeAsync("#ops");
        using (var stranger = Stranger())
        {
            stranger.Execute("BEGIN IMMEDIATE");
            Assert.Equal(AppendStatus.Failing, (await outbox.AppendAsync([Entry("refused")], None))[0].Status);
            Assert.NotNull(outbox.Fault);
            owner.Reader.Settle(delivery, Outcome.Delivered(Proof.Pong));
            owner.Reader.Explain("#x", "a reason");
            _time.Advance(TimeSpan.FromSeconds(30));
            Assert.Equal(AppendStatus.Failing, (await outbox.AppendAsync([Entry("refused")], None))[0].Status);
            await Assert.ThrowsAsync<OutboxFaultException>(async () => await outbox.CancelAsync(id, None));
            Assert.Equal(0, ends.Count);
            Assert.Equal(1, owner.Reader.Depth);
        }

        // Nobody asks for anything: it finds out by itself.
        await AdvanceUntilAsync(() => outbox.Fault is null);

        await ends.WaitAsync(1);
        Assert.Equal(MessageStatus.Delivered, (await outbox.FindAsync(id, None))!.Status);
        Assert.Null(outbox.Fault);
        Assert.Equal(AppendStatus.Stored, (await outbox.AppendAsync([Entry("stored")], None))[0].Status);
        Assert.Equal("stored", (await owner.TakeAsync("#ops")).Notification.Text);
        Assert.Equal(1, Count("reason"));
    }

    [Fact]
    public async Task Recovers_ByItself_InRealTime()
    {
        await using var outbox = await SqliteOutbox.OpenAsync(new OutboxOptions { Path = DatabasePath }, TimeProvider.System, NullLogger<SqliteOutbox>.Instance, None);
        var ends = new SettlementLog(outbox);
        await outbox.AppendAsync([Entry("text")], None);
        await using var owner = await OutboxOwner.OpenAsync(outbox, Session);
        var delivery = await owner.TakeAsync("#ops");
        using (var stranger = Stranger())
        {
            stranger.Execute("BEGIN IMMEDIATE");
            owner.Reader.Settle(delivery, Outcome.Delivered(Proof.Pong));
            while (outbox.Fault is null)
            {
                await outbox.AppendAsync([Entry("refused")], None);
            }
        }

        await ends.WaitAsync(1);
        Assert.Null(outbox.Fault);
    }

    [Theory]
    [InlineData("BEFORE INSERT ON queue")]
    [InlineData("BEFORE UPDATE ON progress")]
    [InlineData("BEFORE DELETE ON queue")]
    public async Task AFailureInTheMiddle_LeavesEverythingAsItWas(string moment)
    {
        await using var outbox = await OpenAsync();
        var ends = new SettlementLog(outbox);
        await outbox.AppendAsync([Entry("wire"), Entry("cancel"), Entry("last")], None);
        var cancel = (await outbox.ListAsync(new ReceiptQuery(), None)).Items[1].Notification.Id;
        await using var owner = await OutboxOwner.OpenAsync(outbox, Session);
        var wire = await owner.TakeAsync("#ops");
        using (var stranger = Stranger())
        {
            stranger.Execute($"CREATE TRIGGER refuse {moment} BEGIN SELECT RAISE(ABORT, 'no'); END");
            owner.Reader.Settle(wire, Outcome.Delivered(Proof.Pong));
            // Whichever operation the trigger hits: after it nothing is stored until it is gone.
            while (outbox.Fault is null)
            {
                await outbox.AppendAsync([Entry("refused", "#other")], None);
                try
                {
                    await outbox.CancelAsync(cancel, None);
                }
                catch (OutboxFaultException error)
                {
                    Assert.NotEmpty(error.Message);
                }

                // Where only the last row of a segment is refused.
                if (outbox.Fault is null)
                {
                    owner.Reader.Settle(await owner.TakeAsync("#ops"), Outcome.Delivered(Proof.Pong));
                }
            }

            stranger.Execute("DROP TRIGGER refuse");
        }

        await AdvanceUntilAsync(() => outbox.Fault is null);

        var cancelled = await outbox.CancelAsync(cancel, None);
        Assert.Contains(cancelled!.Status, new[] { MessageStatus.Cancelled, MessageStatus.Delivered });
        await outbox.AppendAsync([Entry("end")], None);
        var left = new List<string>();
        while (!left.Contains("end", StringComparer.Ordinal))
        {
            var delivery = await owner.TakeAsync("#ops");
            left.Add(delivery.Notification.Text);
            owner.Reader.Settle(delivery, Outcome.Delivered(Proof.Pong));
        }

        Assert.DoesNotContain("wire", left, StringComparer.Ordinal);
        Assert.DoesNotContain("cancel", left, StringComparer.Ordinal);
        var all = await outbox.ListAsync(new ReceiptQuery(To: "libera/#ops"), None);
        await ends.WaitAsync(all.Items.Count);
        Assert.Equal(ends.Count, (await ends.WaitAsync(0)).Select(s => s.MessageId).Distinct().Count());
    }

    [Fact]
    public async Task Deletes_WhatIsOldEnough_AndNothingElse()
    {
        await using var outbox = await OpenAsync(new OutboxOptions { KeepSettled = TimeSpan.FromMinutes(10) });
        var ends = new SettlementLog(outbox);
        for (var i = 0; i < 300; i++)
        {
            await outbox.AppendAsync([Entry($"{i}") with { Guard = new RepeatGuard($"{i}", [1], _time.GetUtcNow() + TimeSpan.FromMinutes(5)) }], None);
        }

        await outbox.AppendAsync([Entry("waits", "#parked")], None);
        await using var owner = await OutboxOwner.OpenAsync(outbox, Session);
        foreach (var delivery in await owner.TakeAsync("#ops", 300))
        {
            owner.Reader.Settle(delivery, Outcome.Delivered(Proof.Pong));
        }

        await ends.WaitAsync(300);
        Assert.Equal((301, 300), (Count("segment"), Count("guard")));
        await AdvanceUntilAsync(() => Count("segment") == 1 && Count("progress") == 1 && Count("guard") == 0);
        Assert.Equal("waits", (await owner.TakeAsync("#parked")).Notification.Text);
    }

    [Fact]
    public async Task WhatFails_IsAConcern_EvenIfAllBeforeItWasCleanedAway()
    {
        var options = new OutboxOptions { KeepSettled = TimeSpan.FromMinutes(10) };
        var terms = new WatchTerms(TimeSpan.FromMinutes(1), null, "teller");
        async Task FailAsync(SqliteOutbox outbox, string text)
        {
            await outbox.AppendAsync([Entry(text)], None);
            await using var owner = await OutboxOwner.OpenAsync(outbox, Session);
            owner.Reader.Settle(await owner.TakeAsync("#ops"), Outcome.Failed("no"));
        }

        await using (var before = await OpenAsync(options))
        {
            before.Watch(terms);
            for (var i = 0; i < 5; i++)
            {
                await FailAsync(before, $"{i}");
            }

            await AdvanceUntilAsync(() => Count("segment") == 0);
        }

        // Numbers begin anew, below the mark that lateness had come to.
        await using var outbox = await OpenAsync(options);
        outbox.Watch(terms);
        await FailAsync(outbox, "anew");
        Assert.Equal(("anew", 6L), Assert.Single(await outbox.ConcernsAsync(None)) is var concern ? (concern.Line, concern.Count) : default);
    }

    [Fact]
    public async Task HandsOut_NoMoreThanMemoryAllows_UntilSomeEnd()
    {
        await using var outbox = await OpenAsync();
        await outbox.AppendAsync([.. Enumerable.Range(0, SessionPart.MaxTaken + 10).Select(i => Entry($"{i}"))], None);
        await using var owner = await OutboxOwner.OpenAsync(outbox, Session);
        var taken = await owner.TakeAsync("#ops", SessionPart.MaxTaken);
        Assert.False(owner.Reader.TryTake("#ops", out _));
        owner.Reader.Settle(taken[0], Outcome.Delivered(Proof.Pong));
        Assert.Equal($"{SessionPart.MaxTaken}", (await owner.TakeAsync("#ops")).Notification.Text);
    }

    [Fact]
    public async Task AClosedOutbox_TakesNothing()
    {
        var outbox = await OpenAsync();
        await outbox.DisposeAsync();
        await outbox.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => outbox.AppendAsync([Entry("late")], None));
    }
}
