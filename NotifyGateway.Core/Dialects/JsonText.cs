using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace NotifyGateway.Core.Dialects;

/// <summary>
/// Names and strings of JSON, read leniently: <see cref="Utf8JsonReader.GetString"/> throws for a lone surrogate and for
/// invalid UTF-8, and neither may cost a sender more than one odd character.
/// </summary>
internal static class JsonText
{
    /// <summary>Whether the reader stands at a property of this name.</summary>
    public static bool NameIs(ref readonly Utf8JsonReader reader, ReadOnlySpan<byte> name) =>
        reader.ValueIsEscaped ? Ascii.Equals(name, Unescape(reader.ValueSpan)) : reader.ValueSpan.SequenceEqual(name);

    /// <summary>Moves to the end of the property's value and reads it. False when it is neither a string nor null.</summary>
    public static bool TryReadString(ref Utf8JsonReader reader, out string? value)
    {
        reader.Read();
        value = reader.TokenType == JsonTokenType.String ? Read(in reader) : null;
        var proper = reader.TokenType is JsonTokenType.String or JsonTokenType.Null;
        reader.Skip();
        return proper;
    }

    /// <summary>Moves to the end of the property's value, a list of strings or null. False for any other shape.</summary>
    public static bool TryReadStrings(ref Utf8JsonReader reader, out List<string>? list)
    {
        list = null;
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            var isNull = reader.TokenType == JsonTokenType.Null;
            reader.Skip();
            return isNull;
        }

        var depth = reader.CurrentDepth;
        list = [];
        while (reader.Read() && reader.TokenType == JsonTokenType.String)
        {
            list.Add(Read(in reader));
        }

        var proper = reader.TokenType == JsonTokenType.EndArray;
        while (reader.CurrentDepth > depth)
        {
            reader.Read();
        }

        return proper;
    }

    /// <summary>Whether the property's value, to which the reader moves, is a list.</summary>
    public static bool IsListNext(Utf8JsonReader reader) => reader.Read() && reader.TokenType == JsonTokenType.StartArray;

    /// <summary>Without the byte order mark that some programs write before UTF-8.</summary>
    public static ReadOnlySpan<byte> WithoutMark(ReadOnlySpan<byte> json) => json.StartsWith(Encoding.UTF8.Preamble) ? json[Encoding.UTF8.Preamble.Length..] : json;

    /// <summary>Where a text is no JSON, counted from 1; holds nothing of the text.</summary>
    public static string Fault(JsonException e) => string.Create(CultureInfo.InvariantCulture, $"not valid JSON, at line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}");

    /// <summary>The string at which the reader stands.</summary>
    public static string Read(ref readonly Utf8JsonReader reader) =>
        reader.ValueIsEscaped ? Unescape(reader.ValueSpan) : LineText.Decode(reader.ValueSpan);

    // The reader has already checked that every escape is well-formed.
    private static string Unescape(ReadOnlySpan<byte> value)
    {
        var text = new StringBuilder(value.Length);
        while (true)
        {
            var escape = value.IndexOf((byte)'\\');
            if (escape < 0)
            {
                text.Append(LineText.Decode(value));
                return ReplaceLoneSurrogates(text);
            }

            text.Append(LineText.Decode(value[..escape]));
            var kind = value[escape + 1];
            text.Append(kind switch
            {
                (byte)'n' => '\n',
                (byte)'r' => '\r',
                (byte)'t' => '\t',
                (byte)'b' => '\b',
                (byte)'f' => '\f',
                (byte)'u' => Hex(value.Slice(escape + 2, 4)),
                _ => (char)kind,
            });
            value = value[(escape + (kind == (byte)'u' ? 6 : 2))..];
        }
    }

    private static char Hex(ReadOnlySpan<byte> digits) =>
        Utf8Parser.TryParse(digits, out ushort code, out _, 'x') ? (char)code : throw new FormatException(digits.Length.ToString(CultureInfo.InvariantCulture));

    private static string ReplaceLoneSurrogates(StringBuilder text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i]))
            {
                continue;
            }

            if (i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1]))
            {
                i++;
            }
            else
            {
                text[i] = '\uFFFD';
            }
        }

        return text.ToString();
    }
}
