using System.Text;

namespace NotifyGateway.Core.Protocols.Sasl;

/// <summary>
/// SASLprep (RFC 4013): names and passwords in the one form in which equal ones have equal bytes. What is done: mapping (section 2.1),
/// normalization (2.2, form KC by the platform's Unicode version, not by 3.2), prohibited output (2.3). What is not: the check of mixed
/// directions (2.4), for which the platform has no table; a text that fails it is sent, and the server may refuse it. Unassigned code
/// points are let through, as for queries (2.5).
/// </summary>
internal static class SaslPrep
{
    // RFC 3454, appendix B.1.
    private static readonly (int First, int Last)[] MappedToNothing =
    [
        (0x00AD, 0x00AD), (0x034F, 0x034F), (0x1806, 0x1806), (0x180B, 0x180D), (0x200B, 0x200D), (0x2060, 0x2060), (0xFE00, 0xFE0F), (0xFEFF, 0xFEFF),
    ];

    // RFC 3454, appendix C.1.2.
    private static readonly (int First, int Last)[] Spaces = [(0x00A0, 0x00A0), (0x1680, 0x1680), (0x2000, 0x200B), (0x202F, 0x202F), (0x205F, 0x205F), (0x3000, 0x3000)];

    // RFC 3454, appendices C.2.1 to C.9, but for what form KC replaces anyway (0340, 0341); the noncharacters at the end of each plane are computed.
    private static readonly (int First, int Last)[] Prohibited =
    [
        (0x0000, 0x001F), (0x007F, 0x009F), (0x06DD, 0x06DD), (0x070F, 0x070F), (0x180E, 0x180E), (0x200C, 0x200F), (0x2028, 0x202E), (0x2060, 0x2063), (0x206A, 0x206F),
        (0x2FF0, 0x2FFB), (0xE000, 0xF8FF), (0xFDD0, 0xFDEF), (0xFEFF, 0xFEFF), (0xFFF9, 0xFFFD), (0x1D173, 0x1D17A), (0xE0001, 0xE0001), (0xE0020, 0xE007F),
        (0xF0000, 0x10FFFF),
    ];

    /// <summary>The prepared text, or null when it holds what must not be in it.</summary>
    public static string? Prepare(string text)
    {
        if (Ascii.IsValid(text))
        {
            return text.Any(char.IsControl) ? null : text;
        }

        var mapped = new StringBuilder(text.Length);
        for (var at = 0; at < text.Length;)
        {
            // A surrogate alone (C.5) is no text at all.
            if (!Rune.TryGetRuneAt(text, at, out var rune))
            {
                return null;
            }

            at += rune.Utf16SequenceLength;
            if (!Within(MappedToNothing, rune.Value))
            {
                mapped.Append(Within(Spaces, rune.Value) ? " " : rune.ToString());
            }
        }

        var prepared = mapped.ToString();
        prepared = HasProhibited(prepared) ? null : prepared.Normalize(NormalizationForm.FormKC);
        return prepared is null || HasProhibited(prepared) ? null : prepared;
    }

    private static bool HasProhibited(string text) => text.EnumerateRunes().Any(r => Within(Prohibited, r.Value) || (r.Value & 0xFFFE) == 0xFFFE || Within(Spaces, r.Value));

    private static bool Within((int First, int Last)[] ranges, int value) => Array.Exists(ranges, r => value >= r.First && value <= r.Last);
}
