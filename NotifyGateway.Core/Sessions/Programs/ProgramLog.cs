using Microsoft.Extensions.Logging;

namespace NotifyGateway.Core.Sessions.Programs;

/// <summary>What programs and the destination <c>log</c> say in the log. Never an argument or a variable: they may hold a secret.</summary>
internal static partial class ProgramLog
{
    [LoggerMessage(5100, LogLevel.Warning, "{Session}: {Reason}; messages for it fail until that is mended")]
    public static partial void CannotRun(this ILogger logger, SessionKey session, string reason);

    [LoggerMessage(5101, LogLevel.Information, "{Session}: delivery {Delivery}: {How}; stdout: {Output}; stderr: {Error} {Note}")]
    public static partial void Ran(this ILogger logger, SessionKey session, string delivery, string how, string output, string error, string note);

    [LoggerMessage(5102, LogLevel.Error, "{Session}: delivery {Delivery}, attempt {Attempt} of {Attempts}: {How}; stdout: {Output}; stderr: {Error} {Note}")]
    public static partial void Failed(this ILogger logger, SessionKey session, string delivery, int attempt, int attempts, string how, string output, string error, string note);

    [LoggerMessage(5103, LogLevel.Warning, "{Session}: delivery {Delivery} was running when the gateway had to stop; its program was ended, and runs again at the next start")]
    public static partial void Killed(this ILogger logger, SessionKey session, string delivery);

    [LoggerMessage(5104, LogLevel.Error, "{Session}: delivery {Delivery} met what the gateway has no answer to")]
    public static partial void Unforeseen(this ILogger logger, Exception exception, SessionKey session, string delivery);

    [LoggerMessage(EventId = 5105, Message = "message {Id} from {Client}: {Text}")]
    public static partial void Message(this ILogger logger, LogLevel level, Guid id, string client, string text);
}
