using System.Globalization;
using System.Xml.Linq;

namespace NotifyGateway.Core.Protocols.Xmpp;

/// <summary>What a server offers for the present stream (RFC 6120, section 4.3.2).</summary>
internal sealed record XmppFeatures
{
    private const int LeastMaxBytes = 1000;

    public static readonly XmppFeatures None = new();

    public bool StartTls { get; private init; }

    /// <summary>SASL mechanisms, in the server's order.</summary>
    public IReadOnlyList<string> Mechanisms { get; private init; } = [];

    /// <summary>Types of channel binding that the server can check (XEP-0440); empty: it has not said.</summary>
    public IReadOnlyList<string> ChannelBindings { get; private init; } = [];

    public bool Bind { get; private init; }

    /// <summary>A session has to be asked for (RFC 3921); where that is optional it has no use.</summary>
    public bool Session { get; private init; }

    public bool Acks { get; private init; }

    /// <summary>The longest stanza that the server takes (XEP-0478); null: it has not said.</summary>
    public int? MaxBytes { get; private init; }

    /// <summary>After so long without a byte from us the server may close the stream (XEP-0478); null: it has not said.</summary>
    public TimeSpan? MaxIdle { get; private init; }

    public static XmppFeatures Read(XElement features)
    {
        var limits = features.Element(XmppNames.Limits + "limits");
        var session = features.Element(XmppNames.Session + "session");
        return new XmppFeatures
        {
            StartTls = features.Element(XmppNames.Tls + "starttls") is not null,
            Mechanisms = [.. features.Elements(XmppNames.Sasl + "mechanisms").Elements(XmppNames.Sasl + "mechanism").Select(m => m.Value.Trim())],
            ChannelBindings = [.. features.Elements(XmppNames.ChannelBinding + "sasl-channel-binding").Elements(XmppNames.ChannelBinding + "channel-binding")
                .Select(b => (string?)b.Attribute("type") ?? "")],
            Bind = features.Element(XmppNames.Bind + "bind") is not null,
            Session = session is not null && session.Element(XmppNames.Session + "optional") is null,
            Acks = features.Element(XmppNames.Acks + "sm") is not null,
            MaxBytes = Number(limits?.Element(XmppNames.Limits + "max-bytes")) is { } bytes ? Math.Max(LeastMaxBytes, bytes) : null,
            MaxIdle = Number(limits?.Element(XmppNames.Limits + "idle-seconds")) is { } seconds and > 0 ? TimeSpan.FromSeconds(seconds) : null,
        };
    }

    private static int? Number(XElement? element) =>
        int.TryParse(element?.Value, NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var number) ? number : null;
}
