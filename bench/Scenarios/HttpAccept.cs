using System.Globalization;
using NotifyGateway.Bench.Load;
using NotifyGateway.Bench.Report;
using NotifyGateway.Bench.Servers;

namespace NotifyGateway.Bench.Scenarios;

/// <summary>
/// How many posts a second are accepted, each durable before its answer, held against an endpoint that only validates. Afterwards every
/// accepted message must have reached the sink.
/// </summary>
internal static class HttpAccept
{
    private const string Native = "/api/v1/messages";
    private const string TwistedPrism = "/notification/send";
    private const int MostMessages = 4_000_000;
    private static readonly TimeSpan DeliveryLimit = TimeSpan.FromMinutes(3);

    public static void Run(BenchRun bench)
    {
        if (bench.Options.AgainstItself)
        {
            BenchRun.Say("irkerd has no HTTP door: skipped");
            return;
        }

        Measure(bench, Native, 64, deliver: false, Goal.AtLeastTimes(0.5, 0.65));
        Measure(bench, Native, 256, deliver: false, Goal.AtLeastTimes(0.6, 0.75));
        Measure(bench, Native, 64, deliver: true, goal: null);
        Measure(bench, TwistedPrism, 64, deliver: false, goal: null);
    }

    private static void Measure(BenchRun bench, string path, int connections, bool deliver, Goal? goal)
    {
        using var batch = new Batch(MostMessages, ordered: false);
        bench.Sink.Mute = !deliver;
        bench.Sink.Batch = batch;
        using var gateway = bench.StartRealGateway(bench.Sink.Listen());
        using var bare = bench.StartBareMvc();
        var json = string.Equals(path, Native, StringComparison.Ordinal)
            ? $"{{\"to\":[\"bench/#bench\"],\"text\":\"{batch.Id}.NUMBER {IrkerLines.Filler}\"}}"
            : $"{{\"message\":\"{batch.Id}.NUMBER {IrkerLines.Filler}\",\"channels\":[\"#bench\"]}}";
        using var load = new HttpLoad(gateway.Http, connections, path, json);
        using var bareLoad = new HttpLoad(bare.Http, connections, path, json);
        Warm(bench.Warmth(gateway.Process), load);
        Warm(bench.Warmth(bare.Process), bareLoad);
        var what = $"POST {path} → 202, {connections} connections, {(deliver ? "delivered meanwhile" : "accepted only")}";
        var count = Math.Max(2_000, bench.Options.Lines / 10);
        var pairs = bench.Alternate(what, () => Round(gateway.Process, load, count), () => Round(bare.Process, bareLoad, count));
        var fault = Verify(bench, batch, load.Posted, gateway);
        var ratios = pairs.ConvertAll(pair => pair.Gateway.PerSecond / pair.Rival.PerSecond);
        bench.Table.Add(new Figure(
            what,
            Statistics.Show(Statistics.Median(pairs.Select(pair => pair.Gateway.PerSecond))) + "/s",
            Statistics.Show(Statistics.Median(pairs.Select(pair => pair.Rival.PerSecond))) + "/s bare MVC",
            Statistics.Spread(ratios), goal, Statistics.Median(ratios), fault,
            string.Create(
                CultureInfo.InvariantCulture,
                $"p50 {Statistics.Median(pairs.Select(pair => pair.Gateway.Median)):0.0} ms, p99 {Statistics.Median(pairs.Select(pair => pair.Gateway.Slow)):0.0} ms")));
        AddCpu(bench, what, pairs, fault);
    }

    private static void AddCpu(BenchRun bench, string what, List<(Result Gateway, Result Rival)> pairs, string? fault) => bench.Table.Add(new Figure(
        "CPU s per 100,000, " + what,
        Statistics.Show(Statistics.Median(pairs.Select(pair => pair.Gateway.CpuPer100K))),
        Statistics.Show(Statistics.Median(pairs.Select(pair => pair.Rival.CpuPer100K))) + " bare MVC",
        Statistics.Spread(pairs.ConvertAll(pair => pair.Gateway.CpuPer100K / pair.Rival.CpuPer100K)), Fault: fault));

    private static void Warm(Func<bool> warm, HttpLoad load)
    {
        do
        {
            load.Post(2_000);
        }
        while (!warm());
    }

    private static Result Round(ServerProcess process, HttpLoad load, int count)
    {
        var cpu = process.CpuSeconds;
        var result = load.Post(count);
        process.AwaitQuiet();
        cpu = process.CpuSeconds - cpu;
        return new Result(result.PerSecond, cpu / count * 100_000, Statistics.Percentile(result.Latencies, 0.5), Statistics.Percentile(result.Latencies, 0.99));
    }

    /// <summary>Lets the server answer, and counts what comes.</summary>
    private static string? Verify(BenchRun bench, Batch batch, int posted, Gateway gateway)
    {
        batch.Expect(posted);
        bench.Sink.Mute = false;
        batch.Wait(TimeSpan.FromSeconds(15), DeliveryLimit);
        bench.Sink.Batch = null;
        return batch.Fault is { } fault ? $"of {posted} accepted {fault}; {gateway.Queued()} still queued" : null;
    }

    private sealed record Result(double PerSecond, double CpuPer100K, double Median, double Slow) : IMeasurement
    {
        /// <summary>Every post was answered with 202, or the load would have thrown; what became of them is counted at the end.</summary>
        public string? Fault => null;

        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{PerSecond:#,0}/s {CpuPer100K:0.0} CPU s p50 {Median:0.0} p99 {Slow:0.0} ms");
    }
}
