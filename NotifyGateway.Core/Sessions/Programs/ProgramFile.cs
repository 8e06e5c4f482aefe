namespace NotifyGateway.Core.Sessions.Programs;

/// <summary>Finds the file of a program, as it is at this moment.</summary>
internal static class ProgramFile
{
    /// <summary>
    /// The path of a program. A name without a slash is looked up in PATH; a relative path means the gateway's working directory, wherever the program then runs.
    /// </summary>
    /// <param name="fault">Why it cannot be run; null when it seems that it can.</param>
    public static string? Find(string program, string? workingDirectory, out string? fault)
    {
        fault = workingDirectory is not null && !Directory.Exists(workingDirectory) ? $"no such working directory: {Path.GetFullPath(workingDirectory)}" : null;
        if (fault is not null)
        {
            return null;
        }

        var path = program.Contains('/', StringComparison.Ordinal) ? Path.GetFullPath(program) : InPath(program);
        fault = path is null ? $"no program of this name in PATH: {program}"
            : Directory.Exists(path) ? $"a directory, not a program: {path}"
            : !File.Exists(path) ? $"no such program: {path}"
            : !Posix.IsExecutable(path) ? $"not executable: {path}"
            : null;
        return fault is null ? path : null;
    }

    private static string? InPath(string name) => (Environment.GetEnvironmentVariable("PATH") ?? "/usr/bin:/bin")
        .Split(':', StringSplitOptions.RemoveEmptyEntries)
        .Select(directory => Path.GetFullPath(Path.Combine(directory, name)))
        .FirstOrDefault(path => File.Exists(path) && Posix.IsExecutable(path));
}
