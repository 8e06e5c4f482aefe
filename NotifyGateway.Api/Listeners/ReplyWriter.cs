using System.Buffers;
using System.Text;
using Microsoft.AspNetCore.Connections;

namespace NotifyGateway.Api.Listeners;

/// <summary>Writes answers to one sender. One call at a time.</summary>
internal sealed class ReplyWriter(TcpDoor door, ConnectionContext connection)
{
    /// <summary>A sender that does not read its answers for so long is cut off.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private bool _deaf;

    /// <summary>Writes one line for each answer. A sender that is gone is no error: its messages still count.</summary>
    public async Task WriteAsync(IReadOnlyList<LineReply> replies)
    {
        if (replies.Count == 0 || _deaf)
        {
            return;
        }

        var output = connection.Transport.Output;
        foreach (var reply in replies)
        {
            Encoding.UTF8.GetBytes(reply.Line, output);
            output.Write("\n"u8);
        }

        using var patience = new CancellationTokenSource(Patience, door.Corridor.Time);
        try
        {
            _deaf = (await output.FlushAsync(patience.Token)).IsCompleted;
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            _deaf = true;
            DoorLog.RepliesUnread(door.Logger, door.Input, connection.RemoteEndPoint);
            connection.Abort(new ConnectionAbortedException("the sender does not read its replies"));
        }
        catch (Exception e) when (e is IOException or ConnectionAbortedException)
        {
            _deaf = true;
            DoorLog.Vanished(door.Logger, door.Input, connection.RemoteEndPoint, e);
        }
    }
}
