using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using NotifyGateway.Core;
using NotifyGateway.Core.Configuration;
using NotifyGateway.Core.Dialects;

namespace NotifyGateway.Api.Listeners;

/// <summary>
/// One sender's connection. A single loop reads; while one batch is being committed the next is read and parsed, and no more:
/// then the sender's own window fills, and it waits.
/// </summary>
internal sealed class LineConnection
{
    /// <summary>Lines, and bytes, of one batch: what a sender can make us hold.</summary>
    private const int MaxBatchLines = 4096;
    private const int MaxBatchBytes = 256 * 1024;

    private static readonly TimeSpan RefusalInterval = TimeSpan.FromMinutes(1);

    private readonly TcpDoor _door;
    private readonly ConnectionContext _connection;
    private readonly PipeReader _input;
    private readonly ReplyWriter _replies;
    private readonly TcpListenerOptions _options;
    private readonly LineParser _parse;
    private readonly int _maxBytes;
    private readonly LineFramer _framer;
    private readonly CancellationToken _stopping;
    private readonly EndPoint? _remote;
    private readonly bool _loopback;
    private bool _spoken;
    private bool _foreign;
    private int _guesses;
    private Task _committing = Task.CompletedTask;
    private bool _committingReplies;

    public LineConnection(TcpDoor door, ConnectionContext connection)
    {
        _door = door;
        _connection = connection;
        _input = connection.Transport.Input;
        _replies = new ReplyWriter(door, connection);
        // What the listener is told changes for connections that come; who may send is looked up anew all the time.
        _options = door.Options;
        _parse = LineDialects.For(_options.Dialect);
        _maxBytes = door.MaxBytes;
        _framer = new LineFramer(_maxBytes);
        _remote = connection.RemoteEndPoint;
        _loopback = DoorEndpoint.IsLoopback(_remote);

        // Not ConnectionClosed: that is cancelled as soon as the sender has half-closed, with lines still to be committed.
        _stopping = connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.ConnectionClosedRequested ?? CancellationToken.None;
    }

    private enum End { NotYet, Input, AfterLastLine, Silence, Stop }

    /// <summary>Serves the connection to its end. Returning closes it.</summary>
    public async Task RunAsync()
    {
        using var refusals = new RefusalLog(_door.Input, _door.Corridor, _door.Logger, RefusalInterval);
        var committer = new BatchCommitter(_door, refusals, _remote, _stopping);
        try
        {
            await ReadToEndAsync(refusals, committer);
        }
        catch (Exception e) when (e is IOException or ConnectionAbortedException)
        {
            DoorLog.Vanished(_door.Logger, _door.Input, _remote, e);
        }
        finally
        {
            await _committing;
        }
    }

    private async Task ReadToEndAsync(RefusalLog refusals, BatchCommitter committer)
    {
        using var stop = _stopping.UnsafeRegister(static reader => ((PipeReader)reader!).CancelPendingRead(), _input);
        using var deadline = new Deadline(_door.Corridor.Time, _input.CancelPendingRead);
        deadline.Set(_options.IdleTimeout);
        while (true)
        {
            // A stop or the deadline cancels the read itself: unlike a token this leaves what has come to be read.
            var read = await _input.ReadAsync(CancellationToken.None);
            var end = EndOf(read, deadline);
            var buffer = read.Buffer;
            var batch = Parse(ref buffer, refusals, flush: end is End.Input or End.AfterLastLine, out var more);
            var torn = end is End.Silence or End.Stop && !more && !buffer.IsEmpty;
            _input.AdvanceTo(buffer.Start, more ? buffer.Start : buffer.End);
            await HandOnAsync(batch, committer);
            if (_guesses > 0)
            {
                await HoldAsync();
                deadline.Set(Patience());
            }

            if (_foreign || (end != End.NotYet && !more))
            {
                Leave(end, torn, refusals);
                return;
            }

            if (batch.Lines > 0)
            {
                deadline.Set(Patience());
            }
        }
    }

    /// <summary>Who sends wrong secrets is read more slowly, the more so the more of them come from its address.</summary>
    private async Task HoldAsync()
    {
        _foreign |= !await _door.Corridor.Attempts.HoldAsync((_remote as IPEndPoint)?.Address, _door.Input, _guesses, _stopping);
        _guesses = 0;
    }

    private TimeSpan Patience() => _spoken && _options.CloseAfter is { } closeAfter && closeAfter < _options.IdleTimeout ? closeAfter : _options.IdleTimeout;

    private End EndOf(ReadResult read, Deadline deadline) =>
        read.IsCompleted ? End.Input
        : _stopping.IsCancellationRequested ? End.Stop
        : !read.IsCanceled || !deadline.Passed ? End.NotYet
        : _spoken && _options.CloseAfter is not null ? End.AfterLastLine
        : End.Silence;

