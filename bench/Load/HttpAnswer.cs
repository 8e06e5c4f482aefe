using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace NotifyGateway.Bench.Load;

/// <summary>As much of HTTP/1.1 as a client of one known server needs.</summary>
internal static class HttpAnswer
{
    /// <summary>Whether head and body are all there; answers are never pipelined here, so that nothing can follow.</summary>
    public static bool IsComplete(ReadOnlySpan<byte> response)
    {
        var head = response.IndexOf("\r\n\r\n"u8);
        if (head < 0)
        {
            return false;
        }

        var body = response[(head + 4)..];
        var length = response[..head].IndexOf("\r\nContent-Length: "u8);
        return length < 0
            ? body.EndsWith("0\r\n\r\n"u8)
            : Utf8Parser.TryParse(response[(length + "\r\nContent-Length: ".Length)..], out int expected, out _) && body.Length >= expected;
    }

    /// <summary>Asks once, on a connection of its own.</summary>
    /// <returns>The whole answer, head and body; null when nobody listens, or serves yet.</returns>
    public static string? Get(int port, string path)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveTimeout = 10_000 };
        using var answer = new MemoryStream();
        Span<byte> buffer = stackalloc byte[4096];
        try
        {
            socket.Connect(new IPEndPoint(IPAddress.Loopback, port));
            socket.Send(Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n"));
            while (socket.Receive(buffer) is var count and > 0)
            {
                answer.Write(buffer[..count]);
            }
        }
        catch (SocketException nobody) when (nobody.SocketErrorCode is SocketError.ConnectionRefused or SocketError.ConnectionReset)
        {
            // A server that is just starting may listen before it serves.
            return null;
        }

        return Encoding.UTF8.GetString(answer.ToArray());
    }
}
