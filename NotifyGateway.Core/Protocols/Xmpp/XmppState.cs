using System.Buffers;
using System.Xml.Linq;

namespace NotifyGateway.Core.Protocols.Xmpp;

/// <summary>What the parts of one XMPP connection share: its options, how far the stream has come, and the only way out.</summary>
internal sealed class XmppState(XmppClientOptions options, XmppResumption resumption, ProtocolOutput output)
{
    /// <summary>What every server takes (RFC 6120, section 13.12).</summary>
    public const int GuaranteedStanza = 10_000;

    /// <summary>A limit of so many bytes is more than TLS makes one piece of (16 KiB), which is what servers read at once.</summary>
    private const int AmpleStanza = 32 * 1024;

    /// <summary>Beyond this much unwritten nothing is added that can wait.</summary>
    public const int MaxUnwritten = 128 * 1024;

    private const int ShortestSecret = 4;

    private readonly ArrayBufferWriter<byte> _discarded = new();

    public XmppClientOptions Options { get; set; } = options;

    public XmppResumption Resumption { get; } = resumption;

    public ProtocolOutput Output { get; } = output;

    /// <summary>The time of the call that is being handled.</summary>
    public TimeSpan Now { get; set; }

    /// <summary>The header of the server's present stream; null: it has not come yet.</summary>
    public XElement? Header { get; set; }

    /// <summary>What the server offered last.</summary>
    public XmppFeatures Features { get; set; } = XmppFeatures.None;

    /// <summary>The TLS channel below; null: none yet.</summary>
    public TlsFacts? Tls { get; set; }

    public bool Secure => Tls is not null;

    /// <summary>The change to TLS has begun: until it is done nothing may be read or written here.</summary>
    public bool AwaitsTls { get; set; }

    public bool Authenticated { get; set; }

    /// <summary>Our address, with the resource; null until the server has given one.</summary>
    public Jid? Jid { get; set; }

    /// <summary>Stanzas are counted and acknowledged (XEP-0198).</summary>
    public bool Acks { get; set; }

    /// <summary>True from the end of login to the end of the connection.</summary>
    public bool Online { get; set; }

    /// <summary>When something was last written.</summary>
    public TimeSpan WroteAt { get; set; }

    /// <summary>True once our stream is closed: nothing is written any more, but the server's last words about what was sent count.</summary>
    public bool Quitting { get; private set; }

    /// <summary>True from <see cref="End"/> on: nothing counts any more.</summary>
    public bool Ended { get; private set; }

    /// <summary>The longest stanza that may be sent, in bytes.</summary>
    public int MaxStanza => Math.Min(Resumption.LearnedLimit ?? int.MaxValue, Features.MaxBytes ?? GuaranteedStanza);

    /// <summary>How many bytes of messages may be on their way that the server has not shown to have read; null: no bound.</summary>
    public int? MaxUnread => Resumption.OneByOne ? 0 : Resumption.LearnedLimit is not null || Features.MaxBytes < AmpleStanza ? MaxStanza : null;

    /// <summary>Whether there is room for what a stranger makes us say.</summary>
    public bool HasRoom => Output.Bytes.WrittenCount < MaxUnwritten;

    /// <summary>Begins our stream. Who we are is said only where nobody else can read it (RFC 6120, section 4.7.1).</summary>
    public void OpenStream()
    {
        Header = null;
        Features = XmppFeatures.None;
        Write().Raw("<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0' xml:lang='en'"u8)
            .Attribute("to"u8, Options.Jid.Domain).Optional("from"u8, Secure ? Options.Jid.ToString() : null).Raw(">"u8);
    }

    /// <summary>Asks for TLS: the one thing that is said in clear.</summary>
    public void AskForTls() => Write().Raw("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"u8);

    /// <summary>For an element of the negotiation or of XEP-0198, which is not counted.</summary>
    public XmppWriter Element() => Protected();

    /// <summary>For one whole stanza, which is counted.</summary>
    public XmppWriter Stanza()
    {
        if (Acks && !Ended && !Quitting)
        {
            Resumption.Sent++;
        }

        return Protected();
    }

    public void Raise(ProtocolEvent happened) => Output.Events.Add(happened);

    /// <summary>Ends our stream. Whoever does that gives up what could be taken up again.</summary>
    /// <param name="reason">What others see of it; null: nothing, as the server has ended it.</param>
    public void Quit(string? reason)
    {
        if (Ended || Quitting)
        {
            return;
        }

        if (Online && reason is not null)
        {
            Stanza().Raw("<presence type='unavailable'><status>"u8).Text(reason).Raw("</status></presence>"u8);
        }

        Write().Raw("</stream:stream>"u8);
        Resumption.StreamId = null;
        Quitting = true;
    }

    /// <summary>The connection has to end; the first reason counts.</summary>
    public void End(string reason, CloseKind kind)
    {
        if (!Ended)
        {
            Ended = true;
            Raise(new ProtocolEvent.Ended(Shown(reason), kind));
        }
    }

    /// <summary>Words of the other side without what nobody else may see.</summary>
    public string Shown(string words, string? secret = null) => Without(Without(words, Options.Password), secret);

    /// <summary>The address in an attribute; null: none, or no address.</summary>
    public static Jid? Address(XElement stanza, string attribute) => (string?)stanza.Attribute(attribute) is { } text ? Xmpp.Jid.Parse(text, out _) : null;

    private static string Without(string words, string? secret) =>
        secret is { Length: >= ShortestSecret } ? words.Replace(secret, "***", StringComparison.Ordinal) : words;

    private XmppWriter Protected() => Secure ? Write() : throw new InvalidOperationException("nothing is said in clear");

    private XmppWriter Write()
    {
        WroteAt = Now;
        _discarded.ResetWrittenCount();
        if (Ended || Quitting || AwaitsTls)
        {
            return new XmppWriter(_discarded);
        }

        if (Output.Bytes.WrittenCount == 0)
        {
            Output.Starts.Clear();
        }

        Output.Starts.Add(Output.Bytes.WrittenCount);
        return new XmppWriter(Output.Bytes);
    }
}
