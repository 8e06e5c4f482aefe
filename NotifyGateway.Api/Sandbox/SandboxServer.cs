using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;

namespace NotifyGateway.Api.Sandbox;

/// <summary>
/// A small IRC server for a first run and for tests: enough of RFC 2812 that everyday clients join, talk and leave. It is a
/// demonstration peer: no operators, no channel modes, no flood limit, no other servers, and it keeps nothing.
/// </summary>
/// <remarks>One owner loop holds all state and reads one bounded queue of events, so that a client that talks too fast is read more slowly.</remarks>
internal sealed class SandboxServer : IAsyncDisposable
{
    private readonly Socket _listener;
    private readonly SandboxNetwork _network;
    private readonly SandboxLimits _limits;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stop = new();
    private readonly Channel<SandboxEvent> _events = Channel.CreateBounded<SandboxEvent>(new BoundedChannelOptions(1024) { SingleReader = true });
    private readonly Task _running;
    private bool _isDisposed;

    private SandboxServer(Socket listener, ILogger logger, TimeProvider time, SandboxLimits limits)
    {
        _listener = listener;
        _logger = logger;
        _time = time;
        _limits = limits;
        Endpoint = (IPEndPoint)listener.LocalEndPoint!;
        _network = new SandboxNetwork(limits, logger, time);
        _running = Task.WhenAll(AcceptAsync(), TickAsync(), OwnAsync());
    }

    /// <summary>Where it listens, with the real port.</summary>
    public IPEndPoint Endpoint { get; }

    /// <summary>Listens; returns when clients can connect.</summary>
    /// <exception cref="SocketException">The endpoint is in use or cannot be had.</exception>
    public static Task<SandboxServer> StartAsync(IPEndPoint endpoint, ILogger logger, TimeProvider time, SandboxLimits? limits = null)
    {
        var listener = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            listener.Bind(endpoint);
            listener.Listen();
        }
        catch (SocketException)
        {
            listener.Dispose();
            throw;
        }

        logger.Listening(listener.LocalEndPoint!);
        return Task.FromResult(new SandboxServer(listener, logger, time, limits ?? new SandboxLimits()));
    }

    /// <summary>Closes every connection and waits until all of them are over.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        await _stop.CancelAsync();
        try
        {
            await _running;
        }
        finally
        {
            _listener.Dispose();
            _stop.Dispose();
        }
    }

    private async Task AcceptAsync()
    {
        var links = new List<Task>();
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var socket = await _listener.AcceptAsync(_stop.Token);
                links.RemoveAll(link => link.IsCompletedSuccessfully);
                links.Add(ServeAsync(socket));
            }
            catch (OperationCanceledException)
            {
                break;
            }
            catch (SocketException failed)
            {
                // Out of file descriptors, or the peer has gone already. A pause, since the former lasts.
                _logger.AcceptFailed(failed.SocketErrorCode);
                await Task.Delay(TimeSpan.FromMilliseconds(100), _time, CancellationToken.None);
            }
        }

        _listener.Close();
        await Task.WhenAll(links);
        _events.Writer.TryComplete();
    }

    private async Task ServeAsync(Socket socket)
    {
        using var link = new SandboxLink(socket, _limits, _time);
        var client = new SandboxClient(link, Host(socket)) { HeardAt = _time.GetTimestamp() };
        await _events.Writer.WriteAsync(new SandboxEvent(SandboxEventKind.Connected, client, ""), CancellationToken.None);
        await link.RunAsync(client, _events.Writer, _stop.Token);
    }

    // A host that begins with a colon would read as the last parameter of a numeric.
    private static string Host(Socket socket) => socket.RemoteEndPoint is IPEndPoint remote
        ? remote.Address.ToString() is var host && host.StartsWith(':') ? "0" + host : host
        : "unknown";

    private async Task TickAsync()
    {
        using var timer = new PeriodicTimer(_limits.PongWithin / 2, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                _events.Writer.TryWrite(new SandboxEvent(SandboxEventKind.Tick, null, ""));
            }
        }
        catch (OperationCanceledException)
        {
            // The server stops.
        }
    }

    // Runs until every connection has ended, so that no link waits for a loop that is no more.
    private async Task OwnAsync()
    {
        try
        {
            await foreach (var happened in _events.Reader.ReadAllAsync(CancellationToken.None))
            {
                _network.Handle(happened);
            }
        }
        catch (Exception bug)
        {
            // Without its owner loop the server would accept and say nothing: it stops, and its disposal throws.
            _logger.Failed(bug);
            _events.Writer.TryComplete(bug);
            await _stop.CancelAsync();
            throw;
        }
    }
}
