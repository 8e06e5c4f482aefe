using System.Net;
using System.Net.Sockets;

namespace NotifyGateway.Bench;

/// <summary>Ports below the range that the kernel gives to outgoing connections, so that nobody's connection takes one meanwhile.</summary>
internal static class FreePort
{
    private const int Lowest = 20_000;
    private const int Highest = 32_000;

    private static int _next = Lowest + Random.Shared.Next(Highest - Lowest);

    /// <summary>A socket bound to a free port, listening if it is a stream.</summary>
    public static Socket Bind(IPAddress address, SocketType type, int backlog)
    {
        for (var attempt = 0; attempt < Highest - Lowest; attempt++)
        {
            _next = _next >= Highest ? Lowest : _next + 1;
            var socket = new Socket(address.AddressFamily, type, type == SocketType.Stream ? ProtocolType.Tcp : ProtocolType.Udp);
            try
            {
                socket.Bind(new IPEndPoint(address, _next));
                if (type == SocketType.Stream)
                {
                    socket.Listen(backlog);
                }

                return socket;
            }
            catch (SocketException taken) when (taken.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                socket.Dispose();
            }
        }

        throw new InvalidOperationException($"no port from {Lowest} to {Highest} is free on {address}");
    }

    /// <summary>A port of 127.0.0.1 that nobody uses now, for TCP and UDP.</summary>
    public static int Find()
    {
        while (true)
        {
            using var stream = Bind(IPAddress.Loopback, SocketType.Stream, backlog: 1);
            using var datagrams = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            try
            {
                datagrams.Bind(stream.LocalEndPoint!);
                return ((IPEndPoint)stream.LocalEndPoint!).Port;
            }
            catch (SocketException taken) when (taken.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                // The next one, then.
            }
        }
    }
}
