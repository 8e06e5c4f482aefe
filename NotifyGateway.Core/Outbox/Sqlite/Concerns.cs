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

    /// <summary>With more rows than this a further session is counted with all that are too many.</summary>
    private const int MaxSessionRows = 300;

    /// <summary>The longest reason and first line that are kept, in UTF-16 units: all of it is in the receipt.</summary>
    private const int MaxReason = 300;

    private const int MaxLine = 200;

    private readonly Dictionary<(string, string, DeliveryStatus, string?), (Concern Concern, Notification? Latest)> _raised = [];
    private readonly Statement _add = database.Prepare("""
        INSERT INTO concern (session, lane, name, status, reason, count, message, line) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
        ON CONFLICT (session, lane, status, reason) DO UPDATE SET count = count + excluded.count, message = excluded.message, line = excluded.line
        """);
    private readonly Statement _take = database.Prepare("UPDATE concern SET count = count - ?5 WHERE session = ?1 AND lane = ?2 AND status = ?3 AND reason = ?4");
    private readonly Statement _forget = database.Prepare("DELETE FROM concern");
    private readonly Statement _clear = database.Prepare("DELETE FROM concern WHERE count <= 0");
    private readonly Statement _list = database.Prepare("SELECT session, lane, name, status, reason, count, message, line FROM concern ORDER BY rowid");
    private readonly Statement _known = database.Prepare("SELECT count(*), sum(session = ?1 AND lane = ?2 AND status = ?3 AND reason = ?4) FROM concern");

    private bool _saved;

    /// <summary>Whose deliveries count; null: nobody wants to hear of any.</summary>
    public WatchTerms? Terms { get; private set; }

    /// <summary>Nobody wants to hear of what was counted; <see cref="Save"/> deletes it.</summary>
    public bool Forgets { get; private set; }

    /// <summary>True when the last commit has stored any. The caller clears it.</summary>
    public bool News { get; set; }

    /// <param name="terms">Null: what nobody was told of is forgotten, so that it is no news to somebody much later.</param>
    public void Watch(WatchTerms? terms)
    {
        Terms = terms;
        Forgets |= terms is null;
    }

    /// <summary>Counts a delivery, if it is one that somebody wants to hear of.</summary>
    public void Raise(Destination destination, Notification notification, DeliveryStatus status, string? reason)
    {
        if (Terms is not { } terms || !terms.Cover(notification))
        {
            return;
        }

        var why = reason is null ? null : OneLine.Of(RichText.WithoutCodes(reason), MaxReason);
        Count(new Concern(destination.Session, destination.Lane, destination.Name, status, why, 1, notification.Id, ""), notification);
    }

    /// <summary>Counts deliveries of which nobody knows any more what they were.</summary>
    public void RaiseLost(SessionKey session, long count)
    {
        if (Terms is not null)
        {
            Count(new Concern(session, "", session.Name, DeliveryStatus.Failed, Reasons.Lost, count, Guid.Empty, ""), null);
        }
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
        if (Forgets)
        {
            _forget.Run();
        }

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
        _saved = Forgets = false;
    }

    public void RolledBack()
    {
        _raised.Clear();
        _saved = false;
    }

    private void Count(Concern concern, Notification? latest)
    {
        if (!HasRoom(concern, MaxRows))
        {
            concern = concern with { Lane = "", To = concern.Session.Name, Reason = null };
            concern = HasRoom(concern, MaxSessionRows) ? concern : concern with { Session = new SessionKey(""), To = "others" };
        }

        var before = _raised.TryGetValue(concern.Key, out var raised) ? raised.Concern.Count : 0;
        _raised[concern.Key] = (concern with { Count = before + concern.Count }, latest);
    }

    private bool HasRoom(Concern concern, int most)
    {
        if (_raised.ContainsKey(concern.Key))
        {
            return true;
        }

        using var rows = _known.Bind(1, concern.Session.Value).Bind(2, concern.Lane).Bind(3, (long)concern.Status).Bind(4, concern.Reason ?? "").Rows();
        return rows.Next() && (rows.Long(0) + _raised.Count < most || rows.Long(1) > 0);
    }

    private static string FirstLine(Notification? notification) =>
        notification is not null && IrcText.Lines(notification with { Severity = null }, colors: false) is [var first, ..] ? OneLine.Of(first, MaxLine) : "";
}
