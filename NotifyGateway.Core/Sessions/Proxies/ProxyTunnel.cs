using NotifyGateway.Core.Configuration;

namespace NotifyGateway.Core.Sessions.Proxies;

/// <summary>Asks a proxy for a tunnel. The proxy gets the server's name, not an address: who looks at our name service learns nothing.</summary>
internal static class ProxyTunnel
{
    /// <summary>After success the stream is the tunnel, and not one byte of it has been read.</summary>
    /// <param name="stream">A connection to the proxy.</param>
    /// <param name="host">A host name, or an address, IPv6 without brackets.</param>
    /// <returns>Null, or why there is no tunnel: names the proxy, never a user or password.</returns>
    /// <exception cref="IOException">The connection to the proxy broke.</exception>
    public static async Task<string?> OpenAsync(Stream stream, ProxyAddress proxy, string host, int port, CancellationToken cancellationToken)
    {
        string? fault;
        try
        {
            fault = proxy.Kind switch
            {
                ProxyKind.Socks5 => await Socks5.OpenAsync(stream, proxy, host, port, cancellationToken),
                ProxyKind.Socks4 => await Socks4.OpenAsync(stream, proxy, host, port, cancellationToken),
                _ => await HttpConnect.OpenAsync(stream, proxy, host, port, cancellationToken),
            };
        }
        catch (EndOfStreamException)
        {
            fault = "closed the connection instead of an answer";
        }

        return fault is null ? null : $"the proxy {proxy.Endpoint} {fault}";
    }
}
