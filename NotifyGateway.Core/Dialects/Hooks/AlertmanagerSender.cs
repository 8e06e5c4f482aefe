namespace NotifyGateway.Core.Dialects.Hooks;

/// <summary>Prometheus' Alertmanager, webhook version 4 (prometheus.io/docs/alerting/latest/configuration, webhook_config).</summary>
internal static class AlertmanagerSender
{
    public static HookSender Sender { get; } = new("alertmanager", Sent, Read);

    private static bool Sent(HookRequest request) => request.Payload is PayloadObject payload && payload.At("alerts") is PayloadList
        && (payload.TextAt("version") is "4" || (request.Header("User-Agent")?.StartsWith("Alertmanager/", StringComparison.Ordinal) ?? false))
        && (payload.Has("groupKey") || payload.Has("groupLabels") || payload.Has("receiver"));

    private static HookReading Read(HookRequest request)
    {
        var group = new AlertGroup(request.Payload!, Severity.Warning);
        return group.Alerts.Count == 0
            ? new HookReading.Silence("there is no alert in it")
            : new HookReading.Event("alertmanager", group.Model()) { Severity = group.Severity, Repeat = group.Repeat };
    }
}
