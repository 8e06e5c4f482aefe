using NotifyGateway.Api.Sandbox;
using NotifyGateway.Core.Configuration;

namespace NotifyGateway.Api.Cli;

/// <summary>What became of reading everything that a process runs on.</summary>
/// <param name="Configuration">Null with any error.</param>
/// <param name="Errors">Everything that is wrong.</param>
/// <param name="Files">The files that were looked for, whether they are there or not.</param>
/// <param name="SecretsDirectory">The directory with one value a file; null: none is named.</param>
/// <param name="Contents">What the files held; if they were changed while they were read, what they held before.</param>
internal sealed record ConfigurationReading(
    LoadedConfiguration? Configuration, IReadOnlyList<ConfigurationError> Errors, IReadOnlyList<string> Files, string? SecretsDirectory, FileContents Contents)
{
    /// <summary>Reads everything that a process started with these arguments would run on.</summary>
    /// <param name="before">An earlier reading of the same arguments; null: this is the first.</param>
    public static ConfigurationReading Of(ServeArguments arguments, ConfigurationReading? before = null)
    {
        var environment = Environment.GetEnvironmentVariables();
        var contents = before?.Look();
        var sources = ConfigurationSources.Collect(AppContext.BaseDirectory, arguments.ConfigFiles, environment, arguments.Settings);
        var result = GatewayConfiguration.Load(sources.All);
        var endpoints = HttpEndpoint.Choose(arguments.Urls, result.HostSettings);
        ConfigurationError[] errors = [.. result.Errors, .. endpoints.Errors];
        var loaded = errors.Length > 0 || result.Options is not { } options ? null : new LoadedConfiguration(
            arguments.Sandbox ? SandboxConfiguration.Apply(options) : options,
            LoadedConfiguration.WithFullPaths(result.HostSettings),
            endpoints.Endpoints,
            ConfigurationSources.EnvironmentName(environment));
        var isSameDirectory = string.Equals(sources.SecretsDirectory, before?.SecretsDirectory, StringComparison.Ordinal);
        return new(
            loaded, errors, sources.Files, sources.SecretsDirectory,
            contents is not null && isSameDirectory ? contents : FileContents.Of(sources.Files, sources.SecretsDirectory));
    }

    /// <summary>What the same files hold now.</summary>
    public FileContents Look() => FileContents.Of(Files, SecretsDirectory);

    /// <summary>What is looked at for changes, as users see it.</summary>
    public IReadOnlyList<string> Watched => [.. Files.Where(File.Exists).Select(Path.GetFullPath), .. SecretsDirectory is { } directory ? [Path.GetFullPath(directory)] : (string[])[]];
}
