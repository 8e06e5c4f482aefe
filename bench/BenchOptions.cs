using System.Globalization;

namespace NotifyGateway.Bench;

/// <summary>What to measure, and how long.</summary>
internal sealed record BenchOptions
{
    /// <summary>Names of scenarios, in the order they are run.</summary>
    public required IReadOnlyList<string> Scenarios { get; init; }

    /// <summary>The built program.</summary>
    public required string Gateway { get; init; }

    /// <summary>The rival's program text, as installed.</summary>
    public string Irkerd { get; init; } = "/usr/bin/irkerd";

    /// <summary>The core of the server under test, as <c>taskset -c</c> takes it.</summary>
    public string ServerCpu { get; init; } = "0";

    /// <summary>The core of load and sink.</summary>
    public string LoadCpu { get; init; } = "1";

    /// <summary>Where databases and logs go; it should be the kind of disk that the gateway will have.</summary>
    public string Folder { get; init; } = Path.GetTempPath();

    /// <summary>Rounds of a comparison, each measures both sides. 1 to 25.</summary>
    public int Rounds { get; init; } = 5;

    /// <summary>Messages in one round of a throughput measurement. 1,000 to 2,000,000.</summary>
    public int Lines { get; init; } = 300_000;

    /// <summary>The CPU time that each process is given to get warm before its first figure.</summary>
    public TimeSpan Warmup { get; init; } = TimeSpan.FromSeconds(8);

    /// <summary>How long a steady rate is held.</summary>
    public TimeSpan Steady { get; init; } = TimeSpan.FromSeconds(8);

    /// <summary>Puts irkerd in the gateway's place: every ratio should then be 1, and what it is instead is the harness's noise.</summary>
    public bool AgainstItself { get; init; }

    /// <summary>Keeps databases and logs.</summary>
    public bool Keep { get; init; }

    /// <summary>Where the table is written as Markdown, or null.</summary>
    public string? Markdown { get; init; }

    /// <summary>The command line's options; a wrong one throws.</summary>
    /// <exception cref="FormatException">The text says what is wrong.</exception>
    public static BenchOptions Parse(IReadOnlyList<string> arguments, IReadOnlyList<string> known)
    {
        var options = new BenchOptions { Scenarios = [], Gateway = Repository.GatewayProgram() };
        var scenarios = new List<string>();
        for (var index = 0; index < arguments.Count; index++)
        {
            var argument = arguments[index];
            if (!argument.StartsWith("--", StringComparison.Ordinal))
            {
                options = Select(options, scenarios, argument, known);
            }
            else if (argument is "--against-itself")
            {
                options = options with { AgainstItself = true };
            }
            else if (argument is "--keep")
            {
                options = options with { Keep = true };
            }
            else
            {
                var value = ++index < arguments.Count ? arguments[index] : throw new FormatException($"{argument} needs a value");
                options = With(options, argument, value);
            }
        }

        return options with { Scenarios = scenarios.Count > 0 ? [.. scenarios.Distinct(StringComparer.Ordinal)] : throw new FormatException("no scenario is named") };
    }

    private static BenchOptions Select(BenchOptions options, List<string> scenarios, string name, IReadOnlyList<string> known)
    {
        switch (name)
        {
            case "all":
                scenarios.AddRange(known);
                return options;
            case "quick":
                // Every figure of the goals that is there in a few minutes; too short to be quoted.
                scenarios.AddRange(known.Where(scenario => scenario is not ("backlog" or "sessions" or "tls" or "xmpp" or "growth" or "queue" or "flood")));
                return options with { Rounds = 3, Lines = 60_000, Warmup = TimeSpan.FromSeconds(3), Steady = TimeSpan.FromSeconds(3) };
            default:
                scenarios.Add(known.Contains(name, StringComparer.Ordinal) ? name : throw new FormatException($"{name} is no scenario"));
                return options;
        }
    }

    private static BenchOptions With(BenchOptions options, string name, string value) => name switch
    {
        "--gateway" => options with { Gateway = Path.GetFullPath(value) },
        "--irkerd" => options with { Irkerd = Path.GetFullPath(value) },
        "--server-cpu" => options with { ServerCpu = value },
        "--load-cpu" => options with { LoadCpu = value },
        "--folder" => options with { Folder = Path.GetFullPath(value) },
        "--markdown" => options with { Markdown = Path.GetFullPath(value) },
        "--rounds" => options with { Rounds = Number(name, value, 1, 25) },
        "--lines" => options with { Lines = Number(name, value, 1_000, 2_000_000) },
        "--warmup" => options with { Warmup = TimeSpan.FromSeconds(Number(name, value, 0, 30)) },
        "--steady" => options with { Steady = TimeSpan.FromSeconds(Number(name, value, 1, 60)) },
        _ => throw new FormatException($"{name} is no option"),
    };

    private static int Number(string name, string value, int lowest, int highest) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= lowest && number <= highest
            ? number
            : throw new FormatException($"{name} takes a number from {lowest} to {highest}");
}
