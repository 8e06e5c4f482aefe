using System.Globalization;
using System.Net;

namespace NotifyGateway.Core.Sessions.Srv;

/// <summary>Where to connect.</summary>
/// <param name="Host">A host name or an address without brackets.</param>
internal readonly record struct ServerEndpoint(string Host, int Port);

/// <summary>The servers of an XMPP domain, in the order in which they are to be tried.</summary>
/// <param name="Endpoints">Empty only with <paramref name="Refusal"/>.</param>
/// <param name="Refusal">Why there is none: the domain says that it has no such service.</param>
/// <param name="Doubt">Why the list is but a guess; null when DNS has answered.</param>
internal readonly record struct ServerList(IReadOnlyList<ServerEndpoint> Endpoints, string? Refusal = null, string? Doubt = null);

/// <summary>Finds the servers of an XMPP domain (RFC 6120, section 3.2; XEP-0368).</summary>
/// <param name="random">Chooses among servers of one priority. Used by any number of threads: <see cref="Random.Shared"/> but in tests.</param>
internal sealed class XmppServers(SrvResolver resolver, Random random)
{
    private const int StartTlsPort = 5222;
    private const int DirectTlsPort = 5223;

    /// <param name="domain">A JID's domain: a name, in Unicode or not, or an address, IPv6 in brackets.</param>
    /// <param name="directTls">True for servers that speak TLS from the first byte.</param>
    public async Task<ServerList> ResolveAsync(string domain, bool directTls, CancellationToken cancellationToken)
    {
        var fallback = new ServerEndpoint(domain.Trim('[', ']'), directTls ? DirectTlsPort : StartTlsPort);
        if (IsLocal(fallback.Host) || ToAscii(fallback.Host) is not { } name)
        {
            return new ServerList([fallback]);
        }

        var service = directTls ? "_xmpps-client._tcp" : "_xmpp-client._tcp";
        var result = await resolver.ResolveAsync($"{service}.{name}", cancellationToken);
        if (result.Records.Count == 0)
        {
            return new ServerList([fallback with { Host = name }], Doubt: result.Answered ? null : $"no DNS server tells the servers of {domain}");
        }

        SrvRecord[] usable = [.. result.Records.Where(r => r.Port > 0 && r.Target.Length > 0 && Uri.CheckHostName(r.Target) != UriHostNameType.Unknown)];
        if (usable.Length == 0)
        {
            return new ServerList([], Refusal: result.Records.Any(r => r.Target.Length == 0)
                ? $"{domain} offers no XMPP of this kind: its SRV record ({service}) says so"
                : $"the SRV records ({service}) of {domain} name no server");
        }

        return new ServerList([.. SrvRecord.InOrder(usable, random).Select(r => new ServerEndpoint(r.Target, r.Port))]);
    }

    /// <summary>An address, or a name that DNS is not to be asked for (RFC 6761, section 6.3).</summary>
    private static bool IsLocal(string host) =>
        IPAddress.TryParse(host, out _) || host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase);

    private static string? ToAscii(string host)
    {
        try
        {
            return new IdnMapping().GetAscii(host).ToLowerInvariant();
        }
        catch (ArgumentException)
        {
            return null; // no name that DNS could know: the system may
        }
    }
}
