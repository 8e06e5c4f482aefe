using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;
using NotifyGateway.Core;
using NotifyGateway.Core.Configuration;
using NotifyGateway.Core.Dialects;

namespace NotifyGateway.Api.Listeners;

/// <summary>
/// One UDP listener. A datagram is one or more irker lines. What has come waits in a bounded batch for the commit before it;
/// a sender cannot be made to wait, so beyond the bound it is dropped and counted.
/// </summary>
internal sealed class UdpListener(string name, UdpListenerOptions options, Corridor corridor) : BackgroundService
{
    private const int ReceiveBuffer = 4 * 1024 * 1024;
    private const int LargestDatagram = 65536;
    private const int MaxWaiting = 65536;
    private const long MaxWaitingChars = 32 * 1024 * 1024;
    private const int MaxBatch = 8192;

    private static readonly TimeSpan RefusalInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ErrorPause = TimeSpan.FromMilliseconds(100);

    private const int LevelOfSockets = 1;
    private const int OptionMemory = 55;
    private const int Drops = 8;

    private readonly string _input = $"udp:{name}";
    private readonly ILogger _logger = corridor.Loggers.CreateLogger<UdpListener>();
    private readonly LineParser _parse = LineDialects.For(Dialect.Irker);
    private readonly Channel<Submission> _waiting = Channel.CreateBounded<Submission>(new BoundedChannelOptions(MaxWaiting) { SingleReader = true, SingleWriter = true });
    private long _waitingChars;
    private Socket? _socket;
    private RefusalLog? _refusals;

    /// <summary>Where it listens, once started.</summary>
    public IPEndPoint? Endpoint => (IPEndPoint?)_socket?.LocalEndPoint;

    /// <summary>As in <see cref="Submission.Input"/>.</summary>
    public string Input => _input;

    /// <summary>How many datagrams the kernel has dropped for want of room; null where it does not tell. Linux: SO_MEMINFO, whose ninth number this is.</summary>
    public long? DroppedByKernel
    {
        get
        {
            if (!OperatingSystem.IsLinux() || _socket is not { } socket)
            {
                return null;
            }

            Span<byte> numbers = stackalloc byte[(Drops + 1) * sizeof(uint)];
            try
            {
                return socket.GetRawSocketOption(LevelOfSockets, OptionMemory, numbers) == numbers.Length ? BitConverter.ToUInt32(numbers[(Drops * sizeof(uint))..]) : null;
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return null; // closed meanwhile, or a kernel that has no such option
            }
        }
    }

