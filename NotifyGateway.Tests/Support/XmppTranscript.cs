using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using NotifyGateway.Core;
using NotifyGateway.Core.Protocols;
using NotifyGateway.Core.Protocols.Xmpp;
using Xunit;

namespace NotifyGateway.Tests.Support;

/// <summary>
/// A conversation with an XMPP server, one step a line, played against an <see cref="XmppClient"/> twice: the server's words fed as one piece, and
/// fed one byte at a time. Everything that the client does must stand in the script: what is left over before the server or the time goes on fails.
/// </summary>
/// <remarks>
/// <code>
/// start | start tls           the connection stands
/// secured                     the TLS that was asked for stands
/// server: XML                 the server says; \xHH is a byte, consecutive lines are one piece
/// client: XML                 what the client says next
/// enter LANE ADDRESS          leave LANE
/// send ID LANE TEXT           flush           quit REASON
/// time SECONDS                passes, with every wake-up on its way
/// can send | cannot send      in flight N     limit N ADDRESS
/// expect WHAT                 ready JID, opened LANE, refused LANE KIND REASON, closed LANE REASON, returned ID REASON, secure, unbound REASON,
///                             moved ADDRESS, bounced ID from [elsewhere:] JID REASON, ended KIND REASON, delivered ID PROOF, failed ID REASON
/// abandon ID ID               what the connection's end gives back, in order; then another connection is made, with the same resumption
/// // a comment
/// </code>
/// <c>{header}</c> is what begins a stream, <c>{id}</c> the id of the delivery of that name, <c>{x*N}</c> the letter N times, <c>{b64 TEXT}</c> the text in Base64.
/// </remarks>
internal sealed partial class XmppTranscript
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

    private static readonly string[] OfOneTurn = ["enter", "leave", "send", "flush"];

    private readonly XmppClientOptions _options;
    private readonly XmppResumption _resumption;
    private readonly TlsFacts _tls;
    private readonly bool _byteByByte;
    private readonly Dictionary<string, Delivery> _deliveries = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _addresses = new(StringComparer.Ordinal);
    private readonly Queue<string> _events = new();
    private readonly Queue<string> _settled = new();
    private readonly List<byte> _heard = [];
    private XmppClient _client;
    private string _unread = "";
    private string _lead = "";
    private string? _last;
    private TimeSpan _now = TimeSpan.FromSeconds(1000);

    private XmppTranscript(XmppClientOptions options, XmppResumption resumption, TlsFacts tls, bool byteByByte)
    {
        _options = options;
        _resumption = resumption;
        _tls = tls;
        _byteByByte = byteByByte;
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

    public static void Play(string script, XmppClientOptions? options = null, TlsFacts? tls = null, Func<XmppResumption>? resumption = null)
    {
        foreach (var byteByByte in (bool[])[false, true])
        {
            var number = 0;
            var transcript = new XmppTranscript(options ?? Options, resumption?.Invoke() ?? new XmppResumption(), tls ?? TlsFacts.None, byteByByte);
            foreach (var line in script.Split('\n'))
            {
                number++;
                var step = line.Trim();
                if (step.Length > 0 && !step.StartsWith("//", StringComparison.Ordinal))
                {
                    transcript.Step(step, $"line {number}, {(byteByByte ? "byte by byte" : "in one piece")}: {step}");
                }
            }

            transcript.Settle("the end of the script");
        }
    }

    private void Step(string step, string where)
    {
        if (Is(step, "server: ", out var said))
        {
            // What is pending must be read before the server goes on, but a run of lines is one piece.
            if (_heard.Count == 0)
            {
                Settle(where);
            }

            _heard.AddRange(Bytes(Filled(said)));
            return;
        }

        Hear();
        if (Is(step, "client: ", out var wanted))
        {
            wanted = Filled(wanted);
            Assert.True(_unread.StartsWith(wanted, StringComparison.Ordinal), $"{where}\nbut the client said: {_unread}\nevents: {string.Join(" | ", _events.Concat(_settled))}");
            _unread = _unread[wanted.Length..];
        }
        else if (Is(step, "expect ", out wanted))
        {
            var from = wanted.StartsWith("delivered ", StringComparison.Ordinal) || wanted.StartsWith("failed ", StringComparison.Ordinal) ? _settled : _events;
            Assert.True(string.Equals(wanted, Next(from), StringComparison.Ordinal), $"{where}\n{_last}");
        }
        else
        {
            // What a session does in one turn may be read in one piece.
            if (!OfOneTurn.Contains(step.Split(' ')[0], StringComparer.Ordinal))
            {
                Settle(where);
            }

            Act(step, where);
            Drain();
        }
    }

    private void Act(string step, string where)
    {
        var words = step.Split(' ');
        switch (words)
        {
            case ["start"]:
                _client.Start(_now);
                break;
            case ["start", "tls"]:
                _client.Start(_tls, _now);
                break;
            case ["secured"]:
                _client.Secured(_tls, _now);
                break;
            case ["enter", var lane, .. var address]:
                _addresses[lane] = string.Join(' ', address);
                _client.Enter(lane, _addresses[lane], _now);
                break;
            case ["leave", var lane]:
                _client.Leave(lane);
                break;
            case ["send", var id, var lane, .. var text]:
                var delivery = Delivery(id, lane, Filled(string.Join(' ', text)).Replace("\\n", "\n", StringComparison.Ordinal));
                delivery.Lead = _lead;
                _client.Send(delivery, _now);
                break;
            case ["late", .. var lead]:
                _lead = lead.Length == 0 ? "" : string.Join(' ', lead) + " ";
                break;
            case ["flush"]:
                _client.Flush(_now);
                break;
            case ["quit", .. var reason]:
                _client.Quit(string.Join(' ', reason));
                break;
            case ["time", var seconds]:
                Pass(TimeSpan.FromTicks((long)(decimal.Parse(seconds, CultureInfo.InvariantCulture) * TimeSpan.TicksPerSecond)));
                break;
            case ["abandon", .. var ids]:
                Assert.Equal(string.Join(' ', ids), string.Join(' ', _client.Abandon().Select(Deliveries.Name)));
                _client = new XmppClient(_options, _resumption);
                break;
            default:
                Check(words, where);
                break;
        }
    }

    private void Check(string[] words, string where)
    {
        switch (words)
        {
            case ["can", "send"]:
                Assert.True(_client.CanSend, where);
                break;
            case ["cannot", "send"]:
                Assert.False(_client.CanSend, where);
                break;
            case ["in", "flight", var count]:
                Assert.Equal(int.Parse(count, CultureInfo.InvariantCulture), _client.InFlight);
                break;
            case ["limit", var limit, .. var address]:
                Assert.Equal(limit, _client.LaneLimit(string.Join(' ', address)) switch { int.MaxValue => "none", 0 => "0", _ => "many" });
                break;
            case ["never", "wakes"]:
                Assert.Equal(TimeSpan.MaxValue, _client.WakeAt);
                break;
            default:
                Assert.Fail($"no such step: {where}");
                break;
        }
    }

    private Delivery Delivery(string name, string lane, string text)
    {
        if (!_deliveries.TryGetValue(name, out var delivery))
        {
            var id = new byte[16];
            id[^1] = (byte)(_deliveries.Count + 1);
            delivery = Deliveries.Create(name, lane, text, new Guid(id));
            _deliveries[name] = delivery;
        }

        return delivery;
    }

    private void Pass(TimeSpan time)
    {
        var end = _now + time;
        for (var steps = 0; _client.WakeAt <= end; steps++)
        {
            Assert.True(steps < 10_000, "the client wakes without end");
            _now = _client.WakeAt > _now ? _client.WakeAt : _now;
            _client.Tick(_now);
            Drain();
        }

        _now = end;
    }

    private void Hear()
    {
        if (_heard.Count == 0)
        {
            return;
        }

        var bytes = _heard.ToArray();
        _heard.Clear();
        var piece = _byteByByte ? 1 : bytes.Length;
        for (var at = 0; at < bytes.Length; at += piece)
        {
            _client.Feed(bytes.AsSpan(at, piece), _now);
            Drain();
        }
    }

    /// <summary>Nothing may be left over.</summary>
    private void Settle(string where)
    {
        Hear();
        Assert.True(_unread.Length + _events.Count + _settled.Count == 0, $"before {where}\nnot in the script: {_unread} | {string.Join(" | ", _events.Concat(_settled))}");
    }

    private void Drain()
    {
        var output = _client.Output;
        _unread += Encoding.UTF8.GetString(output.Bytes.WrittenSpan);
        output.Bytes.ResetWrittenCount();
        output.Settled.ForEach(s => _settled.Enqueue(s.Outcome.Status == DeliveryStatus.Delivered
            ? $"delivered {Deliveries.Name(s.Delivery)} {s.Outcome.Proof.ToString().ToLowerInvariant()}"
            : $"failed {Deliveries.Name(s.Delivery)} {s.Outcome.Reason}"));
        output.Settled.Clear();
        output.Events.ForEach(e => _events.Enqueue(Describe(e)));
        output.Events.Clear();
    }

    private string Describe(ProtocolEvent happened) => happened switch
    {
        ProtocolEvent.Ready ready => $"ready {ready.Nick}",
        ProtocolEvent.Opened opened => $"opened {opened.Lane}",
        ProtocolEvent.Refused refused => $"refused {refused.Lane} {refused.Kind} {refused.Reason}",
        ProtocolEvent.Closed closed => $"closed {closed.Lane} {closed.Reason}",
        ProtocolEvent.Returned returned => $"returned {Deliveries.Name(returned.Delivery)} {returned.Reason}",
        ProtocolEvent.Secure => "secure",
        ProtocolEvent.Unbound unbound => $"unbound {unbound.Reason}",
        ProtocolEvent.Moved moved => $"moved {moved.Address}",
        ProtocolEvent.Bounced bounced => Describe(bounced),
        ProtocolEvent.Ended ended => $"ended {ended.Kind} {ended.Reason}",
        _ => throw new ArgumentOutOfRangeException(nameof(happened)),
    };

    /// <summary>What is not in the script can have come from anywhere; what is, from where it went or not.</summary>
    private string Describe(ProtocolEvent.Bounced bounced)
    {
        var delivery = _deliveries.Values.SingleOrDefault(d => d.Notification.Id == bounced.Message);
        return delivery is null ? $"bounced {DeliveryId.Format(bounced.Message, bounced.Ordinal)} from {bounced.From} {bounced.Reason}"
            : $"bounced {Deliveries.Name(delivery)} from {(bounced.WentTo(delivery.Destination with { Address = _addresses[delivery.Lane] }) ? "" : "elsewhere: ")}{bounced.From} {bounced.Reason}";
    }

    private string? Next(Queue<string> from)
    {
        from.TryDequeue(out var next);
        _last = $"but the client: {next ?? "nothing"} (and then {string.Join(" | ", _events.Concat(_settled))}; it said {_unread})";
        return next;
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
        var name => _deliveries.GetValueOrDefault(name)?.Id ?? match.Value,
    });

    private static bool Is(string step, string word, out string rest)
    {
        var found = step.StartsWith(word, StringComparison.Ordinal) || string.Equals(step, word.TrimEnd(), StringComparison.Ordinal);
        rest = found ? step[Math.Min(step.Length, word.Length)..] : "";
        return found;
    }

    private static byte[] Bytes(string text)
    {
        var bytes = new List<byte>();
        var parts = text.Split("\\x");
        bytes.AddRange(Encoding.UTF8.GetBytes(parts[0]));
        foreach (var part in parts.Skip(1))
        {
            bytes.AddRange(Convert.FromHexString(part.AsSpan(0, 2)));
            bytes.AddRange(Encoding.UTF8.GetBytes(part[2..]));
        }

        return [.. bytes];
    }

    [GeneratedRegex(@"\{(?<name>[^{}]+)\}", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Placeholder();
}
