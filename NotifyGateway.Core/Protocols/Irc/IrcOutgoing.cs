using System.Buffers;
using System.Globalization;
using NotifyGateway.Core.Formatting;

namespace NotifyGateway.Core.Protocols.Irc;

/// <summary>
/// What is on its way: formats deliveries into lines, paces them, and pairs them with the barriers that prove them. A batch, the
/// deliveries between two barriers, holds at most one delivery per target: a numeric names a target, not a line, and so the blame is exact.
/// </summary>
internal sealed class IrcOutgoing(IrcState state, IrcTargets targets)
{
    private const int MaxUnwritten = 128 * 1024;

    /// <summary>
    /// Bytes on the wire and not proved, where the rate is bounded: a server that is slower still keeps what it has not processed, and
    /// ends a connection that has more there than, usually, 8,000 bytes.
    /// </summary>
    private const int MaxUnproved = 4096;

    /// <summary>
    /// A server that throttles us answers late, and talks to us meanwhile. One that lets no PING through for so long, as some relays
    /// do, would keep every delivery for ever.
    /// </summary>
    private static readonly TimeSpan ProofTimeout = TimeSpan.FromMinutes(10);

    private readonly TokenBucket _bucket = state.Pace;
    private readonly Queue<InFlight> _inFlight = new();
    private readonly ArrayBufferWriter<byte> _held = new();
    private InFlight? _holder;
    private int _released;
    private int _unproved;
    private IrcBatch? _open;
    private bool _flush;
    private TimeSpan _progressAt;

    public int Count => _inFlight.Count;

    public bool CanSend => _inFlight.Count < state.Options.Window && !Holding && state.Output.Bytes.WrittenCount < MaxUnwritten
        && (!Paced || _unproved < MaxUnproved);

    public TimeSpan WakeAt => Holding ? _bucket.NextAt : _inFlight.Count > 0 ? _progressAt + ProofTimeout : TimeSpan.MaxValue;

    private bool Paced => state.Options.LinesPerSecond > 0;

    private bool Holding => _released < _held.WrittenCount;

    public void Send(Delivery delivery, TimeSpan now)
    {
        var target = targets.OpenLane(delivery.Detour ?? delivery.Lane);
        if (_open is not null && target.Batch == _open)
        {
            CloseBatch();
        }

        _progressAt = _inFlight.Count == 0 ? now : _progressAt;
        delivery.Attempts++;
        target.Batch = _open ??= new IrcBatch();
        var sent = new InFlight(delivery, target, _open);
        _inFlight.Enqueue(sent);
        var limits = new IrcLineLimits(
            state.Options.Command, state.PrefixBytes, state.Isupport.LineLength, state.Options.MaxLines, state.Options.Colors, state.Options.PublicUrl)
        {
            Lead = delivery.Detour is null ? "" : $"[{delivery.Destination.Address.Split(' ')[0]}] ",
        };
        if (!Paced)
        {
            IrcLines.Write(state.Output.Bytes, delivery.Notification, target.Name, limits);
            return;
        }

        _held.ResetWrittenCount();
        _released = 0;
        _holder = sent;
        IrcLines.Write(_held, delivery.Notification, target.Name, limits);
        sent.Bytes = _held.WrittenCount;
        _unproved += sent.Bytes;
        Release(now);
    }

    /// <summary>Closes the batch, as soon as all its lines are out.</summary>
    public void Flush()
    {
        _flush = _open is not null;
        CloseIfDue();
    }

    /// <summary>Ends a connection on which nothing is proved any more, and lets go what the rate allows by now.</summary>
    public void Tick(TimeSpan now)
    {
        if (_inFlight.Count > 0 && now - _progressAt >= ProofTimeout)
        {
            state.End(string.Create(CultureInfo.InvariantCulture, $"the server has answered no PING for {ProofTimeout.TotalMinutes:0} min: nothing sent could be proved"), CloseKind.Lost);
        }

        Release(now);
    }

    private void Release(TimeSpan now)
    {
        _progressAt = Holding ? now : _progressAt;
        while (Holding && _bucket.TryTake(now))
        {
            var rest = _held.WrittenSpan[_released..];
            var length = rest.IndexOf((byte)'\n') + 1;
            state.Output.Bytes.Write(rest[..length]);
            _released += length;
        }

        CloseIfDue();
    }

