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
        var reading = ConfigurationReading.Of(arguments);
        foreach (var error in reading.Errors)
        {
            errors.WriteLine(error);
        }

        return reading.Configuration;
    }

    /// <summary>ASP.NET would look for a relative certificate beside the program; a relative path of ours means the working directory.</summary>
    internal static Dictionary<string, string?> WithFullPaths(IReadOnlyDictionary<string, string?> settings) => settings.ToDictionary(
        s => s.Key,
        s => s.Value is { Length: > 0 } path && IsCertificatePath(s.Key) ? Path.GetFullPath(path) : s.Value,
        StringComparer.OrdinalIgnoreCase);

    private static bool IsCertificatePath(string key) =>
        key.StartsWith("Kestrel:", StringComparison.OrdinalIgnoreCase)
        && (key.EndsWith(":Path", StringComparison.OrdinalIgnoreCase) || key.EndsWith(":KeyPath", StringComparison.OrdinalIgnoreCase));
}
