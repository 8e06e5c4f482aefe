using NotifyGateway.Core.Formatting;

namespace NotifyGateway.Core.Outbox.Sqlite;

/// <summary>
/// What somebody has to be told, in the writer's transaction: a row for each destination, status and reason, which counts. However much fails at
/// once, there are few rows and few words.
/// </summary>
internal sealed class Concerns(Database database)
{
    /// <summary>With more rows than this a further destination is counted with its whole session.</summary>
    private const int MaxRows = 200;

    /// <summary>The longest reason and first line that are kept, in UTF-16 units: all of it is in the receipt.</summary>
    private const int MaxReason = 300;

    private const int MaxLine = 200;

    private readonly Dictionary<(string, string, DeliveryStatus, string?), (Concern Concern, Notification Latest)> _raised = [];
    private readonly Statement _add = database.Prepare("""
        INSERT INTO concern (session, lane, name, status, reason, count, message, line) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
        ON CONFLICT (session, lane, status, reason) DO UPDATE SET count = count + excluded.count, message = excluded.message, line = excluded.line
        """);
    private readonly Statement _take = database.Prepare("UPDATE concern SET count = count - ?5 WHERE session = ?1 AND lane = ?2 AND status = ?3 AND reason = ?4");
    private readonly Statement _clear = database.Prepare("DELETE FROM concern WHERE count <= 0");
    private readonly Statement _list = database.Prepare("SELECT session, lane, name, status, reason, count, message, line FROM concern ORDER BY rowid");
    private readonly Statement _known = database.Prepare("SELECT count(*), sum(session = ?1 AND lane = ?2 AND status = ?3 AND reason = ?4) FROM concern");

    private bool _saved;

    /// <summary>Whose deliveries count; null: nobody wants to hear of any.</summary>
    public WatchTerms? Terms { get; set; }

    /// <summary>True when the last commit has stored any. The caller clears it.</summary>
    public bool News { get; set; }

    /// <summary>Counts a delivery, if it is one that somebody wants to hear of.</summary>
    public void Raise(Destination destination, Notification notification, DeliveryStatus status, string? reason)
    {
        if (Terms is not { } terms || !terms.Cover(notification))
        {
            return;
        }

        var why = reason is null ? null : OneLine.Of(RichText.WithoutCodes(reason), MaxReason);
        var concern = new Concern(destination.Session, destination.Lane, destination.Name, status, why, 1, notification.Id, "");
        if (!_raised.ContainsKey(concern.Key) && !HasRoom(concern))
        {
            concern = concern with { Lane = "", To = destination.Session.Name, Reason = null };
        }

        var count = _raised.TryGetValue(concern.Key, out var before) ? before.Concern.Count + 1 : 1;
        _raised[concern.Key] = (concern with { Count = count }, notification);
    }

    /// <summary>All that nobody has been told of, oldest first; as of the last <see cref="Save"/>.</summary>
    public List<Concern> List()
    {
        var all = new List<Concern>();
        using var rows = _list.Rows();
        while (rows.Next())
        {
            var reason = rows.Text(4);
            all.Add(new Concern(new SessionKey(rows.Text(0)), rows.Text(1), rows.Text(2), (DeliveryStatus)rows.Long(3), reason.Length == 0 ? null : reason,
                rows.Long(5), new Guid(rows.Blob(6), bigEndian: true), rows.Text(7)));
        }

        return all;
    }

    /// <summary>A message that tells of them is stored: what was counted since then remains.</summary>
    public void Tell(IReadOnlyList<Concern> told)
    {
        foreach (var concern in told)
        {
            _take.Bind(1, concern.Session.Value).Bind(2, concern.Lane).Bind(3, (long)concern.Status).Bind(4, concern.Reason ?? "").Bind(5, concern.Count).Run();
        }

        if (told.Count > 0)
        {
            _clear.Run();
        }
    }

    /// <summary>Writes what was raised.</summary>
    public void Save()
    {
        Span<byte> id = stackalloc byte[16];
        foreach (var (concern, latest) in _raised.Values)
        {
            concern.Latest.TryWriteBytes(id, bigEndian: true, out _);
            _add.Bind(1, concern.Session.Value).Bind(2, concern.Lane).Bind(3, concern.To).Bind(4, (long)concern.Status).Bind(5, concern.Reason ?? "")
                .Bind(6, concern.Count).Bind(7, id).Bind(8, FirstLine(latest)).Run();
        }

        _saved |= _raised.Count > 0;
        _raised.Clear();
    }

    public void Committed()
    {
        News |= _saved;
        _saved = false;
    }

    public void RolledBack()
    {
        _raised.Clear();
        _saved = false;
    }

    private bool HasRoom(Concern concern)
    {
        using var rows = _known.Bind(1, concern.Session.Value).Bind(2, concern.Lane).Bind(3, (long)concern.Status).Bind(4, concern.Reason ?? "").Rows();
        return rows.Next() && (rows.Long(0) + _raised.Count < MaxRows || rows.Long(1) > 0);
    }

    private static string FirstLine(Notification notification) =>
        IrcText.Lines(notification with { Severity = null }, colors: false) is [var first, ..] ? OneLine.Of(first, MaxLine) : "";
}
