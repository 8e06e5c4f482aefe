using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace NotifyGateway.Api.Http;

/// <summary>
/// The strict way through a JSON object that a stranger sent: what Utf8JsonReader throws for malformed text, lone surrogates or bad
/// UTF-8 becomes one <see cref="MalformedJsonException"/> with a place and without the text.
/// </summary>
internal static class JsonFields
{
    private static readonly JsonReaderOptions Strict = new() { MaxDepth = 16 };

    /// <summary>Opens the object. The reader stands on its first property or its end.</summary>
    public static Utf8JsonReader Open(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(WithoutMark(json), Strict);
        Advance(ref reader);
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new MalformedJsonException("a JSON object is expected");
        }

        Advance(ref reader);
        return reader;
    }

    /// <summary>Reads the next token.</summary>
    public static void Advance(ref Utf8JsonReader reader)
    {
        try
        {
            if (!reader.Read())
            {
                throw new MalformedJsonException("the JSON text ends too early");
            }
        }
        catch (JsonException e)
        {
            throw At(e);
        }
    }

    /// <summary>Makes sure that nothing follows the object.</summary>
    public static void Close(ref Utf8JsonReader reader)
    {
        try
        {
            reader.Read();
        }
        catch (JsonException e)
        {
            throw At(e);
        }
    }

    /// <summary>Skips the value that the reader stands on, whatever it holds.</summary>
    public static void Skip(ref Utf8JsonReader reader)
    {
        try
        {
            reader.Skip();
        }
        catch (JsonException e)
        {
            throw At(e);
        }
    }

    /// <summary>The text of the string or the property name that the reader stands on.</summary>
    public static string Text(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            // The one way in which System.Text.Json says that a string is no Unicode text (an escaped lone surrogate, bad UTF-8).
            throw new MalformedJsonException(string.Create(
                CultureInfo.InvariantCulture, $"the string at byte {reader.TokenStartIndex} is not valid Unicode text"));
        }
    }

    /// <summary>The strings of the list that the reader stands on. False, with the list skipped, when an element is no string.</summary>
    public static bool TryTexts(ref Utf8JsonReader reader, [NotNullWhen(true)] out List<string>? texts)
    {
        texts = [];
        for (Advance(ref reader); reader.TokenType != JsonTokenType.EndArray; Advance(ref reader))
        {
            if (reader.TokenType == JsonTokenType.String)
            {
                texts?.Add(Text(ref reader));
                continue;
            }

            Skip(ref reader);
            texts = null;
        }

        return texts is not null;
    }

    /// <summary>Refuses a property that came before: which of the two is meant cannot be known.</summary>
    public static void Once(ref bool seen, string name)
    {
        if (seen)
        {
            throw new MalformedJsonException($"the property \"{name}\" stands there twice");
        }

        seen = true;
    }

    private static ReadOnlySpan<byte> WithoutMark(ReadOnlySpan<byte> json) =>
        json.StartsWith(Encoding.UTF8.Preamble) ? json[Encoding.UTF8.Preamble.Length..] : json;

    private static MalformedJsonException At(JsonException e) => new(string.Create(
        CultureInfo.InvariantCulture, $"malformed JSON at line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}"));
}

/// <summary>A JSON text that cannot be read. The message says where and why, and holds nothing of it but known names.</summary>
internal sealed class MalformedJsonException(string message) : Exception(message);
