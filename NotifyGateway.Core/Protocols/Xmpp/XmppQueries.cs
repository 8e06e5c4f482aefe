using System.Globalization;
using System.Xml.Linq;

namespace NotifyGateway.Core.Protocols.Xmpp;

/// <summary>The answer to a query: an <c>iq</c> of type <c>result</c>, or why there is none.</summary>
/// <param name="Came">False: nobody answered in time, and <paramref name="Error"/> says so.</param>
internal readonly record struct XmppAnswer(XElement? Result, XmppError? Error, bool Came = true);

/// <summary>Our queries (RFC 6120, section 8.2.3): each ends with exactly one answer, at the latest when its time is over or the connection is.</summary>
internal sealed class XmppQueries(XmppState state)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Dictionary<string, Query> _open = new(StringComparer.Ordinal);
    private long _count;

    public TimeSpan WakeAt => _open.Count == 0 ? TimeSpan.MaxValue : _open.Values.Min(q => q.Deadline);

    /// <param name="to">Whom; null: the server that we are connected to.</param>
    /// <param name="type"><c>get</c> or <c>set</c>.</param>
    /// <param name="payload">The one element of the query.</param>
    /// <param name="onAnswer">Told the answer.</param>
    public void Ask(Jid? to, ReadOnlySpan<byte> type, ReadOnlySpan<byte> payload, Action<XmppAnswer> onAnswer) =>
        Begin(to, type, onAnswer).Raw(payload).Raw("</iq>"u8);

    /// <summary>For a payload that is written by the caller, who ends it with <c>&lt;/iq&gt;</c>.</summary>
    public XmppWriter Begin(Jid? to, ReadOnlySpan<byte> type, Action<XmppAnswer> onAnswer)
    {
        var id = string.Create(CultureInfo.InvariantCulture, $"q{++_count}");
        _open[id] = new Query(to, state.Now + Patience, onAnswer);
        return state.Stanza().Raw("<iq type='"u8).Raw(type).Raw("'"u8).Attribute("id"u8, id).Optional("to"u8, to?.ToString()).Raw(">"u8);
    }

    /// <summary>An <c>iq</c> of type <c>result</c> or <c>error</c>. What nobody asked for, or somebody else answers, is nothing.</summary>
    public void OnAnswer(XElement iq)
    {
        if ((string?)iq.Attribute("id") is { } id && _open.TryGetValue(id, out var query) && IsFrom(iq, query.To))
        {
            _open.Remove(id);
            query.OnAnswer((string?)iq.Attribute("type") is "result" ? new XmppAnswer(iq, null) : new XmppAnswer(null, XmppError.OfStanza(iq)));
        }
    }

    public void Tick()
    {
        if (state.Now < WakeAt)
        {
            return;
        }

        foreach (var (id, query) in _open.Where(q => state.Now >= q.Value.Deadline).ToList())
        {
            _open.Remove(id);
            query.OnAnswer(new XmppAnswer(null, new XmppError(XmppError.Timeout, "no answer", null), Came: false));
        }
    }

    /// <summary>Answers that are asked of the server come without an address, or with our own or its (RFC 6120, section 8.1.2.1).</summary>
    private bool IsFrom(XElement iq, Jid? asked)
    {
        if ((string?)iq.Attribute("from") is null)
        {
            return asked is null;
        }

        var from = XmppState.Address(iq, "from");
        return from is not null && (asked is null ? from.Bare == state.Options.Jid.Bare || from == new Jid(null, state.Options.Jid.Domain, null) : from == asked);
    }

    private sealed record Query(Jid? To, TimeSpan Deadline, Action<XmppAnswer> OnAnswer);
}
