using System.Globalization;
using System.Text;

namespace NotifyGateway.Core.Formatting;

/// <summary>What is said in place of many messages: one line that counts them, and the list behind its link.</summary>
internal static class FoldText
{
    /// <summary>The counts take at most so many characters, so that all of it is one line on nearly every server; clients beyond are summed up.</summary>
    private const int CountsLength = 200;

    /// <summary><c>1,312 messages folded (ci: 1,200 info, 12 warning; grafana: 100 warning) since 12:01 UTC: https://notify.example.org/m/ID</c></summary>
    /// <param name="deliveries">At least one, in order.</param>
    /// <param name="list">The id of the list.</param>
    /// <param name="publicUrl">Where the gateway is reached; null: the link is only a path.</param>
    /// <param name="now">The day is told unless it is this one.</param>
    public static string Line(IReadOnlyList<Delivery> deliveries, Guid list, Uri? publicUrl, DateTimeOffset now)
    {
        var since = deliveries.Min(d => d.Notification.AcceptedAt).UtcDateTime;
        var time = since.ToString(since.Date == now.UtcDateTime.Date ? "HH:mm 'UTC'" : "yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
        return $"{Number(deliveries.Count)} messages folded ({Counts(deliveries)}) since {time}: {publicUrl?.AbsoluteUri.TrimEnd('/')}/m/{list:D}";
    }

    /// <summary>Every message with its time, client and severity; further lines of one are indented.</summary>
    public static string List(IReadOnlyList<Delivery> deliveries)
    {
        var list = new StringBuilder();
        foreach (var delivery in deliveries)
        {
            var said = delivery.Notification;
            list.Append(said.AcceptedAt.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture)).Append(' ').Append(said.Client);
            if (said.Severity is { } severity)
            {
                list.Append(' ').Append(SeverityMark.Word(severity));
            }

            var lines = IrcText.Lines(said with { Severity = null }, colors: false);
            list.Append(": ").Append(lines.Count > 0 ? lines[0] : "").Append('\n');
            foreach (var line in lines.Skip(1))
            {
                list.Append("    ").Append(line).Append('\n');
            }
        }

        return list.ToString();
    }

    /// <summary>The clients with the most messages first; what has no severity is just counted.</summary>
    private static string Counts(IReadOnlyList<Delivery> deliveries)
    {
        var clients = deliveries.GroupBy(d => d.Notification.Client, StringComparer.OrdinalIgnoreCase).OrderByDescending(c => c.Count()).ThenBy(c => c.Key, StringComparer.Ordinal).ToList();
        var counts = new StringBuilder();
        for (var i = 0; i < clients.Count; i++)
        {
            var severities = clients[i].GroupBy(d => d.Notification.Severity).OrderBy(s => s.Key)
                .Select(s => s.Key is { } severity ? $"{Number(s.Count())} {SeverityMark.Word(severity)}" : Number(s.Count()));
            var one = $"{clients[i].Key}: {string.Join(", ", severities)}";
            if (i > 0 && counts.Length + one.Length > CountsLength)
            {
                return counts.Append(CultureInfo.InvariantCulture, $"; {Number(clients.Count - i)} more clients: {Number(clients.Skip(i).Sum(c => c.Count()))}").ToString();
            }

            counts.Append(i > 0 ? "; " : "").Append(one);
        }

        return counts.ToString();
    }

    private static string Number(int count) => count.ToString("N0", CultureInfo.InvariantCulture);
}
