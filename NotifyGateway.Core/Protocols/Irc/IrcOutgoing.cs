using System.Buffers;
using System.Globalization;
using System.Text;
using NotifyGateway.Core.Formatting;

namespace NotifyGateway.Core.Protocols.Irc;

/// <summary>
/// What is on its way: formats deliveries into lines, paces them, and pairs them with the barriers that prove them. A batch, the
/// deliveries between two barriers, holds at most one delivery per target: a numeric names a target, not a line, and so the blame is exact.
/// What a server says about single lines is read in <see cref="IrcAnswers"/>.
/// </summary>
internal sealed class IrcOutgoing(IrcState state, IrcTargets targets)
{
    private const int MaxUnwritten = 128 * 1024;

    /// <summary>A label's tag, about.</summary>
    private const int LabelBytes = 16;

    /// <summary>
    /// A server that throttles us answers late, and talks to us meanwhile. One that lets no PING through for so long, as some relays
    /// do, would keep every delivery for ever.
    /// </summary>
    private static readonly TimeSpan ProofTimeout = TimeSpan.FromMinutes(10);

    private readonly IrcPace _pace = state.Pace;
    private readonly IrcPauses _pauses = new(state);
    private readonly ArrayBufferWriter<byte> _held = new();
    private IrcSent? _holder;
    private int _released;
    private IrcBatch? _open;
    private bool _flush;
    private TimeSpan _progressAt;
    private long _answered = -1;

    public IrcFlight Flight { get; } = new(state);

    public IrcLabels Labels { get; } = new();

    /// <summary>Whether each line gets a label (IRCv3 labeled-response).</summary>
    public bool Labelling { get; set; }

    public IrcMultiline Multiline { get; } = new(state);

    public int Count => Flight.Count;

    public bool CanSend => Flight.Count < state.Options.Window && !Holding && _pace.HasRoom && state.Output.Bytes.WrittenCount < MaxUnwritten;

    public TimeSpan WakeAt
    {
        get
        {
            var next = Holding && !_pace.Blocked ? _pace.NextAt : Flight.Count > 0 ? _progressAt + ProofTimeout : TimeSpan.MaxValue;
            return _pauses.WakeAt < next ? _pauses.WakeAt : next;
        }
    }

    private bool Holding => _released < _held.WrittenCount;

    public void Send(Delivery delivery, TimeSpan now)
    {
        var target = targets.OpenLane(delivery.Detour ?? delivery.Lane);
        if (_open is not null && target.Batch == _open)
        {
            CloseBatch(now);
        }

        _progressAt = Flight.Count == 0 ? now : _progressAt;
        delivery.Attempts++;
        target.Batch = _open ??= new IrcBatch();
        var sent = new IrcSent(delivery, target, _open);
        Flight.Add(sent);
        var limits = Limits(delivery, target);
        if (!Labelling && !Multiline.Enabled && _pace.IsFree(limits.MaxLines, limits.MaxLines * limits.LineLength, now))
        {
            var before = state.Output.Bytes.WrittenCount;
            sent.Lines = sent.Out = IrcLines.Write(state.Output.Bytes, delivery.Notification, target.Name, limits);
            sent.LinesBarrier = state.NextBarrier;
            _pace.OnSent(sent.Lines, state.Output.Bytes.WrittenCount - before);
            return;
        }

        _held.ResetWrittenCount();
        _released = 0;
        _holder = sent;
        sent.Lines = IrcLines.Write(_held, delivery.Notification, target.Name, limits);
        Release(now);
    }

    /// <summary>Closes the batch, as soon as all its lines are out.</summary>
    public void Flush(TimeSpan now)
    {
        _flush = _open is not null;
        CloseIfDue(now);
    }

