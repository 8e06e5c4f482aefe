using NotifyGateway.Core.Configuration;

namespace NotifyGateway.Api.Reload;

/// <summary>What reloading says in the log. Keys and what is wrong with them, never values.</summary>
internal static partial class ReloadLog
{
    [LoggerMessage(1050, LogLevel.Information, "The configuration has changed and is in force: {Keys}")]
    public static partial void Applied(this ILogger log, string keys);

    [LoggerMessage(1051, LogLevel.Error, "The configuration has changed and is refused, the one before goes on; errors: {Count}")]
    public static partial void Refused(this ILogger log, int count);

    [LoggerMessage(1052, LogLevel.Error, "{Error}")]
    public static partial void Wrong(this ILogger log, ConfigurationError error);

    [LoggerMessage(1053, LogLevel.Warning, "{Key} has changed, which counts only after a restart")]
    public static partial void NeedsRestart(this ILogger log, string key);

    [LoggerMessage(EventId = 1054, Message = "The configuration was read again: it is what is in force")]
    public static partial void Unchanged(this ILogger log, LogLevel level);

    [LoggerMessage(1056, LogLevel.Information, "The configuration is in force now in all its parts")]
    public static partial void Finished(this ILogger log);

    [LoggerMessage(1055, LogLevel.Critical, "The configuration could not be applied; it is tried again")]
    public static partial void Failed(this ILogger log, Exception exception);
}
