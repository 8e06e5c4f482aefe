using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using NotifyGateway.Core;

namespace NotifyGateway.Tests.Support;

/// <summary>Sums up the <see cref="DoorCounters"/> of one host.</summary>
internal sealed class DoorCounts : IDisposable
{
    private readonly MeterListener _meters = new();
    private readonly ConcurrentDictionary<string, long> _sums = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int> _inputs = new(StringComparer.Ordinal);

    public DoorCounts(IServiceProvider services)
    {
        // Only this host's meter: others run in this process at the same time.
        var mine = services.GetRequiredService<IMeterFactory>().Create(DoorCounters.MeterName);
        services.GetRequiredService<DoorCounters>();
        _meters.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter, mine) && instrument.Name is "notify_messages_accepted_total" or "notify_messages_refused_total" or "notify_answers_held_total")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _meters.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            if (value == 0)
            {
                return;
            }

            _inputs.TryAdd((string)tags[0].Value!, 0);
            var name = instrument.Name.Contains("accepted", StringComparison.Ordinal) ? "accepted" : instrument.Name.Contains("held", StringComparison.Ordinal) ? "held" : "refused";
            _sums.AddOrUpdate(tags.Length > 1 ? $"{name}:{tags[1].Value}" : name, value, (_, sum) => sum + value);
        });
        _meters.Start();
    }

    /// <summary>The sum of <c>accepted</c> or <c>refused:REASON</c>, over all inputs.</summary>
    public long Of(string counter) => _sums.GetValueOrDefault(counter);

    /// <summary>The doors that have counted.</summary>
    public IEnumerable<string> Inputs => _inputs.Keys;

    /// <summary>All sums, sorted: <c>accepted=1 refused:malformed=2</c>.</summary>
    public override string ToString() => string.Join(' ', _sums.OrderBy(s => s.Key, StringComparer.Ordinal).Select(s => $"{s.Key}={s.Value}"));

    public void Dispose() => _meters.Dispose();
}
