using System.Diagnostics.Metrics;

namespace NotifyGateway.Core.Outbox;

/// <summary>Measures the outbox's transactions: <c>notify_outbox_write_seconds</c> and <c>notify_outbox_lost_total</c> of the meter <see cref="DoorCounters.MeterName"/>.</summary>
public sealed class OutboxMeter(IMeterFactory meters)
{
    private readonly Histogram<double> _writes = meters.Create(DoorCounters.MeterName).CreateHistogram(
        "notify_outbox_write_seconds",
        description: "How long the transactions of the outbox took, the wait for the disk included; one holds everything that came during the one before.",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] });

    private readonly Counter<long> _lost = meters.Create(DoorCounters.MeterName).CreateCounter<long>(
        "notify_outbox_lost_total", description: "Queued deliveries that are lost, as their place in the outbox is damaged.");

    /// <summary>So many deliveries cannot be read any more.</summary>
    public void Lost(long deliveries) => _lost.Add(deliveries);

    /// <summary>A transaction is committed.</summary>
    public void Wrote(TimeSpan took) => _writes.Record(took.TotalSeconds);
}
