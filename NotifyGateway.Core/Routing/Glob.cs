namespace NotifyGateway.Core.Routing;

/// <summary>Matches texts against patterns; letters of ASCII match in either case.</summary>
internal static class Glob
{
    /// <summary>Whether the whole text is what the pattern says.</summary>
    /// <param name="pattern"><c>*</c> is any text, also none.</param>
    /// <param name="text">What is matched.</param>
    /// <param name="one">True: <c>?</c> in the pattern is any one character.</param>
    public static bool Matches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> text, bool one = false)
    {
        // Without recursion: on a mismatch only the last star can take one character more, so the work is at most pattern × text.
        int p = 0, t = 0, star = -1, retry = 0;
        while (t < text.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                star = p++;
                retry = t;
            }
            else if (p < pattern.Length && ((one && pattern[p] == '?') || Folded(pattern[p]) == Folded(text[t])))
            {
                p++;
                t++;
            }
            else if (star >= 0)
            {
                p = star + 1;
                t = ++retry;
            }
            else
            {
                return false;
            }
        }

        return pattern[p..].TrimEnd('*').IsEmpty;
    }

    private static char Folded(char c) => char.IsAsciiLetterUpper(c) ? (char)(c | 0x20) : c;
}
