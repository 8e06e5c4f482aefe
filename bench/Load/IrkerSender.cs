using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace NotifyGateway.Bench.Load;

/// <summary>Hands requests to a server that speaks irkerd's language, over one TCP connection or by datagrams.</summary>
internal sealed class IrkerSender : IDisposable
{
    private const int Piece = 64 * 1024;

    private readonly Socket _socket;

    private IrkerSender(Socket socket) => _socket = socket;

    public static IrkerSender Tcp(IPEndPoint server)
    {
        var socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Connect(server);
        return new IrkerSender(socket);
    }

    public static IrkerSender Udp(IPEndPoint server)
    {
        var socket = new Socket(server.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        socket.Connect(server);
        return new IrkerSender(socket);
    }

    /// <summary>Sends all as fast as the server reads.</summary>
    public void FlatOut(IrkerLines lines)
    {
        var bytes = lines.All;
        while (!bytes.IsEmpty)
        {
            bytes = bytes[_socket.Send(bytes[..Math.Min(Piece, bytes.Length)])..];
        }
    }

    /// <summary>Sends each line on its own, at an even rate by the clock; what falls behind is caught up.</summary>
    public void Paced(IrkerLines lines, Batch batch, double perSecond)
    {
        var interval = Stopwatch.Frequency / perSecond;
        var start = Stopwatch.GetTimestamp();
        for (var number = 0; number < lines.Count; number++)
        {
            var due = start + (long)(number * interval);
            if (due > Stopwatch.GetTimestamp())
            {
                Libc.SleepUntil(due);
            }

            One(lines, batch, number);
        }
    }

    /// <summary>Sends one line and notes the time.</summary>
    public void One(IrkerLines lines, Batch batch, int number)
    {
        if (batch.SentAt.Length > 0)
        {
            batch.SentAt[number] = Stopwatch.GetTimestamp();
        }

        _socket.Send(lines.Line(number));
    }

    /// <summary>Sends one datagram a line, without a pause.</summary>
    public void Burst(IrkerLines lines)
    {
        for (var number = 0; number < lines.Count; number++)
        {
            _socket.Send(lines.Line(number));
        }
    }

    /// <summary>Sends one datagram a line at an even rate, as many at a time as fall due in <paramref name="step"/>.</summary>
    public void Datagrams(IrkerLines lines, int perSecond, TimeSpan step)
    {
        var each = (int)(perSecond * step.TotalSeconds);
        var interval = (long)(step.TotalSeconds * Stopwatch.Frequency);
        var due = Stopwatch.GetTimestamp();
        for (var number = 0; number < lines.Count; number++)
        {
            if (number % each == 0)
            {
                Libc.SleepUntil(due += interval);
            }

            _socket.Send(lines.Line(number));
        }
    }

    public void Dispose() => _socket.Dispose();
}
