using System.Collections;
using NotifyGateway.Core.Configuration.Binding;
using NotifyGateway.Core.Configuration.Reading;

namespace NotifyGateway.Core.Configuration;

/// <summary>Where a process finds its configuration, and in which order: shipped file, file of the environment, named files, secrets, environment, command line.</summary>
public static class ConfigurationSources
{
    private const string Shipped = "appsettings";

    /// <summary>Reads every source of a process; the last of the list wins.</summary>
    /// <param name="programDirectory">Where the shipped <c>appsettings.json</c> lies: beside the program.</param>
    /// <param name="configFiles">The files of <c>--config</c>; relative ones mean the working directory.</param>
    /// <param name="environment">The environment variables.</param>
    /// <param name="settings">Pairs of the command line.</param>
    public static IReadOnlyList<ConfigurationSource> Collect(
        string programDirectory, IReadOnlyList<string> configFiles, IDictionary environment, IReadOnlyList<KeyValuePair<string, string?>> settings)
    {
        var files = new List<ConfigurationSource>
        {
            ConfigurationSource.JsonFile(Path.Combine(programDirectory, Shipped + ".json"), optional: true),
            ConfigurationSource.JsonFile(Path.Combine(programDirectory, $"{Shipped}.{EnvironmentName(environment)}.json"), optional: true),
        };
        files.AddRange(configFiles.Select(f => ConfigurationSource.JsonFile(f)));
        ConfigurationSource[] process =
        [
            ConfigurationSource.Pairs("environment", EnvironmentSettings.Host(environment, "DOTNET_")),
            ConfigurationSource.Pairs("environment", EnvironmentSettings.Host(environment, "ASPNETCORE_")),
            ConfigurationSource.Pairs("environment", EnvironmentSettings.Paths(environment)),
            ConfigurationSource.Pairs("command line", settings),
        ];

        // The secrets stand between the files and the environment, but any of them may say where they are. A directory that is
        // missing is the validator's to report.
        var directory = SecretsDirectoryOf([.. files, .. process]);
        return Directory.Exists(directory) ? [.. files, ConfigurationSource.Secrets(directory), .. process] : [.. files, .. process];
    }

    /// <summary>The name of the environment, <c>Production</c> unless <c>ASPNETCORE_ENVIRONMENT</c> or <c>DOTNET_ENVIRONMENT</c> says otherwise.</summary>
    public static string EnvironmentName(IDictionary environment) =>
        environment["ASPNETCORE_ENVIRONMENT"] as string ?? environment["DOTNET_ENVIRONMENT"] as string ?? "Production";

    private static string? SecretsDirectoryOf(IEnumerable<ConfigurationSource> sources) =>
        SettingMerge.All(sources.Select(s => s.Root)).Keys.GetValueOrDefault(OptionShape.Section) is SettingObject gateway
            && gateway.Keys.GetValueOrDefault(nameof(GatewayOptions.SecretsDirectory)) is SettingValue { IsNothing: false } value
            ? value.Text
            : null;
}
