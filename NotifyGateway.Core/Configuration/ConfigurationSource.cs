using NotifyGateway.Core.Configuration.Reading;

namespace NotifyGateway.Core.Configuration;

/// <summary>One place that configuration comes from, as it was read. Later sources win over earlier ones.</summary>
public sealed class ConfigurationSource
{
    private ConfigurationSource(SettingObject root, IReadOnlyList<ConfigurationError> errors)
    {
        Root = root;
        Errors = errors;
    }

    internal SettingObject Root { get; }

    /// <summary>What was wrong already while reading: syntax, keys given twice, a file that is not there.</summary>
    internal IReadOnlyList<ConfigurationError> Errors { get; }

    /// <summary>JSON text, with comments and trailing commas allowed.</summary>
    /// <param name="name">What it is called in errors.</param>
    public static ConfigurationSource Json(string name, string text) => Json(name, System.Text.Encoding.UTF8.GetBytes(text));

    /// <summary>A JSON file. One that is missing is an error unless it is optional; one that cannot be read always is.</summary>
    public static ConfigurationSource JsonFile(string path, bool optional = false)
    {
        try
        {
            return Json(path, File.ReadAllBytes(path));
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return optional ? Broken(path) : Broken(path, new ConfigurationError(path, "no such file"));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return Broken(path, new ConfigurationError(path, "cannot be read: look at the file's kind, owner and mode"));
        }
    }

    /// <summary>Pairs of path (<c>Gateway:Irc:libera:Nick</c>) and value; items of lists are <c>…:0</c>, <c>…:1</c>. An empty value counts as null, for a list as an empty one.</summary>
    /// <param name="name">What they are called in errors.</param>
    public static ConfigurationSource Pairs(string name, IEnumerable<KeyValuePair<string, string?>> pairs)
    {
        var (root, errors) = FlatSettings.Read(name, pairs);
        return new(root, errors);
    }

    /// <summary>A directory with one value a file; see <see cref="GatewayOptions.SecretsDirectory"/>.</summary>
    public static ConfigurationSource Secrets(string directory)
    {
        var (pairs, unreadable) = SecretFiles.Read(directory);
        var (root, errors) = FlatSettings.Read(directory, pairs);
        return new(root, [.. unreadable, .. errors]);
    }

    private static ConfigurationSource Json(string name, byte[] text)
    {
        var (root, errors) = JsonSettings.Read(name, text);
        return new(root, errors);
    }

    private static ConfigurationSource Broken(string name, params ConfigurationError[] errors) => new(new SettingObject(name), errors);
}
