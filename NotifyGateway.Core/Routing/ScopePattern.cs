using NotifyGateway.Core.Configuration;
using NotifyGateway.Core.Protocols.Xmpp;

namespace NotifyGateway.Core.Routing;

/// <summary>
/// One entry of a client's <c>To</c>: destinations by what they are, not by how somebody names them. <c>*</c> is any text inside one part; what stands
/// before a slash and what stands behind it are matched apart, so that no channel's name can pass for a host's.
/// </summary>
internal sealed class ScopePattern
{
    private const string XmppScheme = "xmpp:";

    private readonly Func<Destination, bool> _allows;

    private ScopePattern(Func<Destination, bool> allows) => _allows = allows;

    public bool Allows(Destination destination) => _allows(destination);

    /// <summary>Reads a pattern; null when it is of no form of a destination: then it can only be an alias.</summary>
    /// <param name="text"><c>*</c>, <c>#ops</c>, <c>libera/*</c>, <c>irc://host[:port]/#chan</c>, <c>xmpp:*@conference.example.org</c>, <c>work/alice@example.org</c>, <c>program:mail</c>, <c>log</c>.</param>
    /// <param name="options">Which sessions are networks, and which are accounts.</param>
    public static ScopePattern? Parse(string text, GatewayOptions options)
    {
        if (text is "*")
        {
            return new ScopePattern(_ => true);
        }

        if (IrcTarget.IsChannel(text))
        {
            return new ScopePattern(d => options.Irc.ContainsKey(d.Session.Value) && Glob.Matches(text, d.Lane));
        }

        if (IrcUrl.IsMeant(text))
        {
            return OfUrl(text);
        }

        if (text.StartsWith(XmppScheme, StringComparison.OrdinalIgnoreCase))
        {
            return OfAddress(text[XmppScheme.Length..].Split('?')[0], options);
        }

        if (text.StartsWith("program:", StringComparison.OrdinalIgnoreCase) || text.Equals("log", StringComparison.OrdinalIgnoreCase))
        {
            return new ScopePattern(d => Glob.Matches(text, d.Name));
        }

        return text.IndexOf('/', StringComparison.Ordinal) is > 0 and var slash ? OfSession(text[..slash], text[(slash + 1)..], options)
            : text.Contains('@', StringComparison.Ordinal) ? OfAddress(text, options)
            : null;
    }

    /// <summary>A network's channels and nicks, or the addresses of an account.</summary>
    private static ScopePattern OfSession(string session, string target, GatewayOptions options) =>
        new(d => (options.Irc.ContainsKey(d.Session.Value) || options.Xmpp.ContainsKey(d.Session.Value)) && Glob.Matches(session, d.Session.Value) && Glob.Matches(target, Address(d, options) ?? d.Lane));

    private static ScopePattern OfAddress(string address, GatewayOptions options) => new(d => Address(d, options) is { } jid && Glob.Matches(address, jid));

    /// <summary>Of servers that are named by a URL alone. A URL of a configured network leads to that network, and is in the scope of its name.</summary>
    private static ScopePattern OfUrl(string url)
    {
        const string NickSuffix = ",isnick";
        var colon = url.IndexOf("://", StringComparison.Ordinal);
        var rest = colon < 0 ? "" : url[(colon + "://".Length)..];
        var slash = rest.IndexOf('/', StringComparison.Ordinal);
        var host = slash < 0 ? rest : rest[..slash];
        var target = slash < 0 || slash == rest.Length - 1 ? "*" : rest[(slash + 1)..];
        target = target.EndsWith(NickSuffix, StringComparison.OrdinalIgnoreCase) ? target[..^NickSuffix.Length]
            : IrcTarget.IsChannel(target) || target[0] == '*' ? target
            : "#" + target;
        var tls = colon >= 0 && url.StartsWith("ircs", StringComparison.OrdinalIgnoreCase);
        var hasPort = host.LastIndexOf(':') > host.LastIndexOf(']');
        return new ScopePattern(d => d.Session.IsDynamic && DynamicServer.Parse(d.Session) is var server && server.Tls == tls
            && (hasPort ? Glob.Matches(host, server.HostAndPort) : HostPattern.Matches(host, server.Host) && (host.Contains('*', StringComparison.Ordinal) || server.Port == DynamicServer.DefaultPort(tls)))
            && Glob.Matches(target, d.Lane));
    }

    /// <summary>The bare address of an XMPP destination; null for any other.</summary>
    private static string? Address(Destination destination, GatewayOptions options) =>
        options.Xmpp.ContainsKey(destination.Session.Value) && XmppAddress.Parse(destination.Address, out _) is { } address ? address.Jid.Bare.ToString() : null;
}
