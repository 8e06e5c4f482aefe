using System.Buffers;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using NotifyGateway.Core.Protocols;
using Polly;

namespace NotifyGateway.Core.Sessions;

/// <summary>
/// One connection of a session, made again whenever it ends. Its task connects, reads and waits; everything it learns it posts to
/// the owner, who alone touches the protocol and does the writing.
/// </summary>
internal sealed class Link
{
    private const int ReadSize = 16 * 1024;

    /// <summary>So often in a row a server may name another address; one that is full names one, which names none.</summary>
    public const int MaxMoves = 5;

    /// <summary>Why reading in clear ended, when it is to go on in TLS.</summary>
    private const string ToTls = "TLS begins";

    private readonly Session _owner;
    private volatile LinkSettings _settings;
    private readonly ConnectGate _gate;
    private readonly TrafficLogs _traffic;
    private readonly TimeProvider _time;
    private readonly ResiliencePipeline<LinkEnd> _backoff;
    private CancellationTokenSource? _wait;
    private Stream? _stream;
    private Socket? _socket;
    private Task _writing = Task.CompletedTask;

    // Where the pieces of the write under way end.
    private readonly List<int> _pieces = [];

    public Link(Session owner, int number, LinkSettings settings, ConnectGate gate, TrafficLogs traffic, TimeProvider time)
    {
        _owner = owner;
        Number = number;
        _settings = settings;
        _gate = gate;
        _traffic = traffic;
        _time = time;
        _backoff = Backoff.Create(() => _settings, time, OnWaiting, () => RandomNumberGenerator.GetInt32(1 << 24) / (double)(1 << 24));
    }

    /// <summary>1 for the first.</summary>
    public int Number { get; }

    // What follows belongs to the owner's loop.

    /// <summary>Null while there is no connection.</summary>
    public IProtocol? Protocol { get; set; }

    /// <summary>True from the end of login to the end of the connection.</summary>
    public bool Online { get; set; }

    /// <summary>An earlier connection, or this one, came to the end of login.</summary>
    public bool WasOnline { get; set; }

    /// <summary>When the connection was made.</summary>
    public TimeSpan ConnectedAt { get; set; }

    /// <summary>A delivery was proved on this connection.</summary>
    public bool Proven { get; set; }

    /// <summary>Why the owner or the server ends this connection; null: it just broke.</summary>
    public ProtocolEvent.Ended? Verdict { get; set; }

    /// <summary>A channel limit that the server does not tell but enforces.</summary>
    public int LearnedLimit { get; set; } = int.MaxValue;

    /// <summary>The protocol waits for TLS on the connection that stands.</summary>
    public bool WantsTls { get; set; }

    /// <summary>Where the server wants the next connection to go, <c>host[:port]</c>; null: where the settings say.</summary>
    public string? MovedTo { get; set; }

    /// <summary>How often in a row the server has named another address instead of having us.</summary>
    public int Moves { get; set; }

    /// <summary>Lanes that may have something to send, in turn.</summary>
    public Queue<Lane> Ring { get; } = new();

    public bool Writing => !_writing.IsCompleted;

