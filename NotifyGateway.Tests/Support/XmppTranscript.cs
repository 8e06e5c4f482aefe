using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using NotifyGateway.Core;
using NotifyGateway.Core.Protocols;
using NotifyGateway.Core.Protocols.Xmpp;
using Xunit;

namespace NotifyGateway.Tests.Support;

/// <summary>A conversation with an XMPP server, played against an <see cref="XmppClient"/>. A step of server or client is a piece of XML.</summary>
/// <remarks>
/// Beside the steps of every <see cref="Transcript"/>:
/// <code>
/// start tls                   the connection stands, and TLS on it
/// secured                     the TLS that was asked for stands
/// enter LANE ADDRESS          send ID LANE TEXT
/// late LEAD                   what is sent from here on begins so
/// limit N ADDRESS             N: none, 0, many
/// expect WHAT                 bounced ID from [elsewhere:] JID REASON, delivered ID PROOF
/// abandon ID ID               then another connection is made, with the same resumption
/// </code>
/// <c>{header}</c> is what begins a stream, <c>{id}</c> the id of the delivery of that name, <c>{x*N}</c> the letter N times, <c>{b64 TEXT}</c> the text in Base64.
/// </remarks>
internal sealed partial class XmppTranscript : Transcript
{
    private const string Opening = "<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0' xml:lang='en' to='a.test'";

    /// <summary>To the point where an address is bound; what is offered then comes next.</summary>
    public const string LoggedIn = """
        start tls
        client: {open}
        server: {header}<stream:features><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>PLAIN</mechanism></mechanisms></stream:features>
        client: <auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>AGJvdABzZXNhbWU=</auth>
        server: <success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>
        client: {open}

        """;

    /// <summary>A login to a server without XEP-0198; query q1 is used up.</summary>
    public const string Login = LoggedIn + """
        server: {header}<stream:features><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></stream:features>
        client: <iq type='set' id='q1'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>notify</resource></bind></iq>
        server: <iq type='result' id='q1'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>bot@a.test/notify</jid></bind></iq>
        client: <presence><priority>-1</priority></presence>
        expect ready bot@a.test/notify

        """;

    /// <summary>A login to a server with XEP-0198: the presence is stanza 1.</summary>
    public const string LoginWithAcks = LoggedIn + """
        server: {header}<stream:features><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/><sm xmlns='urn:xmpp:sm:3'/></stream:features>
        client: <iq type='set' id='q1'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>notify</resource></bind></iq>
        server: <iq type='result' id='q1'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>bot@a.test/notify</jid></bind></iq>
        client: <enable xmlns='urn:xmpp:sm:3' resume='true'/>
        server: <enabled xmlns='urn:xmpp:sm:3' id='s1' resume='true'/>
        client: <presence><priority>-1</priority></presence>
        expect ready bot@a.test/notify

        """;

    /// <summary>The lane <c>ops</c> leads into a room, which is joined as <c>bot</c>: one more stanza each way.</summary>
    public const string InRoom = """
        enter ops ops@rooms.test room
        client: <presence id='j1' to='ops@rooms.test/bot'><x xmlns='http://jabber.org/protocol/muc'><history maxchars='0'/></x></presence>
        server: <presence from='ops@rooms.test/bot'><x xmlns='http://jabber.org/protocol/muc#user'><item affiliation='none' role='participant'/><status code='110'/></x></presence>
        expect opened ops

        """;

    private readonly XmppClientOptions _options;
    private readonly XmppResumption _resumption;
    private readonly TlsFacts _tls;
    private readonly Dictionary<string, string> _addresses = new(StringComparer.Ordinal);
    private XmppClient _client;
    private string _unread = "";
    private string _lead = "";

    private XmppTranscript(XmppClientOptions options, XmppResumption resumption, TlsFacts tls, bool byteByByte)
        : base(byteByByte)
    {
        _options = options;
        _resumption = resumption;
        _tls = tls;
        _client = new XmppClient(options, resumption);
    }

    /// <summary>The account is <c>bot@a.test</c> with the password <c>sesame</c>; nothing bounds the rate.</summary>
    public static XmppClientOptions Options { get; } = new()
    {
        Jid = new Jid("bot", "a.test", null),
        Password = "sesame",
        Nonce = () => "fyko+d2lbbFgONRv9qkxdawL",
        Resource = "notify",
        MessagesPerSecond = 0,
    };

