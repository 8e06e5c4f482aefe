using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using HandlebarsDotNet;
using NotifyGateway.Core.Dialects;

namespace NotifyGateway.Core.Templates;

/// <summary>What the values of a model are as texts, numbers and conditions. Nothing of it depends on the machine's culture.</summary>
internal static class TemplateValue
{
    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>As templates write it: nothing for what is missing, compact JSON for an object or a list.</summary>
    public static string Text(object? value) => value switch
    {
        null or UndefinedBindingResult => "",
        string text => text,
        true => "true",
        false => "false",
        ModelObject { Payload: var payload } => Json(payload),
        ModelList { Items: var items } => Json(new PayloadList(items)),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    /// <summary>Null for what is no number.</summary>
    public static decimal? Number(object? value) =>
        decimal.TryParse(Text(value), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>As <c>{{#if}}</c> takes it: nothing, an empty text, an empty list, 0 and false are no.</summary>
    public static bool IsTrue(object? value) => value is not (null or UndefinedBindingResult or "" or false or 0 or ModelList { Count: 0 });

    /// <summary>JSON on one line; letters of all languages stand as they are.</summary>
    public static string Json(Payload payload)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Compact))
        {
            Write(writer, payload);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void Write(Utf8JsonWriter writer, Payload payload)
    {
        switch (payload)
        {
            case PayloadText { Text: var text }:
                writer.WriteStringValue(text);
                break;
            case PayloadWord { Word: var word }:
                writer.WriteRawValue(word, skipInputValidation: true);
                break;
            case PayloadList { Items: var items }:
                writer.WriteStartArray();
                foreach (var item in items)
                {
                    Write(writer, item);
                }

                writer.WriteEndArray();
                break;
            case PayloadObject { Entries: var entries }:
                writer.WriteStartObject();
                foreach (var (name, value) in entries)
                {
                    writer.WritePropertyName(name);
                    Write(writer, value);
                }

                writer.WriteEndObject();
                break;
        }
    }
}
