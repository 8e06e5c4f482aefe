using System.Net;

namespace NotifyGateway.Api.Sandbox;

internal static partial class SandboxLog
{
    [LoggerMessage(9001, LogLevel.Information, "Sandbox IRC server listens on {Endpoint}")]
    public static partial void Listening(this ILogger logger, EndPoint endpoint);

    [LoggerMessage(9002, LogLevel.Information, "Sandbox: {Nick} has come from {Host}")]
    public static partial void Registered(this ILogger logger, string nick, string host);

    [LoggerMessage(9003, LogLevel.Information, "Sandbox: {Nick} has gone: {Reason}")]
    public static partial void Gone(this ILogger logger, string nick, string reason);

    [LoggerMessage(9004, LogLevel.Warning, "Sandbox: a connection from {Host} was refused: {Limit} clients are the limit")]
    public static partial void Refused(this ILogger logger, string host, int limit);

    [LoggerMessage(9005, LogLevel.Warning, "Sandbox: no connection could be accepted: {Error}")]
    public static partial void AcceptFailed(this ILogger logger, System.Net.Sockets.SocketError error);

    [LoggerMessage(9006, LogLevel.Critical, "Sandbox: the IRC server has failed and stops")]
    public static partial void Failed(this ILogger logger, Exception exception);
}