    private void Leave(End end, bool torn, RefusalLog refusals)
    {
        if (torn)
        {
            refusals.Refuse("the line was never finished", RefusalReason.Interrupted, _remote);
        }

        if (end == End.Silence)
        {
            DoorLog.Silent(_door.Logger, _door.Input, _remote, _options.IdleTimeout);
        }
    }

    /// <param name="more">True when lines are left for a further batch.</param>
    private LineBatch Parse(ref ReadOnlySequence<byte> buffer, RefusalLog refusals, bool flush, out bool more)
    {
        var batch = new LineBatch(_door.Corridor.State());
        var callers = new Callers(batch.State.Clients, _loopback);
        var size = buffer.Length;
        while (!_foreign)
        {
            more = batch.Lines >= MaxBatchLines || size - buffer.Length >= MaxBatchBytes;
            if (more)
            {
                return batch;
            }

            var framed = _framer.Next(ref buffer, out var line);
            if (framed == Framed.None && flush)
            {
                framed = _framer.Last(ref buffer, out line);
            }

            if (framed == Framed.None)
            {
                break;
            }

            batch.Lines++;
            if (framed == Framed.TooLong && !_spoken && ForeignProtocol.RecognizeStart(_framer.Start) is { } protocol)
            {
                Close(protocol);
            }
            else if (framed == Framed.TooLong)
            {
                _spoken = true;
                refusals.Refuse($"longer than {_maxBytes} bytes", RefusalReason.TooLarge, _remote);
            }
            else
            {
                Take(line, callers, batch, refusals);
            }
        }

        more = false;
        return batch;
    }

    private void Take(in ReadOnlySequence<byte> line, Callers callers, LineBatch batch, RefusalLog refusals)
    {
        if (line.IsSingleSegment)
        {
            Take(line.FirstSpan, callers, batch, refusals);
            return;
        }

        var whole = ArrayPool<byte>.Shared.Rent((int)line.Length);
        try
        {
            line.CopyTo(whole);
            Take(whole.AsSpan(0, (int)line.Length), callers, batch, refusals);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(whole);
        }
    }

    private void Take(ReadOnlySpan<byte> line, Callers callers, LineBatch batch, RefusalLog refusals)
    {
        if (!_spoken && ForeignProtocol.Recognize(line) is { } protocol)
        {
            Close(protocol);
            return;
        }

        _spoken = true;
        switch (_parse(line, callers))
        {
            case LineMessage message:
                Take(message, batch);
                break;
            case LineCommand command:
                Answer(command, batch);
                break;
            case LineRefusal refusal:
                refusals.Refuse(refusal.Reason, refusal.Counter, _remote);
                _guesses += refusal.IsGuess ? 1 : 0;
                if (refusal.WantsReply)
                {
                    batch.Reply(LineReply.Error(refusal.Reason));
                }

                break;
        }
    }

    private void Close(string protocol)
    {
        _foreign = true;
        _door.Corridor.Counters.Refused(_door.Input, RefusalReason.WrongProtocol);
        DoorLog.ForeignProtocol(_door.Logger, _door.Input, _remote, protocol);
    }

    private void Take(LineMessage message, LineBatch batch)
    {
        var submission = new Submission
        {
            Input = _door.Input,
            Client = message.Client,
            To = message.To,
            Title = message.Title,
            Text = message.Text,
            Severity = message.Severity,
            Markup = message.Markup,
            ExpiresIn = message.ExpiresIn,
            Repeat = message.Repeat,
            RepeatFor = NativeRequest.RepeatWindow,
            Strict = message.Strict,
            Under = batch.State,
        };
        batch.Submissions.Add(submission);
        if (message.WantsReply)
        {
            batch.ReplyAfterCommit(submission);
        }
    }

    private void Answer(LineCommand command, LineBatch batch)
    {
        if (!string.Equals(command.Name, "channels", StringComparison.Ordinal))
        {
            batch.Reply($"Unknown command: {command.Name}");
            return;
        }

        foreach (var channel in _door.Corridor.JoinedChannels().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            batch.Reply(channel);
        }
    }

    private async Task HandOnAsync(LineBatch batch, BatchCommitter committer)
    {
        // An answer that depends on no commit does not wait for one, unless it would overtake an earlier answer.
        var now = !batch.AwaitsCommit && (!_committingReplies || _committing.IsCompleted);
        if (now)
        {
            await _replies.WriteAsync(batch.Replies);
        }

        if (batch.Submissions.Count > 0 || (!now && batch.Replies.Count > 0))
        {
            await _committing;
            _committingReplies = !now;
            _committing = CommitAsync(batch, committer, writes: !now);
        }
    }

    private async Task CommitAsync(LineBatch batch, BatchCommitter committer, bool writes)
    {
        await committer.CommitAsync(batch);
        if (writes)
        {
            await _replies.WriteAsync(batch.Replies);
        }
    }
}
