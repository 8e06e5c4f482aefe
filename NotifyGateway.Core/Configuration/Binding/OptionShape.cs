using System.Reflection;

namespace NotifyGateway.Core.Configuration.Binding;

/// <summary>What may stand at a place of the configuration: known by reflection over the option records, so that there is no second list of keys.</summary>
internal abstract record OptionShape
{
    /// <summary>The name of our section.</summary>
    public const string Section = "Gateway";

    private static readonly NullabilityInfoContext Nullability = new();
    private static readonly Lazy<RecordShape> Root = new(() => RecordOf(typeof(GatewayOptions)));

    /// <summary>The whole section <c>Gateway</c>.</summary>
    public static RecordShape Gateway => Root.Value;

    private static OptionShape Of(Type type)
    {
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyDictionary<,>))
        {
            return new NamedShape(Of(type.GenericTypeArguments[1]), type.GenericTypeArguments[1]);
        }

        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>))
        {
            return new ListShape(Of(type.GenericTypeArguments[0]), type.GenericTypeArguments[0]);
        }

        var scalar = Nullable.GetUnderlyingType(type) ?? type;
        return ScalarForm.For(scalar) is { } form ? new ScalarShape(form) : RecordOf(type);
    }

    private static RecordShape RecordOf(Type type) => new(type, type
        .GetProperties(BindingFlags.Public | BindingFlags.Instance)
        .Where(p => p.CanWrite)
        .ToDictionary(p => p.Name, KeyOf, StringComparer.OrdinalIgnoreCase));

    private static OptionKey KeyOf(PropertyInfo property) =>
        new(property, Of(property.PropertyType), Nullability.Create(property).WriteState == NullabilityState.Nullable);
}

/// <summary>One value.</summary>
internal sealed record ScalarShape(ScalarForm Form) : OptionShape;

/// <summary>A list, replaced whole by a later source.</summary>
internal sealed record ListShape(OptionShape Item, Type ItemType) : OptionShape;

/// <summary>Things by names that the user chooses.</summary>
internal sealed record NamedShape(OptionShape Value, Type ValueType) : OptionShape;

/// <summary>A record of options: its keys are its properties.</summary>
internal sealed record RecordShape(Type Type, IReadOnlyDictionary<string, OptionKey> Keys) : OptionShape;

/// <summary>A key of a record.</summary>
/// <param name="Nullable">Whether null is a value of its own; else null means the default.</param>
internal sealed record OptionKey(PropertyInfo Property, OptionShape Shape, bool Nullable);
