using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace NotifyGateway.Core.Configuration;

/// <summary>Reads a listener's endpoint.</summary>
public static class ListenerEndpoint
{
    /// <summary>
    /// <c>address:port</c>, IPv6 in brackets; port 0 to 65535, 0 for any free one. Stricter than <see cref="IPEndPoint.TryParse(string, out IPEndPoint)"/>,
    /// which takes <c>1</c> and <c>::1</c> for an address without a port.
    /// </summary>
    /// <returns>Null when it is none.</returns>
    public static IPEndPoint? Parse(string text)
    {
        var colon = text.LastIndexOf(':');
        if (colon < 0 || !ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port))
        {
            return null;
        }

        var host = text[..colon];
        if (host.StartsWith('[') && host.EndsWith(']'))
        {
            return IPAddress.TryParse(host[1..^1], out var six) && six.AddressFamily == AddressFamily.InterNetworkV6 ? new(six, port) : null;
        }

        return IPAddress.TryParse(host, out var four) && four.AddressFamily == AddressFamily.InterNetwork && string.Equals(four.ToString(), host, StringComparison.Ordinal)
            ? new(four, port)
            : null;
    }

    /// <summary>Whether both cannot be listened to at once: the same port, and the same address or one that stands for all.</summary>
    public static bool Collide(IPEndPoint one, IPEndPoint other) =>
        one.Port == other.Port && one.Port != 0 && (one.Address.Equals(other.Address) || HoldsAllOf(one, other) || HoldsAllOf(other, one));

    /// <summary>The address :: listens to IPv4 as well.</summary>
    private static bool HoldsAllOf(IPEndPoint any, IPEndPoint other) =>
        any.Address.Equals(IPAddress.IPv6Any) || (any.Address.Equals(IPAddress.Any) && other.AddressFamily == AddressFamily.InterNetwork);
}
