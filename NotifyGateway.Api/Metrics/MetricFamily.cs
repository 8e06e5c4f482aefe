using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;

namespace NotifyGateway.Api.Metrics;

/// <summary>One metric: what an instrument has said so far, by its labels. Recorded to from any thread, without allocation once a series is known.</summary>
internal abstract class MetricFamily(Instrument instrument)
{
    public string Name { get; } = instrument.Name;

    protected string Help { get; } = instrument.Description ?? instrument.Name;

    /// <summary>The family of an instrument; null for a kind that we do not have.</summary>
    public static MetricFamily? Of(Instrument instrument) => instrument switch
    {
        Counter<long> or Counter<double> => new ValueFamily(instrument, "counter", adds: true),
        ObservableCounter<long> or ObservableCounter<double> => new ValueFamily(instrument, "counter", adds: false),
        Gauge<long> or Gauge<double> or ObservableGauge<long> or ObservableGauge<double> => new ValueFamily(instrument, "gauge", adds: false),
        Histogram<double> histogram => new HistogramFamily(histogram),
        _ => null,
    };

    public abstract void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags);

    /// <summary>An instrument that is asked is about to be: what it does not mention is no more.</summary>
    public virtual void BeginRound()
    {
    }

    public abstract void Write(PrometheusText text);

    protected static SeriesKey KeyOf(ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        new(tags.Length > 0 ? Text(tags[0].Value) : "", tags.Length > 1 ? Text(tags[1].Value) : "");

    protected static Label LabelOf(ReadOnlySpan<KeyValuePair<string, object?>> tags, int index) =>
        tags.Length > index ? new Label(tags[index].Key, Text(tags[index].Value)) : default;

    private static string Text(object? value) => value as string ?? Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
}

/// <summary>The values of a series' labels. No instrument of the gateway has more than two.</summary>
internal readonly record struct SeriesKey(string First, string Second);

/// <summary>Counters and gauges.</summary>
/// <param name="adds">Whether a measurement is added to what was before, or stands for itself.</param>
internal sealed class ValueFamily(Instrument instrument, string type, bool adds) : MetricFamily(instrument)
{
    private readonly bool _isAsked = instrument.IsObservable;
    private readonly ConcurrentDictionary<SeriesKey, Series> _series = new();

    public override void BeginRound()
    {
        if (_isAsked)
        {
            _series.Clear();
        }
    }

    public override void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var key = KeyOf(tags);
        if (!_series.TryGetValue(key, out var series))
        {
            series = _series.GetOrAdd(key, new Series(LabelOf(tags, 0), LabelOf(tags, 1)));
        }

        if (adds)
        {
            series.Add(value);
        }
        else
        {
            series.Set(value);
        }
    }

    public override void Write(PrometheusText text)
    {
        text.Head(Name, Help, type);
        foreach (var (_, series) in _series.OrderBy(s => s.Key.First, StringComparer.Ordinal).ThenBy(s => s.Key.Second, StringComparer.Ordinal))
        {
            text.Sample(Name, series.First, series.Second, series.Value);
        }
    }

    private sealed class Series(Label first, Label second)
    {
        private double _value;

        public Label First { get; } = first;

        public Label Second { get; } = second;

        public double Value => Volatile.Read(ref _value);

        public void Set(double value) => Volatile.Write(ref _value, value);

        public void Add(double value)
        {
            double before;
            do
            {
                before = Volatile.Read(ref _value);
            }
            while (Interlocked.CompareExchange(ref _value, before + value, before) != before);
        }
    }
}

/// <summary>How often which size came. Without labels: each would multiply the buckets.</summary>
internal sealed class HistogramFamily(Histogram<double> instrument) : MetricFamily(instrument)
{
    // Recorded to by the outbox's thread or a few others, read by a scrape: the lock is held for a handful of additions.
    private readonly Lock _gate = new();
    private readonly double[] _bounds = [.. instrument.Advice?.HistogramBucketBoundaries ?? []];
    private readonly long[] _counts = new long[(instrument.Advice?.HistogramBucketBoundaries?.Count ?? 0) + 1];
    private double _sum;

    public override void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var bucket = 0;
        while (bucket < _bounds.Length && value > _bounds[bucket])
        {
            bucket++;
        }

        lock (_gate)
        {
            _counts[bucket]++;
            _sum += value;
        }
    }

    public override void Write(PrometheusText text)
    {
        long[] counts;
        double sum;
        lock (_gate)
        {
            (counts, sum) = ([.. _counts], _sum);
        }

        text.Head(Name, Help, "histogram");
        var total = 0L;
        for (var i = 0; i < counts.Length; i++)
        {
            total += counts[i];
            text.Sample($"{Name}_bucket", new Label("le", i < _bounds.Length ? PrometheusText.Number(_bounds[i]) : "+Inf"), default, total);
        }

        text.Sample($"{Name}_sum", default, default, sum);
        text.Sample($"{Name}_count", default, default, total);
    }
}
