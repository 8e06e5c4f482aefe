using NotifyGateway.Core;
using NotifyGateway.Core.Outbox;

namespace NotifyGateway.Api.Http;

/// <summary>
/// How many deliveries have failed or expired in the last hour and day, by client. In memory alone, and so since the gateway was started: what is on disk would have to be
/// searched through at each look.
/// </summary>
internal sealed class Losses : IDisposable
{
    public static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    public static readonly TimeSpan Day = TimeSpan.FromDays(1);

    private readonly IOutbox _outbox;
    private readonly TimeProvider _time;

    // The outbox tells on its own thread and requests ask on theirs: no loop owns it.
    private readonly Lock _lock = new();

    // Of each client one entry for each minute in which it lost something, the last one last. Names of clients and hooks come from the configuration, so that there are few.
    private readonly Dictionary<string, List<Minute>> _minutes = new(StringComparer.OrdinalIgnoreCase);

    public Losses(IOutbox outbox, TimeProvider time)
    {
        (_outbox, _time) = (outbox, time);
        Since = time.GetUtcNow();
        _outbox.Settled += Count;
    }

    /// <summary>Since when it counts.</summary>
    public DateTimeOffset Since { get; }

    /// <summary>What the caller may see of the time until now: to whole minutes.</summary>
    public (long Failed, long Expired) Within(TimeSpan span, Caller caller)
    {
        var from = Number(_time.GetUtcNow() - span);
        lock (_lock)
        {
            var seen = _minutes.Where(m => caller.MaySee(m.Key)).SelectMany(m => m.Value).Where(m => m.Number > from).ToList();
            return (seen.Sum(m => m.Failed), seen.Sum(m => m.Expired));
        }
    }

    public void Dispose() => _outbox.Settled -= Count;

    private static long Number(DateTimeOffset moment) => moment.Ticks / TimeSpan.TicksPerMinute;

    private void Count(Settlement settlement)
    {
        var isExpired = settlement.Outcome.Status == DeliveryStatus.Expired;
        if (!isExpired && settlement.Outcome.Status != DeliveryStatus.Failed)
        {
            return;
        }

        var now = _time.GetUtcNow();
        lock (_lock)
        {
            if (!_minutes.TryGetValue(settlement.Client, out var minutes))
            {
                _minutes[settlement.Client] = minutes = [];
            }

            if (minutes is not [.., var last] || last.Number != Number(now))
            {
                var old = Number(now - Day);
                minutes.RemoveAll(m => m.Number <= old);
                minutes.Add(last = new Minute(Number(now)));
            }

            last.Failed += isExpired ? 0 : 1;
            last.Expired += isExpired ? 1 : 0;
        }
    }

    /// <param name="number">Minutes since the year 1.</param>
    private sealed class Minute(long number)
    {
        public long Number { get; } = number;

        public long Failed { get; set; }

        public long Expired { get; set; }
    }
}
