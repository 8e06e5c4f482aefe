using Microsoft.Extensions.Logging;

namespace NotifyGateway.Core.Sessions;

/// <summary>What sessions say in the log: changes of state, once each.</summary>
internal static partial class SessionLog
{
    [LoggerMessage(5001, LogLevel.Information, "{Session}: connecting to {Server}")]
    public static partial void Connecting(this ILogger logger, SessionKey session, string server);

    [LoggerMessage(5002, LogLevel.Information, "{Session}: online as {Nick} (connection {Link})")]
    public static partial void Online(this ILogger logger, SessionKey session, string nick, int link);

    [LoggerMessage(5003, LogLevel.Warning, "{Session}: connection {Link} ended: {Reason}")]
    public static partial void Ended(this ILogger logger, SessionKey session, int link, string reason);

    [LoggerMessage(5004, LogLevel.Information, "{Session}: connection {Link} tries again in {Delay}")]
    public static partial void Waiting(this ILogger logger, SessionKey session, int link, TimeSpan delay);

    [LoggerMessage(5005, LogLevel.Error, "{Session}: refused: {Reason}; tries again in {Delay} or on command")]
    public static partial void Faulted(this ILogger logger, SessionKey session, string reason, TimeSpan delay);

    [LoggerMessage(5006, LogLevel.Information, "{Session}: joined {Lane}")]
    public static partial void Joined(this ILogger logger, SessionKey session, string lane);

    [LoggerMessage(5007, LogLevel.Warning, "{Session}: {Lane} is not to be had: {Reason}; tries again in {Delay}")]
    public static partial void Parked(this ILogger logger, SessionKey session, string lane, string reason, TimeSpan delay);

    [LoggerMessage(5008, LogLevel.Warning, "{Session}: {Lane} refuses messages: {Reason}")]
    public static partial void Rejected(this ILogger logger, SessionKey session, string lane, string reason);

    [LoggerMessage(5009, LogLevel.Information, "{Session}: {Lane} finds no room on connection {Link}, which is full or speaks under another nick there; opens another connection")]
    public static partial void AnotherLink(this ILogger logger, SessionKey session, string lane, int link);

    [LoggerMessage(5010, LogLevel.Warning, "{Session}: {Reason}; {Count} deliveries fail")]
    public static partial void NeverSeen(this ILogger logger, SessionKey session, string reason, long count);

    [LoggerMessage(5011, LogLevel.Information, "{Session}: closed ({Reason})")]
    public static partial void Closed(this ILogger logger, SessionKey session, string reason);

    [LoggerMessage(5012, LogLevel.Critical, "{Session}: its loop failed; it starts anew in {Delay}")]
    public static partial void LoopFailed(this ILogger logger, Exception exception, SessionKey session, TimeSpan delay);

    [LoggerMessage(5013, LogLevel.Warning, "{Session}: {Queued} deliveries wait, but this network, account or program is not configured any more; they expire in their time")]
    public static partial void Orphaned(this ILogger logger, SessionKey session, long queued);

    [LoggerMessage(5014, LogLevel.Information, "{Session}: its settings have changed; its connections stay")]
    public static partial void Changed(this ILogger logger, SessionKey session);

    [LoggerMessage(5020, LogLevel.Warning, "{Session}: {Queued} deliveries wait, but {Reason}; they expire in their time")]
    public static partial void NotRestored(this ILogger logger, SessionKey session, long queued, string reason);

    [LoggerMessage(5030, LogLevel.Warning, "{Session}: connection {Link} is not logged in to an account: {Reason}")]
    public static partial void Unauthenticated(this ILogger logger, SessionKey session, int link, string reason);

    [LoggerMessage(5080, LogLevel.Warning, "{Session}: the delivery {Delivery} came back from {From}: {Reason}")]
    public static partial void Bounced(this ILogger logger, SessionKey session, string delivery, string from, string reason);

    [LoggerMessage(5081, LogLevel.Warning, "{Session}: connection {Link} is logged in, but the login is not bound to its TLS channel: {Reason}")]
    public static partial void Unbound(this ILogger logger, SessionKey session, int link, string reason);

    [LoggerMessage(5082, LogLevel.Information, "{Session}: the server wants connection {Link} at {Address}")]
    public static partial void Moved(this ILogger logger, SessionKey session, int link, string address);

    [LoggerMessage(5070, LogLevel.Warning, "{Session}: {Lane} is not to be had: {Reason}; what comes for it is told in {Fallback}; tries again in {Delay}")]
    public static partial void Blocked(this ILogger logger, SessionKey session, string lane, string reason, string fallback, TimeSpan delay);

    [LoggerMessage(5071, LogLevel.Warning, "{Session}: {Lane} had more waiting than is read: {Count} messages are told in one line, and listed at /m/{List}")]
    public static partial void Folded(this ILogger logger, SessionKey session, string lane, int count, Guid list);

    [LoggerMessage(5072, LogLevel.Warning, "{Session}: the outbox cannot store what was to be folded for {Lane}; it goes out one by one for {Delay}")]
    public static partial void FoldNotStored(this ILogger logger, SessionKey session, string lane, TimeSpan delay);
}
