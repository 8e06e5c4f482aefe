namespace NotifyGateway.Core.Dialects.Hooks;

/// <summary>What Gotify's clients send to <c>/message</c> (gotify.net, "Push messages"), as JSON or as a form.</summary>
internal static class Gotify
{
    /// <summary>Known by its shape alone: a message, and nothing that Gotify has no name for.</summary>
    public static HookSender Sender { get; } = new("gotify", r => r.Payload is PayloadObject payload && payload.TextAt("message") is not null
        && payload.Entries.All(e => e.Key is "message" or "title" or "priority" or "extras"), Read);

    /// <summary>Reads a message in Gotify's shape. Never throws; one without a message is refused, as Gotify does.</summary>
    public static HookReading Read(HookRequest request) =>
        request.Payload is not PayloadObject payload ? new HookReading.Refused(HookFault.InvalidPayload, request.Fault ?? "it is no JSON object")
            : string.IsNullOrWhiteSpace(payload.TextAt("message")) ? new HookReading.Refused(HookFault.NoText, "there is no message in it")
            : new HookReading.Message(payload.TextAt("message") + (EventModel.Address(payload.TextAt("extras", "client::notification", "click", "url")) is { } url ? $" {url}" : ""))
            {
                Title = EventModel.Line(payload.TextAt("title"), EventModel.TextLength),
                Severity = SeverityOf(payload.TextAt("priority")),
                Markup = payload.TextAt("extras", "client::display", "contentType") is "text/markdown" ? Markup.Markdown : Markup.Plain,
            };

    /// <summary>From 8 on Gotify's clients ring and show it above all else. 5 is what most senders call normal, so a warning begins above it.</summary>
    private static Severity? SeverityOf(string? priority)
    {
        const int High = 8;
        const int Raised = 6;
        return !double.TryParse(priority, System.Globalization.CultureInfo.InvariantCulture, out var number) ? null
            : number >= High ? Severity.Error
            : number >= Raised ? Severity.Warning : null;
    }
}
