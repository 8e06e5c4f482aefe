using System.Text;
using NotifyGateway.Core.Configuration.Binding;

namespace NotifyGateway.Core.Configuration.Reading;

/// <summary>
/// Reads a directory with one value a file, as systemd credentials, Docker secrets and Kubernetes volumes have it:
/// <c>Gateway__Irc__libera__ServerPassword</c>. One line break at the end is not part of the value.
/// </summary>
internal static class SecretFiles
{
    /// <summary>The largest file, in bytes.</summary>
    public const int MaxBytes = 65536;

    private const string Prefix = OptionShape.Section + "__";

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static (IReadOnlyList<KeyValuePair<string, string?>> Pairs, IReadOnlyList<ConfigurationError> Errors) Read(string directory)
    {
        var pairs = new List<KeyValuePair<string, string?>>();
        var errors = new List<ConfigurationError>();
        try
        {
            // Other files may lie there (/run/secrets is shared, Kubernetes adds ..data): only our names are ours.
            foreach (var file in Ours(directory))
            {
                pairs.Add(new(PathOf(file), ValueOf(file, errors)));
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            errors.Add(new($"{OptionShape.Section}:{nameof(GatewayOptions.SecretsDirectory)}", $"cannot be read: {directory}"));
        }

        return (pairs, errors);
    }

    /// <summary>The paths of the files that are ours; none where there is no such directory.</summary>
    public static IReadOnlyList<string> Names(string directory)
    {
        try
        {
            return [.. Ours(directory)];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static IEnumerable<string> Ours(string directory) => Directory.EnumerateFiles(directory).Where(IsOurs);

    private static bool IsOurs(string file) => Path.GetFileName(file).StartsWith(Prefix, StringComparison.OrdinalIgnoreCase);

    private static string PathOf(string file) => Path.GetFileName(file).Replace("__", ":", StringComparison.Ordinal);

    private static string? ValueOf(string file, List<ConfigurationError> errors)
    {
        try
        {
            if (new FileInfo(file).ResolveLinkTarget(returnFinalTarget: true) is FileInfo { Length: > MaxBytes } || new FileInfo(file).Length > MaxBytes)
            {
                errors.Add(new(PathOf(file), $"is larger than {MaxBytes} bytes", file));
                return null;
            }

            var text = Strict.GetString(File.ReadAllBytes(file)).TrimStart('\uFEFF');
            return text.EndsWith("\r\n", StringComparison.Ordinal) ? text[..^2] : text.EndsWith('\n') ? text[..^1] : text;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            errors.Add(new(PathOf(file), "cannot be read: look at the file's owner and mode", file));
            return null;
        }
        catch (DecoderFallbackException)
        {
            errors.Add(new(PathOf(file), "is not UTF-8 text", file));
            return null;
        }
    }
}
