using System.Collections;
using NotifyGateway.Core.Configuration.Binding;

namespace NotifyGateway.Core.Configuration.Reading;

/// <summary>Chooses the environment variables that are settings. Others are nobody's: a machine may well have a variable GATEWAY or A__B of its own.</summary>
internal static class EnvironmentSettings
{
    private static readonly string[] Sections = [OptionShape.Section, "Logging", "Kestrel"];

    /// <summary>Variables like <c>Gateway__Irc__libera__Nick</c>.</summary>
    public static IEnumerable<KeyValuePair<string, string?>> Paths(IDictionary environment) =>
        All(environment)
            .Where(v => Sections.Any(s => v.Key.StartsWith(s + "__", StringComparison.OrdinalIgnoreCase)))
            .Select(v => KeyValuePair.Create(v.Key.Replace("__", ":", StringComparison.Ordinal), v.Value));

    /// <summary>ASP.NET's own, like <c>ASPNETCORE_URLS</c>, without their prefix.</summary>
    public static IEnumerable<KeyValuePair<string, string?>> Host(IDictionary environment, string prefix) =>
        All(environment)
            .Where(v => v.Key.StartsWith(prefix, StringComparison.OrdinalIgnoreCase) && !v.Key.Contains("__", StringComparison.Ordinal))
            .Select(v => KeyValuePair.Create(v.Key[prefix.Length..], v.Value));

    private static IEnumerable<KeyValuePair<string, string?>> All(IDictionary environment) =>
        environment.Cast<DictionaryEntry>().Select(e => KeyValuePair.Create((string)e.Key, e.Value as string));
}
