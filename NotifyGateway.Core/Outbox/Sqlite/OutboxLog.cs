using Microsoft.Extensions.Logging;

namespace NotifyGateway.Core.Outbox.Sqlite;

/// <summary>What the outbox logs: 4xxx.</summary>
internal static partial class OutboxLog
{
    [LoggerMessage(4001, LogLevel.Information, "The outbox {Path} is open, with {Library}: {Queued} deliveries are queued for {Sessions} sessions.")]
    public static partial void Opened(ILogger logger, string path, string library, long queued, int sessions);

    [LoggerMessage(4002, LogLevel.Error, "The outbox cannot store anything: {Fault}. What ended meanwhile is kept in memory and stored later.")]
    public static partial void Faulted(ILogger logger, string fault, Exception error);

    [LoggerMessage(4003, LogLevel.Information, "The outbox stores again.")]
    public static partial void Recovered(ILogger logger);

    [LoggerMessage(4004, LogLevel.Error, "The outbox closes, but the disk still refuses: {Count} deliveries that have ended will be delivered once more.")]
    public static partial void ClosedUnstored(ILogger logger, int count);

    [LoggerMessage(4005, LogLevel.Error, "Reading from the outbox failed; it is tried again.")]
    public static partial void ReadFailed(ILogger logger, Exception error);

    [LoggerMessage(4006, LogLevel.Error, "A listener to settlements threw.")]
    public static partial void ListenerThrew(ILogger logger, Exception error);

    [LoggerMessage(4009, LogLevel.Error, "Segment {Segment} of the outbox is damaged and set aside: its messages are lost, {Deliveries} queued deliveries of {Sessions} among them. Its bytes are kept in the table damaged.")]
    public static partial void SegmentDamaged(ILogger logger, long segment, long deliveries, string sessions, Exception error);

    [LoggerMessage(4008, LogLevel.Warning, "The clock was set back, to {Now:O}: messages expire by it, that much later.")]
    public static partial void ClockSetBack(ILogger logger, DateTimeOffset now);

    [LoggerMessage(4007, LogLevel.Warning, "The outbox could not be checkpointed as it was closed; the next start does it.")]
    public static partial void NotCheckpointed(ILogger logger, Exception error);
}
