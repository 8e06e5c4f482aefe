using System.Buffers;
using NotifyGateway.Core.Formatting;

namespace NotifyGateway.Core.Protocols.Irc;

/// <summary>
/// What is on its way: formats deliveries into lines, paces them, and pairs them with the barriers that prove them. A batch, the
/// deliveries between two barriers, holds at most one delivery per target: a numeric names a target, not a line, and so the blame is exact.
/// </summary>
internal sealed class IrcOutgoing(IrcState state, IrcTargets targets)
{
    private const int MaxUnwritten = 128 * 1024;

    private readonly TokenBucket _bucket = new(state.Options.Burst, state.Options.LinesPerSecond);
    private readonly Queue<InFlight> _inFlight = new();
    private ArrayBufferWriter<byte>? _held;
    private int _released;
    private bool _batchOpen;
    private bool _flush;

    public int Count => _inFlight.Count;

    public bool CanSend => _inFlight.Count < state.Options.Window && !Holding && state.Output.Bytes.WrittenCount < MaxUnwritten;

    public TimeSpan WakeAt => Holding ? _bucket.NextAt : TimeSpan.MaxValue;

    private bool Holding => _held is { } held && _released < held.WrittenCount;

    public void Send(Delivery delivery, TimeSpan now)
    {
        var target = targets.OfLane(delivery.Lane);
        if (_batchOpen && target.Batch == state.NextBarrier)
        {
            CloseBatch();
        }

        delivery.Attempts++;
        target.Batch = state.NextBarrier;
        _batchOpen = true;
        _inFlight.Enqueue(new InFlight(delivery, target, state.NextBarrier));
        var limits = new IrcLineLimits(
            state.Options.Command, state.PrefixBytes, state.Isupport.LineLength, state.Options.MaxLines, state.Options.Colors, state.Options.PublicUrl);
        if (state.Options.LinesPerSecond <= 0)
        {
            IrcLines.Write(state.Output.Bytes, delivery.Notification, target.Name, limits);
            return;
        }

        _held ??= new ArrayBufferWriter<byte>(1024);
        _held.ResetWrittenCount();
        _released = 0;
        IrcLines.Write(_held, delivery.Notification, target.Name, limits);
        Release(now);
    }

    /// <summary>Closes the batch, as soon as all its lines are out.</summary>
    public void Flush()
    {
        if (!_batchOpen)
        {
            return;
        }

        if (Holding)
        {
            _flush = true;
        }
        else
        {
            CloseBatch();
        }
    }

    /// <summary>Lets go what the rate allows by now.</summary>
    public void Release(TimeSpan now)
    {
        while (Holding && _bucket.TryTake(now))
        {
            var rest = _held!.WrittenSpan[_released..];
            var length = rest.IndexOf((byte)'\n') + 1;
            state.Output.Bytes.Write(rest[..length]);
            _released += length;
        }

        if (_flush && !Holding)
        {
            CloseBatch();
        }
    }

    /// <summary>Everything up to this barrier was processed: what was not refused has arrived.</summary>
    public void OnPong(long barrier)
    {
        while (_inFlight.TryPeek(out var first) && first.Batch <= barrier)
        {
            _inFlight.Dequeue();
            if (!first.Refused)
            {
                state.Output.Settled.Add((first.Delivery, Outcome.Delivered(Proof.Pong)));
            }
        }
    }

    /// <summary>
    /// An error numeric that names a target. It can only be about the oldest batch: the answers to a later one come after this one's PONG.
    /// </summary>
    public bool OnError(in IrcMessage message, TimeSpan now)
    {
        if (message.Count < 3 || !_inFlight.TryPeek(out var first))
        {
            return false;
        }

        // By name, not by what we believe to be in: a kick may have come between.
        var name = message.Text(1);
        foreach (var sent in _inFlight)
        {
            if (sent.Batch != first.Batch)
            {
                break;
            }

            if (state.Isupport.CaseMapping.Same(sent.Target.Name, name))
            {
                Refuse(sent, message, now);
                return true;
            }
        }

        return false;
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
        return unsettled;
    }

    private void Refuse(InFlight sent, in IrcMessage message, TimeSpan now)
    {
        if (sent.Refused)
        {
            return;
        }

        sent.Refused = true;
        var reason = IrcState.Reason(message);
        if (message.Numeric is 404 or 442 && sent.Target.IsChannel && sent.Delivery.Refusals++ == 0)
        {
            state.Raise(new ProtocolEvent.Returned(sent.Delivery, reason));
            targets.Verify(sent.Target, now);
        }
        else
        {
            state.Output.Settled.Add((sent.Delivery, Outcome.Failed(reason)));
        }
    }

    private void CloseBatch()
    {
        state.SendBarrier();
        _batchOpen = false;
        _flush = false;
    }

    private sealed class InFlight(Delivery delivery, IrcTarget target, long batch)
    {
        public Delivery Delivery { get; } = delivery;

        public IrcTarget Target { get; } = target;

        public long Batch { get; } = batch;

        public bool Refused { get; set; }
    }
}
