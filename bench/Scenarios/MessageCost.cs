using System.Globalization;
using NotifyGateway.Bench.Load;
using NotifyGateway.Bench.Report;
using NotifyGateway.Bench.Servers;

namespace NotifyGateway.Bench.Scenarios;

/// <summary>What one message takes of the managed heap and of a core, from its door to its receipt: in a flood, alone, and by HTTP.</summary>
internal static class MessageCost
{
    private const int Flood = 200_000;
    private const int Posts = 20_000;
    private const int Rounds = 3;

    /// <summary>One at a time, as far as the gateway can tell.</summary>
    private const int PerSecond = 100;

    private const int Alone = 500;

    public static void Run(BenchRun bench)
    {
        if (bench.Options.AgainstItself)
        {
            BenchRun.Say("irkerd has no managed heap: skipped");
            return;
        }

        var port = bench.Sink.Listen();
        using var gateway = bench.StartRealGateway(port);
        var target = BenchRun.Url(port);
        bench.Warm(gateway, target);
        Add(bench, gateway, "delivered line, flat out", Flood, batch =>
        {
            using var sender = IrkerSender.Tcp(gateway.Irker);
            sender.FlatOut(IrkerLines.For(batch, Flood, target));
        });
        Add(bench, gateway, "delivered line, alone", Alone, batch =>
        {
            using var sender = IrkerSender.Tcp(gateway.Irker);
            sender.Paced(IrkerLines.For(batch, Alone, target), batch, PerSecond);
        });
        Add(bench, gateway, "post, delivered", Posts, batch =>
        {
            var json = $$"""{"to":["bench/#bench"],"text":"{{batch.Id}}.NUMBER {{IrkerLines.Filler}}"}""";
            using var load = new HttpLoad(gateway.Http, 64, "/api/v1/messages", json);
            load.Post(Posts);
        }, ordered: false);
    }

    private static void Add(BenchRun bench, Gateway gateway, string what, int messages, Action<Batch> send, bool ordered = true)
    {
        // The first one is not counted: its code is compiled meanwhile.
        var rounds = Enumerable.Range(0, Rounds + 1).Select(_ => Measure(bench, gateway, messages, send, ordered)).Skip(1).ToList();
        var fault = rounds.Select(round => round.Fault).FirstOrDefault(fault => fault is not null);
        BenchRun.Say($"{what}: {string.Join(", ", rounds.Select(round => string.Create(CultureInfo.InvariantCulture, $"{round.Bytes:#,0} B {round.Microseconds:0.0} µs")))}");
        bench.Table.Add(new Figure($"allocated for a {what}", Statistics.Show(Statistics.Median(rounds.Select(round => round.Bytes))) + " B", Fault: fault));
        bench.Table.Add(new Figure($"CPU of a {what}", Statistics.Show(Statistics.Median(rounds.Select(round => round.Microseconds))) + " µs", Fault: fault));
    }

    private static (double Bytes, double Microseconds, string? Fault) Measure(BenchRun bench, Gateway gateway, int messages, Action<Batch> send, bool ordered)
    {
        using var batch = new Batch(messages, timed: true, ordered);
        bench.Sink.Batch = batch;
        var allocated = gateway.AllocatedBytes();
        var cpu = gateway.Process.CpuSeconds;
        send(batch);
        batch.Wait(BenchRun.Patience, TimeSpan.FromMinutes(1));
        gateway.Process.AwaitQuiet();
        cpu = gateway.Process.CpuSeconds - cpu;
        allocated = gateway.AllocatedBytes() - allocated;
        bench.Sink.Batch = null;
        bench.Sink.Check();
        return (allocated / messages, cpu / messages * 1e6, batch.Fault);
    }
}
