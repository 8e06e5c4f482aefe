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

    /// <summary>Moves to the property's value and reads it. False when it is neither a string nor null.</summary>
    public static bool TryReadString(ref Utf8JsonReader reader, out string? value)
    {
        reader.Read();
        value = reader.TokenType == JsonTokenType.String ? Read(in reader) : null;
        return reader.TokenType is JsonTokenType.String or JsonTokenType.Null;
    }

    /// <summary>Moves to the property's value, a string or a list of strings. False for any other shape.</summary>
    public static bool TryReadStrings(ref Utf8JsonReader reader, out List<string>? list, out string? single)
    {
        list = null;
        if (TryReadString(ref reader, out single))
        {
            return true;
        }

        if (reader.TokenType != JsonTokenType.StartArray)
        {
            reader.Skip();
            return false;
        }

        list = [];
        while (reader.Read() && reader.TokenType == JsonTokenType.String)
        {
            list.Add(Read(in reader));
        }

        return reader.TokenType == JsonTokenType.EndArray;
    }

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