    /// <summary>Binds, then receives until stopped.</summary>
    /// <exception cref="IOException">The address is in use or not ours; names listener and endpoint, as Kestrel does for TCP.</exception>
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        _socket = Bind(DoorEndpoint.Parse(options.Endpoint, $"Gateway:Listeners:Udp:{name}:Endpoint"));
        _refusals = new RefusalLog(_input, corridor, _logger, RefusalInterval);
        DoorLog.UdpListening(_logger, _input, _socket.LocalEndPoint);
        return base.StartAsync(cancellationToken);
    }

    public override void Dispose()
    {
        // Tells the loop first: where another door could not open nobody has stopped this one.
        base.Dispose();
        _socket?.Dispose();
        _refusals?.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        var committing = CommitAllAsync();
        var receiving = ReceiveAllAsync(_socket!, ending.Token);

        // Neither goes on without the other: what would be received could not be stored.
        await Task.WhenAny(committing, receiving);
        await ending.CancelAsync();
        await receiving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _waiting.Writer.Complete();
        await Task.WhenAll(committing, receiving);
    }

    private Socket Bind(IPEndPoint endpoint)
    {
        var socket = new Socket(endpoint.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            socket.ReceiveBufferSize = ReceiveBuffer;
            if (endpoint.Address.Equals(IPAddress.IPv6Any))
            {
                // As Kestrel does for TCP: [::] takes IPv4, too.
                socket.DualMode = true;
            }

            socket.Bind(endpoint);
        }
        catch (SocketException e)
        {
            socket.Dispose();
            var why = e.SocketErrorCode == SocketError.AddressAlreadyInUse ? "address already in use" : e.Message;
            throw new IOException($"Failed to bind UDP listener \"{name}\" to {endpoint}: {why}.", e.SocketErrorCode == SocketError.AddressAlreadyInUse ? new AddressInUseException(e.Message, e) : e);
        }

        // Linux reports twice what it was asked for, and half of it is its own bookkeeping.
        if (socket.ReceiveBufferSize < ReceiveBuffer)
        {
            DoorLog.UdpBufferSmall(_logger, _input, socket.ReceiveBufferSize, ReceiveBuffer);
        }

        return socket;
    }

    private async Task ReceiveAllAsync(Socket socket, CancellationToken stopping)
    {
        var buffer = GC.AllocateUninitializedArray<byte>(LargestDatagram, pinned: true);
        var sender = new SocketAddress(socket.AddressFamily);
        while (!stopping.IsCancellationRequested)
        {
            int size;
            try
            {
                size = await socket.ReceiveFromAsync(buffer, SocketFlags.None, sender, stopping);
            }
            catch (Exception e) when (stopping.IsCancellationRequested && e is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException e)
            {
                DoorLog.UdpReceiveFailed(_logger, _input, e);
                await Task.Delay(ErrorPause, corridor.Time, CancellationToken.None);
                continue;
            }

            Take(buffer.AsSpan(0, size), sender);
        }
    }

    private void Take(ReadOnlySpan<byte> datagram, SocketAddress sender)
    {
        var state = corridor.State();
        if (!state.Options.Listeners.Udp.ContainsKey(name))
        {
            Refuse("this listener is configured no more", RefusalReason.Unauthorized, sender);
            return;
        }

        var callers = new Callers(state.Clients, IsLoopback(sender));
        var maxBytes = state.Options.MaxMessageBytes;
        while (!datagram.IsEmpty)
        {
            var end = datagram.IndexOf((byte)'\n');
            var line = end < 0 ? datagram : datagram[..end];
            datagram = end < 0 ? default : datagram[(end + 1)..];
            line = line is [.., (byte)'\r'] ? line[..^1] : line;
            if (line.Length > maxBytes)
            {
                Refuse($"longer than {maxBytes} bytes", RefusalReason.TooLarge, sender);
                continue;
            }

            switch (_parse(line, callers))
            {
                case LineMessage message:
                    Enqueue(message, sender, state);
                    break;
                case LineRefusal refusal:
                    Refuse(refusal.Reason, refusal.Counter, sender);
                    break;
            }
        }
    }

    private void Enqueue(LineMessage message, SocketAddress sender, GatewayState state)
    {
        var submission = new Submission { Input = _input, Client = message.Client, To = message.To, Text = message.Text, Under = state };
        if (Volatile.Read(ref _waitingChars) < MaxWaitingChars && _waiting.Writer.TryWrite(submission))
        {
            Interlocked.Add(ref _waitingChars, message.Text.Length);
        }
        else
        {
            Refuse("datagrams come faster than they can be stored", RefusalReason.Overloaded, sender);
        }
    }

    /// <summary>Ends when the receiving has ended and what came is committed.</summary>
    private async Task CommitAllAsync()
    {
        var batch = new List<Submission>();
        while (await _waiting.Reader.WaitToReadAsync(CancellationToken.None))
        {
            while (batch.Count < MaxBatch && _waiting.Reader.TryRead(out var submission))
            {
                batch.Add(submission);
                Interlocked.Add(ref _waitingChars, -submission.Text.Length);
            }

            Count(await corridor.Accept(batch, CancellationToken.None));
            batch.Clear();
        }
    }

    private void Count(IntakeResult[] results)
    {
        var accepted = 0;
        foreach (var result in results)
        {
            accepted += result.IsAccepted ? 1 : 0;
            if (DoorRefusal.Of(result) is { } refusal)
            {
                _refusals!.Refuse(refusal, result.IsAccepted ? RefusalReason.UnknownDestination : RefusalReason.Of(result.Status), remote: null);
            }
        }

        if (accepted > 0)
        {
            corridor.Counters.Accepted(_input, accepted);
        }
    }

    private void Refuse(string reason, string counter, SocketAddress sender) => _refusals!.Refuse(reason, counter, Endpoint!.Create(sender));

    // Straight from sockaddr_in and sockaddr_in6: this runs for every datagram.
    private static bool IsLoopback(SocketAddress sender)
    {
        var bytes = sender.Buffer.Span;
        return sender.Family == AddressFamily.InterNetwork
            ? bytes[4] == 127
            : DoorEndpoint.IsLoopback(new IPAddress(bytes.Slice(8, 16)));
    }
}
