using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.Logging.Abstractions;
using NotifyGateway.Core;
using NotifyGateway.Core.Configuration;
using NotifyGateway.Core.Outbox;
using NotifyGateway.Tests.Support;
using Xunit;
using Outcome = NotifyGateway.Core.Outcome;

namespace NotifyGateway.Tests.Outbox;

/// <summary>Whatever is done in whatever order: the outbox does what a few lists in memory do.</summary>
public sealed class OutboxModelTests
{
    [Fact]
    public void DoesWhatTheModelDoes() =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ListOf().Resize(200).ToArbitrary(), steps =>
            {
                // FsCheck's shrinking runs on this thread; there is nothing here that could dead-lock with it.
                RunAsync(steps).GetAwaiter().GetResult();
            })
            .Holds(25, startSize: 20, endSize: 200);

    private static async Task RunAsync(IEnumerable<int> steps)
    {
        var folder = Directory.CreateTempSubdirectory("outbox").FullName;
        try
        {
            await using var run = new ModelRun(Path.Combine(folder, "outbox.db"));
            await run.OpenAsync();
            foreach (var step in steps)
            {
                await run.StepAsync(step);
            }

            await run.CompareAsync();
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}

/// <summary>The outbox, its owner and the model side by side.</summary>
internal sealed class ModelRun(string path) : IAsyncDisposable
{
    private static readonly SessionKey Session = new("libera");
    private static readonly string[] Lanes = ["#a", "#b", "#c"];

    private readonly ManualTime _time = new();
    private readonly List<ModelDelivery> _all = [];
    private readonly Dictionary<string, List<ModelDelivery>> _lanes = Lanes.ToDictionary(l => l, _ => new List<ModelDelivery>(), StringComparer.Ordinal);
    private readonly List<(ModelDelivery Model, Delivery Real)> _taken = [];
    private readonly List<Guid> _messages = [];
    private SqliteOutbox _outbox = null!;
    private OutboxOwner _owner = null!;
    private SettlementLog _ends = null!;
    private int _ended;

    public async Task OpenAsync()
    {
        _outbox = await SqliteOutbox.OpenAsync(new OutboxOptions { Path = path }, _time, NullLogger<SqliteOutbox>.Instance, CancellationToken.None);
        _ends = new SettlementLog(_outbox);
        _ended = 0;
        _owner = await OutboxOwner.OpenAsync(_outbox, Session);
    }

    public Task StepAsync(int step) => (step % 17) switch
    {
        0 or 1 or 2 => AppendAsync(step / 16),
        3 or 4 or 5 => TakeAsync(Lanes[step / 16 % 3]),
        6 or 7 => SettleAsync(step / 16, Outcome.Delivered(Proof.Pong)),
        8 => SettleAsync(step / 16, Outcome.Failed("refused")),
        9 => ReleaseAsync(step / 16),
        10 => CancelAsync(step / 16),
        11 or 12 => RetryAsync(step / 16),
        13 => AdvanceAsync(TimeSpan.FromMinutes(step / 16 % 40)),
        14 => ReopenAsync(restart: false),
        15 => BounceAsync(step / 16),
        _ => ReopenAsync(restart: true),
    };

    /// <summary>Everything that is left comes in order, and every receipt is right.</summary>
    public async Task CompareAsync()
    {
        foreach (var message in _messages)
        {
            var receipt = await _outbox.FindAsync(message, CancellationToken.None);
            Assert.Equal(_all.Where(d => d.Message == message).Select(d => d.Status), receipt!.Deliveries.Select(d => d.Status));
        }

        Assert.Equal(_all.Count(d => d.Status == DeliveryStatus.Queued), _owner.Reader.Depth);
        foreach (var lane in Lanes)
        {
            while (_lanes[lane].Exists(d => !d.IsTaken))
            {
                await TakeAsync(lane);
            }

            Assert.False(_owner.Reader.TryTake(lane, out _));
        }

        Assert.Equal(_ended, _ends.Count);
    }

    public async ValueTask DisposeAsync()
    {
        await _owner.DisposeAsync();
        await _outbox.DisposeAsync();
    }

    private async Task AppendAsync(int choice)
    {
        var entries = new List<OutboxEntry>();
        for (var i = 0; i <= choice % 3; i++)
        {
            var id = Guid.CreateVersion7(_time.GetUtcNow());
            var lanes = Lanes.Where((_, lane) => ((choice >> (lane + (i * 3))) & 1) != 0).ToList();
            var notification = new Notification
            {
                Id = id,
                Client = "ci",
                Input = "http",
                Text = $"{_messages.Count}",
                AcceptedAt = _time.GetUtcNow(),
                ExpiresAt = _time.GetUtcNow() + TimeSpan.FromMinutes(60 + (choice % 7 * 10)),
            };
            entries.Add(new OutboxEntry(notification, [.. lanes.Select(l => new Destination(Session, l, l, $"libera/{l}"))]));
            _messages.Add(id);
            for (var ordinal = 0; ordinal < lanes.Count; ordinal++)
            {
                var delivery = new ModelDelivery(id, ordinal, lanes[ordinal]) { ExpiresAt = notification.ExpiresAt };
                _all.Add(delivery);
                _lanes[delivery.Lane].Add(delivery);
            }
        }

        await _outbox.AppendAsync(entries, CancellationToken.None);
    }

    private async Task TakeAsync(string lane)
    {
        if (_lanes[lane].Find(d => !d.IsTaken) is { } next)
        {
            var delivery = await _owner.TakeAsync(lane);
            Assert.Equal((next.Message, next.Ordinal, lane), (delivery.Notification.Id, delivery.Ordinal, delivery.Lane));
            next.IsTaken = true;
            _taken.Add((next, delivery));
        }
        else
        {
            Assert.False(_owner.Reader.TryTake(lane, out _));
        }
    }

    private async Task SettleAsync(int choice, Outcome outcome)
    {
        if (_taken.Count > 0)
        {
            var (model, real) = _taken[choice % _taken.Count];
            _taken.RemoveAt(choice % _taken.Count);
            _owner.Reader.Settle(real, outcome);
            End(model, outcome.Status);
            await _ends.WaitAsync(_ended);
        }
    }

    private async Task BounceAsync(int choice)
    {
        if (_all.Count > 0)
        {
            var model = _all[choice % _all.Count];
            _owner.Reader.Bounce(model.Message, model.Ordinal, d => d.Lane == model.Lane, "came back");
            if (model.Status == DeliveryStatus.Delivered)
            {
                model.Status = DeliveryStatus.Failed;
                await _ends.WaitAsync(++_ended);
            }
        }
    }

    private async Task ReleaseAsync(int choice)
    {
        var released = _taken.Where((_, i) => ((choice >> (i % 16)) & 1) != 0).ToList();
        _taken.RemoveAll(released.Contains);
        _owner.Reader.Release([.. released.Select(r => r.Real)]);
        released.ForEach(r => r.Model.IsTaken = false);
        await ExpireAsync();
    }

    private async Task CancelAsync(int choice)
    {
        if (_messages.Count > 0)
        {
            var message = _messages[choice % _messages.Count];
            _all.FindAll(d => d.Message == message && d.Status == DeliveryStatus.Queued && !d.IsTaken).ForEach(d => End(d, DeliveryStatus.Cancelled));
            await _outbox.CancelAsync(message, CancellationToken.None);
            await _ends.WaitAsync(_ended);
        }
    }

    private async Task RetryAsync(int choice)
    {
        if (_messages.Count > 0)
        {
            var message = _messages[choice % _messages.Count];
            foreach (var delivery in _all.Where(d => d.Message == message && d.Status is DeliveryStatus.Failed or DeliveryStatus.Expired or DeliveryStatus.Cancelled && d.Message == message))
            {
                delivery.Status = DeliveryStatus.Queued;
                delivery.ExpiresAt = _time.GetUtcNow() + TimeSpan.FromMinutes(45);
                _lanes[delivery.Lane].Add(delivery);
            }

            await _outbox.RetryAsync(message, TimeSpan.FromMinutes(45), CancellationToken.None);
        }
    }

    private async Task AdvanceAsync(TimeSpan by)
    {
        _time.Advance(by);
        await ExpireAsync();
    }

    private async Task ReopenAsync(bool restart)
    {
        await _owner.DisposeAsync();
        _taken.ForEach(t => t.Model.IsTaken = false);
        _taken.Clear();
        if (restart)
        {
            // Closing may find the time to end what has expired by being released, or leave it to the next start.
            await _outbox.DisposeAsync();
            var endedBefore = _ends.Count - _ended;
            await OpenAsync();
            _ended = -endedBefore;
            _time.Advance(TimeSpan.FromSeconds(1));
        }
        else
        {
            _owner = await OutboxOwner.OpenAsync(_outbox, Session);
        }

        await ExpireAsync();
    }

    private List<ModelDelivery> Due() => _all.FindAll(d => d.Status == DeliveryStatus.Queued && !d.IsTaken && d.ExpiresAt <= _time.GetUtcNow());

    private async Task ExpireAsync()
    {
        Due().ForEach(d => End(d, DeliveryStatus.Expired));
        await _ends.WaitAsync(_ended);
    }

    private void End(ModelDelivery delivery, DeliveryStatus status)
    {
        delivery.Status = status;
        delivery.IsTaken = false;
        _lanes[delivery.Lane].Remove(delivery);
        _ended++;
    }
}

internal sealed class ModelDelivery(Guid message, int ordinal, string lane)
{
    public Guid Message { get; } = message;

    public int Ordinal { get; } = ordinal;

    public string Lane { get; } = lane;

    public DateTimeOffset ExpiresAt { get; set; }

    public DeliveryStatus Status { get; set; }

    public bool IsTaken { get; set; }
}
