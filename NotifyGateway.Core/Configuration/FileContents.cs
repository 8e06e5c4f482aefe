using System.Security.Cryptography;
using NotifyGateway.Core.Configuration.Reading;

namespace NotifyGateway.Core.Configuration;

/// <summary>
/// What files hold at one moment, to be compared with another. Contents and not times of change: those are coarse, are kept by some copies, and tell nothing of
/// links whose target is exchanged, as Kubernetes does with its volumes.
/// </summary>
public sealed class FileContents
{
    private const string Empty = "";
    private const string Unreadable = "?";

    private readonly SortedDictionary<string, string> _hashes = new(StringComparer.Ordinal);

    private FileContents()
    {
    }

    /// <param name="files">Those that are there count, the others are as good as absent.</param>
    /// <param name="secretsDirectory">Its files that are ours count; null: none.</param>
    public static FileContents Of(IEnumerable<string> files, string? secretsDirectory)
    {
        var contents = new FileContents();
        foreach (var file in files.Concat(secretsDirectory is null ? [] : SecretFiles.Names(secretsDirectory)))
        {
            if (HashOf(file) is { } hash)
            {
                contents._hashes[file] = hash;
            }
        }

        return contents;
    }

    public bool Equal(FileContents other) =>
        _hashes.Count == other._hashes.Count && _hashes.Zip(other._hashes).All(p =>
            string.Equals(p.First.Key, p.Second.Key, StringComparison.Ordinal) && string.Equals(p.First.Value, p.Second.Value, StringComparison.Ordinal));

    /// <summary>Whether a file that was there is not, or is empty: it may be about to be written.</summary>
    public bool Lacks(FileContents before) =>
        before._hashes.Any(b => b.Value.Length > 0 && _hashes.GetValueOrDefault(b.Key, Empty).Length == 0);

    /// <returns>Null: no such file.</returns>
    private static string? HashOf(string path)
    {
        try
        {
            var file = new FileInfo(path);
            var target = file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file;

            // A pipe has no length either: opened once more, it would wait for a writer.
            return !target.Exists ? null : target.Length == 0 ? Empty : Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(path)));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Unreadable;
        }
    }
}
