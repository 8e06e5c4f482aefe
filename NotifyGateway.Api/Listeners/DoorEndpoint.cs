using System.Net;

namespace NotifyGateway.Api.Listeners;

/// <summary>Addresses of the doors.</summary>
internal static class DoorEndpoint
{
    /// <summary>Reads <c>address:port</c>, an IPv6 address in brackets.</summary>
    /// <param name="path">Where it stands in the configuration, for the error.</param>
    /// <exception cref="FormatException">It is something else. The configuration's validator has said so before.</exception>
    public static IPEndPoint Parse(string endpoint, string path) =>
        IPEndPoint.TryParse(endpoint, out var parsed) ? parsed : throw new FormatException($"{path}: \"{endpoint}\" is not address:port");

    /// <summary>Whether a peer is this machine itself.</summary>
    public static bool IsLoopback(EndPoint? peer) => peer is IPEndPoint ip && IsLoopback(ip.Address);

    /// <inheritdoc cref="IsLoopback(EndPoint?)"/>
    public static bool IsLoopback(IPAddress peer) => IPAddress.IsLoopback(peer.IsIPv4MappedToIPv6 ? peer.MapToIPv4() : peer);
}
