namespace NotifyGateway.Core.Dialects.Hooks;

/// <summary>
/// Healthchecks' integration "Webhook", whose body its user writes. Read is a JSON object with a name and a status, as its placeholder <c>$JSON</c> and its API have
/// them, or as one made of <c>$NAME</c>, <c>$STATUS</c> and <c>$CODE</c>.
/// </summary>
internal static class Healthchecks
{
    /// <summary>Known by its User-Agent or by a name that a check has and hardly anything else; either way with a status of a check.</summary>
    public static HookSender Sender { get; } = new("healthchecks", r => r.Payload is PayloadObject payload && payload.TextAt("name") is not null
        && Status(payload) is "up" or "down" or "grace" or "new" or "paused" or "started"
        && (r.Header("User-Agent") is { } agent && agent.StartsWith("healthchecks", StringComparison.OrdinalIgnoreCase)
            || payload.Has("n_pings") || payload.Has("ping_url") || payload.Has("unique_key") || payload.Has("code") && payload.Has("tags")), Read);

    private static string? Status(Payload payload) => payload.TextAt("status")?.ToLowerInvariant();

    private static HookReading Read(HookRequest request)
    {
        var payload = request.Payload!;
        var status = Status(payload);
        return status is not ("up" or "down") ? new HookReading.Silence("a check that is neither up nor down")
            : new HookReading.Event("healthchecks", new EventModel(payload)
                .Name("name", payload.TextAt("name"), "a check without a name")
                .Text("verb", status is "up" ? "is up" : "is down")
                .Name("tags", payload.TextAt("tags"))
                .Name("last", payload.TextAt("last_ping"))
                .Link("link", payload.TextAt("details_url") ?? payload.TextAt("url"))
                .Entries)
            { Severity = status is "up" ? Severity.Success : Severity.Error };
    }
}
