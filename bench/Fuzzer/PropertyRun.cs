using System.Diagnostics;
using System.Globalization;
using Mono.Cecil;

namespace NotifyGateway.Fuzz;

/// <summary>The properties among the tests, with as many and as new cases as there is time for.</summary>
internal static class PropertyRun
{
    public const string Name = "properties";

    private const string Variable = "NOTIFY_PROPERTY_RUNS";
    private const int Factor = 10;

    public static int Run(int seconds)
    {
        var begun = Stopwatch.StartNew();
        var rounds = 0;
        var classes = Classes();
        while (begun.Elapsed.TotalSeconds < seconds)
        {
            foreach (var one in classes.Where(_ => begun.Elapsed.TotalSeconds < seconds))
            {
                rounds++;
                if (RunClass(one) is var status && status != 0)
                {
                    Console.Error.WriteLine($"FINDING {Name}: {one}; to try it again: {Variable}={Factor} ./test -class {one}");
                    return ExitCode.Finding;
                }
            }
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Name,-14} {rounds} runs of {classes.Count} classes, each with {Factor} times the cases  0 findings"));
        return ExitCode.Done;
    }

    /// <summary>The classes of the tests that hold a property, found where it is called.</summary>
    internal static IReadOnlyList<string> Classes()
    {
        using var module = ModuleDefinition.ReadModule(Path.Combine(Places.Tests, "NotifyGateway.Tests.dll"));
        return [.. module.GetTypes().SelectMany(t => t.Methods).Where(m => m.HasBody && m.Body.Instructions.Any(i => i.Operand is MethodReference { Name: "Holds", DeclaringType.Name: "Properties" }))
            .Select(m => Outermost(m.DeclaringType).FullName).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
    }

    private static TypeDefinition Outermost(TypeDefinition type) => type.DeclaringType is { } outer ? Outermost(outer) : type;

    private static int RunClass(string name)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(Places.Tests, "NotifyGateway.Tests.dll"), "-noLogo", "-noColor", "-class", name]);
        start.Environment[Variable] = Factor.ToString(CultureInfo.InvariantCulture);
        using var process = Process.Start(start)!;
        process.WaitForExit();
        return process.ExitCode;
    }
}
