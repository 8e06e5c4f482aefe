namespace NotifyGateway.Core.Routing;

/// <summary>Matches host names against patterns in which <c>*</c> is any text and <c>?</c> any one character; case-insensitive.</summary>
internal static class HostPattern
{
    /// <param name="pattern">A pattern of <c>Gateway:DynamicServers</c>; an IPv6 address may stand in brackets or without.</param>
    /// <param name="host">A host name or address without brackets.</param>
    public static bool Matches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> host) =>
        Glob.Matches(pattern is ['[', .. var address, ']'] ? address : pattern, host, one: true);
}
