using NotifyGateway.Core;
using NotifyGateway.Core.Protocols;
using Xunit;

namespace NotifyGateway.Tests.Sessions;

/// <summary>A protocol machine whose other side a test plays: it proves, refuses and closes when told to.</summary>
internal sealed class StormPeer(int window) : IProtocol
{
    private readonly HashSet<string> _open = new(StringComparer.Ordinal);
    private readonly List<Delivery> _inFlight = [];

    /// <summary>Lanes that were asked for and not answered yet.</summary>
    public List<string> Entering { get; } = [];

    public IReadOnlyList<Delivery> Sent => _inFlight;

    public IReadOnlyCollection<string> OpenLanes => _open;

    public ProtocolOutput Output { get; } = new();

    public TimeSpan WakeAt => TimeSpan.MaxValue;

    public bool CanSend => _inFlight.Count < window;

    public string? Nick => "storm";

    public int InFlight => _inFlight.Count;

    public int LaneLimit(string address) => 100;

    public void Start(TimeSpan now)
    {
    }

    public void Feed(ReadOnlySpan<byte> bytes, TimeSpan now)
    {
    }

    public void Tick(TimeSpan now)
    {
    }

    public void Enter(string lane, string address, TimeSpan now)
    {
        Assert.DoesNotContain(lane, Entering);
        Assert.DoesNotContain(lane, _open);
        Entering.Add(lane);
    }

    public void Leave(string lane) => _open.Remove(lane);

    public void Send(Delivery delivery, TimeSpan now)
    {
        Assert.Contains(delivery.Detour ?? delivery.Lane, _open);
        delivery.Attempts++;
        _inFlight.Add(delivery);
    }

    public void Flush(TimeSpan now)
    {
    }

    public IReadOnlyList<Delivery> Abandon() => [.. _inFlight];

    public void Quit(string reason)
    {
    }

    public void LetIn(string lane)
    {
        Entering.Remove(lane);
        _open.Add(lane);
        Output.Events.Add(new ProtocolEvent.Opened(lane));
    }

    public void Refuse(string lane, RefusalKind kind)
    {
        Entering.Remove(lane);
        Output.Events.Add(new ProtocolEvent.Refused(lane, "473 no", kind));
    }

    public void Invite(string lane) => Output.Events.Add(new ProtocolEvent.Reachable(lane));

    public void Kick(string lane)
    {
        _open.Remove(lane);
        Output.Events.Add(new ProtocolEvent.Closed(lane, "kicked"));
    }

    /// <summary>The first one that is on the wire ends.</summary>
    public Delivery Settle(Outcome outcome)
    {
        var first = _inFlight[0];
        _inFlight.RemoveAt(0);
        Output.Settled.Add((first, outcome));
        return first;
    }

    /// <summary>Everything of the first one's channel comes back, as after a kick that we have not heard of; the channel is entered anew.</summary>
    public void Return()
    {
        var lane = _inFlight[0].Detour ?? _inFlight[0].Lane;
        foreach (var delivery in _inFlight.Where(d => string.Equals(d.Detour ?? d.Lane, lane, StringComparison.Ordinal)).ToList())
        {
            _inFlight.Remove(delivery);
            delivery.Refusals++;
            Output.Events.Add(new ProtocolEvent.Returned(delivery, "404 no"));
        }

        if (_open.Remove(lane))
        {
            Entering.Add(lane);
        }
    }
}
