using System.Diagnostics;
using System.Globalization;
using NotifyGateway.Bench.Load;
using NotifyGateway.Bench.Report;
using NotifyGateway.Bench.Servers;

namespace NotifyGateway.Bench.Scenarios;

/// <summary>How long after it was handed over a message is seen by the IRC server: on a connection that stands, and on one that must be made.</summary>
internal static class Latency
{
    private const int LaterMessages = 120;
    private const int FirstMessages = 6;

    public static void Run(BenchRun bench)
    {
        var target = BenchRun.Url(bench.Sink.Listen());
        using var gateway = bench.StartGateway();
        using var rival = bench.StartRival();
        bench.Warm(gateway, target);
        bench.Warm(rival, target);
        var later = bench.Alternate("later message, ms", () => Later(bench, gateway, target), () => Later(bench, rival, target));
        Add(bench, "later message", later, Goal.AtLeastTimes(8, 20));
        var first = bench.Alternate("first message, ms", () => First(bench, gateway), () => First(bench, rival));
        Add(bench, "first message on a fresh IRC connection", first, Goal.AtLeastTimes(4));
    }

    private static void Add(BenchRun bench, string what, List<(Result Gateway, Result Rival)> pairs, Goal goal)
    {
        var fault = pairs.Select(pair => pair.Gateway.Fault).FirstOrDefault(fault => fault is not null);
        var ratios = pairs.ConvertAll(pair => pair.Rival.Median / pair.Gateway.Median);
        bench.Table.Add(new Figure(
            what + ", p50",
            Statistics.Show(Statistics.Median(pairs.Select(pair => pair.Gateway.Median))) + " ms",
            Statistics.Show(Statistics.Median(pairs.Select(pair => pair.Rival.Median))) + " ms",
            Statistics.Spread(ratios), goal, Statistics.Median(ratios), fault));
        var slow = pairs.ConvertAll(pair => pair.Rival.Slow / pair.Gateway.Slow);
        bench.Table.Add(new Figure(
            what + ", p99",
            Statistics.Show(Statistics.Median(pairs.Select(pair => pair.Gateway.Slow))) + " ms",
            Statistics.Show(Statistics.Median(pairs.Select(pair => pair.Rival.Slow))) + " ms",
            Statistics.Spread(slow), Fault: fault));
    }

    private static Result Later(BenchRun bench, IRelay relay, string target)
    {
        using var batch = new Batch(LaterMessages, timed: true);
        var lines = IrkerLines.For(batch, LaterMessages, target);
        using var sender = IrkerSender.Tcp(relay.Irker);
        bench.Sink.Batch = batch;
        for (var number = 0; number < LaterMessages; number++)
        {
            // Uneven, or every message would meet the same phase of irkerd's poll of 90 ms.
            Libc.SleepUntil(Stopwatch.GetTimestamp() + (Random.Shared.Next(15_000, 75_000) * (Stopwatch.Frequency / 1_000_000)));
            sender.One(lines, batch, number);
        }

        return Finish(bench, batch);
    }

    private static Result First(BenchRun bench, IRelay relay)
    {
        using var batch = new Batch(FirstMessages, timed: true);
        var targets = Enumerable.Range(0, FirstMessages).Select(_ => BenchRun.Url(bench.Sink.Listen())).ToArray();
        var lines = IrkerLines.For(batch, FirstMessages, targets);
        using var sender = IrkerSender.Tcp(relay.Irker);
        bench.Sink.Batch = batch;
        for (var number = 0; number < FirstMessages; number++)
        {
            Libc.SleepUntil(Stopwatch.GetTimestamp() + (Random.Shared.Next(300, 400) * (Stopwatch.Frequency / 1_000)));
            sender.One(lines, batch, number);
        }

        return Finish(bench, batch);
    }

    private static Result Finish(BenchRun bench, Batch batch)
    {
        batch.Wait(BenchRun.Patience, TimeSpan.FromMinutes(1));
        bench.Sink.Batch = null;
        var latencies = batch.Latencies();
        return new Result(Statistics.Percentile(latencies, 0.5), Statistics.Percentile(latencies, 0.99), batch.Fault);
    }

    private sealed record Result(double Median, double Slow, string? Fault) : IMeasurement
    {
        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"p50 {Median:0.0} p99 {Slow:0.0} {Fault}");
    }
}
