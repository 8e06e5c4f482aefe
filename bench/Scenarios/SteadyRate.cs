using System.Diagnostics;
using System.Globalization;
using NotifyGateway.Bench.Load;
using NotifyGateway.Bench.Report;
using NotifyGateway.Bench.Servers;

namespace NotifyGateway.Bench.Scenarios;

/// <summary>What a quiet day costs: the share of a core that goes into an even trickle of messages.</summary>
internal static class SteadyRate
{
    public static void Run(BenchRun bench)
    {
        var target = BenchRun.Url(bench.Sink.Listen());
        using var gateway = bench.StartGateway();
        using var rival = bench.StartRival();
        bench.Warm(gateway, target);
        bench.Warm(rival, target);
        Rate(bench, 100, Goal.AtMostTimes(2, 1.2), gateway, rival, target);
        Rate(bench, 1_000, Goal.AtMostTimes(2, 1.2), gateway, rival, target);
        Rate(bench, 10_000, goal: null, gateway, rival, target);
    }

    private static void Rate(BenchRun bench, int rate, Goal? goal, IRelay gateway, IRelay rival, string target)
    {
        var what = string.Create(CultureInfo.InvariantCulture, $"CPU at {rate:#,0} lines/s");
        var pairs = bench.Alternate(what, () => Measure(bench, gateway, rate, target), () => Measure(bench, rival, rate, target));
        var ratios = pairs.ConvertAll(pair => pair.Gateway.Share / pair.Rival.Share);
        bench.Table.Add(new Figure(
            what,
            Statistics.Show(Statistics.Median(pairs.Select(pair => pair.Gateway.Share)) * 100) + " %",
            Statistics.Show(Statistics.Median(pairs.Select(pair => pair.Rival.Share)) * 100) + " %",
            Statistics.Spread(ratios), goal, Statistics.Median(ratios),
            pairs.Select(pair => pair.Gateway.Fault).FirstOrDefault(fault => fault is not null)));
    }

    private static Result Measure(BenchRun bench, IRelay relay, int rate, string target)
    {
        var count = (int)(rate * bench.Options.Steady.TotalSeconds);
        using var batch = new Batch(count, timed: true);
        var lines = IrkerLines.For(batch, count, target);
        using var sender = IrkerSender.Tcp(relay.Irker);
        bench.Sink.Batch = batch;
        var cpu = relay.Process.CpuSeconds;
        var start = Stopwatch.GetTimestamp();
        sender.Paced(lines, batch, rate);
        batch.Wait(BenchRun.Patience, TimeSpan.FromMinutes(1));
        cpu = relay.Process.CpuSeconds - cpu;
        var share = cpu / Stopwatch.GetElapsedTime(start).TotalSeconds;
        bench.Sink.Batch = null;
        return new Result(share, batch.Fault);
    }

    private sealed record Result(double Share, string? Fault) : IMeasurement
    {
        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Share * 100:0.0} % {Fault}");
    }
}
