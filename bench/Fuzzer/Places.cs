using System.Globalization;

namespace NotifyGateway.Fuzz;

/// <summary>Where things lie in the repository.</summary>
internal static class Places
{
    public static string Root { get; } = Above(AppContext.BaseDirectory);

    /// <summary>Where the tests are built.</summary>
    public static string Tests => Path.Combine(Root, "NotifyGateway.Tests/bin/Release/net10.0");

    /// <summary>The copy that counts: of this run alone, so that builds and other runs do not change it.</summary>
    public static string Code { get; } = Environment.GetEnvironmentVariable(CodeVariable) ?? Path.Combine(Root, "artifacts/fuzz", string.Create(CultureInfo.InvariantCulture, $"code-{Environment.ProcessId}"));

    /// <summary>Tells the process of a target where the copy is.</summary>
    public const string CodeVariable = "NOTIFY_FUZZ_CODE";

    public static string Findings => Path.Combine(Root, "artifacts/fuzz/findings");

    /// <summary>All that was kept, for the next run.</summary>
    public static string Corpus(string target) => Path.Combine(Root, "artifacts/fuzz/corpus", target + ".txt");

    public static string Current(string target) => Path.Combine(Root, "artifacts/fuzz", target + ".current");

    /// <summary>What is kept for everybody.</summary>
    public static string Seeds(string target) => Path.Combine(Root, "NotifyGateway.Tests/Fuzzing/Seeds", target + ".txt");

    private static string Above(string folder) => File.Exists(Path.Combine(folder, "NotifyGateway.sln")) ? folder
        : Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(folder)) is { } above ? Above(above) : throw new InvalidOperationException("this program does not lie in its repository");
}
