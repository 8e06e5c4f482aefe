using System.ComponentModel;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using NotifyGateway.Bench.Report;
using NotifyGateway.Bench.Scenarios;
using NotifyGateway.Bench.Servers;

namespace NotifyGateway.Bench;

/// <summary>The benchmark's command line.</summary>
internal static class Program
{
    private const int Good = 0;
    private const int Missed = 1;
    private const int Usage = 2;

    private static int Main(string[] arguments)
    {
        if (arguments is ["bare-mvc", var url])
        {
            BareMvc.Serve(url);
            return Good;
        }

        try
        {
            return Measure(BenchOptions.Parse(arguments, [.. Catalogue.All.Select(scenario => scenario.Name)]));
        }
        catch (FormatException wrong)
        {
            Console.Error.WriteLine($"{wrong.Message}\n\n{Help()}");
            return Usage;
        }
    }

    private static int Measure(BenchOptions options)
    {
        Machine.Pin(options.LoadCpu);
        var folder = Directory.CreateDirectory(Path.Combine(options.Folder, "notify-bench-" + Path.GetRandomFileName())).FullName;

        // Whoever is told to stop tidies up too; the servers under test end with this process by themselves.
        using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, _ => Tidy(options, folder));
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, _ => Tidy(options, folder));
        try
        {
            var head = Machine.Describe(folder);
            BenchRun.Say(head);
            using var bench = new BenchRun(options, folder);
            foreach (var name in options.Scenarios)
            {
                BenchRun.Say($"— {name}");
                Run(bench, Catalogue.All.Single(scenario => string.Equals(scenario.Name, name, StringComparison.Ordinal)));
            }

            var text = $"{head}; {options.Rounds} rounds of {options.Lines} lines\n\n{bench.Table}";
            Console.Write(text);
            if (options.Markdown is { } path)
            {
                File.WriteAllText(path, text);
            }

            return bench.Table.AllGood ? Good : Missed;
        }
        finally
        {
            Tidy(options, folder);
        }
    }

    private static void Tidy(BenchOptions options, string folder)
    {
        if (!options.Keep)
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>A scenario that breaks off is a line of the table too: the others still say what they say.</summary>
    private static void Run(BenchRun bench, Scenario scenario)
    {
        try
        {
            scenario.Run(bench);
        }
        catch (Exception failure) when (failure is InvalidOperationException or InvalidDataException or SocketException or Win32Exception)
        {
            BenchRun.Say($"{scenario.Name} broke off: {failure}");
            bench.Table.Add(new Figure(scenario.Name, "", Fault: "broke off: " + failure.Message.Split('\n')[0].Trim()));
        }

        bench.Sink.Batch = null;
        bench.Sink.Mute = false;

        // What a scenario leaves behind shall not be collected in the next one's time.
        GC.Collect();
    }

    private static string Help() => $"""
        usage: NotifyGateway.Bench SCENARIO... [options]

        {string.Join('\n', Catalogue.All.Select(scenario => $"  {scenario.Name,-10} {scenario.Says}"))}
          all        every one of them
          quick      the shorter ones, three short rounds

          --gateway FILE      the built program, .dll or executable (default: this tree's, Release)
          --irkerd FILE       the rival's program (default: /usr/bin/irkerd)
          --rounds N          rounds of each comparison (5)
          --lines N           messages in a round (300000)
          --warmup SECONDS    CPU time before the first figure (8)
          --steady SECONDS    how long a steady rate is held (8)
          --server-cpu N      the core of the server under test (0)
          --load-cpu N        the core of load and sink (1)
          --folder DIR        where databases and logs go (the temporary folder)
          --markdown FILE     writes the table there too
          --against-itself    irkerd in the gateway's place: the noise of the harness
          --keep              keeps databases and logs

        Exit code: 0 every goal met, 1 one missed or not counted, 2 usage.
        """;
}
