using NotifyGateway.Core.Configuration.Reading;

namespace NotifyGateway.Core.Configuration;

/// <summary>
/// What files hold at one moment, to be compared with another. Contents and not times of change: those are coarse, are kept by some copies, and tell nothing of
/// links whose target is exchanged, as Kubernetes does with its volumes.
/// </summary>
public sealed class FileContents
{
    /// <summary>By name; null: it cannot be read. The bytes themselves: they are few, and the library that would hash them takes five megabytes.</summary>
    private readonly SortedDictionary<string, byte[]?> _contents = new(StringComparer.Ordinal);

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
            if (TryRead(file, out var content))
            {
                contents._contents[file] = content;
            }
        }

        return contents;
    }

    public bool Equal(FileContents other) =>
        _contents.Count == other._contents.Count && _contents.Zip(other._contents).All(p =>
            string.Equals(p.First.Key, p.Second.Key, StringComparison.Ordinal) && Same(p.First.Value, p.Second.Value));

    /// <summary>Whether a file that was there is not, or is empty: it may be about to be written.</summary>
    public bool Lacks(FileContents before) =>
        before._contents.Any(b => b.Value is not { Length: 0 } && (!_contents.TryGetValue(b.Key, out var now) || now is { Length: 0 }));

    private static bool Same(byte[]? one, byte[]? other) => one is null || other is null ? one == other : one.AsSpan().SequenceEqual(other);

    /// <param name="content">Null: it cannot be read.</param>
    /// <returns>False: no such file.</returns>
    private static bool TryRead(string path, out byte[]? content)
    {
        content = null;
        try
        {
            var file = new FileInfo(path);
            var target = file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file;
            if (!target.Exists)
            {
                return false;
            }

            // A pipe has no length either: opened once more, it would wait for a writer.
            content = target.Length == 0 ? [] : File.ReadAllBytes(path);
            return true;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return true;
        }
    }
}
