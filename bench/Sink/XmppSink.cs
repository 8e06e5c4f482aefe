using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Xml;

namespace NotifyGateway.Bench.Sink;

/// <summary>An XMPP server over TLS from the first byte, with just as much of the protocol as a client needs that sends to users: PLAIN, a resource, resumable streams.</summary>
internal sealed class XmppSink : IDisposable
{
    private readonly Socket _listener = FreePort.Bind(IPAddress.Any, SocketType.Stream, backlog: 4096);
    private readonly X509Certificate2 _certificate = SinkCertificate.Make();
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;
    private int _standing;

    public XmppSink() => _accepting = AcceptAsync();

    public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

    /// <summary>Streams that are logged in and can be resumed.</summary>
    public int Standing => Volatile.Read(ref _standing);

    /// <summary>The batch whose messages are awaited.</summary>
    public Batch? Batch { get; set; }

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

    /// <summary>A connection that breaks is missed: it does not stand, and its message is lost.</summary>
    private async Task ServeAsync(Socket accepted)
    {
        var client = new XmppSinkClient(text => Arrived(text), () => Interlocked.Increment(ref _standing));
        try
        {
            using var stream = new SslStream(new NetworkStream(accepted, ownsSocket: true));
            await stream.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = _certificate }, _stop.Token);
            await client.ServeAsync(stream, _stop.Token);
        }
        catch (Exception ended) when (ended is IOException or SocketException or OperationCanceledException or ObjectDisposedException or XmlException or System.Security.Authentication.AuthenticationException)
        {
            // The connection, or the scenario, is at its end.
        }
        finally
        {
            Interlocked.Add(ref _standing, client.Stands ? -1 : 0);
        }
    }

    private void Arrived(string text)
    {
        if (Batch is { } batch && text.Split('.') is [var id, var rest] && int.Parse(id, System.Globalization.CultureInfo.InvariantCulture) == batch.Id)
        {
            var previous = -1;
            lock (batch)
            {
                batch.Arrive(int.Parse(rest.Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture), System.Diagnostics.Stopwatch.GetTimestamp(), ref previous);
            }
        }
    }
}
