using System.Globalization;
using System.Text;
using System.Xml.Linq;
using NotifyGateway.Core.Protocols.Xmpp;

namespace NotifyGateway.Tests.Support;

/// <summary>
/// A server with rooms and users, which handles a client's stanzas in order and keeps a stream whose connection broke (XEP-0198). It knows the truth:
/// what it has taken, and what it has let pass.
/// </summary>
/// <param name="acks">Whether it has XEP-0198.</param>
/// <param name="keeps">Whether a stream outlives its connection.</param>
internal sealed class SimulatedXmppServer(Random random, bool acks, bool keeps)
{
    private const string Sm = "urn:xmpp:sm:3";

    private readonly Queue<XElement> _received = new();
    private readonly List<string> _unacknowledged = [];
    private readonly HashSet<string> _members = new(StringComparer.Ordinal);
    private readonly HashSet<string> _moderated = new(StringComparer.Ordinal);
    private readonly HashSet<string> _closed = new(StringComparer.Ordinal);
    private readonly HashSet<string> _absent = new(StringComparer.Ordinal);
    private readonly Queue<string> _late = new();
    private readonly List<byte> _sent = [];
    private XmppFramer _framer = new();
    private XElement? _header;
    private bool _authenticated;
    private bool _counting;
    private uint _taken;
    private uint _told;
    private int _streams;
    private string? _stream;

    public static IReadOnlyList<string> Rooms { get; } = ["a@rooms.test", "b@rooms.test", "c@rooms.test"];

    public static IReadOnlyList<string> Users { get; } = ["alice@b.test", "carol@b.test"];

    /// <summary>What became of each message, in order: its id, and why it did not pass; null: it did. The same id twice: it came twice.</summary>
    public List<(string Id, string To, string? Fault)> Messages { get; } = [];

    public bool Idle => _received.Count == 0 && _sent.Count == 0;

    /// <summary>The connection is gone, and with it what was on its way.</summary>
    public void Cut()
    {
        _received.Clear();
        _sent.Clear();
        _framer = new XmppFramer();
        _header = null;
        _authenticated = _counting = false;
        if (!keeps)
        {
            // What comes back to a stream that is no more, comes to nobody.
            _late.Clear();
            EndStream();
        }
    }

    /// <summary>Bytes of the client; what is whole is taken at once, and handled later.</summary>
    public void Receive(ReadOnlySpan<byte> bytes) => _framer.Feed(bytes, (kind, frame) =>
    {
        if (kind == XmppFrameKind.StreamOpen)
        {
            _header = XmppXml.Header(frame)!;
            _received.Enqueue(_header);
        }
        else if (kind == XmppFrameKind.Element)
        {
            var element = XmppXml.Element(frame, _header!)!;
            _received.Enqueue(element);
            if (element.Name.LocalName is "auth")
            {
                _framer.Reset();
            }
        }
    });

    /// <summary>Takes some of what it has said.</summary>
    public byte[] Hear(int most)
    {
        var bytes = _sent.Take(most).ToArray();
        _sent.RemoveRange(0, bytes.Length);
        return bytes;
    }

    public void Process(int elements)
    {
        while (elements-- > 0 && _received.TryDequeue(out var next))
        {
            if (_counting && next.Name.Namespace == XmppXml.Client)
            {
                _taken++;
            }

            Handle(next);
        }
    }

    /// <summary>Something happens that the client did not ask for.</summary>
    public void Happen()
    {
        var room = Rooms[random.Next(Rooms.Count)];
        switch (random.Next(6))
        {
            case 5 when _late.TryDequeue(out var late):
                Say(late);
                break;
            case 0 when _members.Remove(room):
                Say($"<presence type='unavailable' from='{room}/bot'><x xmlns='http://jabber.org/protocol/muc#user'><item/><status code='307'/><status code='110'/></x></presence>");
                break;
            // A service that restarts tells nobody.
            case 1:
                _members.Remove(room);
                break;
            case 2:
                Toggle(_moderated, room);
                break;
            case 3:
                Toggle(_closed, room);
                break;
            case 4:
                Toggle(_absent, Users[random.Next(Users.Count)]);
                break;
        }
    }

    /// <summary>From now on everybody may join; and what is to come back has come.</summary>
    public void OpenRooms()
    {
        _closed.Clear();
        while (_late.TryDequeue(out var late))
        {
            Say(late);
        }
    }

    private static void Toggle(HashSet<string> set, string name)
    {
        if (!set.Remove(name))
        {
            set.Add(name);
        }
    }

