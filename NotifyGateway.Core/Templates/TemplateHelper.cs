using System.Globalization;
using HandlebarsDotNet;
using NotifyGateway.Core.Dialects;

namespace NotifyGateway.Core.Templates;

/// <summary>Something that templates can do besides naming values: <c>{{cut text 80}}</c>.</summary>
/// <param name="Least">The fewest arguments.</param>
/// <param name="Most">The most.</param>
/// <param name="Run">A text, a number, a truth value or a list; never throws for a value.</param>
internal sealed record TemplateHelper(string Name, int Least, int Most, Func<HelperArguments, object?> Run)
{
    public void Register(IHandlebars engine) => engine.RegisterHelper(Name, (in HelperOptions options, in Context context, in Arguments arguments) =>
        // Without arguments it is the payload's value of that name: {{link}} of a payload with a link.
        arguments.Length == 0 ? Own(context.Value) ?? "" : Run(new HelperArguments(arguments, Spending.Of(options.Data))) ?? "");

    private object? Own(object? context) => context switch
    {
        ModelObject entries => entries[Name],
        IReadOnlyDictionary<string, object> given => given.GetValueOrDefault(Name),
        _ => null,
    };
}

/// <summary>The arguments of a helper. Whatever is looked at is paid for; what is missing is an empty text, no list, 0.</summary>
internal readonly struct HelperArguments(Arguments arguments, Spending spending)
{
    public int Count => arguments.Length;

    public object? Value(int index) => index < arguments.Length ? arguments[index] : null;

    public bool IsTrue(int index) => TemplateValue.IsTrue(Value(index));

    public string Text(int index) => Paid(TemplateValue.Text(Value(index)));

    public int Number(int index) => int.TryParse(Text(index), CultureInfo.InvariantCulture, out var number) ? number : 0;

    public ModelList List(int index) => Value(index) as ModelList ?? Listed([]);

    public ModelList Listed(IReadOnlyList<Payload> items) => new(items, spending);

    /// <summary>A text of a helper's own making.</summary>
    public string Paid(string text)
    {
        spending.Text(text.Length);
        return text;
    }
}
