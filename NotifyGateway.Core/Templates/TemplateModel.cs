using NotifyGateway.Core.Dialects;

namespace NotifyGateway.Core.Templates;

/// <summary>A payload as templates see it: dictionaries, lists, texts, truth values; a number is its text, as it was written.</summary>
internal static class TemplateModel
{
    public static object? Of(Payload? value) => value switch
    {
        PayloadObject entries => entries.Entries.ToDictionary(e => e.Key, e => Of(e.Value), StringComparer.Ordinal),
        PayloadList list => list.Items.Select(Of).ToList(),
        PayloadText { Text: var text } => text,
        PayloadWord { Word: "true" } => true,
        PayloadWord { Word: "false" } => false,
        PayloadWord { Word: not "null" and var word } => word,
        _ => null,
    };
}
