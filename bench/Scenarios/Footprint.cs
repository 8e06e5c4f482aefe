using System.Globalization;
using NotifyGateway.Bench.Load;
using NotifyGateway.Bench.Report;
using NotifyGateway.Bench.Servers;

namespace NotifyGateway.Bench.Scenarios;

/// <summary>How soon a process serves, and how much memory it holds: after the start, and after work.</summary>
internal static class Footprint
{
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(3);

    public static void Run(BenchRun bench)
    {
        var target = BenchRun.Url(bench.Sink.Listen());
        var pairs = bench.Alternate("start and memory", () => Measure(bench, bench.StartGateway, target), () => Measure(bench, bench.StartRival, target));
        Add(bench, pairs, "start to ready", " ms", Goal.AtMost(1500, " ms"), result => result.ReadyAfter);
        Add(bench, pairs, "resident memory, idle", " MiB", Goal.AtMost(100, " MiB", 70), result => result.Idle);
        Add(bench, pairs, "resident memory, quiet after load", " MiB", goal: null, result => result.After);
        Add(bench, pairs, "resident memory, peak", " MiB", goal: null, result => result.Peak);
    }

    private static void Add(BenchRun bench, List<(Result Gateway, Result Rival)> pairs, string what, string unit, Goal? goal, Func<Result, double> value)
    {
        var gateway = Statistics.Median(pairs.Select(pair => value(pair.Gateway)));
        bench.Table.Add(new Figure(
            what,
            Statistics.Show(gateway) + unit,
            Statistics.Show(Statistics.Median(pairs.Select(pair => value(pair.Rival)))) + unit,
            Statistics.Spread(pairs.ConvertAll(pair => value(pair.Gateway) / value(pair.Rival))),
            goal, gateway, pairs.Select(pair => pair.Gateway.Fault).FirstOrDefault(fault => fault is not null)));
    }

    private static Result Measure(BenchRun bench, Func<IRelay> start, string target)
    {
        using var relay = start();
        Thread.Sleep(Idle);
        var idle = relay.Process.ResidentMiB;
        using var batch = new Batch(bench.Options.Lines);
        var lines = IrkerLines.For(batch, bench.Options.Lines, target);
        using var sender = IrkerSender.Tcp(relay.Irker);
        bench.Sink.Batch = batch;
        sender.FlatOut(lines);
        batch.Wait(BenchRun.Patience, TimeSpan.FromMinutes(1));
        relay.Process.AwaitQuiet();
        bench.Sink.Batch = null;
        return new Result(relay.ReadyAfter, idle, relay.Process.ResidentMiB, relay.Process.PeakMiB, batch.Fault);
    }

    private sealed record Result(double ReadyAfter, double Idle, double After, double Peak, string? Fault) : IMeasurement
    {
        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{ReadyAfter:0} ms, {Idle:0.0} MiB idle, {After:0.0} after, {Peak:0.0} peak {Fault}");
    }
}
