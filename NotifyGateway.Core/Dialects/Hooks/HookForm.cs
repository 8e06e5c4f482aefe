using System.Text;

namespace NotifyGateway.Core.Dialects.Hooks;

/// <summary>The fields of a urlencoded form, of which a program may have said too much or too little: a byte that is no UTF-8 costs an odd character at most.</summary>
public static class HookForm
{
    /// <summary>A form with more fields is refused.</summary>
    public const int MaxFields = 1000;

    /// <param name="body">As it came.</param>
    /// <param name="charset">Of what the percent signs hide; null: UTF-8.</param>
    /// <returns>Null when it has too many fields.</returns>
    public static IReadOnlyList<KeyValuePair<string, IReadOnlyList<string>>>? Parse(ReadOnlySpan<byte> body, string? charset)
    {
        var fields = new List<KeyValuePair<string, string>>();
        foreach (var range in body.Split((byte)'&'))
        {
            var pair = body[range];
            if (pair.IsEmpty)
            {
                continue;
            }

            if (fields.Count == MaxFields)
            {
                return null;
            }

            var equals = pair.IndexOf((byte)'=');
            fields.Add(new(Decode(equals < 0 ? pair : pair[..equals], charset), equals < 0 ? "" : Decode(pair[(equals + 1)..], charset)));
        }

        return Grouped(fields);
    }

    /// <summary>A field that comes several times has several values, at the place of the first.</summary>
    public static IReadOnlyList<KeyValuePair<string, IReadOnlyList<string>>> Grouped(IEnumerable<KeyValuePair<string, string>> fields) =>
        [.. fields.GroupBy(f => f.Key, f => f.Value, StringComparer.Ordinal).Select(g => KeyValuePair.Create(g.Key, (IReadOnlyList<string>)[.. g]))];

    /// <summary>Whether what is declared a form is JSON: an object or a list. curl declares everything a form.</summary>
    public static bool IsJson(string text) => text.AsSpan().TrimStart() is ['{' or '[', ..] && Payload.ParseJson(Encoding.UTF8.GetBytes(text), out _) is not null;

    private static string Decode(ReadOnlySpan<byte> text, string? charset)
    {
        var bytes = new byte[text.Length];
        var length = 0;
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] == (byte)'%' && at + 2 < text.Length && char.IsAsciiHexDigit((char)text[at + 1]) && char.IsAsciiHexDigit((char)text[at + 2]))
            {
                bytes[length++] = (byte)((Hex(text[at + 1]) << 4) | Hex(text[at + 2]));
                at += 2;
            }
            else
            {
                bytes[length++] = text[at] == (byte)'+' ? (byte)' ' : text[at];
            }
        }

        return HookCharset.Decode(bytes.AsSpan(0, length), charset);
    }

    private static int Hex(byte digit) => digit <= (byte)'9' ? digit - '0' : (digit | 0x20) - 'a' + 10;
}
