using System.Text;
using NotifyGateway.Core;

namespace NotifyGateway.Api.Http;

/// <summary>The intake as the HTTP doors use it: every message that is accepted or refused is counted.</summary>
internal sealed class HttpIntake(Intake intake, DoorCounters counters, GatewayState state)
{
    /// <summary>As in <see cref="Submission.Input"/>.</summary>
    public const string Input = "http";

    /// <summary>Accepts a submission. Returns when it is on disk, or refused.</summary>
    public async Task<IntakeResult> AcceptAsync(Submission submission)
    {
        // Never cut short, even if the sender goes away: whether it is on disk must be known.
        var result = IsTooLong(submission)
            ? new IntakeResult(IntakeStatus.TooLarge, Guid.Empty, [])
            : await intake.AcceptAsync(submission with { Under = state }, CancellationToken.None);
        if (result.Status == IntakeStatus.Accepted)
        {
            counters.Accepted(Input);
        }

        if (!result.IsAccepted || result.Unknown.Count > 0)
        {
            counters.Refused(Input, result.IsAccepted ? RefusalReason.UnknownDestination : RefusalReason.Of(result.Status));
        }

        return result;
    }

    /// <inheritdoc cref="Intake.RetryAsync"/>
    public async Task<(IntakeResult Result, Receipt? After)> RetryAsync(Receipt receipt, string client, CancellationToken cancellationToken)
    {
        var (result, after) = await intake.RetryAsync(receipt, client, cancellationToken);
        if (!result.IsAccepted)
        {
            counters.Refused(Input, RefusalReason.Of(result.Status));
        }

        return (result, after);
    }

    /// <summary>Counts a message that is refused before the intake sees it.</summary>
    public Refusal Refuse(Refusal refusal)
    {
        counters.Refused(Input, refusal.Status switch
        {
            StatusCodes.Status401Unauthorized or StatusCodes.Status403Forbidden or StatusCodes.Status404NotFound => RefusalReason.Unauthorized,
            StatusCodes.Status413PayloadTooLarge => RefusalReason.TooLarge,
            StatusCodes.Status503ServiceUnavailable => RefusalReason.Limited,
            _ => RefusalReason.Malformed,
        });
        return refusal;
    }

    /// <summary>The text as its sender counts it: UTF-8 bytes.</summary>
    private bool IsTooLong(Submission submission) =>
        Encoding.UTF8.GetByteCount(submission.Text) + Encoding.UTF8.GetByteCount(submission.Title ?? "") > state.Options.MaxMessageBytes;
}
