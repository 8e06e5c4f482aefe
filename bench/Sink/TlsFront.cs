using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace NotifyGateway.Bench.Sink;

/// <summary>TLS in front of a server of the <see cref="FastSink"/>: takes the encryption off, on every loopback address.</summary>
internal sealed class TlsFront : IDisposable
{
    private readonly Socket _listener = FreePort.Bind(IPAddress.Any, SocketType.Stream, backlog: 4096);
    private readonly X509Certificate2 _certificate = SinkCertificate.Make();
    private readonly CancellationTokenSource _stop = new();
    private readonly int _behind;
    private readonly Task _accepting;

    /// <param name="behind">The port of 127.0.0.1 that gets what was encrypted.</param>
    public TlsFront(int behind)
    {
        _behind = behind;
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

    public void Dispose()
    {
        _stop.Cancel();
        _listener.Dispose();
        _accepting.Wait();
        _stop.Dispose();
        _certificate.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(await _listener.AcceptAsync(_stop.Token));
            }
        }
        catch (Exception ended) when (ended is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Disposed.
        }
    }

    /// <summary>A connection that breaks is missed by the sink: its message is lost.</summary>
    private async Task ServeAsync(Socket accepted)
    {
        try
        {
            using var outside = new SslStream(new NetworkStream(accepted, ownsSocket: true));
            await outside.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = _certificate }, _stop.Token);
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(IPAddress.Loopback, _behind, _stop.Token);
            using var inside = new NetworkStream(socket);
            await Task.WhenAny(outside.CopyToAsync(inside, 4096, _stop.Token), inside.CopyToAsync(outside, 4096, _stop.Token));
        }
        catch (Exception ended) when (ended is IOException or SocketException or OperationCanceledException or ObjectDisposedException or System.Security.Authentication.AuthenticationException)
        {
            // The connection, or the scenario, is at its end.
        }
    }
}
