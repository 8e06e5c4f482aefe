namespace NotifyGateway.Tests.Support;

/// <summary>The source tree that these tests were built from.</summary>
internal static class RepositoryFiles
{
    private static readonly string[] Made = ["bin", "obj", "data", "artifacts", "TestResults", ".git", ".vs", ".idea", "node_modules", "BenchmarkDotNet.Artifacts"];

    /// <summary>The folder of the solution.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>All files that people write, as paths relative to the root with <c>/</c>.</summary>
    public static IEnumerable<string> All() => Below(Root).Select(path => Path.GetRelativePath(Root, path).Replace('\\', '/')).Order(StringComparer.Ordinal);

    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    private static IEnumerable<string> Below(string folder) =>
        Directory.EnumerateFiles(folder).Concat(Directory.EnumerateDirectories(folder)
            .Where(child => !Made.Contains(Path.GetFileName(child), StringComparer.Ordinal)).SelectMany(Below));

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "NotifyGateway.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException($"no NotifyGateway.sln above {AppContext.BaseDirectory}");
    }
}
