using System.Buffers;
using System.Text;

namespace NotifyGateway.Core.Dialects.Hooks;

/// <summary>Cuts what is too long.</summary>
public static class HookLength
{
    /// <summary>The text, or as much of it as has <paramref name="most"/> bytes in UTF-8 with a note behind it.</summary>
    public static string Cut(string text, int most, string note)
    {
        if (Encoding.UTF8.GetByteCount(text) <= most)
        {
            return text;
        }

        var room = Math.Max(0, most - Encoding.UTF8.GetByteCount(note));
        var kept = 0;
        while (Rune.DecodeFromUtf16(text.AsSpan(kept), out var rune, out var used) != OperationStatus.NeedMoreData && rune.Utf8SequenceLength <= room)
        {
            room -= rune.Utf8SequenceLength;
            kept += used;
        }

        return text[..kept].TrimEnd() + note;
    }
}
