using System.Xml.Linq;

namespace NotifyGateway.Core.Protocols.Xmpp;

/// <summary>An error as XMPP tells it: a condition by its RFC name, and words where there are any.</summary>
/// <param name="Condition">Like <c>not-authorized</c>.</param>
/// <param name="Text">The other side's words; null: none.</param>
/// <param name="Content">What the condition's element holds: another address; null: nothing.</param>
internal sealed record XmppError(string Condition, string? Text, string? Content)
{
    private const int MaxWords = 300;

    /// <summary>For a query that nobody answered.</summary>
    public const string Timeout = "remote-server-timeout";

    public override string ToString() => Text is null ? Condition : $"{Condition}: {Text}";

    /// <summary>Of <c>&lt;stream:error/&gt;</c> (RFC 6120, section 4.9.3).</summary>
    public static XmppError OfStream(XElement error) => Read(error, XmppNames.StreamErrors);

    /// <summary>Of SASL's <c>&lt;failure/&gt;</c> (RFC 6120, section 6.5).</summary>
    public static XmppError OfSasl(XElement failure) => Read(failure, XmppNames.Sasl);

    /// <summary>Of a stanza with the type <c>error</c> (RFC 6120, section 8.3), or of <c>&lt;failed/&gt;</c> of XEP-0198.</summary>
    public static XmppError OfStanza(XElement stanza) => Read(stanza.Element(XmppXml.Client + "error") ?? stanza, XmppNames.StanzaErrors);

    /// <summary>What the other side says to people, fit to be shown: one line without control characters, not endless.</summary>
    public static string Words(string text)
    {
        var words = string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c)).Trim();
        return words.Length > MaxWords ? words[..MaxWords] + "…" : words;
    }

    private static XmppError Read(XElement error, XNamespace space)
    {
        var condition = error.Elements().FirstOrDefault(e => e.Name.Namespace == space && e.Name.LocalName is not "text");
        var text = Words(error.Element(space + "text")?.Value ?? "");
        var content = Words(condition?.Value ?? "");
        return new XmppError(condition?.Name.LocalName ?? "undefined-condition", text.Length > 0 ? text : null, content.Length > 0 ? content : null);
    }
}
