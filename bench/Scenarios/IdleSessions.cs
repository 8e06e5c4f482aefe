using System.Diagnostics;
using System.Globalization;
using System.Net;
using NotifyGateway.Bench.Load;
using NotifyGateway.Bench.Report;

namespace NotifyGateway.Bench.Scenarios;

/// <summary>What a connection costs that nobody uses: memory and CPU of 2,000 of them, to as many loopback addresses.</summary>
internal static class IdleSessions
{
    private const int Sessions = 2_000;
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Watched = TimeSpan.FromSeconds(20);

    public static void Run(BenchRun bench)
    {
        if (bench.Options.AgainstItself)
        {
            BenchRun.Say("irkerd stops at 200 sessions: skipped");
            return;
        }

        var port = bench.Sink.Listen(IPAddress.Any);
        var targets = Enumerable.Range(0, Sessions).Select(index => $"irc://127.50.{index / 200}.{(index % 200) + 1}:{port}/#bench").ToArray();
        using var gateway = bench.StartGateway();
        bench.Warm(gateway, BenchRun.Url(port));
        Thread.Sleep(Settle);
        var before = gateway.Process.ResidentMiB;
        using var batch = new Batch(Sessions);
        using var sender = IrkerSender.Tcp(gateway.Irker);
        bench.Sink.Batch = batch;
        sender.FlatOut(IrkerLines.For(batch, Sessions, targets));
        batch.Wait(TimeSpan.FromSeconds(20), TimeSpan.FromMinutes(2));
        bench.Sink.Batch = null;
        Thread.Sleep(Settle);
        var each = (gateway.Process.ResidentMiB - before) * 1024 / Sessions;
        var cpu = gateway.Process.CpuSeconds;
        var start = Stopwatch.GetTimestamp();
        Thread.Sleep(Watched);
        var share = (gateway.Process.CpuSeconds - cpu) / Stopwatch.GetElapsedTime(start).TotalSeconds * 100;
        var note = string.Create(CultureInfo.InvariantCulture, $"{bench.Sink.Registered - 1:#,0} sessions stood");
        bench.Table.Add(new Figure(
            "memory of an idle session", Statistics.Show(each) + " KiB", Goal: Goal.AtMost(20, " KiB", 8), Judged: each, Fault: batch.Fault, Note: note));
        bench.Table.Add(new Figure(
            "CPU of 2,000 idle sessions", Statistics.Show(share) + " %", Goal: Goal.AtMost(1, " %"), Judged: share, Fault: batch.Fault));
    }
}
