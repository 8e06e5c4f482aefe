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
        var before = Ends.CountOf(delivery);
        owner.Reader.Settle(delivery, outcome);
        await Ends.WaitAsync(delivery, before + 1);
    }
}
