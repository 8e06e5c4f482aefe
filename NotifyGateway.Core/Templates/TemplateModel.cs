using System.Collections;
using NotifyGateway.Core.Dialects;

namespace NotifyGateway.Core.Templates;

/// <summary>A payload as templates see it: objects, lists, texts, truth values; a number is its text, as it was written, but for 0, which counts as no.</summary>
internal static class TemplateModel
{
    public static object? Of(Payload? value, Spending spending) => value switch
    {
        PayloadObject entries => new ModelObject(entries, spending),
        PayloadList { Items: var items } => new ModelList(items, spending),
        PayloadText { Text: var text } => text,
        PayloadWord { Word: "true" } => true,
        PayloadWord { Word: "false" } => false,
        PayloadWord { Word: "0" } => 0,
        PayloadWord { Word: not "null" and var word } => word,
        _ => null,
    };
}

/// <summary>An object of a payload. Walking through it is paid for.</summary>
/// <remarks>Not enumerable: the engine would take <c>{{#object}}</c> for a loop.</remarks>
internal sealed class ModelObject(PayloadObject payload, Spending spending)
{
    public Payload Payload => payload;

    public int Count => payload.Entries.Count;

    public object? this[string key] => TemplateModel.Of(payload[key], spending);

    public IEnumerable<(string Name, object Value)> Entries()
    {
        foreach (var (name, value) in payload.Entries)
        {
            spending.Item();
            yield return (name, TemplateModel.Of(value, spending) ?? "");
        }
    }
}

/// <summary>A list of a payload. Walking through it is paid for.</summary>
internal sealed class ModelList(IReadOnlyList<Payload> items, Spending spending) : IReadOnlyList<object?>
{
    public IReadOnlyList<Payload> Items => items;

    public int Count => items.Count;

    /// <remarks>The engine cannot hand null to a partial.</remarks>
    public object this[int index] => TemplateModel.Of(items[index], spending) ?? "";

    public IEnumerator<object?> GetEnumerator()
    {
        for (var i = 0; i < items.Count; i++)
        {
            spending.Item();
            yield return this[i];
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
