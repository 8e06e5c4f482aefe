using System.Text;
using FsCheck;
using FsCheck.Fluent;
using NotifyGateway.Core;
using NotifyGateway.Core.Protocols;
using NotifyGateway.Core.Protocols.Xmpp;
using NotifyGateway.Tests.Support;
using Xunit;
using Outcome = NotifyGateway.Core.Outcome;

namespace NotifyGateway.Tests.Protocols.Xmpp;

/// <summary>Whole conversations at random: what must hold whatever the server, the connection and the senders do.</summary>
public sealed class XmppConversationTests
{
    private const int Runs = 200;
    private const int Steps = 200;

    [Fact]
    public void NothingIsLost_AndNothingComesTwice_WhereStreamsAreTakenUp() => ForAnySeed(seed => new Conversation(seed, acks: true, keeps: true).Run(Steps));

    [Fact]
    public void NothingIsLost_WhereStreamsEndWithTheirConnection() => ForAnySeed(seed => new Conversation(seed, acks: true, keeps: false).Run(Steps));

    [Fact]
    public void NothingIsLost_WithoutAcknowledgements() => ForAnySeed(seed => new Conversation(seed, acks: false, keeps: false).Run(Steps));

    [Fact]
    public void NoStream_MakesTheClientThrowOrHoardBytes() => Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
    {
        var random = new Random(seed);
        var client = new XmppClient(XmppTranscript.Options, new XmppResumption());
        client.Start(TlsFacts.None, TimeSpan.Zero);
        var said = Encoding.UTF8.GetBytes(Nonsense.Stream(random));
        var now = TimeSpan.Zero;
        for (var at = 0; at < said.Length;)
        {
            var length = Math.Min(random.Next(1, 400), said.Length - at);
            client.Feed(said.AsSpan(at, length), now);
            at += length;
            now += TimeSpan.FromSeconds(random.Next(3));
            client.Tick(now);
            if (random.Next(10) == 0)
            {
                client.Enter($"l{random.Next(5)}", $"{SimulatedXmppServer.Rooms[random.Next(3)]}{(random.Next(2) == 0 ? " room" : "")}", now);
            }

            Assert.True(client.Output.Bytes.WrittenCount < 1024 * 1024);
            client.Output.Bytes.ResetWrittenCount();
            client.Output.Events.Clear();
        }
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));

    private static void ForAnySeed(Action<int> run) => Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), run).Check(Config.QuickThrowOnFailure.WithMaxTest(Runs));

    private sealed class Conversation
    {
        private readonly Random _random;
        private readonly XmppResumption _resumption = new();
        private readonly XmppClientOptions _options;
        private readonly SimulatedXmppServer _server;
        private readonly bool _keeps;
        private readonly Dictionary<string, SortedList<long, Delivery>> _waiting = new(StringComparer.Ordinal);
        private readonly HashSet<string> _entered = new(StringComparer.Ordinal);
        private readonly HashSet<string> _open = new(StringComparer.Ordinal);
        private readonly Dictionary<string, Delivery> _onItsWay = new(StringComparer.Ordinal);
        private readonly Dictionary<string, Outcome> _settled = new(StringComparer.Ordinal);
        private readonly List<Delivery> _all = [];
        private readonly List<byte> _said = [];
        private XmppClient _client;
        private bool _ready;
        private string? _ended;
        private int _returns;
        private TimeSpan _now;

        public Conversation(int seed, bool acks, bool keeps)
        {
            _random = new Random(seed);
            _keeps = keeps;
            _options = XmppTranscript.Options with
            {
                Window = _random.Next(1, 9),
                MessagesPerSecond = _random.Next(2) == 0 ? 0 : 5,
                Burst = _random.Next(1, 6),
            };
            _server = new SimulatedXmppServer(_random, acks, keeps);
            _client = new XmppClient(_options, _resumption);
            _client.Start(TlsFacts.None, _now);
        }

        public void Run(int steps)
        {
            while (steps-- > 0)
            {
                Step();
                Drain();
                if (_ended is not null)
                {
                    Cut();
                }
            }

            // All is heard and answered: everything must be settled.
            for (var i = 0; i < 2000 && (_waiting.Values.Any(w => w.Count > 0) || _onItsWay.Count > 0); i++)
            {
                if (i == 1999)
                {
                    Assert.Fail($"never settled: {string.Join(' ', _onItsWay.Keys)}; waiting {_waiting.Values.Sum(w => w.Count)}; ended {_ended}");
                }

                Enter();
                Send();
                Drain();
                ToServer(int.MaxValue);
                _server.Process(int.MaxValue);
                _client.Feed(_server.Hear(int.MaxValue), _now);
                Drain();
                Pass(TimeSpan.FromSeconds(1));
                if (i < 50)
                {
                    _server.Happen();
                }
                else
                {
                    _server.OpenRooms();
                }
            }

            Check();
        }

        private void Step()
        {
            switch (_random.Next(14))
            {
                case 0 or 1 or 2:
                    Add();
                    break;
                case 3:
                    Enter();
                    break;
                case 4 or 5 or 6:
                    Send();
                    break;
                case 7:
                    _server.Happen();
                    break;
                case 8:
                    Pass(TimeSpan.FromMilliseconds(_random.Next(3000)));
                    break;
                case 9 or 10:
                    ToServer(_random.Next(2000));
                    _server.Process(_random.Next(6));
                    break;
                case 11 when _random.Next(6) == 0:
                    Cut();
                    break;
                default:
                    _client.Feed(_server.Hear(_random.Next(600)), _now);
                    break;
            }
        }

        private void Add()
        {
            var lane = _random.Next(3) == 0 ? SimulatedXmppServer.Users[_random.Next(2)] : SimulatedXmppServer.Rooms[_random.Next(3)];
            var id = new byte[16];
            _random.NextBytes(id);
            var name = $"d{_all.Count}";
            var text = _random.Next(8) == 0 ? string.Join('\n', Enumerable.Repeat(new string('x', 3000), _random.Next(3, 9))) : name;
            var delivery = Deliveries.Create(name, lane, text, new Guid(id));
            _all.Add(delivery);
            Waiting(lane).Add(delivery.Sequence, delivery);
        }

        private SortedList<long, Delivery> Waiting(string lane)
        {
            if (!_waiting.TryGetValue(lane, out var list))
            {
                _waiting[lane] = list = [];
            }

            return list;
        }

        private void Enter()
        {
            foreach (var lane in _ready ? _waiting.Keys.Where(l => _entered.Add(l)).ToList() : [])
            {
                _client.Enter(lane, $"{lane} {(SimulatedXmppServer.Users.Contains(lane, StringComparer.Ordinal) ? "user" : "room")}", _now);
            }

            Drain();
        }

        private void Send()
        {
            foreach (var lane in _open.ToList())
            {
                while (_client.CanSend && _open.Contains(lane) && Waiting(lane).Count > 0 && _random.Next(4) > 0)
                {
                    var delivery = Waiting(lane).GetValueAtIndex(0);
                    Waiting(lane).RemoveAt(0);
                    _onItsWay.Add(delivery.Id, delivery);
                    _client.Send(delivery, _now);
                    Drain();
                }
            }

            _client.Flush(_now);
        }

        private void ToServer(int most)
        {
            var bytes = _said.Take(most).ToArray();
            _said.RemoveRange(0, bytes.Length);
            _server.Receive(bytes);
        }

        private void Cut()
        {
            // Some of what was on its way still arrives; what comes back no longer does.
            ToServer(_random.Next(3000));
            _server.Process(_random.Next(8));
            Drain();
            foreach (var delivery in _client.Abandon())
            {
                Assert.True(_onItsWay.Remove(delivery.Id));
                Waiting(delivery.Lane).Add(delivery.Sequence, delivery);
            }

            Assert.Empty(_onItsWay);
            _said.Clear();
            _server.Cut();
            _open.Clear();
            _entered.Clear();
            _ready = false;
            _ended = null;
            _client = new XmppClient(_options, _resumption);
            _client.Start(TlsFacts.None, _now);
        }

        private void Pass(TimeSpan time)
        {
            var end = _now + time;
            while (_client.WakeAt <= end && _ended is null)
            {
                _now = _client.WakeAt > _now ? _client.WakeAt : _now;
                _client.Tick(_now);
                Drain();
            }

            _now = end;
        }

        private void Drain()
        {
            var output = _client.Output;
            _said.AddRange(output.Bytes.WrittenSpan.ToArray());
            output.Bytes.ResetWrittenCount();
            foreach (var (delivery, outcome) in output.Settled)
            {
                Assert.True(_onItsWay.Remove(delivery.Id));
                Assert.True(_settled.TryAdd(delivery.Id, outcome));
            }

            output.Settled.Clear();
            foreach (var happened in output.Events)
            {
                On(happened);
            }

            output.Events.Clear();
        }

        private void On(ProtocolEvent happened)
        {
            switch (happened)
            {
                case ProtocolEvent.Ready:
                    _ready = true;
                    break;
                case ProtocolEvent.Opened opened:
                    Assert.Contains(opened.Lane, _entered);
                    Assert.True(_open.Add(opened.Lane));
                    break;
                case ProtocolEvent.Refused refused:
                    Assert.True(_entered.Remove(refused.Lane));
                    Assert.DoesNotContain(refused.Lane, _open);
                    break;
                case ProtocolEvent.Closed closed:
                    Assert.True(_open.Remove(closed.Lane));
                    _entered.Remove(closed.Lane);
                    break;
                case ProtocolEvent.Returned returned:
                    _returns++;
                    Assert.True(_onItsWay.Remove(returned.Delivery.Id));
                    Waiting(returned.Delivery.Lane).Add(returned.Delivery.Sequence, returned.Delivery);
                    break;
                case ProtocolEvent.Ended ended:
                    _ended = ended.Reason;
                    break;
            }
        }

        private void Check()
        {
            Assert.Equal(_all.Count, _settled.Count);
            var passed = _server.Messages.Where(m => m.Passed).Select(m => m.Id).ToList();
            foreach (var (id, outcome) in _settled)
            {
                var came = passed.Contains(id, StringComparer.Ordinal);
                // A failure may be about one part of several, and a bounce may have come too late or been lost with its connection.
                Assert.True(came || outcome.Status == DeliveryStatus.Failed || _server.Messages.Any(m => m.Id == id), $"{id} is said to be delivered and never came");
                Assert.True(outcome.Proof != Proof.Reflection || came, $"{id} is said to be reflected and was refused");
            }

            if (_keeps)
            {
                Assert.Empty(passed.GroupBy(id => id, StringComparer.Ordinal).Where(same => same.Count() > 1).Select(same => same.Key));
            }
        }
    }

    /// <summary>Streams that begin like real ones and go on as nobody expects.</summary>
    private static class Nonsense
    {
        private static readonly string[] Pieces =
        [
            "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' id='x' version='1.0'>",
            "<stream:features><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>PLAIN</mechanism></mechanisms></stream:features>",
            "<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>",
            "<stream:features><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/><sm xmlns='urn:xmpp:sm:3'/></stream:features>",
            "<iq type='result' id='q1'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>bot@a.test/x</jid></bind></iq>",
            "<enabled xmlns='urn:xmpp:sm:3' id='s1' resume='true'/>",
            "<r xmlns='urn:xmpp:sm:3'/>", "<a xmlns='urn:xmpp:sm:3' h='1'/>", "<resumed xmlns='urn:xmpp:sm:3'/>", "<failed xmlns='urn:xmpp:sm:3' h='-1'/>",
            "<presence from='a@rooms.test/bot'><x xmlns='http://jabber.org/protocol/muc#user'><status code='110'/><status code='201'/></x></presence>",
            "<presence from='a@rooms.test/bot' type='unavailable'><x xmlns='http://jabber.org/protocol/muc#user'><destroy jid=''/></x></presence>",
            "<presence from='b@rooms.test' type='error'><error><conflict xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></presence>",
            "<iq type='result' id='q2'/>", "<iq type='error' id='q3' from='a@rooms.test'/>", "<iq type='get' id='1'><ping xmlns='urn:xmpp:ping'/></iq>",
            "<iq/>", "<message/>", "<message type='error' id='/'/>", "<message type='groupchat' from='@'/>", "<presence from='///' type='x'/>",
            "<stream:error/>", "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>", "<challenge xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>!</challenge>",
            " ", "<", ">", "</stream:stream>", "<a", "'", "&amp;", "<!--", "]]>", "\0", "\u00e9",
        ];

        public static string Stream(Random random)
        {
            // A proper beginning of any length, then anything.
            var proper = random.Next(8);
            var text = new StringBuilder(Pieces[0]).Append(Pieces[1]).Append(Pieces[2]).Append(Pieces[0]).Append(Pieces[3]).Append(Pieces[4]).Append(Pieces[5]);
            var beginning = proper == 7 ? "" : text.ToString();
            text.Clear().Append(beginning);
            for (var i = random.Next(40); i > 0; i--)
            {
                // What cannot be read ends the stream, so most of it can.
                text.Append(Pieces[random.Next(random.Next(6) == 0 ? Pieces.Length : 21)]);
            }

            return text.ToString();
        }
    }
}