    protected override IProtocol Client => _client;

    protected override string Unread => _unread;

    public static void Play(string script, XmppClientOptions? options = null, TlsFacts? tls = null, Func<XmppResumption>? resumption = null) =>
        Play(script, byteByByte => new XmppTranscript(options ?? Options, resumption?.Invoke() ?? new XmppResumption(), tls ?? TlsFacts.None, byteByByte));

    protected override byte[] Said(string words) => Bytes(Filled(words));

    protected override void Read(string text) => _unread += text;

    protected override bool TryTake(string wanted)
    {
        wanted = Filled(wanted);
        if (!_unread.StartsWith(wanted, StringComparison.Ordinal))
        {
            return false;
        }

        _unread = _unread[wanted.Length..];
        return true;
    }

    protected override string How(Proof proof) => $" {proof.ToString().ToLowerInvariant()}";

    protected override void Abandoned() => _client = new XmppClient(_options, _resumption);

    protected override bool TryAct(string[] words)
    {
        switch (words)
        {
            case ["start", "tls"]:
                _client.Start(_tls, Now);
                return true;
            case ["secured"]:
                _client.Secured(_tls, Now);
                return true;
            case ["enter", var lane, .. var address]:
                _addresses[lane] = string.Join(' ', address);
                _client.Enter(lane, _addresses[lane], Now);
                return true;
            case ["send", var id, var lane, .. var text]:
                var delivery = Delivery(id, lane, Filled(string.Join(' ', text)).Replace("\\n", "\n", StringComparison.Ordinal));
                delivery.Lead = _lead;
                _client.Send(delivery, Now);
                return true;
            case ["late", .. var lead]:
                _lead = lead.Length == 0 ? "" : string.Join(' ', lead) + " ";
                return true;
            case ["limit", var limit, .. var address]:
                Assert.Equal(limit, _client.LaneLimit(string.Join(' ', address)) switch { int.MaxValue => "none", 0 => "0", _ => "many" });
                return true;
            default:
                return false;
        }
    }

    protected override string Describe(ProtocolEvent happened) => happened is ProtocolEvent.Bounced bounced ? Describe(bounced) : base.Describe(happened);

    /// <summary>What is not in the script can have come from anywhere; what is, from where it went or not.</summary>
    private string Describe(ProtocolEvent.Bounced bounced)
    {
        var delivery = Sent.Values.SingleOrDefault(d => d.Notification.Id == bounced.Message);
        return delivery is null ? $"bounced {DeliveryId.Format(bounced.Message, bounced.Ordinal)} from {bounced.From} {bounced.Reason}"
            : $"bounced {Deliveries.Name(delivery)} from {(bounced.WentTo(delivery.Destination with { Address = _addresses[delivery.Lane] }) ? "" : "elsewhere: ")}{bounced.From} {bounced.Reason}";
    }

    private Delivery Delivery(string name, string lane, string text)
    {
        if (!Sent.TryGetValue(name, out var delivery))
        {
            var id = new byte[16];
            id[^1] = (byte)(Sent.Count + 1);
            delivery = Deliveries.Create(name, lane, text, new Guid(id));
            Sent[name] = delivery;
        }

        return delivery;
    }

    private string Filled(string text) => Placeholder().Replace(text, match => match.Groups["name"].Value switch
    {
        "open" => $"{Opening} from='bot@a.test'>",
        "blank" => " ",
        "user" => $"{Opening} from='user@a.test'>",
        "clear" => $"{Opening}>",
        "header" => "<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' from='a.test' id='x' version='1.0'>",
        ['b', '6', '4', ' ', .. var plain] => Convert.ToBase64String(Encoding.UTF8.GetBytes(plain)),
        [var letter, '*', .. var count] => new string(letter, int.Parse(count, CultureInfo.InvariantCulture)),
        var name => Sent.GetValueOrDefault(name)?.Id ?? match.Value,
    });

    [GeneratedRegex(@"\{(?<name>[^{}]+)\}", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Placeholder();
}