    /// <summary>Everything up to this barrier was processed: what was not refused has arrived.</summary>
    public void OnPong(long barrier, TimeSpan now)
    {
        _progressAt = now;
        while (_inFlight.TryPeek(out var first) && first.Batch.Barrier <= barrier)
        {
            _inFlight.Dequeue();
            _unproved -= first.Bytes;
            if (!first.Refused)
            {
                state.Output.Settled.Add((first.Delivery, Outcome.Delivered(Proof.Pong)));
            }
        }
    }

    /// <summary>
    /// An error numeric that names a target. It can only be about the oldest batch: the answers to a later one come after this one's PONG.
    /// </summary>
    public void OnError(in IrcMessage message, TimeSpan now)
    {
        // By name, not by what we believe to be in: a kick may have come between. Some servers leave our nick out.
        var first = message.Text(0);
        if ((InOldest(message.Text(1)) ?? (state.IsUs(first) ? null : InOldest(first))) is { Refused: false } sent)
        {
            Refuse(sent, message, now);
        }
    }

    /// <summary>Whether an error that names this target, which is being joined, is about a message of the time before: it comes first.</summary>
    public bool AwaitsBefore(IrcTarget joining) => InOldest(joining.Name) is { } sent && sent.Batch.Barrier < joining.Barrier;

    /// <summary>We are no longer in a channel: what was not sent there yet must not be.</summary>
    public void OnGone(IrcTarget target, string reason)
    {
        if (Holding && _holder is { Refused: false } holder && holder.Target == target)
        {
            holder.Refused = true;
            state.Raise(new ProtocolEvent.Returned(holder.Delivery, reason));
            Discard(holder);
        }

        // When it is joined again, it is another target, which this batch must not hold too.
        if (_open is not null && target.Batch == _open)
        {
            Flush();
        }
    }

    public IReadOnlyList<Delivery> Abandon()
    {
        var unsettled = new List<Delivery>(_inFlight.Count);
        foreach (var sent in _inFlight)
        {
            if (!sent.Refused)
            {
                unsettled.Add(sent.Delivery);
            }
        }

        _inFlight.Clear();
        _open = null;
        _released = _held.WrittenCount;
        return unsettled;
    }

    private InFlight? InOldest(string name)
    {
        var oldest = _inFlight.TryPeek(out var first) ? first.Batch : null;
        foreach (var sent in _inFlight)
        {
            if (sent.Batch != oldest)
            {
                break;
            }

            if (state.Isupport.CaseMapping.Same(sent.Target.Name, name))
            {
                return sent;
            }
        }

        return null;
    }

    /// <summary>For a channel these may only mean that we are no longer in: once they are worth another try, after another JOIN.</summary>
    private void Refuse(InFlight sent, in IrcMessage message, TimeSpan now)
    {
        sent.Refused = true;
        var reason = IrcState.Reason(message);
        if (message.Numeric is 401 or 403 or 404 or 442 && sent.Target.IsChannel && sent.Delivery.Refusals++ == 0)
        {
            state.Raise(new ProtocolEvent.Returned(sent.Delivery, reason));
            targets.Verify(sent.Target.Name, now);
        }
        else
        {
            state.Output.Settled.Add((sent.Delivery, Outcome.Failed(reason)));
        }

        Discard(sent);
    }

    /// <summary>The lines of a delivery that are still held back do not go out any more.</summary>
    private void Discard(InFlight sent)
    {
        if (sent == _holder)
        {
            _released = _held.WrittenCount;
            CloseIfDue();
        }
    }

    private void CloseIfDue()
    {
        if (_flush && !Holding)
        {
            CloseBatch();
        }
    }

    private void CloseBatch()
    {
        _open!.Barrier = state.SendBarrier();
        _open = null;
        _flush = false;
    }

    private sealed class InFlight(Delivery delivery, IrcTarget target, IrcBatch batch)
    {
        public Delivery Delivery { get; } = delivery;

        public IrcTarget Target { get; } = target;

        public IrcBatch Batch { get; } = batch;

        public int Bytes { get; set; }

        public bool Refused { get; set; }
    }
}
