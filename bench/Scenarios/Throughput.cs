using System.Diagnostics;
using System.Globalization;
using NotifyGateway.Bench.Load;
using NotifyGateway.Bench.Report;
using NotifyGateway.Bench.Servers;

namespace NotifyGateway.Bench.Scenarios;

/// <summary>How many lines a second a relay delivers from one TCP connection, and what 100,000 of them cost it in CPU time.</summary>
internal static class Throughput
{
    public static void OneServer(BenchRun bench) => Run(bench, 1, Goal.AtLeastTimes(2.5, 5), Goal.AtLeastTimes(2, 4));

    public static void TenServers(BenchRun bench) => Run(bench, 10, Goal.AtLeastTimes(3, 6), cpuGoal: null);

    private static void Run(BenchRun bench, int servers, Goal linesGoal, Goal? cpuGoal)
    {
        var targets = Enumerable.Range(0, servers).Select(_ => BenchRun.Url(bench.Sink.Listen())).ToArray();
        var what = servers == 1 ? "one channel" : $"{servers} servers";
        using var gateway = bench.StartGateway();
        using var rival = bench.StartRival();
        bench.Warm(gateway, targets);
        bench.Warm(rival, targets);

        var pairs = bench.Alternate(what, () => Measure(bench, gateway, targets), () => Measure(bench, rival, targets));
        var fault = pairs.Select(pair => pair.Gateway.Fault).FirstOrDefault(fault => fault is not null);
        var note = pairs.Select(pair => pair.Rival.Fault).FirstOrDefault(fault => fault is not null) is { } rivals ? "irkerd: " + rivals : null;
        var lines = pairs.ConvertAll(pair => pair.Gateway.PerSecond / pair.Rival.PerSecond);
        bench.Table.Add(new Figure(
            $"delivered lines/s, TCP, {what}",
            Statistics.Show(Statistics.Median(pairs.Select(pair => pair.Gateway.PerSecond))),
            Statistics.Show(Statistics.Median(pairs.Select(pair => pair.Rival.PerSecond))),
            Statistics.Spread(lines), linesGoal, Statistics.Median(lines), fault, note));
        var cpu = pairs.ConvertAll(pair => pair.Rival.CpuPer100K / pair.Gateway.CpuPer100K);
        bench.Table.Add(new Figure(
            $"CPU s per 100,000 lines, {what}",
            Statistics.Show(Statistics.Median(pairs.Select(pair => pair.Gateway.CpuPer100K))),
            Statistics.Show(Statistics.Median(pairs.Select(pair => pair.Rival.CpuPer100K))),
            Statistics.Spread(cpu), cpuGoal, Statistics.Median(cpu), fault, note));
    }

    private static Result Measure(BenchRun bench, IRelay relay, string[] targets)
    {
        using var batch = new Batch(bench.Options.Lines);
        var lines = IrkerLines.For(batch, bench.Options.Lines, targets);
        using var sender = IrkerSender.Tcp(relay.Irker);
        var strays = bench.Sink.Strays + bench.Sink.Unjoined;
        bench.Sink.Batch = batch;
        var cpu = relay.Process.CpuSeconds;
        var start = Stopwatch.GetTimestamp();
        sender.FlatOut(lines);
        batch.Wait(BenchRun.Patience, TimeSpan.FromMinutes(2));
        var seconds = Stopwatch.GetElapsedTime(start, batch.LastArrival).TotalSeconds;
        relay.Process.AwaitQuiet();
        cpu = relay.Process.CpuSeconds - cpu;
        bench.Sink.Batch = null;
        strays = bench.Sink.Strays + bench.Sink.Unjoined - strays;
        return new Result(batch.Arrived / seconds, cpu / batch.Arrived * 100_000, batch.Fault ?? (strays > 0 ? $"{strays} strays" : null));
    }

    private sealed record Result(double PerSecond, double CpuPer100K, string? Fault) : IMeasurement
    {
        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{PerSecond:#,0}/s {CpuPer100K:0.00} CPU s {Fault}");
    }
}
