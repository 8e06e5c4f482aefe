using System.Text;
using NotifyGateway.Core.Templates;

namespace NotifyGateway.Core.Configuration;

/// <summary>Reads a directory of templates: <c>NAME.hbs</c> stands in for the built-in template of that name, or beside them. Other files are left alone.</summary>
internal static class TemplateFiles
{
    private const string Extension = ".hbs";

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The built-in templates and those of a directory.</summary>
    /// <param name="directory">Null: the built-in ones alone.</param>
    /// <returns>What is wrong, each with the path of its file; then the set lacks what cannot be used.</returns>
    public static (TemplateSet Set, IReadOnlyList<string> Faults) Read(string? directory)
    {
        if (directory is null)
        {
            return (TemplateSet.BuiltIn, []);
        }

        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        var faults = new List<string>();
        foreach (var path in Paths(directory, faults))
        {
            var name = Path.GetFileNameWithoutExtension(path);
            var (text, fault) = name.Length > 0 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.')
                ? ReadText(path) : (null, "a template's name is made of letters, digits, -, _ and .");
            if (text is not null)
            {
                texts[name] = text;
            }
            else
            {
                faults.Add($"{path}: {fault}");
            }
        }

        var set = new TemplateSet(texts);
        faults.AddRange(texts.Keys.Order(StringComparer.Ordinal).Select(n => set.Wrong(n) is { } wrong ? $"{Path.Combine(directory, n + Extension)}: {wrong}" : null).OfType<string>());
        return (set, faults);
    }

    /// <summary>What a directory holds, to be compared: it changes when a template does.</summary>
    public static string Stamp(string directory)
    {
        var faults = new List<string>();
        var files = Paths(directory, faults).Select(p => new FileInfo(p)).Select(f => $"{f.Name} {(f.Exists ? f.Length : 0)} {f.LastWriteTimeUtc.Ticks}");
        return string.Join('\n', files.Concat(faults));
    }

    private static IEnumerable<string> Paths(string directory, List<string> faults)
    {
        try
        {
            return [.. Directory.EnumerateFiles(directory).Where(p => p.EndsWith(Extension, StringComparison.Ordinal) && !Path.GetFileName(p).StartsWith('.')).Order(StringComparer.Ordinal)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            faults.Add($"{directory}: {(e is DirectoryNotFoundException ? "no such directory" : e.Message)}");
            return [];
        }
    }

    private static (string? Text, string? Fault) ReadText(string path)
    {
        try
        {
            // A template that is longer is refused; a file that is endless must not be read to its end.
            var bytes = new byte[(TemplateCheck.MaxLength * 4) + 1];
            using var file = File.OpenRead(path);
            var read = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            var text = Strict.GetString(bytes.AsSpan(0, Math.Min(read, bytes.Length - 1)).TrimStart(Encoding.UTF8.Preamble));
            return (text.ReplaceLineEndings("\n"), null);
        }
        catch (ArgumentException)
        {
            return (null, "is not UTF-8");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return (null, $"cannot be read: {e.Message}");
        }
    }
}
