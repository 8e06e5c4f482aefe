using System.Text;
using FsCheck;
using FsCheck.Fluent;
using NotifyGateway.Core;
using NotifyGateway.Core.Protocols;
using NotifyGateway.Core.Protocols.Irc;
using NotifyGateway.Tests.Support;
using Xunit;
using Outcome = NotifyGateway.Core.Outcome;

namespace NotifyGateway.Tests.Protocols.Irc;

/// <summary>Whole conversations at random: what must hold whatever the server, the network and the senders do.</summary>
public sealed class IrcConversationTests
{
    private const int Runs = 400;
    private const int Steps = 150;

    [Fact]
    public void Truth_IsWhatIsReported_OfAnOrderlyServer() => ForAnySeed(seed =>
    {
        var conversation = new Conversation(seed, hostile: false);
        conversation.Run(Steps);
        conversation.ComeToRest();
    });

    [Fact]
    public void Invariants_Hold_WhateverAServerSays() => ForAnySeed(seed =>
    {
        var conversation = new Conversation(seed, hostile: true);
        conversation.Run(Steps);
        conversation.Abandon();
    });

    private static void ForAnySeed(Action<int> run) => Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), run).Check(Config.QuickThrowOnFailure.WithMaxTest(Runs));

    private sealed class Conversation
    {
        private readonly Random _random;
        private readonly IrcClientOptions _options;
        private readonly IrcClient _client;
        private readonly SimulatedIrcServer _server;
        private readonly bool _hostile;
        private readonly HashSet<string> _entered = new(StringComparer.Ordinal);
        private readonly HashSet<string> _open = new(StringComparer.Ordinal);
        private readonly Dictionary<string, Delivery> _onItsWay = new(StringComparer.Ordinal);
        private readonly Queue<Delivery> _returned = new();
        private readonly HashSet<string> _toldIn = new(StringComparer.OrdinalIgnoreCase);
        private readonly StringBuilder _heard = new();
        private string _nick = "bot";
        private string _host = "";
        private int _prefix;
        private int _count;
        private bool _ready;
        private bool _ended;
        private TimeSpan _now;

        public Conversation(int seed, bool hostile)
        {
            _random = new Random(seed);
            _hostile = hostile;
            _options = IrcTranscript.Options with
            {
                Window = _random.Next(1, 9),
                LinesPerSecond = _random.Next(2) == 0 ? 0 : 1,
                Burst = _random.Next(1, 6),
                MaxLines = 100,
                Reclaim = hostile && _random.Next(2) == 0,
                NickServ = hostile && _random.Next(2) == 0 ? new IrcNickServOptions("NickServ", null, "s3cret", Regain: true) : null,
                Sasl = hostile && _random.Next(2) == 0 ? SaslConversation.Options(SaslConversation.Auto(), required: _random.Next(4) == 0).Sasl : null,
            };
            _server = new SimulatedIrcServer(_random) { Hostile = hostile };
            _client = new IrcClient(_options);
            _client.Start(_now);
            Drain();
            _server.Process(10);
        }

        public void Run(int steps)
        {
            while (steps-- > 0 && !_ended)
            {
                switch (_random.Next(12))
                {
                    case 0 or 1 when _ready:
                        Enter();
                        break;
                    case 2 or 3 or 4 when _ready:
                        Send();
                        break;
                    case 5 when _random.Next(4) == 0 && _open.Count > 0:
                        Leave();
                        break;
                    case 6:
                        _server.Happen();
                        break;
                    case 7:
                        Pass(TimeSpan.FromMilliseconds(_random.Next(3000)));
                        break;
                    case 8 or 9:
                        _server.Process(_random.Next(8));
                        break;
                    default:
                        Feed(_random.Next(200));
                        break;
                }

                Drain();
            }
        }

        /// <summary>All is heard and answered: everything sent must be settled or given back, and no lane may wait for an answer that does not come.</summary>
        public void ComeToRest()
        {
            for (var i = 0; i < 1000 && !(_server.Idle && _client.InFlight == 0); i++)
            {
                _client.Flush(_now);
                Drain();
                _server.Process(int.MaxValue);
                Feed(int.MaxValue);
                Drain();
                Pass(TimeSpan.FromSeconds(1));
            }

            Assert.True(_ready);
            Assert.Equal(0, _client.InFlight);
            Assert.Empty(_onItsWay);
            Assert.True(_entered.SetEquals(_open), $"lanes wait for an answer: {string.Join(' ', _entered.Except(_open, StringComparer.Ordinal))}");
            Abandon();
        }

        public void Abandon()
        {
            var abandoned = _client.Abandon().Select(Deliveries.Name).ToList();
            Assert.Equal(abandoned.Count, _onItsWay.Count);
            Assert.All(abandoned, name => Assert.Contains(name, _onItsWay));
            Assert.Equal(0, _client.InFlight);
        }

        private void Enter()
        {
            var name = _random.Next(4) == 0 ? SimulatedIrcServer.Nicks[_random.Next(2)] : SimulatedIrcServer.Channels[_random.Next(SimulatedIrcServer.Channels.Count)];
            if (_entered.Add(name))
            {
                _client.Enter(name, _random.Next(2) == 0 ? name : name.ToUpperInvariant(), _now);
            }
        }

        // As a session does, only where nothing is on its way.
        private void Leave()
        {
            var lane = _open.ElementAt(_random.Next(_open.Count));
            if (_onItsWay.Values.Any(d => string.Equals(d.Lane, lane, StringComparison.Ordinal)))
            {
                return;
            }

            _open.Remove(lane);
            _entered.Remove(lane);
            _client.Leave(lane);
        }

        /// <summary>As a session does: while it may, then the end of the round.</summary>
        private void Send()
        {
            for (var i = _random.Next(5); i > 0 && _client.CanSend && _open.Count > 0; i--)
            {
                var delivery = Next();
                if (!_open.Contains(delivery.Lane))
                {
                    _returned.Enqueue(delivery);
                    continue;
                }

                _onItsWay.Add(Deliveries.Name(delivery), delivery);
                _prefix = $":{_nick}!~bot@{_host} ".Length;
                _client.Send(delivery, _now);
                Drain();
            }

            _client.Flush(_now);
        }

        private Delivery Next()
        {
            if (_returned.Count > 0 && _random.Next(2) == 0)
            {
                return _returned.Dequeue();
            }

            var name = $"d{_count++}";
            var times = _random.Next(4) == 0 ? _random.Next(1, 200) : 1;
            var text = string.Join('\n', Enumerable.Range(0, _random.Next(5)).Select(i => string.Join(' ', Enumerable.Repeat($"{name}.{i}", times))));
            return Deliveries.Create(name, _open.ElementAt(_random.Next(_open.Count)), text);
        }

        private void Pass(TimeSpan time)
        {
            var end = _now + time;
            while (_client.WakeAt <= end && !_ended)
            {
                _now = _client.WakeAt > _now ? _client.WakeAt : _now;
                _client.Tick(_now);
                Drain();
            }

            _now = end;
        }

        private void Feed(int most)
        {
            var bytes = _server.Hear(most);
            _client.Feed(bytes, _now);
            _heard.Append(Encoding.Latin1.GetString(bytes));
        }

        private void Drain()
        {
            Told();
            var output = _client.Output;
            var written = Encoding.UTF8.GetString(output.Bytes.WrittenSpan);
            output.Bytes.ResetWrittenCount();
            foreach (var line in written.Split("\r\n").SkipLast(1))
            {
                CheckLine(line);
            }

            Assert.True(written.Length == 0 || written.EndsWith("\r\n", StringComparison.Ordinal));
            output.Settled.ForEach(s => OnSettled(s.Delivery, s.Outcome));
            output.Settled.Clear();
            output.Events.ForEach(OnEvent);
            output.Events.Clear();
            Assert.InRange(_client.InFlight, 0, _options.Window);
        }

        private void CheckLine(string line)
        {
            Assert.Equal(-1, line.AsSpan().IndexOfAny("\r\n\0"));
            var bytes = Encoding.UTF8.GetByteCount(line) + 2;
            Assert.InRange(bytes, 3, _hostile ? 1024 : 512);
            var words = line.Split(' ');
            var attempt = 0;
            if (words[0] is "PRIVMSG")
            {
                attempt = _onItsWay.GetValueOrDefault(words[2][1..].Split('.')[0])?.Attempts ?? 0;
                Assert.InRange(_hostile ? 0 : _prefix + bytes, 0, 512);
                Assert.True(words[1][0] != '#' || _toldIn.Contains(words[1]), $"{line} was sent before its JOIN was confirmed");
            }
            else if (words[0] is "PART")
            {
                _toldIn.Remove(words[1]);
            }

            _server.Receive(line, attempt);
        }

        /// <summary>What the client has heard of where and who it is.</summary>
        private void Told()
        {
            for (int end; (end = _heard.ToString().IndexOf('\n', StringComparison.Ordinal)) >= 0; _heard.Remove(0, end + 1))
            {
                if (IrcMessage.TryParse(Encoding.Latin1.GetBytes(_heard.ToString(0, end).TrimEnd('\r')), out var message))
                {
                    Told(message);
                }
            }
        }

        private void Told(in IrcMessage message)
        {
            if (message.Is("JOIN"u8))
            {
                _toldIn.UnionWith(message.Text(0).Split(','));
                _host = IrcSource.Parse(message.Source).Host ?? _host;
            }
            else if (!_hostile && (message.Is("PART"u8) || message.Is("KICK"u8)) && !message[1].SequenceEqual("carol"u8))
            {
                _toldIn.Remove(message.Text(0));
            }
            else if (message.Is("NICK"u8))
            {
                _nick = message.Text(0);
            }
            else if (message.Numeric == 396)
            {
                _host = message.Text(1);
            }
        }

        private void OnSettled(Delivery delivery, Outcome outcome)
        {
            Assert.True(_onItsWay.Remove(Deliveries.Name(delivery)), "settled what was not on its way");
            if (!_hostile)
            {
                var refused = delivery.Notification.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Count(l => !Passed(l.Split(' ')[0], delivery.Attempts));
                Assert.True((refused == 0) == (outcome.Status == DeliveryStatus.Delivered), $"{outcome}, but of {Deliveries.Name(delivery)} {refused} lines did not pass");
            }
        }

        private bool Passed(string word, int attempt)
        {
            var pieces = _server.Messages.Where(m => m.Attempt == attempt && string.Equals(m.Word, word, StringComparison.Ordinal)).ToList();
            return pieces.Count > 0 && pieces.TrueForAll(p => p.Passed);
        }

        private void OnEvent(ProtocolEvent happened)
        {
            switch (happened)
            {
                case ProtocolEvent.Ready:
                    Assert.False(_ready);
                    _ready = true;
                    break;
                case ProtocolEvent.Opened opened:
                    Assert.Contains(opened.Lane, _entered);
                    _open.Add(opened.Lane);
                    break;
                case ProtocolEvent.Refused refused:
                    Assert.True(_entered.Remove(refused.Lane));
                    _open.Remove(refused.Lane);
                    break;
                case ProtocolEvent.Closed closed:
                    Assert.True(_entered.Remove(closed.Lane));
                    _open.Remove(closed.Lane);
                    break;
                case ProtocolEvent.Returned returned:
                    Assert.True(_onItsWay.Remove(Deliveries.Name(returned.Delivery)), "returned what was not on its way");
                    _returned.Enqueue(returned.Delivery);
                    _open.Remove(returned.Delivery.Lane);
                    break;
                case ProtocolEvent.Ended:
                    Assert.False(_ended);
                    _ended = true;
                    break;
            }
        }
    }
}
