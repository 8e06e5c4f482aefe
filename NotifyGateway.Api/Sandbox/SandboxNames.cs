namespace NotifyGateway.Api.Sandbox;

/// <summary>What a nick and a channel may be called, and when two names are the same (CASEMAPPING=rfc1459).</summary>
internal static class SandboxNames
{
    private const string Special = "[]\\`_^{|}";

    public static bool IsNick(string name) =>
        name.Length is > 0 and <= SandboxLimits.Nick
        && (char.IsAsciiLetter(name[0]) || Special.Contains(name[0], StringComparison.Ordinal))
        && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '-' || Special.Contains(c, StringComparison.Ordinal));

    public static bool IsChannel(string name) =>
        name.Length is > 1 and <= SandboxLimits.ChannelName && name[0] == '#' && name.IndexOfAny([' ', ',', '\a']) < 0;

    /// <summary>Lower case, where <c>{}|~</c> are the lower case of <c>[]\^</c> (RFC 2812 section 2.2).</summary>
    public static string Fold(string name) => string.Create(name.Length, name, static (folded, name) =>
    {
        for (var i = 0; i < folded.Length; i++)
        {
            folded[i] = name[i] is (>= 'A' and <= 'Z') or '[' or ']' or '\\' or '^' ? (char)(name[i] + 32) : name[i];
        }
    });
}
