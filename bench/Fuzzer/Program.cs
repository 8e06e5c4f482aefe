using System.Diagnostics;
using System.Globalization;
using NotifyGateway.Fuzz;

const string Usage = """
    usage: bench/fuzz [SECONDS] [TARGET...] [--keep]
           bench/fuzz --repeat FILE
           bench/fuzz --list
    SECONDS are for each target, 60 if none are named; without a TARGET all are tried. --keep writes the smallest inputs that reach
    everything into the seeds of the tests.
    """;

if (args is ["--worker", var name, var time, .. var rest])
{
    return Worker.Run(name, int.Parse(time, CultureInfo.InvariantCulture), rest.Contains("--keep"));
}

InstrumentedCode.Make(Places.Tests, Places.Code);
using var removed = new Removal(Places.Code);
if (args is ["--repeat", var file])
{
    return Worker.Repeat(file);
}

string[] known = [.. new InstrumentedCode(Places.Code).Targets().Select(t => t.Name), PropertyRun.Name];
if (args is ["--list"])
{
    Array.ForEach(known, Console.WriteLine);
    return ExitCode.Done;
}

var keep = args.Contains("--keep");
string[] words = [.. args.Where(a => a is not "--keep")];
var seconds = words is [var first, ..] && int.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : (int?)null;
string[] targets = words[(seconds is null ? 0 : 1)..] is { Length: > 0 } some ? some : known;
if (targets.Except(known, StringComparer.Ordinal).FirstOrDefault() is { } unknown)
{
    Console.Error.WriteLine($"there is no target {unknown}; there are {string.Join(", ", known)}\n{Usage}");
    return ExitCode.Usage;
}

var status = ExitCode.Done;
foreach (var target in targets)
{
    status = Math.Max(status, target is PropertyRun.Name ? PropertyRun.Run(seconds ?? 60) : RunWorker(target, seconds ?? 60, keep));
}

return status;

// A process for each: a stack that overflows, or an input that has no end, ends one target and not the run.
static int RunWorker(string target, int seconds, bool keep)
{
    string[] command = [typeof(Worker).Assembly.Location, "--worker", target, seconds.ToString(CultureInfo.InvariantCulture), .. keep ? (string[])["--keep"] : []];
    var start = new ProcessStartInfo("dotnet", command);
    start.Environment[Places.CodeVariable] = Places.Code;
    using var process = Process.Start(start)!;
    process.WaitForExit();
    if (process.ExitCode is not (ExitCode.Done or ExitCode.Finding))
    {
        var path = new Findings(Places.Findings, target).Write(CurrentInput.Of(Places.Current(target)), $"It ended the process, with status {process.ExitCode}.");
        Console.Error.WriteLine($"FINDING {target}: it ended the process, with status {process.ExitCode}\n  {path}");
    }

    return process.ExitCode == ExitCode.Done ? ExitCode.Done : ExitCode.Finding;
}
