using System.Globalization;
using NotifyGateway.Core.Configuration.Binding;

namespace NotifyGateway.Core.Configuration.Reading;

/// <summary>Makes a tree of pairs like <c>Gateway:Irc:libera:Nick</c> = <c>bot</c>, as the environment and the command line have them.</summary>
internal static class FlatSettings
{
    public static (SettingObject Root, IReadOnlyList<ConfigurationError> Errors) Read(string name, IEnumerable<KeyValuePair<string, string?>> pairs)
    {
        var errors = new List<ConfigurationError>();
        var root = new SettingObject(name);
        foreach (var (path, value) in pairs.OrderBy(p => p.Key, StringComparer.OrdinalIgnoreCase))
        {
            Put(root, path, new SettingValue(name, value), errors);
        }

        if (root.Keys.TryGetValue(OptionShape.Section, out var gateway))
        {
            root.Keys[OptionShape.Section] = WithLists(gateway, OptionShape.Gateway);
        }

        return (root, errors);
    }

    private static void Put(SettingObject root, string path, SettingValue value, List<ConfigurationError> errors)
    {
        var segments = path.Split(':');
        var at = root;
        foreach (var segment in segments[..^1])
        {
            if (!at.Keys.TryGetValue(segment, out var next))
            {
                at.Keys[segment] = next = new SettingObject(value.Origin);
            }

            if (next is not SettingObject inner)
            {
                errors.Add(new(path, "is set, and so is a key above it", value.Origin));
                return;
            }

            at = inner;
        }

        if (!at.Keys.TryAdd(segments[^1], value))
        {
            errors.Add(new(path, "is given twice", value.Origin));
        }
    }

    /// <summary>Where the options have a list, keys <c>0</c>, <c>1</c>, … become one, so that it replaces the earlier list whole.</summary>
    private static Setting WithLists(Setting setting, OptionShape shape) => (setting, shape) switch
    {
        (SettingObject node, ListShape list) when IndexesOf(node) is { } items =>
            new SettingList(node.Origin, [.. items.Select(i => WithLists(i, list.Item))]),
        (SettingValue { IsNothing: true } value, ListShape) => new SettingList(value.Origin, []),
        (SettingObject node, RecordShape record) => node with { Keys = Map(node, key => record.Keys.GetValueOrDefault(key)?.Shape) },
        (SettingObject node, NamedShape named) => node with { Keys = Map(node, _ => named.Value) },
        _ => setting,
    };

    private static Dictionary<string, Setting> Map(SettingObject node, Func<string, OptionShape?> shapeOf) =>
        node.Keys.ToDictionary(p => p.Key, p => shapeOf(p.Key) is { } shape ? WithLists(p.Value, shape) : p.Value, StringComparer.OrdinalIgnoreCase);

    private static IEnumerable<Setting>? IndexesOf(SettingObject node) =>
        node.Keys.Keys.All(k => int.TryParse(k, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            ? node.Keys.OrderBy(p => int.Parse(p.Key, CultureInfo.InvariantCulture)).Select(p => p.Value)
            : null;
}
