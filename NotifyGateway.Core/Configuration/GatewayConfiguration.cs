using System.Globalization;
using NotifyGateway.Core.Configuration.Binding;
using NotifyGateway.Core.Configuration.Reading;
using NotifyGateway.Core.Configuration.Validation;

namespace NotifyGateway.Core.Configuration;

/// <summary>What a configuration came to.</summary>
/// <param name="Options">The options; null when there is any error.</param>
/// <param name="Errors">Everything that is wrong, by path.</param>
/// <param name="HostSettings">The other sections (Logging, Kestrel, Urls, AllowedHosts), merged by the same rules, for ASP.NET.</param>
public sealed record ConfigurationResult(
    GatewayOptions? Options, IReadOnlyList<ConfigurationError> Errors, IReadOnlyDictionary<string, string?> HostSettings);

/// <summary>Turns sources into options: merges, binds and validates. The one way, for <c>serve</c>, <c>check-config</c> and tests alike.</summary>
public static class GatewayConfiguration
{
    private static readonly TimeSpan TwistedPrismCloseAfter = TimeSpan.FromMilliseconds(250);

    /// <summary>Loads the section <c>Gateway</c> of all sources; the last wins. Touches the disk only to see whether named files exist, and to read the templates.</summary>
    public static ConfigurationResult Load(IReadOnlyList<ConfigurationSource> sources)
    {
        var merged = SettingMerge.All(sources.Select(s => s.Root));
        var section = merged.Keys.GetValueOrDefault(OptionShape.Section);
        var (bound, unfit) = OptionBinder.Bind(section);
        var options = WithDialectDefaults(bound, merged);

        ConfigurationError[] found = [.. sources.SelectMany(s => s.Errors), .. SplitSections(merged), .. Misplaced(merged), .. unfit];
        var invalid = new GatewayOptionsValidator().Validate(options).Errors
            .Select(e => new ConfigurationError(e.PropertyName, e.ErrorMessage, OriginOf(merged, e.PropertyName)))
            .Where(e => !unfit.Any(f => Covers(f.Path, e.Path)));
        List<ConfigurationError> wrong = [.. found, .. invalid];
        if (wrong.Count == 0)
        {
            wrong.AddRange(EscalateOptionsValidator.Unserved(options).Select(u => new ConfigurationError(u.Path, u.Message, OriginOf(merged, u.Path))));
        }

        ConfigurationError[] errors = [.. wrong.Distinct().OrderBy(e => e.Path, StringComparer.OrdinalIgnoreCase)];
        return new(errors.Length == 0 ? options : null, errors, HostSettings(merged));
    }

    /// <summary>What could not be read has its default for now; an error about that default would mislead.</summary>
    private static bool Covers(string path, string other) =>
        other.StartsWith(path, StringComparison.OrdinalIgnoreCase) && (other.Length == path.Length || other[path.Length] == ':');

    private static IEnumerable<ConfigurationError> SplitSections(SettingObject root) => root.Keys
        .Where(k => k.Key.StartsWith(OptionShape.Section + ":", StringComparison.OrdinalIgnoreCase))
        .Select(k => new ConfigurationError(k.Key, $"must stand as keys inside \"{OptionShape.Section}\": {{ … }}", k.Value.Origin));

    /// <summary>
    /// Keys of our own beside our section, and our section's name misspelt. Other sections are ASP.NET's, which ignores what it does not know:
    /// a network that stands in the wrong place would be left out in silence.
    /// </summary>
    private static IEnumerable<ConfigurationError> Misplaced(SettingObject root)
    {
        foreach (var (key, value) in root.Keys.Where(k => !string.Equals(k.Key, OptionShape.Section, StringComparison.OrdinalIgnoreCase)))
        {
            if (OptionShape.Gateway.Keys.TryGetValue(key, out var known))
            {
                yield return new(key, $"must stand inside \"{OptionShape.Section}\", {{ \"{OptionShape.Section}\": {{ \"{known.Property.Name}\": … }} }}", value.Origin);
            }
            else if (NearestName.To(key, [OptionShape.Section]) is { } section)
            {
                yield return new(key, $"is unknown; did you mean {section}?", value.Origin);
            }
        }
    }

    /// <summary>The dialect TwistedPrism closes after a quarter of a second, unless the key is there and null.</summary>
    private static GatewayOptions WithDialectDefaults(GatewayOptions options, SettingObject root)
    {
        if (!options.Listeners.Tcp.Values.Any(l => l.Dialect == Dialect.TwistedPrism))
        {
            return options;
        }

        var tcp = options.Listeners.Tcp.ToDictionary(
            l => l.Key,
            l => l.Value.Dialect == Dialect.TwistedPrism && Find(root, $"{OptionShape.Section}:Listeners:Tcp:{l.Key}:{nameof(TcpListenerOptions.CloseAfter)}") is null
                ? l.Value with { CloseAfter = TwistedPrismCloseAfter }
                : l.Value,
            StringComparer.OrdinalIgnoreCase);
        return options with { Listeners = options.Listeners with { Tcp = tcp } };
    }

    private static Setting? Find(SettingObject root, string path)
    {
        Setting? at = root;
        foreach (var segment in path.Split(':'))
        {
            at = at switch
            {
                SettingObject node => node.Keys.GetValueOrDefault(segment),
                SettingList list when int.TryParse(segment, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < list.Items.Count => list.Items[index],
                _ => null,
            };
        }

        return at;
    }

    /// <summary>Where a key stands, or the nearest one above it that stands somewhere.</summary>
    private static string? OriginOf(SettingObject root, string path)
    {
        for (var at = path; at.Length > 0; at = at[..Math.Max(0, at.LastIndexOf(':'))])
        {
            if (Find(root, at) is { } setting)
            {
                return setting.Origin;
            }
        }

        return null;
    }

    private static Dictionary<string, string?> HostSettings(SettingObject root)
    {
        var flat = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        foreach (var (key, value) in root.Keys.Where(k => !string.Equals(k.Key, OptionShape.Section, StringComparison.OrdinalIgnoreCase)))
        {
            Flatten(key, value, flat);
        }

        return flat;
    }

    private static void Flatten(string path, Setting setting, Dictionary<string, string?> flat)
    {
        switch (setting)
        {
            case SettingObject node:
                foreach (var (key, value) in node.Keys)
                {
                    Flatten($"{path}:{key}", value, flat);
                }

                break;
            case SettingList list:
                for (var i = 0; i < list.Items.Count; i++)
                {
                    Flatten($"{path}:{i}", list.Items[i], flat);
                }

                break;
            case SettingValue value:
                flat[path] = value.Text;
                break;
        }
    }
}
