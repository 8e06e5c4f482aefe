using System.Globalization;
using NotifyGateway.Core.Sessions.Srv;

namespace NotifyGateway.Core.Sessions;

/// <summary>Connects to the first of a link's servers that has us.</summary>
internal static class ServerSearch
{
    public static async Task<Connection> ConnectAsync(LinkSettings settings, TimeProvider time, CancellationToken cancellationToken)
    {
        if (settings.Locate is not { } locate)
        {
            return await Connector.ConnectAsync(settings, time, cancellationToken);
        }

        var list = await LocateAsync(locate, settings, time, cancellationToken);
        var faults = list.Refusal is { } refusal ? [refusal] : new List<string>();
        foreach (var endpoint in list.Endpoints)
        {
            var connection = await Connector.ConnectAsync(settings with { Host = endpoint.Host, Port = endpoint.Port }, time, cancellationToken);
            if (connection.Stream is not null)
            {
                return connection;
            }

            faults.Add(connection.Refusal!);
        }

        faults.AddRange(list.Doubt is { } doubt ? [doubt] : []);
        return new Connection(null, null, string.Join("; ", faults), []);
    }

    /// <summary>The same link, but at an address that a server has named: <c>host[:port]</c>, IPv6 in brackets (RFC 6120, section 4.9.3.19).</summary>
    /// <returns>The settings as they are when the address is none.</returns>
    public static LinkSettings At(LinkSettings settings, string address)
    {
        var colon = address.LastIndexOf(':');
        var (host, port) = colon > address.LastIndexOf(']') ? (address[..colon], address[(colon + 1)..]) : (address, "");
        host = host.Trim('[', ']');
        var number = settings.Port;
        return Uri.CheckHostName(host) == UriHostNameType.Unknown || (port.Length > 0 && !IsPort(port, out number)) ? settings
            : settings with { Host = host, Port = number, Locate = null };
    }

    private static bool IsPort(string text, out int port) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port) && port is > 0 and <= 65535;

    private static async Task<ServerList> LocateAsync(
        Func<CancellationToken, Task<ServerList>> locate, LinkSettings settings, TimeProvider time, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(settings.ConnectTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            return await locate(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // DNS is silent: what it would have said is only needed where the domain is not itself the server.
            return new ServerList([new ServerEndpoint(settings.Host, settings.Port)], Doubt: "no DNS server has told in time where the domain's servers are");
        }
    }
}
