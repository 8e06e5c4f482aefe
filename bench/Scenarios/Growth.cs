using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using NotifyGateway.Bench.Load;
using NotifyGateway.Bench.Report;
using NotifyGateway.Bench.Servers;

namespace NotifyGateway.Bench.Scenarios;

/// <summary>Whether a message's cost grows with what else there is: with the sessions that messages go to, and with the messages that wait elsewhere.</summary>
internal static class Growth
{
    /// <summary>A round is shorter than those of a comparison: the figures are CPU times, which need fewer lines.</summary>
    private const int Lines = 100_000;

    private static readonly int[] SessionSteps = [1, 10, 100, 1_000, 2_000];
    private static readonly int[] QueueSteps = [0, 10_000, 100_000, 1_000_000];

    public static void Sessions(BenchRun bench)
    {
        if (bench.Options.AgainstItself)
        {
            BenchRun.Say("irkerd stops at 200 sessions: skipped");
            return;
        }

        var port = bench.Sink.Listen(IPAddress.Any);
        using var gateway = bench.StartRealGateway();
        bench.Warm(gateway, BenchRun.Url(port));
        var first = 0.0;
        foreach (var sessions in SessionSteps)
        {
            var targets = Enumerable.Range(0, sessions).Select(index => $"irc://127.50.{index / 200}.{(index % 200) + 1}:{port}/#bench").ToArray();
            Open(bench, gateway, targets);
            var rounds = Rounds(bench, gateway, targets);
            var cpu = Statistics.Median(rounds.Select(round => round.Cpu));
            first = first == 0 ? cpu : first;
            bench.Table.Add(new Figure(
                string.Create(CultureInfo.InvariantCulture, $"CPU s per 100,000 lines to {sessions:#,0} sessions"), Statistics.Show(cpu),
                Ratio: string.Create(CultureInfo.InvariantCulture, $"{cpu / first:0.00}× of one session"), Fault: Fault(rounds),
                Note: string.Create(CultureInfo.InvariantCulture, $"{Statistics.Show(Statistics.Median(rounds.Select(round => round.PerSecond)))} lines/s, {gateway.Process.ResidentMiB:0} MiB")));
        }
    }

    public static void Queue(BenchRun bench)
    {
        if (bench.Options.AgainstItself)
        {
            BenchRun.Say("irkerd drops what waits: skipped");
            return;
        }

        // Connections to it are made by the kernel, and nobody ever answers.
        using var down = FreePort.Bind(IPAddress.Loopback, SocketType.Stream, backlog: 64);
        var downPort = ((IPEndPoint)down.LocalEndPoint!).Port;
        var target = BenchRun.Url(bench.Sink.Listen());
        using var gateway = bench.StartRealGateway(downPort);
        bench.Warm(gateway, target);
        var first = 0.0;
        foreach (var waiting in QueueSteps)
        {
            var filled = Fill(gateway, waiting, BenchRun.Url(downPort));
            var rounds = Rounds(bench, gateway, [target]);
            var cpu = Statistics.Median(rounds.Select(round => round.Cpu));
            first = first == 0 ? cpu : first;
            bench.Table.Add(new Figure(
                string.Create(CultureInfo.InvariantCulture, $"CPU s per 100,000 lines while {waiting:#,0} wait elsewhere"), Statistics.Show(cpu),
                Ratio: string.Create(CultureInfo.InvariantCulture, $"{cpu / first:0.00}× of none"), Fault: Fault(rounds),
                Note: string.Create(CultureInfo.InvariantCulture, $"{Statistics.Show(Statistics.Median(rounds.Select(round => round.PerSecond)))} lines/s, {gateway.Process.ResidentMiB:0} MiB{filled}")));
        }
    }

    private static string? Fault(List<(double Cpu, double PerSecond, string? Fault)> rounds) => rounds.Select(round => round.Fault).FirstOrDefault(fault => fault is not null);

    /// <summary>Makes the connections, which is not measured.</summary>
    private static void Open(BenchRun bench, Gateway gateway, string[] targets)
    {
        using var batch = new Batch(targets.Length);
        using var sender = IrkerSender.Tcp(gateway.Irker);
        bench.Sink.Batch = batch;
        sender.FlatOut(IrkerLines.For(batch, targets.Length, targets));
        if (!batch.Wait(TimeSpan.FromSeconds(20), TimeSpan.FromMinutes(2)))
        {
            throw new InvalidDataException($"{targets.Length} sessions do not stand: {batch.Fault}\n{gateway.Process.LogTail()}");
        }

        bench.Sink.Batch = null;
        gateway.Process.AwaitQuiet();
    }

    /// <summary>Two rounds that are not counted, and three.</summary>
    private static List<(double Cpu, double PerSecond, string? Fault)> Rounds(BenchRun bench, Gateway gateway, string[] targets) =>
        [.. Enumerable.Range(0, 5).Select(_ => Round(bench, gateway, targets)).Skip(2)];

    private static (double Cpu, double PerSecond, string? Fault) Round(BenchRun bench, Gateway gateway, string[] targets)
    {
        using var batch = new Batch(Lines);
        var lines = IrkerLines.For(batch, Lines, targets);
        using var sender = IrkerSender.Tcp(gateway.Irker);
        bench.Sink.Batch = batch;
        var cpu = gateway.Process.CpuSeconds;
        var start = Stopwatch.GetTimestamp();
        sender.FlatOut(lines);
        batch.Wait(BenchRun.Patience, TimeSpan.FromMinutes(2));
        var seconds = Stopwatch.GetElapsedTime(start, batch.LastArrival).TotalSeconds;
        gateway.Process.AwaitQuiet();
        cpu = gateway.Process.CpuSeconds - cpu;
        bench.Sink.Batch = null;
        bench.Sink.Check();
        BenchRun.Say(string.Create(CultureInfo.InvariantCulture, $"{targets.Length} targets: {cpu / Lines * 100_000:0.00} CPU s, {batch.Arrived / seconds:#,0}/s {batch.Fault}"));
        return (cpu / Lines * 100_000, batch.Arrived / seconds, batch.Fault);
    }

    /// <summary>Has so many wait; says what accepting the new ones cost.</summary>
    private static string Fill(Gateway gateway, int waiting, string target)
    {
        var more = waiting - (int)gateway.Queued();
        if (more <= 0)
        {
            return "";
        }

        using var batch = new Batch(more);
        using var sender = IrkerSender.Tcp(gateway.Irker);
        var lines = IrkerLines.For(batch, more, target);
        var cpu = gateway.Process.CpuSeconds;
        var start = Stopwatch.GetTimestamp();
        sender.FlatOut(lines);
        while (gateway.Queued() < waiting)
        {
            if (Stopwatch.GetElapsedTime(start) > TimeSpan.FromMinutes(2))
            {
                throw new InvalidDataException($"only {gateway.Queued()} of {waiting} messages are queued after two minutes\n{gateway.Process.LogTail()}");
            }

            Thread.Sleep(20);
        }

        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        gateway.Process.AwaitQuiet();
        cpu = gateway.Process.CpuSeconds - cpu;
        return string.Create(CultureInfo.InvariantCulture, $"; {more:#,0} more accepted at {more / seconds:#,0}/s, {cpu / more * 100_000:0.00} CPU s per 100,000");
    }
}
