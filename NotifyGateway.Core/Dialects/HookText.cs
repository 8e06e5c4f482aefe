using System.Text;
using NotifyGateway.Core.Configuration;
using NotifyGateway.Core.Formatting;

namespace NotifyGateway.Core.Dialects;

/// <summary>What a program posts to a hook as the text of a message. Formats: <see cref="HookFormat.Text"/>, <see cref="HookFormat.Json"/>, <see cref="HookFormat.Yaml"/>.</summary>
public static class HookText
{
    /// <summary>Reads a body: any JSON value, or for <see cref="HookFormat.Text"/> any text.</summary>
    /// <param name="asForm">It is declared a form, as curl declares everything: only an object or a list is taken for JSON.</param>
    /// <param name="fault">Why it cannot be read; holds nothing of it.</param>
    /// <returns>Null when it cannot be read.</returns>
    public static string? OfBody(ReadOnlySpan<byte> body, HookFormat format, bool asForm, out string? fault)
    {
        if (format == HookFormat.Text)
        {
            var text = LineText.Decode(JsonText.WithoutMark(body));
            fault = string.IsNullOrWhiteSpace(text) ? "there is no text in it" : null;
            return fault is null ? text : null;
        }

        var payload = Payload.ParseJson(body, out fault);
        if (asForm && payload is not (null or PayloadObject or PayloadList))
        {
            fault = "it is a form";
            payload = null;
        }

        return payload is null ? null : Write(payload, format);
    }

    /// <summary>A form: its fields are a JSON object; one that comes several times is a list. Null where the hook takes texts alone.</summary>
    public static string? OfForm(IEnumerable<KeyValuePair<string, IReadOnlyList<string>>> fields, HookFormat format) =>
        format == HookFormat.Text ? null : Write(Payload.OfForm(fields.Select(f => KeyValuePair.Create(Clean(f.Key), (IReadOnlyList<string>)[.. f.Value.Select(Clean)]))), format);

    private static string Write(Payload payload, HookFormat format) => format == HookFormat.Yaml ? PayloadYaml.Write(payload) : PayloadJson.Write(payload);

    /// <summary>A form may come with lone surrogates just as JSON may.</summary>
    private static string Clean(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
}
