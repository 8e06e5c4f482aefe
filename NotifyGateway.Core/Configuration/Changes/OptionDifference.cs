using System.Collections;
using NotifyGateway.Core.Configuration.Binding;

namespace NotifyGateway.Core.Configuration.Changes;

/// <summary>
/// Which keys differ between two configurations. Found over the same shape that a configuration is read by, so that no key is forgotten. Holds paths, never
/// values. Pure.
/// </summary>
public static class OptionDifference
{
    /// <summary>Full paths, like <c>Gateway:Irc:libera:Nick</c>. A named entry, or an object, that came or went is one path; a list is one, whatever changed in it.</summary>
    public static IReadOnlyList<string> Between(GatewayOptions before, GatewayOptions after) => Paths(OptionShape.Gateway, before, after, OptionShape.Section);

    /// <summary>The keys, below their own record, in which two networks differ.</summary>
    internal static IReadOnlyList<string> Between(IrcOptions before, IrcOptions after) => Below(nameof(GatewayOptions.Irc), before, after);

    /// <inheritdoc cref="Between(IrcOptions, IrcOptions)"/>
    internal static IReadOnlyList<string> Between(XmppOptions before, XmppOptions after) => Below(nameof(GatewayOptions.Xmpp), before, after);

    /// <inheritdoc cref="Between(IrcOptions, IrcOptions)"/>
    internal static IReadOnlyList<string> Between(ProgramOptions before, ProgramOptions after) => Below(nameof(GatewayOptions.Programs), before, after);

    private static List<string> Below(string section, object before, object after) => Paths(((NamedShape)OptionShape.Gateway.Keys[section].Shape).Value, before, after, "");

    private static List<string> Paths(OptionShape shape, object? before, object? after, string path)
    {
        var found = new List<string>();
        Add(shape, before, after, path, found);
        return found;
    }

    private static void Add(OptionShape shape, object? before, object? after, string path, List<string> found)
    {
        if (before is null || after is null)
        {
            if (!ReferenceEquals(before, after))
            {
                found.Add(path);
            }

            return;
        }

        switch (shape)
        {
            case RecordShape record:
                foreach (var key in record.Keys.Values.Select(k => (k.Shape, k.Property)))
                {
                    Add(key.Shape, key.Property.GetValue(before), key.Property.GetValue(after), Join(path, key.Property.Name), found);
                }

                break;
            case NamedShape named:
                AddNamed(named, Entries(before), Entries(after), path, found);
                break;
            case ListShape list when !Same(list, (IEnumerable)before, (IEnumerable)after):
            case ScalarShape when !Same(before, after):
                found.Add(path);
                break;
        }
    }

    /// <summary>Names are compared as they are spelled: sessions are.</summary>
    private static void AddNamed(NamedShape shape, Dictionary<string, object?> before, Dictionary<string, object?> after, string path, List<string> found)
    {
        foreach (var name in before.Keys.Union(after.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            Add(shape.Value, before.GetValueOrDefault(name), after.GetValueOrDefault(name), Join(path, name), found);
        }
    }

    private static bool Same(ListShape shape, IEnumerable before, IEnumerable after)
    {
        var (left, right) = (before.Cast<object?>().ToList(), after.Cast<object?>().ToList());
        return left.Count == right.Count && left.Zip(right).All(p => Paths(shape.Item, p.First, p.Second, "item").Count == 0);
    }

    /// <summary>Two URLs that differ in their password are equal to .NET.</summary>
    private static bool Same(object before, object after) => before is Uri left && after is Uri right
        ? string.Equals(left.OriginalString, right.OriginalString, StringComparison.Ordinal)
        : Equals(before, after);

    private static Dictionary<string, object?> Entries(object named)
    {
        var entries = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var entry in (IEnumerable)named)
        {
            var type = entry.GetType();
            entries[(string)type.GetProperty("Key")!.GetValue(entry)!] = type.GetProperty("Value")!.GetValue(entry);
        }

        return entries;
    }

    private static string Join(string path, string name) => path.Length == 0 ? name : $"{path}:{name}";
}
