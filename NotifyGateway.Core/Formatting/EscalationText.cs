using System.Globalization;
using System.Text;

namespace NotifyGateway.Core.Formatting;

/// <summary>What did not arrive, in words.</summary>
internal static class EscalationText
{
    /// <summary>More destinations than these are only counted.</summary>
    private const int MaxLines = 20;

    /// <summary><c>12 messages failed, 1 still waits</c></summary>
    /// <param name="concerns">At least one.</param>
    public static string Title(IReadOnlyList<Concern> concerns)
    {
        var parts = concerns.GroupBy(c => c.Status).OrderBy(g => Rank(g.Key)).Select(g => (Status: g.Key, Count: g.Sum(c => c.Count))).ToList();
        return string.Join(", ", parts.Select((p, i) => $"{Number(p.Count)}{(i > 0 ? "" : p.Count == 1 ? " message" : " messages")} {What(p.Status, p.Count)}"));
    }

    /// <summary>
    /// A line for each destination and reason: <c>libera/#ops: failed: 404 Cannot send to channel: disk full on web1 https://notify.example.org/m/ID</c>; of several
    /// messages the last one is told.
    /// </summary>
    /// <param name="concerns">At least one.</param>
    /// <param name="publicUrl">Where the gateway is reached; null: no links.</param>
    /// <param name="maxLength">The most UTF-16 units.</param>
    public static string Text(IReadOnlyList<Concern> concerns, Uri? publicUrl, int maxLength)
    {
        var text = new StringBuilder();
        for (var i = 0; i < concerns.Count; i++)
        {
            var rest = Rest(concerns.Skip(i).ToList());
            var line = Line(concerns[i], publicUrl);
            var last = i + 1 == concerns.Count;
            if (i == MaxLines || text.Length + line.Length + (last ? 0 : rest.Length + 1) > maxLength)
            {
                return (text.Length + rest.Length <= maxLength ? text.Append(rest) : text).ToString().TrimEnd('\n');
            }

            text.Append(line).Append(last ? "" : "\n");
        }

        return text.ToString();
    }

    private static string Line(Concern concern, Uri? publicUrl)
    {
        var line = new StringBuilder(concern.To);
        line.Append(concern.Lane.Length == 0 ? " (several destinations): " : ": ");
        line.Append(concern.Count == 1 ? "" : Number(concern.Count) + " messages ").Append(What(concern.Status, concern.Count));
        line.Append(concern.Reason is null ? "" : ": ").Append(concern.Reason);
        line.Append(concern.Count == 1 ? "" : "; the last").Append(concern.Line.Length == 0 ? "" : ": ").Append(concern.Line);
        return (publicUrl is null || concern.Latest == Guid.Empty ? line : line.Append(CultureInfo.InvariantCulture, $" {publicUrl.AbsoluteUri.TrimEnd('/')}/m/{concern.Latest:D}")).ToString();
    }

    private static string Rest(List<Concern> concerns) => $"… and {Title(concerns)} elsewhere";

    private static string What(DeliveryStatus status, long count) => status switch
    {
        DeliveryStatus.Failed => "failed",
        DeliveryStatus.Expired => "expired",
        _ => count == 1 ? "still waits" : "still wait",
    };

    private static int Rank(DeliveryStatus status) => status switch { DeliveryStatus.Failed => 0, DeliveryStatus.Expired => 1, _ => 2 };

    private static string Number(long count) => count.ToString("N0", CultureInfo.InvariantCulture);
}
