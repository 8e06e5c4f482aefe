using System.Globalization;
using NotifyGateway.Bench.Load;
using NotifyGateway.Bench.Report;
using NotifyGateway.Bench.Servers;

namespace NotifyGateway.Bench.Scenarios;

/// <summary>How many datagrams never become a message: at 40,000 a second, and in one burst.</summary>
internal static class UdpLoss
{
    private const int Rate = 40_000;
    private const int RateSeconds = 2;
    private const int Burst = 20_000;

    public static void Run(BenchRun bench)
    {
        var target = BenchRun.Url(bench.Sink.Listen());
        using var gateway = bench.StartGateway();
        using var rival = bench.StartRival();
        bench.Warm(gateway, target);
        bench.Warm(rival, target);
        Add(bench, $"UDP lost at {Rate / 1000},000/s for {RateSeconds} s", Rate * RateSeconds, Flow, gateway, rival, target);
        Add(bench, $"UDP lost of a burst of {Burst / 1000},000", Burst, static (sender, lines) => sender.Burst(lines), gateway, rival, target);
    }

    /// <summary>A millisecond's datagrams at a time: 40 of them fit into any receive buffer.</summary>
    private static void Flow(IrkerSender sender, IrkerLines lines) => sender.Datagrams(lines, Rate, TimeSpan.FromMilliseconds(1));

    private static void Add(
        BenchRun bench, string what, int count, Action<IrkerSender, IrkerLines> send, IRelay gateway, IRelay rival, string target)
    {
        var pairs = bench.Alternate(what, () => Measure(bench, gateway, count, send, target), () => Measure(bench, rival, count, send, target));
        var worst = pairs.Max(pair => pair.Gateway.Lost);
        bench.Table.Add(new Figure(
            what,
            Show(worst, count),
            Show((int)Statistics.Median(pairs.Select(pair => (double)pair.Rival.Lost)), count),
            Goal: Goal.AtMost(0, " lost"), Judged: worst,
            Fault: pairs.Select(pair => pair.Gateway.Fault).FirstOrDefault(fault => fault is not null),
            Note: "the gateway's worst round, irkerd's median"));
    }

    private static string Show(int lost, int count) => string.Create(CultureInfo.InvariantCulture, $"{lost:#,0} ({lost * 100.0 / count:0.0} %)");

    private static Result Measure(BenchRun bench, IRelay relay, int count, Action<IrkerSender, IrkerLines> send, string target)
    {
        using var batch = new Batch(count);
        var lines = IrkerLines.For(batch, count, target);
        using var sender = IrkerSender.Udp(relay.Irker);
        bench.Sink.Batch = batch;
        send(sender, lines);
        batch.Wait(TimeSpan.FromSeconds(2), TimeSpan.FromMinutes(1));
        relay.Process.AwaitQuiet();
        bench.Sink.Batch = null;

        // Loss is the figure itself; a repeated or reordered message would still be wrong.
        return new Result(batch.Lost, (batch.Repeated, batch.Reordered) is (0, 0) ? null : batch.Fault);
    }

    private sealed record Result(int Lost, string? Fault) : IMeasurement
    {
        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Lost} lost {Fault}");
    }
}
