using System.Reflection;
using System.Runtime.Loader;

namespace NotifyGateway.Fuzz;

/// <summary>A copy of the tests, and with them of the gateway, that counts what is reached. The targets stand among the tests, which may see what is internal and replay the seeds.</summary>
internal sealed class InstrumentedCode : AssemblyLoadContext
{
    private const string Tests = "NotifyGateway.Tests";
    private const string TargetList = "NotifyGateway.Tests.Fuzzing.FuzzTargets";

    private static readonly string[] Counted = ["NotifyGateway.Core", "NotifyGateway.Api"];

    private readonly string _folder;

    public InstrumentedCode(string folder)
        : base("instrumented") => _folder = folder;

    /// <summary>Makes the copy.</summary>
    /// <param name="built">Where the tests are built.</param>
    /// <param name="folder">Where the copy is to be; what is there goes.</param>
    public static void Make(string built, string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        Directory.CreateDirectory(folder);
        foreach (var file in Directory.EnumerateFiles(built, "*.dll"))
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        }

        string[] frameworks = [folder, Path.GetDirectoryName(typeof(object).Assembly.Location)!, Path.GetDirectoryName(typeof(Microsoft.AspNetCore.Http.HttpContext).Assembly.Location)!];
        foreach (var name in Counted)
        {
            Instrumentation.Apply(Path.Combine(folder, name + ".dll"), frameworks);
        }
    }

    /// <summary>All targets, by name.</summary>
    public IReadOnlyList<FuzzTarget> Targets() =>
        (IReadOnlyList<FuzzTarget>)LoadFromAssemblyName(new AssemblyName(Tests)).GetType(TargetList, throwOnError: true)!.GetProperty("All")!.GetValue(null)!;

    public Coverage CoverageOf(FuzzTarget target) => Coverage.Of(Counted.Select(name => LoadFromAssemblyName(new AssemblyName(name))), target.Parsers);

    /// <summary>The words that stand in the parsers' code.</summary>
    public IReadOnlyList<byte[]> WordsOf(FuzzTarget target) =>
    [
        .. Counted.SelectMany(name => File.ReadLines(Instrumentation.Words(Path.Combine(_folder, name + ".dll")))).Select(line => line.Split('\t', 2))
            .Where(word => target.Parsers.Any(p => word[0].StartsWith(p, StringComparison.Ordinal))).Select(word => SeedFile.Unescape(word[1])),
    ];

    /// <summary>This program's own types are the tests' too.</summary>
    protected override Assembly? Load(AssemblyName assemblyName) =>
        Path.Combine(_folder, assemblyName.Name + ".dll") is var path && File.Exists(path) && !string.Equals(assemblyName.Name, typeof(FuzzTarget).Assembly.GetName().Name, StringComparison.Ordinal) ? LoadFromAssemblyPath(path) : null;
}

/// <summary>Takes a folder away in the end.</summary>
internal sealed class Removal(string folder) : IDisposable
{
    public void Dispose() => Directory.Delete(folder, recursive: true);
}
