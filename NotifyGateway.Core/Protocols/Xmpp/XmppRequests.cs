using System.Xml.Linq;

namespace NotifyGateway.Core.Protocols.Xmpp;

/// <summary>Answers what others ask of us: as little as makes us a good citizen, and an error for the rest (RFC 6120, section 8.2.3).</summary>
internal static class XmppRequests
{
    public static void Answer(XmppState state, XElement iq)
    {
        // A full buffer means that the server does not read: who asks then gets no answer.
        if ((string?)iq.Attribute("id") is not { } id || !state.HasRoom)
        {
            return;
        }

        var from = (string?)iq.Attribute("from");
        var payload = iq.Elements().FirstOrDefault()?.Name;
        var isGet = (string?)iq.Attribute("type") is "get";
        if (isGet && payload == XmppNames.Ping + "ping")
        {
            Begin(state, "result"u8, id, from).Raw("</iq>"u8);
        }
        else if (isGet && payload == XmppNames.Version + "query")
        {
            Begin(state, "result"u8, id, from).Raw("<query xmlns='jabber:iq:version'><name>NotifyGateway</name></query></iq>"u8);
        }
        else if (isGet && payload == XmppNames.Info + "query")
        {
            Begin(state, "result"u8, id, from)
                .Raw("<query xmlns='http://jabber.org/protocol/disco#info'"u8).Optional("node"u8, (string?)iq.Elements().First().Attribute("node"))
                .Raw("><identity category='client' type='bot' name='NotifyGateway'/><feature var='http://jabber.org/protocol/disco#info'/>"u8)
                .Raw("<feature var='jabber:iq:version'/><feature var='urn:xmpp:ping'/></query></iq>"u8);
        }
        else
        {
            Begin(state, "error"u8, id, from)
                .Raw("<error type='cancel'><service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>"u8);
        }
    }

    private static XmppWriter Begin(XmppState state, ReadOnlySpan<byte> type, string id, string? to) =>
        state.Stanza().Raw("<iq type='"u8).Raw(type).Raw("'"u8).Attribute("id"u8, id).Optional("to"u8, to).Raw(">"u8);
}
