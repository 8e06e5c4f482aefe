using Microsoft.Extensions.Logging.Abstractions;
using NotifyGateway.Core;
using NotifyGateway.Core.Configuration;
using NotifyGateway.Core.Outbox;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Outbox;

/// <summary>What the outbox holds in memory. Runs while no other test does, since the heap is the process's.</summary>
[Collection(Alone.Name)]
public sealed class OutboxMemoryTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly SessionKey Session = new("libera");

    private readonly TempFolder _folder = new();
    private readonly ManualTime _time = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Remembers_NoMoreThanItsBounds_OfAHugeBacklog()
    {
        // What other tests keep is theirs.
        var before = GC.GetTotalMemory(forceFullCollection: true);
        await using var outbox = await SqliteOutbox.OpenAsync(new OutboxOptions { Path = _folder["outbox.db"] }, _time, NullLogger<SqliteOutbox>.Instance, None);
        await using var owner = await OutboxOwner.OpenAsync(outbox, Session);
        for (var round = 0; round < 20; round++)
        {
            await outbox.AppendAsync([.. Enumerable.Range(0, 5000).Select(i => Entry(new string('x', 2000), $"#{i % 100}"))], None);
        }

        Assert.Equal(100_000, owner.Reader.Depth);
        // 100,000 texts would be 400 MB; 8 Mi characters are allowed.
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, 0, 60_000_000);
        for (var lane = 0; lane < 100; lane++)
        {
            // Also the lanes that found no room are served.
            var taken = await owner.TakeAsync($"#{lane}", 300);
            Assert.Equal(300, taken.Select(d => d.Sequence).Distinct().Count());
            taken.ForEach(d => owner.Reader.Settle(d, Outcome.Delivered(Proof.Pong)));
        }
    }

    private OutboxEntry Entry(string text, string lane) => new(
        new Notification
        {
            Id = MessageIds.New(_time.GetUtcNow()),
            Client = "ci",
            Input = "http",
            Text = text,
            AcceptedAt = _time.GetUtcNow(),
            ExpiresAt = _time.GetUtcNow() + TimeSpan.FromDays(1),
        },
        [new Destination(Session, lane, lane, $"libera/{lane}")]);
}
