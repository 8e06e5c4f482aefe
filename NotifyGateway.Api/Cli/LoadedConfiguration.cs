using NotifyGateway.Core.Configuration;

namespace NotifyGateway.Api.Cli;

/// <summary>A configuration that is valid in every part, and what ASP.NET gets of it.</summary>
/// <param name="Host">The sections that are not ours: Logging, Kestrel, AllowedHosts.</param>
/// <param name="Endpoints">Where HTTP is listened to.</param>
internal sealed record LoadedConfiguration(
    GatewayOptions Options, IReadOnlyDictionary<string, string?> Host, IReadOnlyList<HttpEndpoint> Endpoints, string EnvironmentName)
{
    /// <summary>Loads everything that a process started with these arguments would run on. Null with any error; each is a line on <paramref name="errors"/>.</summary>
    public static LoadedConfiguration? Load(ServeArguments arguments, TextWriter errors)
    {
        var environment = Environment.GetEnvironmentVariables();
        var sources = ConfigurationSources.Collect(AppContext.BaseDirectory, arguments.ConfigFiles, environment, arguments.Settings);
        var result = GatewayConfiguration.Load(sources);
        var endpoints = HttpEndpoint.Choose(arguments.Urls, result.HostSettings);
        ConfigurationError[] wrong = [.. result.Errors, .. endpoints.Errors];
        foreach (var error in wrong)
        {
            errors.WriteLine(error);
        }

        return wrong.Length == 0 && result.Options is { } options
            ? new(options, WithFullPaths(result.HostSettings), endpoints.Endpoints, ConfigurationSources.EnvironmentName(environment))
            : null;
    }

    /// <summary>ASP.NET would look for a relative certificate beside the program; a relative path of ours means the working directory.</summary>
    private static Dictionary<string, string?> WithFullPaths(IReadOnlyDictionary<string, string?> settings) => settings.ToDictionary(
        s => s.Key,
        s => s.Value is { Length: > 0 } path && IsCertificatePath(s.Key) ? Path.GetFullPath(path) : s.Value,
        StringComparer.OrdinalIgnoreCase);

    private static bool IsCertificatePath(string key) =>
        key.StartsWith("Kestrel:", StringComparison.OrdinalIgnoreCase)
        && (key.EndsWith(":Path", StringComparison.OrdinalIgnoreCase) || key.EndsWith(":KeyPath", StringComparison.OrdinalIgnoreCase));
}
