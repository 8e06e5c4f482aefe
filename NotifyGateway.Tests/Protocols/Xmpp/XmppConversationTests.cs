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
        var said = Encoding.UTF8.GetBytes(XmppNoise.Stream(random));
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
    }).Holds(1000);

    private static void ForAnySeed(Action<int> run) => Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), run).Holds(Runs);

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
        private readonly Dictionary<string, string> _bounced = new(StringComparer.Ordinal);
        private readonly Dictionary<string, long> _sequences = new(StringComparer.Ordinal);
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

            // The last of what comes back.
            for (var i = 0; i < 3; i++)
            {
                _server.OpenRooms();
                ToServer(int.MaxValue);
                _server.Process(int.MaxValue);
                _client.Feed(_server.Hear(int.MaxValue), _now);
                Drain();
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
            _sequences.Add(delivery.Id, delivery.Sequence);
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
                case ProtocolEvent.Bounced bounced:
                    OnBounced(bounced);
                    break;
                case ProtocolEvent.Ended ended:
                    _ended = ended.Reason;
                    break;
            }
        }

        /// <summary>What is on its way is refused, not bounced; what was delivered fails by it.</summary>
        private void OnBounced(ProtocolEvent.Bounced bounced)
        {
            var id = DeliveryId.Format(bounced.Message, bounced.Ordinal);
            var delivery = _all.Single(d => d.Id == id);
            Assert.DoesNotContain(id, _onItsWay.Keys);
            Assert.True(bounced.WentTo(delivery.Destination));
            if (_settled.TryGetValue(id, out var outcome) && outcome.Status == DeliveryStatus.Delivered)
            {
                _bounced[id] = bounced.Reason;
            }
        }

        private void Check()
        {
            Assert.Equal(_all.Count, _settled.Count);
            foreach (var (id, outcome) in _settled)
            {
                var said = _server.Messages.Where(m => Whole(m.Id) == id).ToList();
                var came = said.Exists(m => m.Fault is null && m.Id == said[^1].Id);
                if (outcome.Status == DeliveryStatus.Failed)
                {
                    Assert.True(said.Exists(m => m.Fault == outcome.Reason), $"{id} is blamed for what is not said of it: {outcome.Reason}");
                }
                else if (!came && _keeps)
                {
                    // Nothing that the server has said is lost with a connection: whatever it has refused has come back.
                    Assert.True(_bounced.ContainsKey(id), $"{id} is said to be delivered, and was refused");
                }
                else
                {
                    Assert.True(came || said.Count > 0, $"{id} is said to be delivered and never came");
                    Assert.True(outcome.Proof != Proof.Reflection || came, $"{id} is said to be reflected and was refused");
                }
            }

            Assert.All(_bounced, b => Assert.Contains(_server.Messages, m => Whole(m.Id) == b.Key && m.Fault == b.Value));
            CheckOrder();
        }

        /// <summary>
        /// To each destination in the order in which they were accepted. Where streams are taken up, this is also the order in which they pass, each once; where
        /// a refusal can be lost with its connection, what was refused is sent again, behind others that have passed.
        /// </summary>
        private void CheckOrder()
        {
            foreach (var to in _server.Messages.GroupBy(m => m.To, StringComparer.Ordinal))
            {
                AssertOrder(to.Select(m => m.Id));
                if (_keeps)
                {
                    var passed = to.Where(m => m.Fault is null).Select(m => m.Id).ToList();
                    AssertOrder(passed);
                    // Who was thrown out between two parts of a message says all of it again.
                    var interrupted = to.Where(m => m.Fault is "not-acceptable").Select(m => Whole(m.Id)).ToHashSet(StringComparer.Ordinal);
                    Assert.Empty(passed.GroupBy(id => id, StringComparer.Ordinal).Where(same => same.Count() > 1 && !interrupted.Contains(Whole(same.Key))).Select(same => same.Key));
                }
            }
        }

        private void AssertOrder(IEnumerable<string> ids)
        {
            var sequences = ids.Distinct(StringComparer.Ordinal).Select(id => _sequences[Whole(id)]).ToList();
            Assert.Equal(sequences.Order(), sequences);
        }

        private static string Whole(string partId) => partId.Split('/')[0];
    }
}
