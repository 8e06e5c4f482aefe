namespace NotifyGateway.Core.Dialects.Hooks;

/// <summary>Uptime Kuma's notification "Webhook", as JSON or as the form field <c>data</c>: a monitor that is down, up again or under maintenance.</summary>
internal static class UptimeKuma
{
    public static HookSender Sender { get; } = new("uptime-kuma", r => Of(r) is { } payload && payload.TextAt("msg") is not null && payload["heartbeat"] is not null && payload["monitor"] is not null, Read);

    private static PayloadObject? Of(HookRequest request) => PayloadField.Of(request, "data");

    private static HookReading Read(HookRequest request)
    {
        var payload = Of(request)!;
        (string? Verb, Severity? Severity) state = payload.TextAt("heartbeat", "status") switch
        {
            "0" => ("is down", Severity.Error),
            "1" => ("is up", Severity.Success),
            "2" => ("does not answer", Severity.Warning),
            "3" => ("is under maintenance", Severity.Info),
            _ => (null, null),
        };
        var (verb, severity) = state;
        var name = EventModel.Line(payload.TextAt("monitor", "name"), EventModel.NameLength);

        // A test, or a certificate that runs out: there is nothing but the message.
        var said = EventModel.Line(verb is null || name is null ? payload.TextAt("msg") : payload.TextAt("heartbeat", "msg"), EventModel.TextLength);
        return said is null && (verb is null || name is null) ? new HookReading.Refused(HookFault.NoText, "there is no message in it") : new HookReading.Event("uptime-kuma", new EventModel(payload)
            .Text("name", verb is null ? null : name)
            .Text("verb", name is null ? null : verb)
            .Text("said", said)
            .Link("link", Page(payload))
            .Entries)
        { Severity = severity };
    }

    /// <summary>A monitor that watches no page has an address without a host.</summary>
    private static string? Page(Payload payload) => payload.TextAt("monitor", "url") is { Length: > 8 } url ? url : null;
}
