using Microsoft.Extensions.Logging;
using NotifyGateway.Core.Formatting;
using NotifyGateway.Core.Routing;

namespace NotifyGateway.Core.Sessions.Programs;

/// <summary>The gateway's own log as a destination: a line for each message, at the level that its severity has.</summary>
internal sealed class LogDestination(ILogger logger) : ILocalDestination
{
    /// <summary>The longest title and text that are shown, in UTF-16 units; all of it is in the outbox.</summary>
    private const int MaxTitle = 200;

    private const int MaxText = 4096;

    public SessionKey Key => LocalDestinations.LogSession;

    public string Protocol => "log";

    public int MaxConcurrent => 1;

    public string? Fault => null;

    public Task<Outcome> DeliverAsync(Delivery delivery, Action<DateTimeOffset?> paused, CancellationToken leaving, CancellationToken killed)
    {
        delivery.Attempts++;
        var message = delivery.Notification;
        var level = message.Severity switch { Severity.Error => LogLevel.Error, Severity.Warning => LogLevel.Warning, _ => LogLevel.Information };
        if (!logger.IsEnabled(level))
        {
            return Task.FromResult(Outcome.Failed($"the log does not show the level {level}: see Logging:LogLevel"));
        }

        logger.Message(level, message.Id, OneLine.Of(message.Client, MaxTitle), delivery.Lead + Line(message));
        return Task.FromResult(Outcome.Delivered(Proof.Exit));
    }

    public IReadOnlyList<string> Preview(Notification notification, string lead) => [lead + Line(notification)];

    private static string Line(Notification message)
    {
        var text = OneLine.Of(RichText.WithoutCodes(RichText.Of(message)), MaxText);
        var title = OneLine.Of(RichText.WithoutCodes(message.Title ?? ""), MaxTitle);
        return title.Length > 0 && text.Length > 0 ? $"{title}: {text}" : title + text;
    }
}
