using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using NotifyGateway.Core.Configuration;

namespace NotifyGateway.Core.Sessions.Proxies;

/// <summary>SOCKS 5 (RFC 1928), with user and password (RFC 1929).</summary>
internal static class Socks5
{
    private const byte Version = 5;
    private const byte LoginVersion = 1;
    private const byte NoLogin = 0;
    private const byte UserAndPassword = 2;
    private const byte NoneOfThese = 0xFF;
    private const byte Connect = 1;
    private const byte TypeIPv4 = 1;
    private const byte TypeName = 3;
    private const byte TypeIPv6 = 4;

    private const string Foreign = "does not speak SOCKS 5";

    public static async Task<string?> OpenAsync(Stream stream, ProxyAddress proxy, string host, int port, CancellationToken cancellationToken)
    {
        if (Request(host, port) is not { } request)
        {
            return "cannot be told the server's name: it has more than 255 bytes";
        }

        await stream.WriteAsync(proxy.User is null ? new byte[] { Version, 1, NoLogin } : [Version, 2, NoLogin, UserAndPassword], cancellationToken);
        var choice = new byte[2];
        await stream.ReadExactlyAsync(choice, cancellationToken);
        var fault = choice[0] != Version ? Foreign
            : choice[1] == NoLogin ? null
            : choice[1] == UserAndPassword && proxy.User is not null ? await LoginAsync(stream, proxy, cancellationToken)
            : choice[1] != NoneOfThese ? Foreign
            : proxy.User is null ? "wants a login, a user and password or another kind (SOCKS 255)"
            : "takes no login by user and password (SOCKS 255)";
        if (fault is not null)
        {
            return fault;
        }

        await stream.WriteAsync(request, cancellationToken);
        return await ReplyAsync(stream, cancellationToken);
    }

    private static async Task<string?> LoginAsync(Stream stream, ProxyAddress proxy, CancellationToken cancellationToken)
    {
        var user = Encoding.UTF8.GetBytes(proxy.User!);
        var password = Encoding.UTF8.GetBytes(proxy.Password ?? "");
        byte[] login = [LoginVersion, (byte)user.Length, .. user, (byte)password.Length, .. password];
        await stream.WriteAsync(login, cancellationToken);
        var answer = new byte[2];
        await stream.ReadExactlyAsync(answer, cancellationToken);
        return answer[1] == 0 ? null : string.Create(CultureInfo.InvariantCulture, $"refused the user or password (SOCKS {answer[1]})");
    }

    private static byte[]? Request(string host, int port)
    {
        byte[] address;
        if (IPAddress.TryParse(host, out var literal))
        {
            address = [literal.AddressFamily == AddressFamily.InterNetwork ? TypeIPv4 : TypeIPv6, .. literal.GetAddressBytes()];
        }
        else
        {
            var name = Encoding.UTF8.GetBytes(host);
            if (name.Length > 255)
            {
                return null;
            }

            address = [TypeName, (byte)name.Length, .. name];
        }

        byte[] request = [Version, Connect, 0, .. address, 0, 0];
        BinaryPrimitives.WriteUInt16BigEndian(request.AsSpan(^2), (ushort)port);
        return request;
    }

    private static async Task<string?> ReplyAsync(Stream stream, CancellationToken cancellationToken)
    {
        // Two bytes first: not every proxy sends the rest of a refusal.
        var head = new byte[2];
        await stream.ReadExactlyAsync(head, cancellationToken);
        if (head[0] != Version)
        {
            return Foreign;
        }

        if (head[1] != 0)
        {
            return string.Create(CultureInfo.InvariantCulture, $"refused: {Words(head[1])} (SOCKS {head[1]})");
        }

        // The address that the proxy connects from: of no use, but the tunnel begins behind it.
        var rest = new byte[byte.MaxValue + 2];
        await stream.ReadExactlyAsync(rest.AsMemory(0, 3), cancellationToken);
        int? missing = rest[1] switch
        {
            TypeIPv4 => 4 + 1,
            TypeIPv6 => 16 + 1,
            TypeName => rest[2] + 2,
            _ => null,
        };
        if (missing is not { } count)
        {
            return Foreign;
        }

        await stream.ReadExactlyAsync(rest.AsMemory(0, count), cancellationToken);
        return null;
    }

    /// <summary>RFC 1928 section 6.</summary>
    private static string Words(byte reply) => reply switch
    {
        1 => "general failure",
        2 => "its rules do not allow this connection",
        3 => "network unreachable",
        4 => "host unreachable",
        5 => "connection refused",
        6 => "the connection took too long (TTL expired)",
        7 => "it does not know the command CONNECT",
        8 => "it does not know this kind of address",
        _ => "an unknown reason",
    };
}
