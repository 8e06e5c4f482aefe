using System.Diagnostics;
using NotifyGateway.Bench.Load;
using NotifyGateway.Bench.Report;
using NotifyGateway.Bench.Servers;

namespace NotifyGateway.Bench.Scenarios;

/// <summary>
/// A million messages wait for a server that does not answer, and the gateway is killed: how soon it serves again, how much memory the
/// backlog takes, and whether every message still arrives, in order.
/// </summary>
internal static class Backlog
{
    private const int Messages = 1_000_000;

    public static void Run(BenchRun bench)
    {
        if (bench.Options.AgainstItself)
        {
            BenchRun.Say("irkerd keeps no backlog over a restart: skipped");
            return;
        }

        using var batch = new Batch(Messages);
        bench.Sink.Mute = true;
        bench.Sink.Batch = batch;
        var port = bench.Sink.Listen();
        var folder = bench.NewFolder("gateway");
        var idle = Fill(bench, batch, port, folder);
        BenchRun.Say("backlog: queued and killed; starting again");
        using var gateway = bench.StartRealGateway(port, folder);
        Thread.Sleep(TimeSpan.FromSeconds(5));
        var growth = gateway.Process.ResidentMiB - idle;
        var start = Stopwatch.GetTimestamp();
        bench.Sink.Mute = false;
        batch.Wait(TimeSpan.FromSeconds(15), TimeSpan.FromMinutes(5));
        bench.Sink.Batch = null;
        var drained = batch.Arrived / Stopwatch.GetElapsedTime(start, batch.LastArrival).TotalSeconds;
        bench.Table.Add(new Figure(
            "start to ready with 1,000,000 queued", Statistics.Show(gateway.ReadyAfter) + " ms",
            Goal: Goal.AtMost(3000, " ms"), Judged: gateway.ReadyAfter, Fault: batch.Fault, Note: "after kill -9; all then delivered, in order"));
        bench.Table.Add(new Figure(
            "memory growth by 1,000,000 queued", Statistics.Show(growth) + " MiB",
            Goal: Goal.AtMost(50, " MiB"), Judged: growth, Fault: batch.Fault));
        bench.Table.Add(new Figure(
            "backlog drained, lines/s", Statistics.Show(drained), Fault: batch.Fault, Note: "with the time to connect again"));
    }

    /// <summary>Fills the outbox and kills the gateway; answers its idle memory.</summary>
    private static double Fill(BenchRun bench, Batch batch, int port, string folder)
    {
        using var gateway = bench.StartRealGateway(port, folder);
        Thread.Sleep(TimeSpan.FromSeconds(5));
        var idle = gateway.Process.ResidentMiB;
        using var sender = IrkerSender.Tcp(gateway.Irker);
        sender.FlatOut(IrkerLines.For(batch, Messages, BenchRun.Url(port)));
        AwaitQueued(gateway);
        gateway.Process.Kill();
        return idle;
    }

    private static void AwaitQueued(Gateway gateway)
    {
        var limit = Stopwatch.GetTimestamp() + (120 * Stopwatch.Frequency);
        while (gateway.Queued() is var queued && queued < Messages)
        {
            if (Stopwatch.GetTimestamp() > limit)
            {
                throw new InvalidDataException($"only {queued} of {Messages} messages are queued after two minutes\n{gateway.Process.LogTail()}");
            }

            Thread.Sleep(200);
        }
    }
}