    private void Handle(XElement element)
    {
        var to = (string?)element.Attribute("to") ?? "";
        var id = (string?)element.Attribute("id") ?? "";
        switch (element.Name.LocalName)
        {
            case "stream":
                Raw("<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' from='a.test' id='x' version='1.0'>" + (_authenticated
                    ? $"<stream:features><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/>{(acks ? $"<sm xmlns='{Sm}'/>" : "")}</stream:features>"
                    : "<stream:features><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>PLAIN</mechanism></mechanisms></stream:features>"));
                break;
            case "auth":
                _authenticated = true;
                Raw("<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>");
                break;
            case "enable":
                _stream = $"s{++_streams}";
                _counting = true;
                (_taken, _told) = (0, 0);
                Raw($"<enabled xmlns='{Sm}' id='{_stream}' resume='true'/>");
                break;
            case "resume":
                Resume((string?)element.Attribute("previd"), uint.Parse((string)element.Attribute("h")!, CultureInfo.InvariantCulture));
                break;
            case "r":
                Raw($"<a xmlns='{Sm}' h='{_taken}'/>");
                break;
            case "a":
                Told(uint.Parse((string)element.Attribute("h")!, CultureInfo.InvariantCulture));
                break;
            case "iq":
                Answer(element, id, to);
                break;
            case "presence" when to.Length > 0:
                OnPresence(to, id, (string?)element.Attribute("type"));
                break;
            case "message":
                OnMessage(to, id, element);
                break;
        }
    }

    private void Resume(string? stream, uint heard)
    {
        if (stream is null || stream != _stream)
        {
            // Some tell how much had come, also when they do not go on.
            EndStream();
            Raw($"<failed xmlns='{Sm}'><item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></failed>");
            return;
        }

        Raw($"<resumed xmlns='{Sm}' h='{_taken}' previd='{stream}'/>");
        _counting = true;
        Told(heard);
        _unacknowledged.ForEach(Raw);
    }

    private void Told(uint heard)
    {
        _unacknowledged.RemoveRange(0, (int)(heard - _told));
        _told = heard;
    }

    private void EndStream()
    {
        _stream = null;
        _members.Clear();
        _unacknowledged.Clear();
    }

    private void Answer(XElement iq, string id, string to)
    {
        if (iq.Elements().FirstOrDefault()?.Name.LocalName is "bind")
        {
            EndStream();
            Raw($"<iq type='result' id='{id}'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>bot@a.test/notify</jid></bind></iq>");
        }
        else if (to.Length > 0 && !_members.Contains(to.Split('/')[0]))
        {
            Say($"<iq type='error' id='{id}' from='{to}'><error type='cancel'><not-acceptable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>");
        }
        else
        {
            Say($"<iq type='result' id='{id}'{(to.Length > 0 ? $" from='{to}'" : "")}/>");
        }
    }

    private void OnPresence(string to, string id, string? type)
    {
        var room = to.Split('/')[0];
        if (type is not null)
        {
            _members.Remove(room);
        }
        else if (_closed.Contains(room))
        {
            Say($"<presence type='error' id='{id}' from='{to}'><error type='auth'><registration-required xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></presence>");
        }
        else
        {
            _members.Add(room);
            Say($"<presence id='{id}' from='{to}'><x xmlns='http://jabber.org/protocol/muc#user'><item/><status code='110'/></x></presence>");
        }
    }

    private void OnMessage(string to, string id, XElement message)
    {
        var isRoom = Rooms.Contains(to, StringComparer.Ordinal);
        var fault = isRoom ? !_members.Contains(to) ? "not-acceptable" : _moderated.Contains(to) ? "forbidden" : null : _absent.Contains(to) ? "service-unavailable" : null;
        // What another server says of its users may come long after ours has acknowledged.
        var isLate = !isRoom && fault is not null && random.Next(2) == 0;
        fault = isLate ? "remote-server-timeout" : fault;
        Messages.Add((id, to, fault));
        if (fault is not null)
        {
            var error = $"<message type='error' id='{id}' from='{to}'><error type='cancel'><{fault} xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>";
            if (isLate)
            {
                _late.Enqueue(error);
            }
            else
            {
                Say(error);
            }
        }
        else if (isRoom)
        {
            Say($"<message type='groupchat' id='{id}' from='{to}/bot'>{message.Element(XmppXml.Client + "body")}</message>");
        }
    }

    /// <summary>What is said between two connections of a stream waits for the second.</summary>
    private void Say(string stanza)
    {
        if (_stream is not null)
        {
            _unacknowledged.Add(stanza);
        }

        if (_counting || !acks)
        {
            Raw(stanza);
        }
    }

    private void Raw(string text) => _sent.AddRange(Encoding.UTF8.GetBytes(text));
}
