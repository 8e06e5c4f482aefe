using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;

namespace NotifyGateway.Tests.Support;

/// <summary>A line that a scripted peer has received: on which connection, counted from 0 in the order of accepting.</summary>
internal readonly record struct PeerLine(int Connection, string Text);

/// <summary>A TCP server that does exactly what a test says, for all that real servers do only when something is wrong.</summary>
internal sealed class ScriptedPeer : IAsyncDisposable
{
    private readonly Socket _listener;
    private readonly TestCertificate? _certificate;
    private readonly CancellationTokenSource _stop = new();
    private readonly Journal<PeerConnection> _connections = new("connections");
    private readonly Task _accepting;
    private int _taken;

    private ScriptedPeer(IPEndPoint endpoint, TestCertificate? certificate)
    {
        _certificate = certificate;
        _listener = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        _listener.Bind(endpoint);
        _listener.Listen();
        _accepting = AcceptAllAsync();
    }

    public IPEndPoint Endpoint => (IPEndPoint)_listener.LocalEndPoint!;

    public int Port => Endpoint.Port;

    /// <summary>Every line of every connection, in the order of arrival.</summary>
    public Journal<PeerLine> Received { get; } = new("peer");

    /// <summary>How many connections have come.</summary>
    public int Connections => _connections.Entries.Count;

    /// <summary>Listens on 127.0.0.1. With a certificate, connections speak TLS from the first byte.</summary>
    /// <param name="port">0: any.</param>
    /// <param name="certificate">Null: plaintext.</param>
    public static ScriptedPeer Start(int port = 0, TestCertificate? certificate = null) => new(new IPEndPoint(IPAddress.Loopback, port), certificate);

    /// <summary>Listens on an address of this machine.</summary>
    public static ScriptedPeer Start(IPEndPoint endpoint, TestCertificate? certificate = null) => new(endpoint, certificate);

    /// <summary>The next connection that no one has taken yet.</summary>
    public Task<PeerConnection> AcceptAsync(TimeSpan? limit = null) => _connections.AtAsync(_taken++, "a connection", limit);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _accepting;
        _listener.Dispose();
        foreach (var connection in _connections.Entries)
        {
            await connection.DisposeAsync();
        }

        _stop.Dispose();
    }

    private async Task AcceptAllAsync()
    {
        try
        {
            for (var number = 0; ; number++)
            {
                var connection = new PeerConnection(number, await _listener.AcceptAsync(_stop.Token), Received);
                _ = HandshakeAsync(connection);
            }
        }
        catch (OperationCanceledException)
        {
            _connections.End("the peer was stopped");
        }
    }

    private async Task HandshakeAsync(PeerConnection connection)
    {
        try
        {
            if (_certificate is not null)
            {
                await connection.SecureAsync(_certificate, _stop.Token);
            }

            connection.Read();
        }
        catch (Exception refused) when (refused is AuthenticationException or IOException or OperationCanceledException)
        {
            // The client did not like the certificate, or has gone: that is what some tests are about.
            connection.Received.End("the TLS handshake failed: " + refused.Message);
        }

        _connections.Add(connection);
    }
}
