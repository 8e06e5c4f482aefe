using System.Diagnostics;

namespace NotifyGateway.Core;

/// <summary>
/// The trace of a message, from its door to its proof: a span for its acceptance, whose identity the outbox keeps with the message, and
/// one below it for each delivery, made when that ends. Costs nothing while nobody listens to <see cref="Source"/>.
/// </summary>
public static class MessageTrace
{
    /// <summary>The source of every span of the gateway.</summary>
    public const string SourceName = "NotifyGateway";

    public static ActivitySource Source { get; } = new(SourceName);

    /// <summary>Begins the span of an acceptance, below the door's own if there is one. It is not made the current one: many are under way at a time. Null: nobody listens.</summary>
    internal static Activity? Accept(Submission submission)
    {
        var outer = Activity.Current;
        var span = Source.StartActivity("accept", ActivityKind.Producer);
        Activity.Current = outer;
        return span?.SetTag("notify.input", submission.Input).SetTag("notify.client", submission.Client);
    }

    /// <summary>Ends the span of an acceptance.</summary>
    internal static void Accepted(this Activity? span, IntakeResult result)
    {
        if (span is null)
        {
            return;
        }

        if (result.IsAccepted)
        {
            span.SetTag("notify.message_id", result.MessageId.ToString("D"));
        }
        else
        {
            span.SetTag("error.type", RefusalReason.Of(result.Status)).SetStatus(ActivityStatusCode.Error);
        }

        var outer = Activity.Current;
        span.Dispose();
        Activity.Current = outer;
    }
}
