using System.Diagnostics.Metrics;

namespace NotifyGateway.Core;

/// <summary>
/// What the doors let in and what they refused: <c>notify_messages_accepted_total{input}</c> and
/// <c>notify_messages_refused_total{input,reason}</c>, with <c>notify_answers_held_total{input}</c>, of the meter <see cref="MeterName"/>.
/// </summary>
public sealed class DoorCounters
{
    /// <summary>The meter of every figure of the gateway.</summary>
    public const string MeterName = "NotifyGateway";

    private readonly Counter<long> _accepted;
    private readonly Counter<long> _refused;
    private readonly Counter<long> _held;

    public DoorCounters(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _accepted = meter.CreateCounter<long>("notify_messages_accepted_total", description: "Messages that are on disk.");
        _refused = meter.CreateCounter<long>("notify_messages_refused_total", description: "Messages, or single destinations of one, that were refused.");
        _held = meter.CreateCounter<long>("notify_answers_held_total", description: "Answers to wrong secrets that were held back, or refused at once, since too many came from one address.");
    }

    /// <summary>Makes a door's series begin at 0, so that the first message is an increase.</summary>
    /// <param name="input">The door, as in <see cref="Submission.Input"/>.</param>
    public void Declare(string input)
    {
        Accepted(input, 0);
        _held.Add(0, new KeyValuePair<string, object?>("input", input));
    }

    /// <summary>Counts an answer to a wrong secret that is held back.</summary>
    /// <param name="input">The door, as in <see cref="Submission.Input"/>.</param>
    public void Held(string input) => _held.Add(1, new KeyValuePair<string, object?>("input", input));

    /// <summary>Counts messages that are on disk.</summary>
    /// <param name="input">The door, as in <see cref="Submission.Input"/>.</param>
    public void Accepted(string input, long count = 1) => _accepted.Add(count, new KeyValuePair<string, object?>("input", input));

    /// <summary>Counts messages that were refused.</summary>
    /// <param name="input">The door, as in <see cref="Submission.Input"/>.</param>
    /// <param name="reason">One of <see cref="RefusalReason"/>: a small fixed set, for each value is a time series.</param>
    public void Refused(string input, string reason, long count = 1) => _refused.Add(
        count, new KeyValuePair<string, object?>("input", input), new KeyValuePair<string, object?>("reason", reason));
}

/// <summary>Why a door refuses, as the label <c>reason</c> of a metric.</summary>
public static class RefusalReason
{
    /// <summary>Not what the dialect expects.</summary>
    public const string Malformed = "malformed";

    /// <summary>A wrong secret, or none where one is needed.</summary>
    public const string Unauthorized = "unauthorized";

    /// <summary>More than <c>Gateway:MaxMessageBytes</c>.</summary>
    public const string TooLarge = "too_large";

    /// <summary>No such destination.</summary>
    public const string UnknownDestination = "unknown_destination";

    /// <summary>A destination that the client may not send to.</summary>
    public const string Forbidden = "forbidden";

    /// <summary>More messages a minute than the sender may send.</summary>
    public const string Limited = "limited";

    /// <summary>More destinations than one message may have.</summary>
    public const string TooMany = "too_many";

    /// <summary>Too much waits already.</summary>
    public const string Full = "full";

    /// <summary>No session on demand can be made.</summary>
    public const string NoSession = "no_session";

    /// <summary>The outbox cannot store.</summary>
    public const string Failing = "failing";

    /// <summary>An Idempotency-Key came again with another request.</summary>
    public const string KeyReused = "key_reused";

    /// <summary>Came faster than it could be stored, on a door without backpressure.</summary>
    public const string Overloaded = "overloaded";

    /// <summary>The gateway stops, or the sender vanished in the middle of a line.</summary>
    public const string Interrupted = "interrupted";

    /// <summary>Another protocol: HTTP or TLS on a line door.</summary>
    public const string WrongProtocol = "wrong_protocol";

    /// <summary>One connection more than the listener allows.</summary>
    public const string TooManyConnections = "too_many_connections";

    /// <summary>The label for what the intake answered.</summary>
    public static string Of(IntakeStatus status) => status switch
    {
        IntakeStatus.UnknownDestination => UnknownDestination,
        IntakeStatus.Forbidden => Forbidden,
        IntakeStatus.Limited => Limited,
        IntakeStatus.TooLarge => TooLarge,
        IntakeStatus.TooMany => TooMany,
        IntakeStatus.Full => Full,
        IntakeStatus.NoSession => NoSession,
        IntakeStatus.KeyReused => KeyReused,
        _ => Failing,
    };
}
