using System.Text.RegularExpressions;

namespace NotifyGateway.Core.Formatting;

/// <summary>In which form a text can stand in block-style YAML, decided as PyYAML does.</summary>
/// <param name="Plain">Without quotes.</param>
/// <param name="SingleQuoted">In single quotes; else only double ones with escapes are left.</param>
/// <param name="IsMultiline">Holds a line break.</param>
internal readonly partial record struct YamlScalar(bool Plain, bool SingleQuoted, bool IsMultiline)
{
    public static bool IsBreak(int c) => c is '\n' or 0x85 or 0x2028 or 0x2029;

    /// <param name="text">Code points.</param>
    /// <param name="words">The same as a string.</param>
    public static YamlScalar Of(int[] text, string words)
    {
        var hasIndicator = words.StartsWith("---", StringComparison.Ordinal) || words.StartsWith("...", StringComparison.Ordinal);
        bool hasBreak = false, isSpecial = false, breakSpace = false, spaceBreak = false;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            var previous = i == 0 ? 0 : text[i - 1];
            hasBreak |= IsBreak(c);
            isSpecial |= !IsPrintable(c);
            breakSpace |= c == ' ' && i > 0 && IsBreak(previous);
            spaceBreak |= IsBreak(c) && previous == ' ';
            hasIndicator |= IsIndicator(c, i == 0, i == 0 || IsWhite(previous), i + 1 == text.Length || IsWhite(text[i + 1]));
        }

        var hasEdge = text.Length > 0 && (text[0] == ' ' || IsBreak(text[0]) || text[^1] == ' ' || IsBreak(text[^1]));
        var quotable = !breakSpace && !spaceBreak && !isSpecial;
        return new YamlScalar(quotable && !hasEdge && !hasBreak && !hasIndicator && !MeansSomethingElse().IsMatch(words), quotable, hasBreak);
    }

    private static bool IsIndicator(int c, bool isFirst, bool afterWhite, bool beforeWhite) => isFirst
        ? (c < 128 && "#,[]{}&*!|>'\"%@`".Contains((char)c, StringComparison.Ordinal)) || (c is '?' or ':' or '-' && beforeWhite)
        : (c == ':' && beforeWhite) || (c == '#' && afterWhite);

    private static bool IsWhite(int c) => c is '\0' or ' ' or '\t' or '\r' || IsBreak(c);

    private static bool IsPrintable(int c) =>
        c is '\n' or (>= 0x20 and <= 0x7E) or 0x85 or (>= 0xA0 and <= 0xD7FF) or (>= 0xE000 and <= 0xFFFD and not 0xFEFF) or (>= 0x10000 and < 0x10FFFF);

    /// <summary>What YAML 1.1 reads as null, a truth, a number, a date or a sign of its own when it stands without quotes.</summary>
    [GeneratedRegex(
        """
        \A(?:|~|null|Null|NULL|=|<<
        |yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF
        |[-+]?(?:[0-9][0-9_]*)\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)
        |[-+]?0b[0-1_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+|[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+
        |[0-9]{4}-[0-9]{2}-[0-9]{2}
        |[0-9]{4}-[0-9][0-9]?-[0-9][0-9]?(?:[Tt]|[\ \t]+)[0-9][0-9]?:[0-9]{2}:[0-9]{2}(?:\.[0-9]*)?(?:[\ \t]*(?:Z|[-+][0-9][0-9]?(?::[0-9]{2})?))?
        )\z
        """,
        RegexOptions.IgnorePatternWhitespace | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex MeansSomethingElse();
}
