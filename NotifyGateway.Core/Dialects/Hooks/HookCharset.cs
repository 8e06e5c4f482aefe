using System.Text;

namespace NotifyGateway.Core.Dialects.Hooks;

/// <summary>Bytes of a body as text. What it says of itself (a mark, the zeros of UTF-16) counts before what is said of it.</summary>
public static class HookCharset
{
    /// <summary>Latin-1 is read as browsers do: as windows-1252, which has letters where the other has control characters.</summary>
    private static readonly string[] Latin1 = ["iso-8859-1", "iso8859-1", "iso_8859-1", "latin1", "latin-1", "l1"];

    /// <param name="body">The bytes.</param>
    /// <param name="charset">As declared; null when nothing is.</param>
    /// <returns>The text, without a mark. An unknown charset, or UTF-8 that is none, costs odd characters and nothing else.</returns>
    public static string Decode(ReadOnlySpan<byte> body, string? charset)
    {
        var encoding = body switch
        {
            [0xFF, 0xFE, 0, 0, ..] => Encoding.UTF32,
            [0, 0, 0xFE, 0xFF, ..] => new UTF32Encoding(bigEndian: true, byteOrderMark: true),
            [0xFF, 0xFE, ..] or [not 0, 0, not 0, 0, ..] => Encoding.Unicode,
            [0xFE, 0xFF, ..] or [0, not 0, 0, not 0, ..] => Encoding.BigEndianUnicode,
            [0xEF, 0xBB, 0xBF, ..] => null,
            _ => Named(charset),
        };
        return encoding is null ? LineText.Decode(JsonText.WithoutMark(body)) : encoding.GetString(body).TrimStart('\uFEFF');
    }

    /// <summary>Null for UTF-8, and for what nobody knows.</summary>
    private static Encoding? Named(string? charset)
    {
        var name = charset?.Trim().Trim('"', '\'').ToLowerInvariant() ?? "";
        if (name.Length == 0 || name is "utf-8" or "utf8")
        {
            return null;
        }

        try
        {
            name = Latin1.Contains(name, StringComparer.Ordinal) ? "windows-1252" : name;
            return CodePagesEncodingProvider.Instance.GetEncoding(name) ?? Encoding.GetEncoding(name);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }
}
