using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using NotifyGateway.Core;
using NotifyGateway.Core.Outbox;
using NotifyGateway.Core.Protocols;
using NotifyGateway.Core.Sessions;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Sessions;

/// <summary>What comes back after it was proved, on its way from a protocol through the session into the outbox.</summary>
public sealed class BounceTests : IAsyncDisposable
{
    private const string Why = "remote-server-timeout";

    private static readonly SessionKey Account = new("work");

    private readonly TcpListener _server = new(IPAddress.Loopback, 0);
    private readonly ManualTime _time = new();
    private readonly MemoryLog _log = new();
    private readonly Journal<Settlement> _settled = new("settled");
    private readonly MemoryOutbox _outbox;
    private readonly Prover _protocol = new();
    private Session? _session;
    private Task _running = Task.CompletedTask;
    private TcpClient? _peer;

    public BounceTests()
    {
        _outbox = new MemoryOutbox(_time);
        _outbox.Settled += _settled.Add;
    }

    [Fact]
    public async Task Bounced_IsLoggedAndFails()
    {
        var id = await SayAsync("hello");
        await StartAsync();
        await EndAsync(id, DeliveryStatus.Delivered);

        await BounceAsync(id);

        Assert.Equal(Why, (await EndAsync(id, DeliveryStatus.Failed)).Outcome.Reason);
        Assert.Contains($"work: the delivery {DeliveryId.Format(id, 0)} came back from alice@b.test: {Why}", _log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AStrangersWord_IsLoggedOnly()
    {
        var id = await SayAsync("hello");
        await StartAsync();
        await EndAsync(id, DeliveryStatus.Delivered);

        _protocol.From = "mallory@c.test";
        await BounceAsync(id);
        await Deadline.Poll(_ => Task.FromResult(_log.Of(5080).Any()), "it is logged");
        _protocol.From = "alice@b.test";
        var unknown = Guid.NewGuid();
        await BounceAsync(unknown);
        await Deadline.Poll(_ => Task.FromResult(_log.Of(5080).Count() == 2), "it is logged");

        Assert.Equal(DeliveryStatus.Delivered, (await _outbox.FindAsync(id, default))!.Deliveries[0].Status);
    }

    [Fact]
    public async Task ALineThatStoodForMany_ComesBackForAllOfThem()
    {
        var ids = new List<Guid>();
        for (var i = 0; i < 5; i++)
        {
            ids.Add(await SayAsync($"m{i}"));
        }

        _time.Advance(TimeSpan.FromMinutes(6));
        await StartAsync();
        foreach (var id in ids)
        {
            Assert.StartsWith("folded into ", (await EndAsync(id, DeliveryStatus.Delivered)).Outcome.Reason, StringComparison.Ordinal);
        }

        await BounceAsync(Assert.Single(_protocol.Sent).Notification.Id);

        foreach (var id in ids)
        {
            Assert.Equal(Why, (await EndAsync(id, DeliveryStatus.Failed)).Outcome.Reason);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _session?.Post(new SessionEvent.Stop(AtOnce: true, "the test ends"));
        _peer?.Dispose();
        await _running;
        _session?.Dispose();
        _server.Dispose();
        _log.Dispose();
        await _outbox.DisposeAsync();
    }

    private async Task<Guid> SayAsync(string text)
    {
        var now = _time.GetUtcNow();
        var notification = new Notification { Id = Guid.CreateVersion7(now), Client = "ci", Input = "test", Text = text, AcceptedAt = now, ExpiresAt = now.AddHours(1) };
        await _outbox.AppendAsync([new OutboxEntry(notification, [new Destination(Account, "alice", "alice@b.test", "xmpp:alice@b.test")])], default);
        return notification.Id;
    }

    private async Task StartAsync()
    {
        _server.Start();
        var port = ((IPEndPoint)_server.LocalEndpoint).Port;
        var second = TimeSpan.FromSeconds(1);
        var settings = new SessionSettings
        {
            Key = Account,
            Protocol = "test",
            Link = new LinkSettings("127.0.0.1", port, null, second, second, second, TimeSpan.Zero),
            CreateProtocol = _ => _protocol,
            FoldAfter = TimeSpan.FromMinutes(5),
            FoldAbove = 3,
        };
        var logger = _log.CreateLogger<BounceTests>();
        _session = new Session(settings, new ConnectGate(_time), new TrafficLogs(_time, logger), _time, logger);
        _running = _session.RunAsync(_outbox, TestContext.Current.CancellationToken);
        _peer = await _server.AcceptTcpClientAsync(TestContext.Current.CancellationToken).AsTask().Within();
    }

    private Task<Settlement> EndAsync(Guid id, DeliveryStatus status) => _settled.FirstAsync(s => s.MessageId == id && s.Outcome.Status == status, $"{id} is {status}");

    /// <summary>The other side says which message comes back.</summary>
    private async Task BounceAsync(Guid id) => await _peer!.GetStream().WriteAsync(id.ToByteArray(), TestContext.Current.CancellationToken);

    /// <summary>A protocol that proves at once what it is given, and takes the id of a message for its bounce.</summary>
    private sealed class Prover : IProtocol
    {
        public ProtocolOutput Output { get; } = new();

        public List<Delivery> Sent { get; } = [];

        public string From { get; set; } = "alice@b.test";

        public TimeSpan WakeAt => TimeSpan.MaxValue;

        public bool CanSend => true;

        public string? Nick => null;

        public int InFlight => 0;

        public int LaneLimit(string address) => int.MaxValue;

        public void Start(TimeSpan now) => Output.Events.Add(new ProtocolEvent.Ready("bot"));

        public void Feed(ReadOnlySpan<byte> bytes, TimeSpan now)
        {
            var from = From;
            Output.Events.Add(new ProtocolEvent.Bounced(new Guid(bytes), 0, from, d => string.Equals(d.Address, from, StringComparison.Ordinal), Why));
        }

        public void Tick(TimeSpan now)
        {
        }

        public void Enter(string lane, string address, TimeSpan now) => Output.Events.Add(new ProtocolEvent.Opened(lane));

        public void Leave(string lane)
        {
        }

        public void Send(Delivery delivery, TimeSpan now)
        {
            Sent.Add(delivery);
            Output.Settled.Add((delivery, Outcome.Delivered(Proof.Ack)));
        }

        public void Flush(TimeSpan now)
        {
        }

        public IReadOnlyList<Delivery> Abandon() => [];

        public void Quit(string reason)
        {
        }
    }
}
