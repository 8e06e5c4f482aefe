using System.Text.Json.Nodes;
using NotifyGateway.Bench.Load;
using NotifyGateway.Bench.Report;
using NotifyGateway.Bench.Servers;
using NotifyGateway.Bench.Sink;

namespace NotifyGateway.Bench;

/// <summary>What the scenarios of one run share: options, sink, table, and folders for the servers they start.</summary>
internal sealed class BenchRun(BenchOptions options, string folder) : IDisposable
{
    private int _servers;

    public BenchOptions Options => options;

    public FastSink Sink { get; } = new();

    public Table Table { get; } = new(judged: !options.AgainstItself);

    /// <summary>A new gateway — or irkerd in its place, when irkerd is held against itself.</summary>
    public IRelay StartGateway() => options.AgainstItself ? StartRival() : StartRealGateway();

    /// <summary>A new gateway with its HTTP door.</summary>
    /// <param name="sinkPort">If set, a configured network at this port of the sink.</param>
    /// <param name="folder">That of an earlier gateway, to go on with its database.</param>
    /// <param name="window">Deliveries on the wire and not yet confirmed.</param>
    /// <param name="more">Changes the section <c>Gateway</c> of its configuration.</param>
    public Gateway StartRealGateway(int? sinkPort = null, string? folder = null, int window = 256, Action<JsonObject>? more = null) =>
        new(options.Gateway, folder ?? NewFolder("gateway"), options.ServerCpu, sinkPort, window, more);

    public IRelay StartRival() => new Irkerd(options.Irkerd, NewFolder("irkerd"), options.ServerCpu);

    public BareMvc StartBareMvc() => new(NewFolder("bare"), options.ServerCpu);

    /// <summary>A folder that nobody has used.</summary>
    public string NewFolder(string name) => Directory.CreateDirectory(Path.Combine(folder, $"{name}-{++_servers}")).FullName;

    /// <summary>Where irkerd's clients send for a channel on one of the sink's servers.</summary>
    public static string Url(int port, string channel = "bench") => $"irc://127.0.0.1:{port}/#{channel}";

    /// <summary>Says what is going on, on standard error: the table alone goes to standard output.</summary>
    public static void Say(string text) => Console.Error.WriteLine($"{DateTime.Now:HH:mm:ss} {text}");

    /// <summary>
    /// Measures both sides in each round, the order alternated, so that a drift of the machine falls on both alike. A first round is
    /// not counted: what is hot differs from one kind of work to the next, and compiling it may cost more than running it.
    /// </summary>
    public List<(T Gateway, T Rival)> Alternate<T>(string what, Func<T> gateway, Func<T> rival)
        where T : IMeasurement
    {
        var pairs = new List<(T, T)>();
        if (gateway().Fault is { } fault)
        {
            throw new InvalidDataException($"{what}, in the round that is not counted: {fault}");
        }

        Say($"{what}: not counted: {rival()}");
        for (var round = 0; round < options.Rounds; round++)
        {
            if (round % 2 == 0)
            {
                var first = gateway();
                pairs.Add((first, rival()));
            }
            else
            {
                var first = rival();
                pairs.Add((gateway(), first));
            }

            Sink.Check();
            Say($"{what}: round {round + 1} of {options.Rounds}: {pairs[^1]}");
        }

        return pairs;
    }

    /// <summary>Drives a relay as fast as it goes, until its code is compiled and its connections stand.</summary>
    public void Warm(IRelay relay, params IReadOnlyList<string> targets)
    {
        const int Piece = 20_000;
        const int Enough = 1_000_000;
        using var sender = IrkerSender.Tcp(relay.Irker);
        var warm = Warmth(relay.Process);
        for (var sent = 0; sent == 0 || (sent < Enough && !warm()); sent += Piece)
        {
            using var batch = new Batch(Piece);
            Sink.Batch = batch;
            sender.FlatOut(IrkerLines.For(batch, Piece, targets));
            if (!batch.Wait(Patience, TimeSpan.FromMinutes(1)))
            {
                throw new InvalidDataException($"{relay.Process.Name} does not deliver: {batch.Fault}\n{relay.Process.LogTail()}");
            }

            Sink.Batch = null;
        }

        relay.Process.AwaitQuiet();
    }

    /// <summary>
    /// Tells when a process is warm: when it has had so much CPU time, not wall-clock time, because that is what its compiler needs and
    /// what others on the machine may take away; five times as long on the clock at most.
    /// </summary>
    public Func<bool> Warmth(ServerProcess process)
    {
        var cpu = process.CpuSeconds;
        var start = TimeProvider.System.GetTimestamp();
        return () => process.CpuSeconds - cpu >= options.Warmup.TotalSeconds || TimeProvider.System.GetElapsedTime(start) >= 5 * options.Warmup;
    }

    /// <summary>How long no message may arrive before the rest of a batch is taken for lost.</summary>
    public static TimeSpan Patience => TimeSpan.FromSeconds(5);

    public void Dispose() => Sink.Dispose();
}
