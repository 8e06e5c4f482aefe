using System.Buffers;
using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using NotifyGateway.Core;

namespace NotifyGateway.Api.Metrics;

/// <summary>
/// Keeps what the gateway's meter says, for whoever asks by <c>/metrics</c>. What is counted before the store is there is lost to it: it is
/// made before the doors open. An OTLP exporter listens to the same instruments by itself.
/// </summary>
internal sealed class MetricStore : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<string, MetricFamily> _families = new(StringComparer.Ordinal);

    // Two scrapes at a time would mix what the instruments answer to each.
    private readonly Lock _scrape = new();

    public MetricStore(IMeterFactory meters)
    {
        // This host's own meter: in a test's process there are others of the same name.
        var mine = meters.Create(DoorCounters.MeterName);
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter, mine) && MetricFamily.Of(instrument) is { } family)
            {
                listener.EnableMeasurementEvents(instrument, _families.GetOrAdd(instrument.Name, family));
            }
        };
        _listener.SetMeasurementEventCallback<long>(static (_, value, tags, family) => ((MetricFamily)family!).Record(value, tags));
        _listener.SetMeasurementEventCallback<double>(static (_, value, tags, family) => ((MetricFamily)family!).Record(value, tags));
        _listener.Start();
    }

    /// <summary>Everything as it stands now, in Prometheus' text format.</summary>
    public ReadOnlyMemory<byte> Scrape()
    {
        lock (_scrape)
        {
            MetricFamily[] families = [.. _families.Values.OrderBy(f => f.Name, StringComparer.Ordinal)];
            foreach (var family in families)
            {
                family.BeginRound();
            }

            _listener.RecordObservableInstruments();
            var bytes = new ArrayBufferWriter<byte>(16 * 1024);
            var text = new PrometheusText(bytes);
            foreach (var family in families)
            {
                family.Write(text);
            }

            return bytes.WrittenMemory;
        }
    }

    public void Dispose() => _listener.Dispose();
}
