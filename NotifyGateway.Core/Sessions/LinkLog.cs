using Microsoft.Extensions.Logging;

namespace NotifyGateway.Core.Sessions;

/// <summary>What connections and their traffic logs say in the log.</summary>
internal static partial class LinkLog
{
    [LoggerMessage(5040, LogLevel.Warning, "{Session}: {Whose} expires on {On:yyyy-MM-dd}")]
    public static partial void CertificateExpires(this ILogger logger, SessionKey session, string whose, DateTimeOffset on);

    [LoggerMessage(5041, LogLevel.Error, "The traffic log {Path} cannot be written: {Reason}; tries again every {Pause}, what does not fit into memory until then is lost")]
    public static partial void TrafficUnwritable(this ILogger logger, string path, string reason, TimeSpan pause);

    [LoggerMessage(5042, LogLevel.Information, "The traffic log {Path} is written again")]
    public static partial void TrafficWritable(this ILogger logger, string path);

    [LoggerMessage(5043, LogLevel.Warning, "{Lines} lines are missing in the traffic log {Path}: too many waited, or they were too long")]
    public static partial void TrafficLost(this ILogger logger, string path, long lines);

    [LoggerMessage(5044, LogLevel.Error, "The traffic log {Path} was not closed in time; what still waited for it is lost")]
    public static partial void TrafficStuck(this ILogger logger, string path);
}
