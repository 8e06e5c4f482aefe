namespace NotifyGateway.Core.Configuration.Validation;

/// <summary>Rules about files. Relative paths mean the working directory.</summary>
internal static class FileRules
{
    public static string? Missing(string path) =>
        path.Length == 0 || path.Any(char.IsControl) ? "must be the path of a file" : File.Exists(path) ? null : $"no such file: {Path.GetFullPath(path)}";

    public static string? MissingDirectory(string path) =>
        path.Any(char.IsControl) ? "must be the path of a directory" : Directory.Exists(path) ? null : $"no such directory: {Path.GetFullPath(path)}";

    /// <summary>For a file that is made when it is missing.</summary>
    public static string? Unwritable(string path) =>
        path.Length == 0 || path.Any(char.IsControl) ? "must be the path of a file"
        : Directory.Exists(path) || Path.EndsInDirectorySeparator(path) ? $"must be a file, not a directory: {Path.GetFullPath(path)}"
        : null;
}
