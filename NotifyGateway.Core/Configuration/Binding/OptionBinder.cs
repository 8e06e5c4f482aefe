using NotifyGateway.Core.Configuration.Reading;

namespace NotifyGateway.Core.Configuration.Binding;

/// <summary>
/// Makes option records of settings. Whatever does not fit is an error with its path and leaves the default in place, so that all errors
/// come at once. Error texts never repeat a value: a secret may stand at the wrong key.
/// </summary>
internal sealed class OptionBinder
{
    private readonly List<ConfigurationError> _errors = [];

    public static (GatewayOptions Options, IReadOnlyList<ConfigurationError> Errors) Bind(Setting? section)
    {
        var binder = new OptionBinder();
        var options = section is null || IsNothing(section)
            ? new GatewayOptions()
            : (GatewayOptions?)binder.Value(section, OptionShape.Gateway, OptionShape.Section) ?? new GatewayOptions();
        return (options, binder._errors);
    }

    private static bool IsNothing(Setting setting) => setting is SettingValue { IsNothing: true };

    /// <summary>The value of a setting that is there and not null; null when it does not fit.</summary>
    private object? Value(Setting setting, OptionShape shape, string path) => (shape, setting) switch
    {
        (ScalarShape scalar, SettingValue { Text: not null } value) => scalar.Form.Parse(value.Text) ?? Refuse(path, $"must be {scalar.Form.Expected}", setting),
        (ScalarShape scalar, _) => Refuse(path, $"must be {scalar.Form.Expected}", setting),
        (ListShape list, SettingList items) => List(items, list, path),
        (ListShape, _) => Refuse(path, "must be a list, [ … ] (in the environment and on the command line: one key an item, ending in 0, 1, …)", setting),
        (NamedShape named, SettingObject entries) => Named(entries, named, path),
        (NamedShape, _) => Refuse(path, "must be an object of names and what they stand for, { \"name\": … }", setting),
        (RecordShape record, SettingObject keys) => Record(keys, record, path),
        (RecordShape record, _) => Refuse(path, $"must be an object, {{ \"{record.Keys.Values.First().Property.Name}\": … }}", setting),
        _ => throw new ArgumentOutOfRangeException(nameof(shape), shape, message: null),
    };

    private object? Refuse(string path, string message, Setting setting)
    {
        _errors.Add(new(path, message, setting.Origin));
        return null;
    }

    private object Record(SettingObject setting, RecordShape shape, string path)
    {
        var record = Activator.CreateInstance(shape.Type)!;
        foreach (var (name, value) in setting.Keys)
        {
            if (!shape.Keys.TryGetValue(name, out var key))
            {
                Unknown(shape, $"{path}:{name}", name, value);
            }
            else if (IsNothing(value))
            {
                if (key.Nullable)
                {
                    key.Property.SetValue(record, null);
                }
            }
            else if (Value(value, key.Shape, $"{path}:{key.Property.Name}") is { } bound)
            {
                key.Property.SetValue(record, bound);
            }
        }

        return record;
    }

    private void Unknown(RecordShape shape, string path, string name, Setting setting)
    {
        if (UnsupportedKeys.Covers(path))
        {
            // Null sets nothing, so nobody is misled.
            if (!IsNothing(setting))
            {
                Refuse(path, UnsupportedKeys.Message, setting);
            }

            return;
        }

        var known = shape.Keys.Values.Select(k => k.Property.Name).Order(StringComparer.Ordinal).ToList();
        Refuse(path, NearestName.To(name, [.. known, .. UnsupportedKeys.Beside(path)]) is { } nearest
            ? $"is unknown; did you mean {nearest}?"
            : $"is unknown; known here: {string.Join(", ", known)}", setting);
    }

    private Array List(SettingList setting, ListShape shape, string path)
    {
        var list = Array.CreateInstance(shape.ItemType, setting.Items.Count);
        for (var i = 0; i < list.Length; i++)
        {
            var item = setting.Items[i];
            var bound = IsNothing(item) ? Refuse($"{path}:{i}", "must not be empty", item) : Value(item, shape.Item, $"{path}:{i}");

            // One that does not fit keeps its place, or the paths of the others would be wrong.
            list.SetValue(bound ?? (shape.Item is RecordShape ? Activator.CreateInstance(shape.ItemType) : ""), i);
        }

        return list;
    }

    private object Named(SettingObject setting, NamedShape shape, string path)
    {
        var entries = (System.Collections.IDictionary)Activator.CreateInstance(
            typeof(Dictionary<,>).MakeGenericType(typeof(string), shape.ValueType), StringComparer.OrdinalIgnoreCase)!;
        foreach (var (name, value) in setting.Keys.Where(e => !IsNothing(e.Value)))
        {
            if (NameRule.WrongWith(name) is { } wrong)
            {
                Refuse($"{path}:{name}", wrong, value);
            }

            if (Value(value, shape.Value, $"{path}:{name}") is { } bound)
            {
                entries[name] = bound;
            }
        }

        return entries;
    }
}
