using System.Diagnostics;
using NotifyGateway.Api.Http;
using NotifyGateway.Core;
using NotifyGateway.Core.Outbox;

namespace NotifyGateway.Api.Tracing;

/// <summary>
/// The span of each delivery, from the acceptance of its message to its end, below the span of the acceptance: the outbox has kept that one's identity,
/// so it is found after a restart as well.
/// </summary>
internal sealed class DeliverySpans : IDisposable
{
    private const int MostOfReason = 256;

    private readonly IOutbox _outbox;

    public DeliverySpans(IOutbox outbox)
    {
        _outbox = outbox;
        _outbox.Settled += Tell;
    }

    public void Dispose() => _outbox.Settled -= Tell;

    private static void Tell(Settlement settlement)
    {
        if (settlement.Trace is null || !MessageTrace.Source.HasListeners() || !ActivityContext.TryParse(settlement.Trace, null, isRemote: true, out var parent))
        {
            return;
        }

        var (status, proof, reason) = settlement.Outcome;
        // What came back has a span of its own, beside that of its delivery.
        var (name, from) = settlement.CameBack ? ("bounce", settlement.SettledAt) : ("deliver", settlement.AcceptedAt);
        using var span = MessageTrace.Source.StartActivity($"{name} {settlement.Session.Label}", ActivityKind.Consumer, parent, startTime: from);
        if (span is null)
        {
            return;
        }

        span.SetTag("notify.session", settlement.Session.Label).SetTag("notify.destination", settlement.To)
            .SetTag("notify.delivery_id", DeliveryId.Format(settlement.MessageId, settlement.Ordinal))
            .SetTag("notify.outcome", Words.Of(status)).SetTag("notify.proof", Words.Of(proof)).SetTag("notify.attempts", settlement.Attempts);
        if (status is DeliveryStatus.Failed or DeliveryStatus.Expired)
        {
            span.SetTag("error.type", Words.Of(status)).SetStatus(ActivityStatusCode.Error, reason?.Length > MostOfReason ? reason[..MostOfReason] : reason);
        }

        span.SetEndTime(settlement.SettledAt.UtcDateTime);
    }
}
