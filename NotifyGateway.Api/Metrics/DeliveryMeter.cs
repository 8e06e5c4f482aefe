using System.Diagnostics.Metrics;
using NotifyGateway.Api.Http;
using NotifyGateway.Core;
using NotifyGateway.Core.Outbox;

namespace NotifyGateway.Api.Metrics;

/// <summary>Counts how deliveries end: <c>notify_deliveries_total</c> and <c>notify_delivery_seconds</c>. Told by the outbox after each commit.</summary>
internal sealed class DeliveryMeter : IDisposable
{
    /// <summary>Delivered, told so, and then come back: counted as failed too.</summary>
    public const string Bounced = "bounced";

    private static readonly string[] Outcomes =
    [
        Words.Of(DeliveryStatus.Delivered), Words.Of(DeliveryStatus.Failed), Words.Of(DeliveryStatus.Expired), Words.Of(DeliveryStatus.Cancelled), Bounced,
    ];

    private readonly IOutbox _outbox;
    private readonly Counter<long> _deliveries;
    private readonly Histogram<double> _seconds;

    public DeliveryMeter(IMeterFactory meters, IOutbox outbox)
    {
        _outbox = outbox;
        var meter = meters.Create(DoorCounters.MeterName);
        _deliveries = meter.CreateCounter<long>(
            "notify_deliveries_total", description: "Deliveries that came to their end, by outcome. One that came back after it was delivered is counted as failed and as bounced besides.");
        _seconds = meter.CreateHistogram(
            "notify_delivery_seconds",
            description: "Time from the acceptance of a message to the proof of its delivery, for what was delivered.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600, 14400, 86400] });
        _outbox.Settled += Count;
    }

    /// <summary>Makes a session's series begin at 0, so that the first failure is an increase.</summary>
    public void Declare(string session)
    {
        foreach (var outcome in Outcomes)
        {
            Add(session, outcome, 0);
        }
    }

    public void Dispose() => _outbox.Settled -= Count;

    private void Count(Settlement settlement)
    {
        var session = settlement.Session.Label;
        Add(session, Words.Of(settlement.Outcome.Status), 1);
        if (settlement.CameBack)
        {
            Add(session, Bounced, 1);
        }

        if (settlement.Outcome.Status == DeliveryStatus.Delivered)
        {
            _seconds.Record(Math.Max(0, (settlement.SettledAt - settlement.AcceptedAt).TotalSeconds));
        }
    }

    private void Add(string session, string outcome, long count) => _deliveries.Add(
        count, new KeyValuePair<string, object?>("session", session), new KeyValuePair<string, object?>("outcome", outcome));
}
