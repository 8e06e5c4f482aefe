using System.Net;
using System.Net.Sockets;

namespace NotifyGateway.Tests.Support.Servers;

/// <summary>
/// A name server that knows no name, and says so at once (RFC 1035, NXDOMAIN). For a server that looks up its clients: where no name server
/// answers, each of them waits for half a minute.
/// </summary>
internal sealed class NoNames : IAsyncDisposable
{
    private const int Port = 53;
    private const int HeaderBytes = 12;

    private readonly Socket _socket;
    private readonly Task _answering;

    private NoNames(Socket socket)
    {
        _socket = socket;
        _answering = AnswerAsync();
    }

    public IPAddress Address => ((IPEndPoint)_socket.LocalEndPoint!).Address;

    /// <summary>On an address of 127.0.0.0/8 of its own; null where this process may not have the port of name servers.</summary>
    public static NoNames? TryStart()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            socket.Bind(new IPEndPoint(new IPAddress([127, (byte)Random.Shared.Next(2, 250), (byte)Random.Shared.Next(1, 250), (byte)Random.Shared.Next(1, 250)]), Port));
            return new NoNames(socket);
        }
        catch (SocketException refused) when (refused.SocketErrorCode is SocketError.AccessDenied or SocketError.AddressAlreadyInUse)
        {
            socket.Dispose();
            return null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _socket.Dispose();
        await _answering;
    }

    private async Task AnswerAsync()
    {
        var packet = new byte[512];
        try
        {
            while (true)
            {
                var question = await _socket.ReceiveFromAsync(packet, new IPEndPoint(IPAddress.Any, 0));
                if (question.ReceivedBytes >= HeaderBytes)
                {
                    // The question again, as an answer with recursion, and the code 3: no such name.
                    packet[2] |= 0x80;
                    packet[3] = 0x83;
                    await _socket.SendToAsync(packet.AsMemory(0, question.ReceivedBytes), question.RemoteEndPoint);
                }
            }
        }
        catch (Exception over) when (over is SocketException or ObjectDisposedException)
        {
            // Closed.
        }
    }
}
