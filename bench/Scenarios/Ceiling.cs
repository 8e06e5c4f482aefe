using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using NotifyGateway.Bench.Load;
using NotifyGateway.Bench.Report;

namespace NotifyGateway.Bench.Scenarios;

/// <summary>What load and sink can do on their one core without anything between them: no figure of a relay may come near it.</summary>
internal static class Ceiling
{
    public static void Run(BenchRun bench)
    {
        var port = bench.Sink.Listen();
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Connect(new IPEndPoint(IPAddress.Loopback, port));
        socket.Send("NICK ceiling\r\nUSER ceiling 0 * :ceiling\r\nJOIN #bench\r\n"u8);
        var rates = Enumerable.Range(0, bench.Options.Rounds + 1).Select(_ => Measure(bench, socket)).Skip(1).ToArray();
        bench.Table.Add(new Figure("ceiling of load and sink, lines/s", Statistics.Show(Statistics.Median(rates)), Note: "no relay between them"));
    }

    private static double Measure(BenchRun bench, Socket socket)
    {
        using var batch = new Batch(bench.Options.Lines);
        var lines = new StringBuilder();
        for (var number = 0; number < bench.Options.Lines; number++)
        {
            lines.Append(CultureInfo.InvariantCulture, $"PRIVMSG #bench :{batch.Id}.{number} {IrkerLines.Filler}\r\n");
        }

        var bytes = Encoding.ASCII.GetBytes(lines.ToString());
        bench.Sink.Batch = batch;
        var start = Stopwatch.GetTimestamp();
        for (var sent = 0; sent < bytes.Length;)
        {
            sent += socket.Send(bytes.AsSpan(sent, Math.Min(64 * 1024, bytes.Length - sent)));
        }

        if (!batch.Wait(BenchRun.Patience, TimeSpan.FromMinutes(1)) || batch.Fault is not null)
        {
            throw new InvalidDataException("the sink itself miscounts: " + batch.Fault);
        }

        bench.Sink.Batch = null;
        return batch.Arrived / Stopwatch.GetElapsedTime(start, batch.LastArrival).TotalSeconds;
    }
}
