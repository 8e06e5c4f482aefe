using System.Text;
using FsCheck;
using FsCheck.Fluent;
using NotifyGateway.Core;
using NotifyGateway.Core.Protocols;
using NotifyGateway.Core.Protocols.Irc;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Protocols.Irc;

/// <summary>However a server answers, a delivery counts as delivered exactly if all its lines have passed, and nothing is settled before its last line was processed.</summary>
public sealed class IrcProofPropertyTests
{
    private const int Runs = 500;

    [Fact]
    public void EveryDelivery_IsSettledByWhatBecameOfItsLines() => Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
    {
        var talk = new Talk(seed);
        talk.Run(200);
        talk.ComeToRest();
    }).Holds(Runs);

    private sealed class Talk
    {
        private static readonly string[] Lanes = ["#a", "#b", "#c", "alice"];

        private readonly Random _random;
        private readonly AnsweringIrcServer _server;
        private readonly IrcClient _client;
        private readonly HashSet<string> _open = new(StringComparer.Ordinal);
        private readonly Dictionary<string, Delivery> _onItsWay = new(StringComparer.Ordinal);
        private readonly Queue<Delivery> _returned = new();
        private TimeSpan _now;
        private int _count;

        public Talk(int seed)
        {
            _random = new Random(seed);
            _server = new AnsweringIrcServer(_random);
            _client = new IrcClient(IrcTranscript.Options with { Window = _random.Next(1, 20), MaxLines = 100, LinesPerSecond = _random.Next(3) == 0 ? 5 : 0 });
            _client.Start(_now);
            for (var i = 0; i < 20; i++)
            {
                Exchange();
            }

            foreach (var lane in Lanes)
            {
                _client.Enter(lane, lane, _now);
            }
        }

        public void Run(int steps)
        {
            while (steps-- > 0)
            {
                switch (_random.Next(8))
                {
                    case 0 or 1:
                        Send();
                        break;
                    case 2:
                        _server.Happen();
                        break;
                    case 3:
                        Pass(TimeSpan.FromMilliseconds(_random.Next(2000)));
                        break;
                    case 4 or 5:
                        _server.Process(_random.Next(6));
                        break;
                    default:
                        _client.Feed(_server.Hear(_random.Next(300)), _now);
                        break;
                }

                Drain();
            }
        }

        public void ComeToRest()
        {
            for (var i = 0; i < 500 && !(_server.Idle && _client.InFlight == 0); i++)
            {
                _client.Flush(_now);
                Exchange();
                Pass(TimeSpan.FromSeconds(1));
            }

            Assert.Equal(0, _client.InFlight);
            Assert.Empty(_onItsWay);
            Pass(TimeSpan.FromMinutes(2));
            Exchange();
            Assert.Equal(Lanes.Order(StringComparer.Ordinal), _open.Order(StringComparer.Ordinal));
        }

        private void Exchange()
        {
            Drain();
            _server.Process(int.MaxValue);
            _client.Feed(_server.Hear(int.MaxValue), _now);
            Drain();
        }

        private void Send()
        {
            for (var i = _random.Next(6); i > 0 && _client.CanSend && _open.Count > 0; i--)
            {
                var delivery = _returned.Count > 0 && _open.Contains(_returned.Peek().Lane) ? _returned.Dequeue() : Make();
                _onItsWay.Add(Deliveries.Name(delivery), delivery);
                _client.Send(delivery, _now);
                Drain();
            }

            _client.Flush(_now);
        }

        private Delivery Make()
        {
            var name = $"d{_count++}";
            var lines = _random.Next(3) == 0 ? _random.Next(1, 12) : 1;
            return Deliveries.Create(name, _open.ElementAt(_random.Next(_open.Count)), string.Join('\n', Enumerable.Range(0, lines).Select(l => $"{name}.{l}")));
        }

        private void Pass(TimeSpan time)
        {
            var end = _now + time;
            while (_client.WakeAt <= end)
            {
                _now = _client.WakeAt > _now ? _client.WakeAt : _now;
                _client.Tick(_now);
                Exchange();
            }

            _now = end;
        }

        private void Drain()
        {
            var output = _client.Output;
            foreach (var line in Encoding.UTF8.GetString(output.Bytes.WrittenSpan).Split("\r\n").SkipLast(1))
            {
                var at = line.IndexOf("PRIVMSG ", StringComparison.Ordinal);
                _server.Receive(line, at < 0 ? 0 : _onItsWay[line[at..].Split(' ')[2][1..].Split('.')[0]].Attempts);
            }

            output.Bytes.ResetWrittenCount();
            foreach (var (delivery, outcome) in output.Settled)
            {
                Check(delivery, outcome.Status == DeliveryStatus.Delivered, outcome.ToString());
            }

            output.Settled.Clear();
            output.Events.ForEach(OnEvent);
            output.Events.Clear();
        }

        private void Check(Delivery delivery, bool delivered, string what)
        {
            var name = Deliveries.Name(delivery);
            Assert.True(_onItsWay.Remove(name), $"{name} was settled twice: {what}");
            var refused = _server.Refused.Contains((name, delivery.Attempts));
            Assert.True(delivered != refused, $"{name}: {what}, but {(refused ? "a line was" : "no line was")} refused");
            Assert.True(!delivered || _server.Processed[(name, delivery.Attempts)] == delivery.Notification.Text.Split('\n').Length, $"{name} was settled early: {what}");
        }

        private void OnEvent(ProtocolEvent happened)
        {
            switch (happened)
            {
                case ProtocolEvent.Opened opened:
                    _open.Add(opened.Lane);
                    break;
                case ProtocolEvent.Returned returned:
                    Check(returned.Delivery, delivered: false, $"returned: {returned.Reason}");
                    _open.Remove(returned.Delivery.Lane);
                    _returned.Enqueue(returned.Delivery);
                    break;
                case ProtocolEvent.Refused or ProtocolEvent.Closed or ProtocolEvent.Ended:
                    Assert.Fail(happened.ToString());
                    break;
            }
        }
    }
}
