using System.Buffers;

namespace NotifyGateway.Core.Protocols;

/// <summary>
/// One connection's protocol as a state machine without I/O: bytes, deliveries and the time go in; bytes, outcomes and
/// events come out, in <see cref="Output"/>. One thread at a time. All times are measured from one arbitrary start.
/// </summary>
public interface IProtocol
{
    /// <summary>What the machine wants done; the caller empties it after each call.</summary>
    ProtocolOutput Output { get; }

    /// <summary>The next moment at which <see cref="Tick"/> must be called.</summary>
    TimeSpan WakeAt { get; }

    /// <summary>Whether <see cref="Send"/> may be called now: logged in, the window not full, nothing held back by the rate.</summary>
    bool CanSend { get; }

    /// <summary>Our name on the other side, once known.</summary>
    string? Nick { get; }

    /// <summary>
    /// How many lanes of this kind the connection may hold, as far as the server has said; int.MaxValue where it does not matter, 0 where this one
    /// cannot be held beside another that is (XMPP: two nicks in one room).
    /// </summary>
    int LaneLimit(string address);

    /// <summary>The connection stands: begins the login.</summary>
    void Start(TimeSpan now);

    /// <summary>The connection stands, and TLS on it: begins the login.</summary>
    void Start(TlsFacts tls, TimeSpan now) => Start(now);

    /// <summary>The TLS that <see cref="ProtocolEvent.Secure"/> asked for stands, and the other side's certificate is the right one.</summary>
    /// <exception cref="InvalidOperationException">Nothing asked for it.</exception>
    void Secured(TlsFacts tls, TimeSpan now) => throw new InvalidOperationException("this protocol does not change to TLS on its way");

    /// <summary>Takes in bytes from the other side, cut anywhere.</summary>
    void Feed(ReadOnlySpan<byte> bytes, TimeSpan now);

    /// <summary>Time has passed.</summary>
    void Tick(TimeSpan now);

    /// <summary>Makes a destination reachable (IRC: JOIN). Answered by <see cref="ProtocolEvent.Opened"/> or <see cref="ProtocolEvent.Refused"/>.</summary>
    void Enter(string lane, string address, TimeSpan now);

    /// <summary>Leaves a destination (IRC: PART).</summary>
    void Leave(string lane);

    /// <summary>Sends a delivery to an opened lane. Only while <see cref="CanSend"/>.</summary>
    void Send(Delivery delivery, TimeSpan now);

    /// <summary>How a message to this address would be written at this moment: IRC lines without CR LF and tags, or bodies of XMPP. Sends nothing.</summary>
    /// <param name="notification">The message.</param>
    /// <param name="address">Where it would go.</param>
    /// <param name="lead">See <see cref="Delivery.Lead"/>.</param>
    IReadOnlyList<string> Preview(Notification notification, string address, string lead) => [];

    /// <summary>Ends a round of sending: asks for the proof of what was sent.</summary>
    void Flush(TimeSpan now);

    /// <summary>How many deliveries are sent and not yet proved.</summary>
    int InFlight { get; }

    /// <summary>Gives back, in order, what was sent and not proved: the connection is gone.</summary>
    IReadOnlyList<Delivery> Abandon();

    /// <summary>Says goodbye.</summary>
    void Quit(string reason);
}

/// <summary>What a protocol machine wants done.</summary>
public sealed class ProtocolOutput
{
    /// <summary>Bytes to write to the connection.</summary>
    public ArrayBufferWriter<byte> Bytes { get; } = new();

    /// <summary>Where in <see cref="Bytes"/> something begins that is better not cut in two when it is written; ascending. Empty where it does not matter.</summary>
    public List<int> Starts { get; } = [];

    /// <summary>Deliveries that ended, in the order in which they did.</summary>
    public List<(Delivery Delivery, Outcome Outcome)> Settled { get; } = [];

    /// <summary>What else happened, in order.</summary>
    public List<ProtocolEvent> Events { get; } = [];
}

/// <summary>Why a connection has to end.</summary>
public enum CloseKind
{
    /// <summary>Trouble that may pass: connect again soon.</summary>
    Lost,

    /// <summary>The server asks for patience: connect again after a long pause.</summary>
    Throttled,

    /// <summary>The server will not have us with this configuration.</summary>
    Refused,
}

/// <summary>What a refused destination means.</summary>
public enum RefusalKind
{
    /// <summary>May be tried again later; what waits keeps waiting.</summary>
    Later,

    /// <summary>There is no such place: what waits fails.</summary>
    Never,

    /// <summary>This connection holds as many as it may; another connection can take it.</summary>
    LimitReached,
}

/// <summary>Something that a protocol machine tells its session.</summary>
public abstract record ProtocolEvent
{
    /// <summary>Login is done.</summary>
    public sealed record Ready(string Nick) : ProtocolEvent;

    /// <summary>We are in, but not logged in to our account, and go on without.</summary>
    public sealed record Unauthenticated(string Reason) : ProtocolEvent;

    /// <summary>The other side calls us so from now on.</summary>
    public sealed record Renamed(string Nick) : ProtocolEvent;

    /// <summary>A lane may be sent to.</summary>
    public sealed record Opened(string Lane) : ProtocolEvent;

    /// <summary>A lane may not be entered, in the server's words.</summary>
    public sealed record Refused(string Lane, string Reason, RefusalKind Kind) : ProtocolEvent;

    /// <summary>A lane that was open is so no longer (we were kicked, or made to part).</summary>
    public sealed record Closed(string Lane, string Reason) : ProtocolEvent;

    /// <summary>A lane that was refused may be entered now (IRC: an invitation came, or the login that it asks for): need not wait for its time.</summary>
    public sealed record Reachable(string Lane) : ProtocolEvent;

    /// <summary>A delivery did not get through but is worth another try.</summary>
    public sealed record Returned(Delivery Delivery, string Reason) : ProtocolEvent;

    /// <summary>
    /// What was written so far goes out, then TLS begins on the same connection; <see cref="IProtocol.Secured"/> says that it stands. Until then
    /// nothing is fed and nothing written.
    /// </summary>
    public sealed record Secure : ProtocolEvent;

    /// <summary>We are logged in, but the login is not bound to the TLS channel though the server offers that.</summary>
    public sealed record Unbound(string Reason) : ProtocolEvent;

    /// <summary>The server wants us at another address, <c>host[:port]</c>, for this login; <see cref="Ended"/> follows.</summary>
    public sealed record Moved(string Address) : ProtocolEvent;

    /// <summary>Something came back that is not on its way: perhaps a delivery that was settled as delivered, on this connection or long ago, perhaps a stranger's word.</summary>
    /// <param name="Message">With <paramref name="Ordinal"/> the delivery's id, see <see cref="DeliveryId"/>.</param>
    /// <param name="From">Who says so.</param>
    /// <param name="WentTo">Whether what went to this destination can come back from there. May be asked by any thread.</param>
    /// <param name="Reason">The other side's words.</param>
    public sealed record Bounced(Guid Message, int Ordinal, string From, Predicate<Destination> WentTo, string Reason) : ProtocolEvent;

    /// <summary>The connection has to end, or the server says that it ends it.</summary>
    public sealed record Ended(string Reason, CloseKind Kind) : ProtocolEvent;
}
