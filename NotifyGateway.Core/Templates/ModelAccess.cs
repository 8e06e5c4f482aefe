using System.Globalization;
using HandlebarsDotNet;
using HandlebarsDotNet.Compiler;
using HandlebarsDotNet.IO;
using HandlebarsDotNet.Iterators;
using HandlebarsDotNet.MemberAccessors;
using HandlebarsDotNet.ObjectDescriptors;
using HandlebarsDotNet.PathStructure;
using HandlebarsDotNet.ValueProviders;

namespace NotifyGateway.Core.Templates;

/// <summary>
/// How the engine gets at a model's values: the names of objects, the indexes and the <c>length</c> of lists, nothing of a text. It never looks at a .NET type's own members,
/// and no name of a payload gets into the engine's tables, which only grow.
/// </summary>
internal sealed class ModelAccess : IObjectDescriptorProvider, IMemberAccessor, IFormatterProvider, IFormatter
{
    /// <summary>None: a partial that is given <c>name=value</c> sees these, not what stands around it too.</summary>
    private static readonly Func<ObjectDescriptor, object, System.Collections.IEnumerable> NoProperties = (_, _) => Array.Empty<ChainSegment>();

    private readonly ObjectDescriptor _list;
    private readonly ObjectDescriptor _object;
    private readonly Dictionary<Type, ObjectDescriptor> _plain;

    public ModelAccess()
    {
        _list = new(typeof(ModelList), this, NoProperties, _ => new EnumerableIterator<ModelList, object?>());
        _object = new(typeof(ModelObject), this, NoProperties, _ => new Entries());
        _plain = new[] { typeof(string), typeof(bool), typeof(int) }.ToDictionary(t => t, t => new ObjectDescriptor(t, this, NoProperties, _ => new NoItems()));
    }

    public bool TryGetDescriptor(Type type, out ObjectDescriptor value)
    {
        value = type == typeof(ModelObject) ? _object : type == typeof(ModelList) ? _list : _plain.GetValueOrDefault(type, ObjectDescriptor.Empty);
        return value != ObjectDescriptor.Empty;
    }

    public bool TryGetValue(object instance, ChainSegment memberName, out object? value)
    {
        value = instance switch
        {
            ModelObject entries => entries[memberName.TrimmedValue],
            ModelList list => memberName.TrimmedValue is "length" ? list.Count
                : int.TryParse(memberName.TrimmedValue, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < list.Count ? list[index]
                : null,
            _ => null,
        };
        return value is not null;
    }

    public bool TryCreateFormatter(Type type, out IFormatter formatter)
    {
        formatter = this;
        return type == typeof(ModelObject) || type == typeof(ModelList) || type == typeof(bool);
    }

    public void Format<T>(T value, in EncodedTextWriter writer) => writer.Write(TemplateValue.Text(value), encode: false);

    /// <summary><c>{{#each object}}</c>: <c>@key</c> is the name, <c>.</c> the value.</summary>
    private sealed class Entries : IIterator
    {
        public void Iterate(in EncodedTextWriter writer, BindingContext context, ChainSegment[] blockParamsVariables, object input, TemplateDelegate template, TemplateDelegate ifEmpty)
        {
            using var frame = context.CreateFrame(context.Value);
            var entries = (ModelObject)input;
            if (entries.Count == 0)
            {
                ifEmpty(writer, frame);
                return;
            }

            var values = new IteratorValues(frame);
            var variables = new BlockParamsValues(frame, blockParamsVariables);
            variables.CreateProperty(0, out var first);
            variables.CreateProperty(1, out var second);
            var index = 0;
            foreach (var (name, value) in entries.Entries())
            {
                (values.Key, values.Value, values.Index, values.First, values.Last) = (name, value, index, index == 0, index == entries.Count - 1);
                (variables[first], variables[second], frame.Value) = (value, name, value);
                template(writer, frame);
                index++;
            }
        }
    }

    /// <summary>A text has no items: without this the engine would go through the members of its type.</summary>
    private sealed class NoItems : IIterator
    {
        public void Iterate(in EncodedTextWriter writer, BindingContext context, ChainSegment[] blockParamsVariables, object input, TemplateDelegate template, TemplateDelegate ifEmpty)
        {
            using var frame = context.CreateFrame(context.Value);
            ifEmpty(writer, frame);
        }
    }
}
