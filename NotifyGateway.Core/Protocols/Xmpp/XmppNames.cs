using System.Xml.Linq;

namespace NotifyGateway.Core.Protocols.Xmpp;

/// <summary>The namespaces that the client speaks, besides those of <see cref="XmppXml"/>.</summary>
internal static class XmppNames
{
    /// <summary>RFC 6120, section 5.</summary>
    public static readonly XNamespace Tls = "urn:ietf:params:xml:ns:xmpp-tls";

    /// <summary>RFC 6120, section 6.</summary>
    public static readonly XNamespace Sasl = "urn:ietf:params:xml:ns:xmpp-sasl";

    /// <summary>XEP-0440.</summary>
    public static readonly XNamespace ChannelBinding = "urn:xmpp:sasl-cb:0";

    /// <summary>RFC 6120, section 7.</summary>
    public static readonly XNamespace Bind = "urn:ietf:params:xml:ns:xmpp-bind";

    /// <summary>RFC 3921, section 3: a step that servers may still ask for.</summary>
    public static readonly XNamespace Session = "urn:ietf:params:xml:ns:xmpp-session";

    /// <summary>RFC 6120, section 4.9.</summary>
    public static readonly XNamespace StreamErrors = "urn:ietf:params:xml:ns:xmpp-streams";

    /// <summary>RFC 6120, section 8.3.</summary>
    public static readonly XNamespace StanzaErrors = "urn:ietf:params:xml:ns:xmpp-stanzas";

    /// <summary>XEP-0198.</summary>
    public static readonly XNamespace Acks = "urn:xmpp:sm:3";

    /// <summary>XEP-0478.</summary>
    public static readonly XNamespace Limits = "urn:xmpp:stream-limits:0";

    /// <summary>XEP-0199.</summary>
    public static readonly XNamespace Ping = "urn:xmpp:ping";

    /// <summary>XEP-0030.</summary>
    public static readonly XNamespace Info = "http://jabber.org/protocol/disco#info";

    /// <summary>XEP-0092.</summary>
    public static readonly XNamespace Version = "jabber:iq:version";

    /// <summary>XEP-0359.</summary>
    public static readonly XNamespace StanzaIds = "urn:xmpp:sid:0";

    /// <summary>XEP-0045: what a room says to its users.</summary>
    public static readonly XNamespace RoomUser = "http://jabber.org/protocol/muc#user";
}
