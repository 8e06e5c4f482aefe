namespace NotifyGateway.Core.Dialects.Hooks;

/// <summary>
/// Sentry's webhooks: those of integrations, with a header (docs.sentry.io, "Integration Platform: Webhooks"), and those of the older plugin, known by their shape.
/// Single errors are not told, since their issue is.
/// </summary>
internal static class Sentry
{
    private const string Resource = "Sentry-Hook-Resource";

    public static HookSender Sender { get; } = new("sentry", r => r.Header(Resource) is not null || r.Payload is PayloadObject payload && IsPlugin(payload), Read);

    private static bool IsPlugin(PayloadObject payload) =>
        payload.TextAt("project_name") is not null && payload.TextAt("url") is not null && payload.TextAt("level") is not null && payload.Has("event");

    private static HookReading Read(HookRequest request) =>
        request.Payload is not PayloadObject payload ? new HookReading.Refused(HookFault.InvalidPayload, request.Fault ?? "it is no JSON object")
            : request.Header(Resource) switch
            {
                null => Plugin(payload),
                "event_alert" => Alert(payload),
                "issue" => Issue(payload),
                "metric_alert" => Metric(payload),
                _ => new HookReading.Silence("an event of Sentry that is not told"),
            };

    private static HookReading.Event Plugin(PayloadObject payload) => Told(payload, "new", payload.TextAt("project_name") ?? payload.TextAt("project"),
        payload.TextAt("event", "title") ?? payload.TextAt("message"), payload.TextAt("culprit"), payload.TextAt("url"), SeverityOf(payload.TextAt("level")));

    private static HookReading.Event Alert(PayloadObject payload) => Told(payload, "new",
        payload.TextAt("data", "issue", "project", "name") ?? payload.TextAt("data", "event", "project_name") ?? payload.TextAt("data", "event", "project_slug"),
        payload.TextAt("data", "event", "title") ?? payload.TextAt("data", "event", "message"), payload.TextAt("data", "event", "culprit"),
        payload.TextAt("data", "event", "web_url"), SeverityOf(payload.TextAt("data", "event", "level")), payload.TextAt("data", "triggered_rule"));

    private static HookReading Issue(PayloadObject payload)
    {
        var action = payload.TextAt("action");
        var severity = action is "resolved" ? Severity.Success : SeverityOf(payload.TextAt("data", "issue", "level"));
        return action is not ("created" or "resolved" or "unresolved") ? new HookReading.Silence("what was done to an issue is not told")
            : Told(payload, action is "created" ? "new" : action, payload.TextAt("data", "issue", "project", "name") ?? payload.TextAt("data", "issue", "project", "slug"),
                payload.TextAt("data", "issue", "title"), payload.TextAt("data", "issue", "culprit"),
                payload.TextAt("data", "issue", "web_url") ?? payload.TextAt("data", "issue", "permalink"), severity);
    }

    private static HookReading Metric(PayloadObject payload) => payload.TextAt("action") switch
    {
        "critical" => Measured(payload, Severity.Error),
        "warning" => Measured(payload, Severity.Warning),
        "resolved" => Measured(payload, Severity.Success),
        _ => new HookReading.Silence("a metric alert without a state"),
    };

    private static HookReading.Event Measured(PayloadObject payload, Severity severity) =>
        Told(payload, "new", payload.TextAt("data", "metric_alert", "projects") ?? (payload.ListAt("data", "metric_alert", "projects") is [PayloadText first, ..] ? first.Text : null),
            payload.TextAt("data", "description_title") ?? payload.TextAt("data", "metric_alert", "title"), payload.TextAt("data", "description_text"),
            payload.TextAt("data", "web_url"), severity);

    private static HookReading.Event Told(PayloadObject payload, string? state, string? project, string? title, string? culprit, string? link, Severity? severity, string? rule = null) =>
        new("sentry.issue", new EventModel(payload)
            .Name("project", project, "Sentry")
            .Text("state", state is "new" ? null : state)
            .Title("title", EventModel.Line(title, EventModel.TitleLength) ?? "an error")
            .Title("culprit", culprit)
            .Name("rule", rule)
            .Link("link", link)
            .Entries)
        { Severity = severity };

    private static Severity? SeverityOf(string? level) => level switch
    {
        "fatal" or "error" => Severity.Error,
        "warning" => Severity.Warning,
        "info" or "debug" => Severity.Info,
        _ => null,
    };
}
