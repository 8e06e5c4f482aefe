using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using NotifyGateway.Core.Configuration;

namespace NotifyGateway.Core.Sessions.Proxies;

/// <summary>SOCKS 4 with its extension 4A: a name behind the address 0.0.0.1 is resolved by the proxy (openssh.com/txt/socks4a.protocol).</summary>
internal static class Socks4
{
    private const byte Version = 4;
    private const byte Connect = 1;
    private const byte Granted = 90;

    private static readonly byte[] NameFollows = [0, 0, 0, 1];

    public static async Task<string?> OpenAsync(Stream stream, ProxyAddress proxy, string host, int port, CancellationToken cancellationToken)
    {
        await stream.WriteAsync(Request(proxy.User ?? "", host, port), cancellationToken);
        var reply = new byte[8];
        await stream.ReadExactlyAsync(reply.AsMemory(0, 2), cancellationToken);

        // A reply has the version 0; some proxies send their own.
        if (reply[0] is not 0 and not Version)
        {
            return "does not speak SOCKS 4";
        }

        if (reply[1] != Granted)
        {
            return string.Create(CultureInfo.InvariantCulture, $"refused: {Words(reply[1])} (SOCKS {reply[1]})");
        }

        await stream.ReadExactlyAsync(reply.AsMemory(2), cancellationToken);
        return null;
    }

    private static byte[] Request(string user, string host, int port)
    {
        var literal = IPAddress.TryParse(host, out var address) && address.AddressFamily == AddressFamily.InterNetwork ? address.GetAddressBytes() : null;
        byte[] request =
        [
            Version, Connect, 0, 0, .. literal ?? NameFollows, .. Encoding.UTF8.GetBytes(user), 0,
            .. literal is null ? (byte[])[.. Encoding.UTF8.GetBytes(host), 0] : [],
        ];
        BinaryPrimitives.WriteUInt16BigEndian(request.AsSpan(2), (ushort)port);
        return request;
    }

    private static string Words(byte reply) => reply switch
    {
        91 => "rejected or failed",
        92 => "it cannot reach an identd on this machine",
        93 => "the user is not the one that identd names",
        _ => "an unknown reason",
    };
}
