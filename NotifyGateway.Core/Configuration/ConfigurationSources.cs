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
    public static CollectedSources Collect(
        string programDirectory, IReadOnlyList<string> configFiles, IDictionary environment, IReadOnlyList<KeyValuePair<string, string?>> settings)
    {
        string[] shipped = [Path.Combine(programDirectory, Shipped + ".json"), Path.Combine(programDirectory, $"{Shipped}.{EnvironmentName(environment)}.json")];
        ConfigurationSource[] files = [.. shipped.Select(f => ConfigurationSource.JsonFile(f, optional: true)), .. configFiles.Select(f => ConfigurationSource.JsonFile(f))];
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
        ConfigurationSource[] secrets = Directory.Exists(directory) ? [ConfigurationSource.Secrets(directory)] : [];
        return new CollectedSources([.. files, .. secrets, .. process], [.. shipped, .. configFiles], directory);
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

/// <summary>The sources of a process, read at one moment.</summary>
/// <param name="All">Every source; the last wins.</param>
/// <param name="Files">The files among them, whether they are there or not.</param>
/// <param name="SecretsDirectory">The directory with one value a file that they name, whether it is there or not; null: none.</param>
public sealed record CollectedSources(IReadOnlyList<ConfigurationSource> All, IReadOnlyList<string> Files, string? SecretsDirectory);