    /// <summary>Connects, serves and waits, again and again, until cancelled.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            using var wait = CancellationTokenSource.CreateLinkedTokenSource(stop);
            Interlocked.Exchange(ref _wait, wait);
            try
            {
                var end = await _backoff.ExecuteAsync(async (link, token) => await link.ServeAsync(token), this, wait.Token);
                var pause = Backoff.Next(_settings, end.Kind, 0, 0);
                OnWaiting(end, pause);
                await Task.Delay(pause, _time, wait.Token);
            }
            catch (OperationCanceledException) when (!stop.IsCancellationRequested)
            {
                // Told to connect at once: the wait, and the count of failures, begin anew.
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (Exception e)
            {
                _owner.Post(new SessionEvent.Crashed(e));
                return;
            }
        }
    }

    /// <summary>Ends the present wait, or the present connection, and connects at once. May be called from any thread.</summary>
    public void ConnectNow()
    {
        try
        {
            Volatile.Read(ref _wait)?.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // Between two rounds: it connects at once anyway.
        }
    }

    /// <summary>How it connects from now on; the present connection stays.</summary>
    public void Change(LinkSettings settings) => _settings = settings;

    /// <summary>Ends the connection; its task reports the end to the owner in its turn.</summary>
    public void Abort() => Volatile.Read(ref _socket)?.Dispose();

    /// <summary>Writes what the protocol has put out, unless a write is under way; the owner is told when it is done.</summary>
    public void Flush()
    {
        if (Writing || Protocol is not { Output: { Bytes: { WrittenCount: > 0 } bytes } output } || _stream is not { } stream)
        {
            return;
        }

        var buffer = ArrayPool<byte>.Shared.Rent(bytes.WrittenCount);
        bytes.WrittenSpan.CopyTo(buffer);
        WholeWrites.Divide(bytes.WrittenCount, output.Starts, _pieces);
        _writing = WriteAsync(stream, buffer);
        bytes.ResetWrittenCount();
    }

    private async Task WriteAsync(Stream stream, byte[] buffer)
    {
        var late = false;
        try
        {
            var from = 0;
            foreach (var end in _pieces)
            {
                var write = stream.WriteAsync(buffer.AsMemory(from..end), CancellationToken.None);
                late |= !write.IsCompleted;
                await write;
                from = end;
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // The reader meets the same end and reports it.
            Abort();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
            if (late)
            {
                _owner.Post(new SessionEvent.Written());
            }
        }
    }

    private async Task<LinkEnd> ServeAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(_settings.Server, _settings.ConnectSpacing, cancellationToken);
        _owner.Post(new SessionEvent.Connecting(this));
        var settings = Take(MovedTo);
        var connection = await ServerSearch.ConnectAsync(settings, _time, cancellationToken);
        if (connection.Stream is not { } stream)
        {
            return await ReportAsync(connection.Refusal!);
        }

        string reason;
        await using (stream)
        {
            _socket = connection.Socket;
            _stream = stream;
            WantsTls = false;
            _owner.Post(new SessionEvent.Connected(this, connection.Expiring, stream is SslStream secured ? TlsChannel.FactsOf(secured) : null));
            reason = await ReadAsync(stream, _traffic.Tap(_settings), cancellationToken);
            if (ReferenceEquals(reason, ToTls))
            {
                reason = await SecureAsync(settings, stream, cancellationToken);
            }

            _stream = null;
            Volatile.Write(ref _socket, null);
        }

        await _writing;
        return await ReportAsync(reason);
    }

    /// <summary>What the server has told us at the last connection holds for one more. It had its owner write it before it ended.</summary>
    private LinkSettings Take(string? moved)
    {
        MovedTo = null;
        return moved is null ? _settings : ServerSearch.At(_settings, moved);
    }

    /// <summary>Begins TLS on a connection that stands, and reads on to its end.</summary>
    private async Task<string> SecureAsync(LinkSettings settings, Stream stream, CancellationToken cancellationToken)
    {
        await _writing;
        _stream = null;
        Connection connection;
        try
        {
            connection = await Connector.SecureAsync(_socket!, stream, settings, _time, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            return "closed";
        }

        if (connection.Stream is not SslStream secured)
        {
            return connection.Refusal!;
        }

        await using (secured)
        {
            _stream = secured;
            WantsTls = false;
            _owner.Post(new SessionEvent.Secured(this, connection.Expiring, TlsChannel.FactsOf(secured)));
            var reason = await ReadAsync(secured, null, cancellationToken);
            _stream = null;
            return reason;
        }
    }

    /// <summary>Only after the socket is closed are the deliveries on it given back: a lane never has two connections.</summary>
    private async Task<LinkEnd> ReportAsync(string reason)
    {
        var down = new SessionEvent.Down(this, reason);
        _owner.Post(down);
        return await down.Answered;
    }

    /// <returns>Why the connection ended; or <see cref="ToTls"/>, and it stands.</returns>
    private async Task<string> ReadAsync(Stream stream, TrafficTap? tap, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                // An idle connection holds no buffer: this read of nothing returns when there is something.
#pragma warning disable CA2022
                _ = await stream.ReadAsync(Memory<byte>.Empty, cancellationToken);
#pragma warning restore CA2022
                var buffer = ArrayPool<byte>.Shared.Rent(ReadSize);
                var count = await stream.ReadAsync(buffer.AsMemory(0, ReadSize), cancellationToken);
                if (count == 0)
                {
                    ArrayPool<byte>.Shared.Return(buffer);
                    return "the server closed the connection";
                }

                tap?.Feed(buffer.AsSpan(0, count));
                var received = new SessionEvent.Received(this, buffer, count);
                _owner.Post(received);
                await received.Consumed;
                if (WantsTls)
                {
                    return ToTls;
                }
            }
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException)
        {
            return e is ObjectDisposedException ? "closed" : $"the connection broke: {(e.InnerException ?? e).Message}";
        }
        catch (OperationCanceledException)
        {
            return "closed";
        }
    }

    private void OnWaiting(LinkEnd end, TimeSpan delay) => _owner.Post(new SessionEvent.Waiting(this, end, delay));
}
