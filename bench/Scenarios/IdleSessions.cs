using System.Diagnostics;
using System.Globalization;
using System.Net;
using NotifyGateway.Bench.Load;
using NotifyGateway.Bench.Report;
using NotifyGateway.Bench.Servers;
using NotifyGateway.Bench.Sink;

namespace NotifyGateway.Bench.Scenarios;

/// <summary>What a connection costs that nobody uses: memory and CPU of many of them, to as many loopback addresses.</summary>
internal static class IdleSessions
{
    private const int PlainSessions = 2_000;
    private const int TlsSessions = 1_000;
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Watched = TimeSpan.FromSeconds(20);

    public static void Plain(BenchRun bench)
    {
        if (IsPossible(bench))
        {
            var port = bench.Sink.Listen(IPAddress.Any);
            using var gateway = bench.StartRealGateway();
            bench.Warm(gateway, BenchRun.Url(port));
            Measure(bench, gateway, "idle session", PlainSessions, "irc", port, Goal.AtMost(20, " KiB", 8), Goal.AtMost(1, " %"));
        }
    }

    public static void Tls(BenchRun bench)
    {
        if (IsPossible(bench))
        {
            using var front = new TlsFront(bench.Sink.Listen());
            using var gateway = bench.StartRealGateway(more: options => options["Dynamic"]!["TlsAllowInvalid"] = true);
            bench.Warm(gateway, $"ircs://127.0.0.1:{front.Port}/#bench");
            Measure(bench, gateway, "idle TLS session", TlsSessions, "ircs", front.Port, memoryGoal: null, cpuGoal: null);
        }
    }

    /// <summary>The share of a core that a process takes while nothing happens.</summary>
    public static double Share(ServerProcess process)
    {
        var cpu = process.CpuSeconds;
        var start = Stopwatch.GetTimestamp();
        Thread.Sleep(Watched);
        return (process.CpuSeconds - cpu) / Stopwatch.GetElapsedTime(start).TotalSeconds * 100;
    }

    /// <summary>What a process holds, when it has had time to give back what it needed for a moment.</summary>
    public static double SettledMiB(ServerProcess process)
    {
        Thread.Sleep(Settle);
        return process.ResidentMiB;
    }

    private static bool IsPossible(BenchRun bench)
    {
        if (bench.Options.AgainstItself)
        {
            BenchRun.Say("irkerd stops at 200 sessions, and cannot speak XMPP: skipped");
        }

        return !bench.Options.AgainstItself;
    }

    private static void Measure(BenchRun bench, Gateway gateway, string what, int sessions, string scheme, int port, Goal? memoryGoal, Goal? cpuGoal)
    {
        var targets = Enumerable.Range(0, sessions).Select(index => $"{scheme}://127.50.{index / 200}.{(index % 200) + 1}:{port}/#bench").ToArray();
        var before = SettledMiB(gateway.Process);
        using var batch = new Batch(sessions);
        using var sender = IrkerSender.Tcp(gateway.Irker);
        bench.Sink.Batch = batch;
        sender.FlatOut(IrkerLines.For(batch, sessions, targets));
        batch.Wait(TimeSpan.FromSeconds(20), TimeSpan.FromMinutes(2));
        bench.Sink.Batch = null;
        var each = (SettledMiB(gateway.Process) - before) * 1024 / sessions;
        var share = Share(gateway.Process);
        var note = string.Create(CultureInfo.InvariantCulture, $"{bench.Sink.Registered - 1:#,0} sessions stood");
        bench.Table.Add(new Figure(
            $"memory of an {what}", Statistics.Show(each) + " KiB", Goal: memoryGoal, Judged: each, Fault: batch.Fault, Note: note));
        bench.Table.Add(new Figure(
            string.Create(CultureInfo.InvariantCulture, $"CPU of {sessions:#,0} {what}s"), Statistics.Show(share) + " %", Goal: cpuGoal, Judged: share, Fault: batch.Fault));
    }
}