    /// <summary>Ends a connection on which nothing is proved any more, and lets go what pace and rest allow by now.</summary>
    public void Tick(TimeSpan now)
    {
        if (Flight.Count > 0 && now - _progressAt >= ProofTimeout)
        {
            state.End(string.Create(CultureInfo.InvariantCulture, $"the server has answered no PING for {ProofTimeout.TotalMinutes:0} min: nothing sent could be proved"), CloseKind.Lost);
        }

        _pauses.Tick(now);
        Release(now);
    }

    /// <summary>Everything up to this barrier was processed: what was not refused has arrived.</summary>
    public void OnPong(long barrier, TimeSpan now)
    {
        _progressAt = now;
        _answered = barrier;
        _pace.OnPong(barrier, now);
        while (Flight.TakeUpTo(barrier) is { } sent)
        {
            Pass(sent, sent.Lines > 0 && sent.Echoes >= sent.Lines ? Proof.Echo : Proof.Pong);
        }
    }

    /// <summary>A delivery has got through.</summary>
    public void Pass(IrcSent sent, Proof proof)
    {
        if (!sent.Done)
        {
            sent.Done = true;
            sent.Target.Plain |= sent.Delivery.Plain;
            state.Output.Settled.Add((sent.Delivery, Outcome.Delivered(proof)));
        }
    }

    /// <summary>The server refuses a delivery: it fails, or is given back for another try.</summary>
    public void Refuse(IrcSent sent, int numeric, string reason, TimeSpan now)
    {
        if (sent.Done)
        {
            return;
        }

        sent.Done = true;
        var delivery = sent.Delivery;
        var remedy = IrcRefusals.Of(numeric, reason, sent);
        if (remedy == IrcRemedy.Fail)
        {
            state.Output.Settled.Add((delivery, Outcome.Failed(reason)));
        }
        else
        {
            state.Raise(new ProtocolEvent.Returned(delivery, reason));
        }

        switch (remedy)
        {
            case IrcRemedy.Verify:
                delivery.Refusals++;
                Part(now);
                targets.Verify(sent.Target.Name, now);
                break;
            case IrcRemedy.Strip:
                delivery.Plain = true;
                sent.Target.Plain |= IrcRefusals.IsAboutColours(numeric, reason);
                _pauses.Resume(sent.Target, [delivery.Detour ?? delivery.Lane]);
                break;
            case IrcRemedy.Wait:
                _pace.Collapse();
                _pauses.Rest(sent.Target, now + IrcRefusals.Wait(delivery.Waits++));
                break;
        }

        Discard(sent, now);
    }

    /// <summary>The server does not take a delivery as one message: once more as lines, and all further ones too.</summary>
    public void Unbatch(IrcSent sent, string reason, TimeSpan now)
    {
        Multiline.Stop();
        if (!sent.Done)
        {
            sent.Done = true;
            state.Raise(new ProtocolEvent.Returned(sent.Delivery, reason));
            _pauses.Resume(sent.Target, [sent.Delivery.Detour ?? sent.Delivery.Lane]);
            Discard(sent, now);
        }
    }

    /// <summary>Whether an error that names this target, which is being joined, is about a message of the time before: it comes first.</summary>
    public bool AwaitsBefore(IrcTarget joining) => Flight.InOldest(joining.Name) is { } sent && sent.LinesBarrier > _answered;

    /// <summary>We are no longer in a channel: what was not sent there yet must not be.</summary>
    public void OnGone(IrcTarget target, string reason, TimeSpan now)
    {
        if (Holding && _holder is { Done: false } holder && holder.Target == target)
        {
            holder.Done = true;
            state.Raise(new ProtocolEvent.Returned(holder.Delivery, reason));
            Discard(holder, now);
        }

        // When it is joined again, it is another target, which this batch must not hold too.
        if (_open is not null && target.Batch == _open)
        {
            Flush(now);
            Part(now);
        }
    }

    public IReadOnlyList<Delivery> Abandon()
    {
        var unsettled = Flight.Open.Select(s => s.Delivery).ToList();
        Flight.Clear();
        _open = null;
        _released = _held.WrittenCount;
        return unsettled;
    }

