using System.Text;
using System.Text.Unicode;

namespace NotifyGateway.Core.Dialects;

/// <summary>Bytes of a line as text.</summary>
internal static class LineText
{
    /// <summary>True for a line of nothing but spaces and tabs.</summary>
    public static bool IsBlank(ReadOnlySpan<byte> line) => line.IndexOfAnyExcept(" \t\r"u8) < 0;

    /// <summary>True for a line that is meant as a JSON object: a brace, then a name or the end. Prose in braces is not.</summary>
    public static bool IsObject(ReadOnlySpan<byte> line)
    {
        var start = line.TrimStart(" \t"u8);
        return !start.IsEmpty && start[0] == (byte)'{' && start[1..].TrimStart(" \t\r\n"u8) is [(byte)'"' or (byte)'}', ..];
    }

    /// <summary>UTF-8; a byte that is none is read as the Latin-1 letter it would be, or as U+FFFD where Latin-1 has a control character.</summary>
    public static string Decode(ReadOnlySpan<byte> bytes)
    {
        if (Utf8.IsValid(bytes))
        {
            return Encoding.UTF8.GetString(bytes);
        }

        var text = new StringBuilder(bytes.Length);
        while (!bytes.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(bytes, out var rune, out var used) == System.Buffers.OperationStatus.Done)
            {
                text.Append(rune.ToString());
                bytes = bytes[used..];
            }
            else
            {
                text.Append(bytes[0] >= 0xA0 ? (char)bytes[0] : '\uFFFD');
                bytes = bytes[1..];
            }
        }

        return text.ToString();
    }
}
