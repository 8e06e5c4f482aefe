using System.Net;
using System.Net.Sockets;

namespace NotifyGateway.Tests.Support;

/// <summary>Ports for servers that must be told one in advance, or that come back on the same one.</summary>
internal static class FreePort
{
    private const int First = 10_000;
    // From here on the system hands out ports to outgoing connections: one of them could take ours between stop and start.
    private const int Beyond = 32_768;

    private static int _last = Random.Shared.Next(First, Beyond);

    /// <summary>A port of 127.0.0.1 that is free for TCP and UDP, and that this process has not handed out lately.</summary>
    public static int Next()
    {
        for (var attempt = 0; attempt < Beyond - First; attempt++)
        {
            var port = First + ((Interlocked.Increment(ref _last) & int.MaxValue) % (Beyond - First));
            if (IsFree(port, SocketType.Stream, ProtocolType.Tcp) && IsFree(port, SocketType.Dgram, ProtocolType.Udp))
            {
                return port;
            }
        }

        throw new InvalidOperationException("no free port");
    }

    private static bool IsFree(int port, SocketType type, ProtocolType protocol)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, type, protocol);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