    private IrcLineLimits Limits(Delivery delivery, IrcTarget target) => Limits(!delivery.Plain && !target.Plain) with
    {
        Joints = Multiline.NewJoints(),
        Lead = delivery.Detour is null ? delivery.Lead : $"{delivery.Lead}[{delivery.Destination.Address.Split(' ')[0]}] ",
    };

    private IrcLineLimits Limits(bool colors) => new(
        state.Options.Command, state.PrefixBytes, state.Isupport.LineLength, state.Options.MaxLines, colors && state.Options.Colors, state.Options.PublicUrl);

    /// <summary>The lines of a message to this target, as they would be cut now. What has been formatted for sending stays as it is.</summary>
    public IReadOnlyList<string> Preview(Notification notification, string target, string lead)
    {
        var lines = new ArrayBufferWriter<byte>();
        IrcLines.Write(lines, notification, target, Limits(colors: true) with { Joints = Multiline.Enabled ? [] : null, Lead = lead });
        return Encoding.UTF8.GetString(lines.WrittenSpan).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>Lets go what pace and window allow. Only when all is read that has come: we may have been removed from where it goes.</summary>
    public void Release(TimeSpan now)
    {
        while (Holding)
        {
            var rest = _held.WrittenSpan[_released..];
            var whole = _released == 0 && Multiline.Takes(rest, _holder!.Lines);
            var length = whole ? rest.Length : rest.IndexOf((byte)'\n') + 1;
            var bytes = (whole ? IrcMultiline.BytesOf(rest, _holder!.Lines) : length) + (Labelling ? LabelBytes : 0);
            if (!_pace.TryTake(bytes, now, whole ? _holder!.Lines + IrcMultiline.FrameLines : 1))
            {
                Await(now);
                break;
            }

            Write(_holder!, rest[..length], whole);
            _released += length;
            _progressAt = now;
        }

        CloseIfDue(now);
    }

    private void Write(IrcSent sent, ReadOnlySpan<byte> line, bool whole)
    {
        if (Labelling)
        {
            Labels.Write(state.Output.Bytes);
            sent.FirstLabel = sent.FirstLabel == 0 ? Labels.Last : sent.FirstLabel;
            sent.LastLabel = Labels.Last;
        }

        if (whole)
        {
            sent.Reference = Multiline.Write(state.Output.Bytes, line);
            sent.Out = sent.Lines;
        }
        else
        {
            state.Output.Bytes.Write(line);
            sent.Out++;
        }

        sent.LinesBarrier = state.NextBarrier;
    }

    /// <summary>Puts a barrier between our lines and the JOIN that follows, or an error could be about either.</summary>
    private void Part(TimeSpan now)
    {
        if (_pace.Unmarked)
        {
            SendBarrier(now);
        }
    }

    /// <summary>Held back by the rate, that is no fault of the server's; by the window, only the answer to a barrier makes room.</summary>
    private void Await(TimeSpan now)
    {
        if (!_pace.Blocked)
        {
            _progressAt = now;
        }
        else if (_pace.Unmarked)
        {
            SendBarrier(now);
        }
    }

    /// <summary>The lines of a delivery that are still held back do not go out any more.</summary>
    private void Discard(IrcSent sent, TimeSpan now)
    {
        if (sent == _holder)
        {
            _released = _held.WrittenCount;
            CloseIfDue(now);
        }
    }

    private void CloseIfDue(TimeSpan now)
    {
        if (_flush && !Holding)
        {
            CloseBatch(now);
        }
    }

    private void CloseBatch(TimeSpan now)
    {
        _open!.Barrier = SendBarrier(now);
        _open = null;
        _flush = false;
    }

    private long SendBarrier(TimeSpan now)
    {
        var barrier = state.SendBarrier();
        _pace.OnBarrier(barrier, now);
        return barrier;
    }
}
