using System.Text.RegularExpressions;

namespace NotifyGateway.Core.Dialects.Hooks;

/// <summary>Grafana's webhooks: those of its alerting, which look like Alertmanager's, and those of the alerting that ended with version 10.</summary>
internal static partial class GrafanaSender
{
    public static HookSender Sender { get; } = new("grafana", Sent, Read);

    /// <summary>Where to look at an alert, the nearest first.</summary>
    private static readonly string[] Places = ["panelURL", "dashboardURL", "generatorURL"];

    private static bool Sent(HookRequest request) => request.Payload is PayloadObject payload && (IsLegacy(payload)
        || (payload.At("alerts") is PayloadList && payload.Has("orgId") && (payload.Has("state") || payload.Has("title"))));

    private static bool IsLegacy(Payload payload) => payload.Has("ruleName") && payload.Has("state") && !payload.Has("alerts");

    private static HookReading.Event Read(HookRequest request)
    {
        var payload = request.Payload!;
        if (IsLegacy(payload))
        {
            // It has nothing by which one time of firing is told from the next.
            return new HookReading.Event("grafana-legacy", (PayloadObject)payload) { Severity = LegacySeverity(payload) };
        }

        var group = new AlertGroup(payload, Severity.Error);
        return new HookReading.Event("grafana", group.Model(Dress))
        {
            Severity = payload.TextAt("state") switch { "no_data" => Severity.Warning, "paused" => Severity.Info, _ => group.Severity },
            Repeat = group.Repeat,
        };
    }

    private static Severity LegacySeverity(Payload payload) => payload.TextAt("state") switch
    {
        "ok" => Severity.Success,
        "alerting" => Severity.Error,
        "no_data" => Severity.Warning,
        _ => Severity.Info,
    };

    /// <summary>Adds the measured <c>value</c>, and as <c>url</c> the nearest place to look at.</summary>
    private static void Dress(PayloadObject alert, PayloadObject model)
    {
        model.Set("value", new PayloadText(Value(alert)));
        model.Set("url", new PayloadText(Places.Select(n => alert.TextAt(n)).FirstOrDefault(u => u is { Length: > 0 }) ?? ""));
    }

    /// <summary><c>B=22, C=1</c>; older versions have it in a text alone, <c>[ var='B' labels={…} value=22 ]</c>.</summary>
    private static string Value(Payload alert) => alert.At("values") is PayloadObject { Entries: { Count: > 0 } values }
        ? string.Join(", ", values.Select(v => $"{v.Key}={alert.TextAt("values", v.Key)}"))
        : string.Join(", ", Measured().Matches(alert.TextAt("valueString") ?? "").Select(m => $"{m.Groups["name"].Value}={m.Groups["value"].Value}"));

    [GeneratedRegex(@"\[ (?:var|metric)='(?<name>[^']{1,100})'[^\]]{0,2000} value=(?<value>[^\s\]]{1,50}) \]", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Measured();
}
