using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.Logging.Abstractions;
using NotifyGateway.Core;
using NotifyGateway.Core.Outbox;
using NotifyGateway.Core.Protocols;
using NotifyGateway.Core.Sessions;
using NotifyGateway.Tests.Support;
using Xunit;
using Outcome = NotifyGateway.Core.Outcome;

namespace NotifyGateway.Tests.Sessions;

/// <summary>Storms at random: what must hold whatever the server does, whatever is refused, and whenever the gateway crashes.</summary>
public sealed class StormTests
{
    private const int Runs = 300;
    private const int Steps = 120;

    [Fact]
    public void EveryMessage_IsToldOnce_AloneOrInOneListThatWasProved_InOrder() =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed => Run(seed).Failed >= 0).Holds(Runs);

    [Fact]
    public void Runs_ReallyFold_AndReallyGoByDetour()
    {
        var storms = Enumerable.Range(1, 40).Select(Run).ToList();
        Assert.InRange(storms.Sum(s => s.Folded), 100, int.MaxValue);
        Assert.InRange(storms.Sum(s => s.Detoured), 20, int.MaxValue);
        Assert.InRange(storms.Sum(s => s.Failed), 5, int.MaxValue);
    }

    private static Storm Run(int seed)
    {
        var time = new ManualTime();
        var storm = new Storm(seed, time, new MemoryOutbox(time));
        storm.Run(Steps);
        storm.ComeToRest();
        return storm;
    }

    private sealed class Storm
    {
        private static readonly SessionKey Session = new("net");
        private static readonly string[] Channels = ["#a", "#b"];

        private readonly Random _random;
        private readonly ManualTime _time;
        private readonly DateTimeOffset _start;
        private readonly MemoryOutbox _outbox;
        private readonly SessionSettings _settings;
        private readonly List<(Guid Id, string Lane, bool Error)> _said = [];
        private readonly Dictionary<Guid, int> _places = [];
        private readonly HashSet<Guid> _ended = [];

        // A fallback that refuses one message and takes the next one, or a way back that is quicker, lets messages pass each other.
        private readonly HashSet<string> _disordered = [];
        private readonly Queue<(Fold Fold, Notification List)> _storing = new();
        private readonly List<Link> _links = [];
        private IOutboxReader _reader = null!;
        private Lanes _lanes = null!;
        private StormPeer _peer = null!;
        private bool _available;

        public Storm(int seed, ManualTime time, MemoryOutbox outbox)
        {
            _random = new Random(seed);
            (_time, _start, _outbox) = (time, time.GetUtcNow(), outbox);
            _settings = new SessionSettings
            {
                Key = Session,
                Protocol = "storm",
                Link = new LinkSettings("host", 1, null, TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero),
                CreateProtocol = _ => _peer,
                Standing = _random.Next(2) == 0 ? [("#a", "#a")] : [],
                EnterAttempts = _random.Next(1, 3),
                Fallback = ("#ops", "#ops"),
                FoldAfter = TimeSpan.FromMinutes(5),
                FoldAbove = _random.Next(1, 8),
                FoldAtOnce = _random.Next(3, 20),
            };
            Begin();
        }

        public int Folded { get; private set; }

        public int Detoured { get; private set; }

        public int Failed { get; private set; }

        private TimeSpan Now => _time.GetUtcNow() - _start;

        public void Run(int steps)
        {
            while (steps-- > 0)
            {
                switch (_random.Next(16))
                {
                    case <= 4:
                        Say(_random.Next(1, 6));
                        break;
                    case 5 or 6:
                        Answer(_random.Next(3) == 0);
                        break;
                    case 7 or 8 or 9 when _peer.InFlight > 0:
                        Prove();
                        break;
                    case 10 when _peer.InFlight > 0:
                        Fail();
                        break;
                    case 11 when _peer.InFlight > 0:
                        _disordered.UnionWith(_peer.Sent.Where(d => d.Detour is not null).Select(d => d.Lane));
                        _peer.Return();
                        break;
                    case 12 when _peer.OpenLanes.Count > 0:
                        _peer.Kick(_peer.OpenLanes.ElementAt(_random.Next(_peer.OpenLanes.Count)));
                        break;
                    case 13:
                        Store(_random.Next(4) > 0);
                        break;
                    case 14:
                        _time.Advance(TimeSpan.FromSeconds(_random.Next(1, 400)));
                        break;
                    case 15 when _random.Next(3) == 0:
                        Invite();
                        break;
                    case 15 when _said.Count > 0 && _random.Next(2) == 0:
                        Cancel();
                        break;
                    case 15 when _random.Next(3) == 0:
                        (_random.Next(2) == 0 ? (Action)Crash : Reconnect)();
                        break;
                }

                Advance();
            }
        }

        /// <summary>The server takes everything from now on.</summary>
        public void ComeToRest()
        {
            for (var round = 0; _ended.Count < _said.Count; round++)
            {
                Assert.True(round < 2000, $"{_said.Count - _ended.Count} messages wait for ever");
                while (_peer.Entering.Count > 0)
                {
                    Answer(refuse: false);
                }

                Store(success: true);
                if (_peer.InFlight > 0)
                {
                    Prove();
                }
                else
                {
                    _time.Advance(TimeSpan.FromMinutes(1));
                }

                Advance();
            }

            Assert.Equal(0, _reader.Depth);
        }

        private void Begin()
        {
            _reader = _outbox.OpenAsync(Session, () => _available = true, CancellationToken.None).AsTask().GetAwaiter().GetResult();
            var folds = new Folds(_settings, _reader, _time, (fold, list) => _storing.Enqueue((fold, list)), NullLogger.Instance);
            _lanes = new Lanes(_settings, _reader, _links, () => null, folds, NullLogger.Instance);
            _lanes.AddStanding(Now);
            _available = true;
            Connect();
        }

        private void Connect()
        {
            _peer = new StormPeer(_random.Next(1, 5));
            var traffic = new TrafficLogs(_time, NullLogger.Instance);
            using var owner = new Session(_settings, new ConnectGate(_time), traffic, _time, NullLogger.Instance);
            _links.Clear();
            _links.Add(new Link(owner, 1, _settings.Link, new ConnectGate(_time), traffic, _time) { Protocol = _peer, Online = true });
            _lanes.OnOnline(Now);
        }

        private void Reconnect()
        {
            var link = _links[0];
            link.Online = false;
            link.Protocol = null;
            _lanes.OnDown(link, _peer.Abandon(), Now);
            Connect();
        }

        private void Crash()
        {
            // What is being stored may or may not be, but nobody hears of it.
            while (_storing.TryDequeue(out var storing))
            {
                _outbox.AppendAsync([new OutboxEntry(storing.List, [])], CancellationToken.None).GetAwaiter().GetResult();
            }

            _reader.DisposeAsync().AsTask().GetAwaiter().GetResult();
            Begin();
        }

        private void Say(int count)
        {
            var lane = Channels[_random.Next(Channels.Length)];
            while (count-- > 0)
            {
                var severity = _random.Next(6) switch { 0 => Severity.Error, 1 => Severity.Warning, 2 => Severity.Info, _ => (Severity?)null };
                var notification = new Notification
                {
                    Id = Guid.NewGuid(),
                    Client = _random.Next(2) == 0 ? "ci" : "grafana",
                    Input = "test",
                    Text = $"message {_said.Count}.",
                    Severity = severity,
                    AcceptedAt = _time.GetUtcNow(),
                    ExpiresAt = _time.GetUtcNow().AddYears(1),
                };
                _places[notification.Id] = _said.Count;
                _said.Add((notification.Id, lane, severity == Severity.Error));
                _outbox.AppendAsync([new OutboxEntry(notification, [new Destination(Session, lane, lane, $"net/{lane}")])], CancellationToken.None).GetAwaiter().GetResult();
            }
        }

        /// <summary>Somebody takes a message back, which is not handed out.</summary>
        private void Cancel()
        {
            var id = _said[_random.Next(_said.Count)].Id;
            _outbox.CancelAsync(id, CancellationToken.None).AsTask().GetAwaiter().GetResult();
            if (Find(id).Status == MessageStatus.Cancelled)
            {
                _ended.Add(id);
            }
        }

        /// <summary>What rests is tried at once, whether or not it goes by detour.</summary>
        private void Invite()
        {
            if (_lanes.All.FirstOrDefault(l => l.State == LaneState.Parked && _reader.Waiting(l.Name) > 0) is { } resting)
            {
                _peer.Invite(resting.Name);
                Advance();
                Assert.Contains(resting.Name, _peer.Entering);
                Assert.False(resting.Blocked);
            }
        }

        private void Answer(bool refuse)
        {
            if (_peer.Entering.Count > 0)
            {
                var lane = _peer.Entering[_random.Next(_peer.Entering.Count)];
                if (refuse)
                {
                    // The fallback itself is refused only for a time: else what is blocked has nowhere to go.
                    _peer.Refuse(lane, _random.Next(4) == 0 && lane != "#ops" ? RefusalKind.Never : RefusalKind.Later);
                }
                else
                {
                    _peer.LetIn(lane);
                }
            }
        }

        private void Store(bool success)
        {
            if (_storing.TryDequeue(out var storing))
            {
                if (success)
                {
                    _outbox.AppendAsync([new OutboxEntry(storing.List, [])], CancellationToken.None).GetAwaiter().GetResult();
                }

                _lanes.OnStored(storing.Fold, success, Now);
            }
        }

        private void Prove()
        {
            var delivery = _peer.Settle(Outcome.Delivered(Proof.Pong));
            Detoured += delivery.Detour is null ? 0 : 1;
            if (delivery.Folded.Count == 0)
            {
                Ended(delivery.Notification.Id);
                AssertOrder(delivery, folded: false);
                return;
            }

            Folded += delivery.Folded.Count;
            AssertOrder(delivery.Folded[0], folded: true);
            var list = Find(delivery.Notification.Id).Notification.Text;
            Assert.Contains(delivery.Notification.Id.ToString("D"), delivery.Notification.Text, StringComparison.Ordinal);
            Assert.Equal(delivery.Folded.Count, list.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
            Assert.All(delivery.Folded, d =>
            {
                Assert.NotEqual(Severity.Error, d.Notification.Severity);
                Assert.Contains($": {d.Notification.Text}\n", list, StringComparison.Ordinal);
                Ended(d.Notification.Id);
            });
            Advance();
            Assert.All(delivery.Folded, d => Assert.Equal(
                (DeliveryStatus.Delivered, true),
                (Find(d.Notification.Id).Deliveries[0].Status, Find(d.Notification.Id).Deliveries[0].Reason!.Contains($"folded into {delivery.Notification.Id:D}", StringComparison.Ordinal))));
        }

        private void Fail()
        {
            var delivery = _peer.Settle(Outcome.Failed("404 no"));
            if (delivery.Detour is not null)
            {
                _disordered.Add(delivery.Lane);
            }
            else
            {
                foreach (var one in delivery.Folded.Count > 0 ? delivery.Folded : [delivery])
                {
                    Failed++;
                    Ended(one.Notification.Id);
                }
            }
        }

        private void Ended(Guid id) => Assert.True(_ended.Add(id), "a message ended twice");

        /// <summary>What was said before has been told before; only errors may still come behind the line that tells what was said around them.</summary>
        private void AssertOrder(Delivery told, bool folded)
        {
            var place = _places[told.Notification.Id];
            var late = _said.Take(place).Where(s => s.Lane == told.Lane && !_ended.Contains(s.Id));
            Assert.Empty(_disordered.Contains(told.Lane) ? [] : folded || told.Notification.Severity == Severity.Error ? late.Where(s => !s.Error) : late);
        }

        private Receipt Find(Guid id) => _outbox.FindAsync(id, CancellationToken.None).AsTask().GetAwaiter().GetResult()!;

        private void Advance()
        {
            _lanes.Tick(Now);
            var rounds = 0;
            do
            {
                Assert.True(rounds++ < 1000, "they go round in circles");
                if (_available)
                {
                    _available = false;
                    _lanes.Collect(Now);
                }

                var output = _peer.Output;
                foreach (var (delivery, outcome) in output.Settled.ToList())
                {
                    _lanes.OnSettled(delivery, outcome, Now);
                }

                output.Settled.Clear();
                foreach (var happened in output.Events.ToList())
                {
                    _lanes.OnEvent(_links[0], happened, Now);
                }

                output.Events.Clear();
                _lanes.Pump(_links[0], Now);
            }
            while (_available || _peer.Output.Events.Count > 0 || _peer.Output.Settled.Count > 0);
        }
    }
}
