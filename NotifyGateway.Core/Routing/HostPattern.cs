namespace NotifyGateway.Core.Routing;

/// <summary>Matches host names against patterns in which <c>*</c> is any text and <c>?</c> any one character; case-insensitive.</summary>
internal static class HostPattern
{
    /// <param name="pattern">A pattern of <c>Gateway:DynamicServers</c>; an IPv6 address may stand in brackets or without.</param>
    /// <param name="host">A host name or address without brackets.</param>
    public static bool Matches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> host)
    {
        if (pattern is ['[', .. var address, ']'])
        {
            pattern = address;
        }

        // Without recursion: on a mismatch only the last star can take one character more, so the work is at most pattern × host.
        int p = 0, h = 0, star = -1, retry = 0;
        while (h < host.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                star = p++;
                retry = h;
            }
            else if (p < pattern.Length && (pattern[p] == '?' || char.ToLowerInvariant(pattern[p]) == char.ToLowerInvariant(host[h])))
            {
                p++;
                h++;
            }
            else if (star >= 0)
            {
                p = star + 1;
                h = ++retry;
            }
            else
            {
                return false;
            }
        }

        return pattern[p..].TrimEnd('*').IsEmpty;
    }
}
