using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace NotifyGateway.Core.Dialects.Hooks;

/// <summary>
/// A group of alerts as Prometheus' Alertmanager and, after it, Grafana post it. For templates it gets, beside the payload's own fields: how many are <c>firing</c> and <c>resolved</c>,
/// the group's <c>name</c>, how many were <c>truncated</c>, and in each of <c>alerts</c>, the gravest first, its <c>name</c>, <c>where</c> (the labels that tell it from its siblings) and <c>text</c>.
/// </summary>
internal sealed class AlertGroup
{
    /// <summary>The most labels that tell one alert from another.</summary>
    private const int MostLabels = 4;

    /// <summary>Labels that say nothing about the place.</summary>
    private static readonly string[] Unspecific = ["alertname", "severity", "grafana_folder", "rulename", "datasource_uid", "ref_id"];

    private readonly Payload _payload;
    private readonly Severity _unlabelled;
    private readonly HashSet<string> _common;

    /// <param name="unlabelled">How grave an alert is that does not say it.</param>
    public AlertGroup(Payload payload, Severity unlabelled)
    {
        (_payload, _unlabelled) = (payload, unlabelled);
        Alerts = [.. payload.ListAt("alerts").OfType<PayloadObject>().OrderBy(IsResolved).ThenByDescending(a => Rank(Grave(a)))];
        _common = Common();
    }

    /// <summary>The firing ones first, of them the gravest.</summary>
    public IReadOnlyList<PayloadObject> Alerts { get; }

    /// <summary>That of the gravest alert that fires; a success when all is over.</summary>
    public Severity Severity => Alerts is [var first, ..] && !IsResolved(first) ? Grave(first)
        : Alerts.Count == 0 && _payload.TextAt("status") is not "resolved" ? _unlabelled
        : Severity.Success;

    /// <summary>The same alerts in the same state, since the same time: what fires again after it was resolved is no repeat. Null without alerts.</summary>
    public HookRepeat? Repeat
    {
        get
        {
            var states = Alerts.Select(a => string.Join('\t', a.TextAt("fingerprint") ?? Labels(a), a.TextAt("status"), a.TextAt("startsAt"), IsResolved(a) ? a.TextAt("endsAt") : ""))
                .Order(StringComparer.Ordinal);
            return Alerts.Count == 0 ? null : new(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', states)))[..16]), IsDelivery: false);
        }
    }

    public static bool IsResolved(Payload alert) => alert.TextAt("status") is "resolved";

    /// <summary>What templates may use; <paramref name="dress"/> adds to an alert what its sender has beyond this.</summary>
    public PayloadObject Model(Action<PayloadObject, PayloadObject>? dress = null)
    {
        var model = Copy(_payload);
        var names = Alerts.Select(Name).Distinct(StringComparer.Ordinal).ToList();
        model.Set("firing", Number(Alerts.Count(a => !IsResolved(a))));
        model.Set("resolved", Number(Alerts.Count(IsResolved)));
        model.Set("truncated", new PayloadWord(_payload.TextAt("truncatedAlerts") is { } truncated && int.TryParse(truncated, NumberStyles.None, CultureInfo.InvariantCulture, out var left) && left > 0 ? truncated : "0"));
        model.Set("name", new PayloadText(names.Count == 1 ? names[0] : GroupName()));
        model.Set("alerts", new PayloadList([.. Alerts.Select(a => Dressed(a, names.Count > 1, dress))]));
        return model;
    }

    /// <summary>An alert's name; of those that Grafana makes about itself, the rule's.</summary>
    public static string Name(Payload alert) => alert.TextAt("labels", "alertname") switch
    {
        "DatasourceNoData" when alert.TextAt("labels", "rulename") is { } rule => $"{rule} (no data)",
        "DatasourceError" when alert.TextAt("labels", "rulename") is { } rule => $"{rule} (error)",
        { } name => name,
        null => "alert",
    };

    private static PayloadWord Number(int number) => new(number.ToString(CultureInfo.InvariantCulture));

    private static PayloadObject Copy(Payload payload)
    {
        var copy = new PayloadObject();
        foreach (var (name, value) in (payload as PayloadObject)?.Entries ?? [])
        {
            copy.Set(name, value);
        }

        return copy;
    }

    private PayloadObject Dressed(PayloadObject alert, bool named, Action<PayloadObject, PayloadObject>? dress)
    {
        var model = Copy(alert);
        model.Set("name", new PayloadText(named ? Name(alert) : ""));
        model.Set("where", new PayloadText(Where(alert)));
        model.Set("text", new PayloadText(Text(alert)));
        dress?.Invoke(alert, model);
        return model;
    }

    /// <summary>Of alerts with different names: what they are grouped by.</summary>
    private string GroupName() =>
        _payload.At("groupLabels") is PayloadObject { Entries: { Count: > 0 } labels }
            ? string.Join(' ', labels.Select(l => _payload.TextAt("groupLabels", l.Key)).OfType<string>())
            : _payload.TextAt("receiver") ?? "alerts";

    private static string Text(Payload alert) =>
        alert.TextAt("annotations", "summary") ?? alert.TextAt("annotations", "description") ?? alert.TextAt("annotations", "message") ?? "";

    /// <summary>The instance, and what else differs from the siblings; of one alone, what it is labelled with.</summary>
    private string Where(PayloadObject alert)
    {
        var labels = (alert.At("labels") as PayloadObject)?.Entries ?? [];
        var telling = labels.Where(l => !Unspecific.Contains(l.Key, StringComparer.Ordinal) && !l.Key.StartsWith("__", StringComparison.Ordinal) && l.Key is not "instance")
            .Where(l => Alerts.Count == 1 || !_common.Contains(l.Key)).Select(l => $"{l.Key}={alert.TextAt("labels", l.Key)}").Take(MostLabels);
        return alert.TextAt("labels", "instance") is not { } instance ? string.Join(' ', telling)
            : Alerts.Count == 1 ? instance
            : string.Join(' ', telling.Prepend(instance));
    }

    /// <summary>The labels that all alerts have alike, looked up once: a group has thousands of alerts when much is down.</summary>
    private HashSet<string> Common() => Alerts is not [var first, ..] ? [] :
    [
        .. ((first.At("labels") as PayloadObject)?.Entries ?? []).Select(l => l.Key)
            .Where(l => first.TextAt("labels", l) is { } value && Alerts.All(a => string.Equals(a.TextAt("labels", l), value, StringComparison.Ordinal))),
    ];

    private static string Labels(Payload alert) =>
        string.Join(',', ((alert.At("labels") as PayloadObject)?.Entries ?? []).Select(l => $"{l.Key}={alert.TextAt("labels", l.Key)}").Order(StringComparer.Ordinal));

    private Severity Grave(Payload alert) => alert.TextAt("labels", "severity")?.ToUpperInvariant() switch
    {
        "CRITICAL" or "ERROR" or "PAGE" or "FATAL" or "EMERGENCY" or "HIGH" or "MAJOR" => Severity.Error,
        "WARNING" or "WARN" or "MINOR" => Severity.Warning,
        "INFO" or "INFORMATIONAL" or "NONE" or "NOTICE" or "LOW" => Severity.Info,
        _ => _unlabelled,
    };

    private static int Rank(Severity severity) => severity switch { Severity.Error => 3, Severity.Warning => 2, Severity.Info => 1, _ => 0 };
}
