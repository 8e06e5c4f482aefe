using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;

namespace NotifyGateway.Api.Sandbox;

/// <summary>What a connection tells the owner loop.</summary>
internal enum SandboxEventKind { Connected, Line, LineTooLong, Closed, Tick }

/// <param name="Client">Whose; null for a tick.</param>
/// <param name="Text">A line, or why the connection closed.</param>
internal readonly record struct SandboxEvent(SandboxEventKind Kind, SandboxClient? Client, string Text);

/// <summary>One TCP connection: cuts bytes into lines for the owner loop, and writes what the owner has queued. Knows nothing of IRC.</summary>
internal sealed class SandboxLink : IDisposable
{
    private readonly NetworkStream _stream;
    private readonly SandboxLimits _limits;

    // Never disposed: the owner loop may close a link whose tasks are over already.
    private readonly CancellationTokenSource _stop;
    private readonly Channel<string> _outgoing = Channel.CreateUnbounded<string>(new UnboundedChannelOptions { SingleReader = true });
    private long _queued;

    public SandboxLink(Socket socket, SandboxLimits limits, TimeProvider time)
    {
        socket.NoDelay = true;
        _stream = new NetworkStream(socket, ownsSocket: true);
        _limits = limits;
        _stop = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
    }

    /// <summary>Queues a line, without its end. False when the client reads too slowly: it has to be aborted.</summary>
    public bool Send(string line)
    {
        var bytes = Math.Min(line.Length, SandboxLimits.Line - 2) + 2;
        if (Interlocked.Add(ref _queued, bytes) > _limits.SendQueue)
        {
            return false;
        }

        _outgoing.Writer.TryWrite(line);
        return true;
    }

    /// <summary>Closes after what is queued has been written, in at most <see cref="SandboxLimits.Linger"/>.</summary>
    public void Close()
    {
        if (_outgoing.Writer.TryComplete())
        {
            _stop.CancelAfter(_limits.Linger);
        }
    }

    /// <summary>Closes at once.</summary>
    public void Abort()
    {
        _outgoing.Writer.TryComplete();
        _stop.Cancel();
    }

    /// <summary>Runs until the connection is over; the last event is <see cref="SandboxEventKind.Closed"/>.</summary>
    public async Task RunAsync(SandboxClient client, ChannelWriter<SandboxEvent> events, CancellationToken shutdown)
    {
        await using var registration = shutdown.UnsafeRegister(static link => ((SandboxLink)link!).Abort(), this);
        var writing = WriteAsync();
        var reason = await ReadAsync(client, events);
        await events.WriteAsync(new SandboxEvent(SandboxEventKind.Closed, client, reason), CancellationToken.None);
        await writing;
    }

    public void Dispose() => _stream.Dispose();

    private async Task<string> ReadAsync(SandboxClient client, ChannelWriter<SandboxEvent> events)
    {
        var buffer = new byte[8 * SandboxLimits.Line];
        var (filled, skipping) = (0, false);
        try
        {
            while (await _stream.ReadAsync(buffer.AsMemory(filled), _stop.Token) is var read and > 0)
            {
                filled += read;
                var start = 0;
                while (buffer.AsSpan(start, filled - start).IndexOf((byte)'\n') is var length and >= 0)
                {
                    if (!skipping)
                    {
                        await events.WriteAsync(Read(client, buffer.AsSpan(start, length)), _stop.Token);
                    }

                    (start, skipping) = (start + length + 1, false);
                }

                buffer.AsSpan(start, filled - start).CopyTo(buffer);
                filled -= start;
                if (filled == buffer.Length)
                {
                    if (!skipping)
                    {
                        await events.WriteAsync(new SandboxEvent(SandboxEventKind.LineTooLong, client, ""), _stop.Token);
                    }

                    (filled, skipping) = (0, true);
                }
            }

            return "Connection closed";
        }
        catch (IOException broken)
        {
            return (broken.InnerException as SocketException)?.SocketErrorCode.ToString() ?? "Connection broken";
        }
        catch (OperationCanceledException)
        {
            return "Connection aborted";
        }
    }

    private static SandboxEvent Read(SandboxClient client, ReadOnlySpan<byte> line)
    {
        if (line.Length + 1 > SandboxLimits.Line)
        {
            return new SandboxEvent(SandboxEventKind.LineTooLong, client, "");
        }

        // Neither CR nor NUL may stand inside a line: what a client sends must not become two lines of another's.
        var text = Encoding.Latin1.GetString(line.TrimEnd((byte)'\r'));
        return new SandboxEvent(SandboxEventKind.Line, client, text.Replace("\r", "", StringComparison.Ordinal).Replace("\0", "", StringComparison.Ordinal));
    }

    private async Task WriteAsync()
    {
        var batch = new MemoryStream();
        try
        {
            while (await _outgoing.Reader.WaitToReadAsync(_stop.Token))
            {
                batch.SetLength(0);
                while (batch.Length < 16 * 1024 && _outgoing.Reader.TryRead(out var line))
                {
                    // A relayed line has grown by its sender's prefix: like real servers, cut what does not fit.
                    batch.Write(Encoding.Latin1.GetBytes(line, 0, Math.Min(line.Length, SandboxLimits.Line - 2)));
                    batch.Write("\r\n"u8);
                }

                await _stream.WriteAsync(batch.GetBuffer().AsMemory(0, (int)batch.Length), _stop.Token);
                Interlocked.Add(ref _queued, -batch.Length);
            }

            // The reader ends when the client has seen this and closes too, or when the lingering is over.
            _stream.Socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception over) when (over is IOException or SocketException or OperationCanceledException)
        {
            // The connection is gone. The reader says why; it must not wait for a peer that cannot be written to.
            await _stop.CancelAsync();
        }
    }
}
