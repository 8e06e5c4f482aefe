using System.Net;

namespace NotifyGateway.Api.Listeners;

/// <summary>The words of the TCP and UDP doors: event ids 3000 to 3099. No line's content and no secret stands in any of them.</summary>
internal static partial class DoorLog
{
    [LoggerMessage(3001, LogLevel.Warning, "{Input}: a line from {Remote} was refused: {Reason}")]
    public static partial void LineRefused(ILogger logger, string input, EndPoint? remote, string reason);

    [LoggerMessage(3002, LogLevel.Warning, "{Input}: {Count} more lines were refused, the last one from {Remote}: {Reason}")]
    public static partial void LinesRefused(ILogger logger, long count, string input, EndPoint? remote, string reason);

    [LoggerMessage(3003, LogLevel.Warning, "{Input}: {Remote} speaks {Protocol}, which is not served here; connection closed")]
    public static partial void ForeignProtocol(ILogger logger, string input, EndPoint? remote, string protocol);

    [LoggerMessage(3004, LogLevel.Warning, "{Input}: {Limit} connections are open, which is the limit; further ones are closed at once")]
    public static partial void ConnectionsFull(ILogger logger, string input, int limit);

    [LoggerMessage(3005, LogLevel.Information, "{Input}: below the limit of connections again; {Count} were closed meanwhile")]
    public static partial void ConnectionsBelowLimit(ILogger logger, string input, long count);

    [LoggerMessage(3006, LogLevel.Warning, "{Input}: the outbox is full or failing; senders are not read until it does")]
    public static partial void Paused(ILogger logger, string input);

    [LoggerMessage(3007, LogLevel.Information, "{Input}: the outbox takes messages again")]
    public static partial void Resumed(ILogger logger, string input);

    [LoggerMessage(3008, LogLevel.Debug, "{Input}: {Remote} was silent for {Timeout}; connection closed")]
    public static partial void Silent(ILogger logger, string input, EndPoint? remote, TimeSpan timeout);

    [LoggerMessage(3009, LogLevel.Debug, "{Input}: {Remote} vanished")]
    public static partial void Vanished(ILogger logger, string input, EndPoint? remote, Exception error);

    [LoggerMessage(3010, LogLevel.Warning, "{Input}: {Remote} does not read its replies; connection closed")]
    public static partial void RepliesUnread(ILogger logger, string input, EndPoint? remote);

    [LoggerMessage(3011, LogLevel.Information, "{Input}: certificate {File} read, valid until {Until}")]
    public static partial void CertificateRead(ILogger logger, string input, string file, DateTime until);

    [LoggerMessage(3012, LogLevel.Error, "{Input}: certificate {File} cannot be read; the previous one goes on")]
    public static partial void CertificateUnreadable(ILogger logger, string input, string file, Exception error);

    [LoggerMessage(3013, LogLevel.Warning, "{Input}: {Remote} is not among those that may connect; connection closed")]
    public static partial void Stranger(ILogger logger, string input, EndPoint? remote);

    [LoggerMessage(3014, LogLevel.Warning, "{Input}: {Remote} may not connect any more; its connection is closed")]
    public static partial void Expelled(ILogger logger, string input, EndPoint? remote);

    [LoggerMessage(3020, LogLevel.Information, "{Input} listens on {Endpoint} (Irker)")]
    public static partial void UdpListening(ILogger logger, string input, EndPoint? endpoint);

    [LoggerMessage(3021, LogLevel.Information, "{Input}: the system grants a receive buffer of {Bytes} bytes only; raise net.core.rmem_max to {Wanted} to take larger bursts")]
    public static partial void UdpBufferSmall(ILogger logger, string input, int bytes, int wanted);

    [LoggerMessage(3022, LogLevel.Error, "{Input}: receiving failed; trying again")]
    public static partial void UdpReceiveFailed(ILogger logger, string input, Exception error);
}
