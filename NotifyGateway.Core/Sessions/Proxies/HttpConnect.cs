using System.Globalization;
using System.Text;
using NotifyGateway.Core.Configuration;

namespace NotifyGateway.Core.Sessions.Proxies;

/// <summary>HTTP's CONNECT (RFC 9110 section 9.3.6), with Basic authentication (RFC 7617).</summary>
internal static class HttpConnect
{
    /// <summary>The most bytes of an answer's head.</summary>
    private const int MostBytes = 16 * 1024;

    /// <summary>The most characters of the proxy's own words that are repeated.</summary>
    private const int MostWords = 80;

    private const string Foreign = "does not speak HTTP";

    public static async Task<string?> OpenAsync(Stream stream, ProxyAddress proxy, string host, int port, CancellationToken cancellationToken)
    {
        await stream.WriteAsync(Encoding.ASCII.GetBytes(Request(proxy, host, port)), cancellationToken);
        while (true)
        {
            var (head, fault) = await HeadAsync(stream, cancellationToken);
            if (head is null)
            {
                return fault;
            }

            if (StatusOf(head) is not { } status)
            {
                return Foreign;
            }

            // 1xx are words in between. With 2xx the tunnel begins behind the empty line, whatever a Content-Length says.
            if (status >= 200)
            {
                return status < 300 ? null : Refusal(status, head, proxy);
            }
        }
    }

    private static string Request(ProxyAddress proxy, string host, int port)
    {
        var target = string.Create(CultureInfo.InvariantCulture, $"{(host.Contains(':', StringComparison.Ordinal) ? $"[{host}]" : host)}:{port}");
        var login = proxy.User is null ? "" : $"Proxy-Authorization: Basic {Login(proxy)}\r\n";
        return $"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n{login}\r\n";
    }

    private static string Login(ProxyAddress proxy) => Convert.ToBase64String(Encoding.UTF8.GetBytes($"{proxy.User}:{proxy.Password}"));

    /// <summary>Byte by byte, as what follows the empty line is the server's. Returns the status line.</summary>
    private static async Task<(string? Line, string? Fault)> HeadAsync(Stream stream, CancellationToken cancellationToken)
    {
        var head = new StringBuilder();
        var octet = new byte[1];
        string? first = null;
        var lineStart = 0;
        while (head.Length < MostBytes)
        {
            await stream.ReadExactlyAsync(octet, cancellationToken);
            head.Append((char)octet[0]);
            if (octet[0] != '\n')
            {
                if (head.Length == 5 && head.ToString() is not "HTTP/")
                {
                    return (null, Foreign);
                }

                continue;
            }

            var line = head.ToString(lineStart, head.Length - lineStart).TrimEnd('\r', '\n');
            lineStart = head.Length;
            first ??= line;
            if (line.Length == 0)
            {
                return (first, null);
            }
        }

        return (null, string.Create(CultureInfo.InvariantCulture, $"sent more than {MostBytes} bytes of headers"));
    }

    /// <summary><c>HTTP/1.1 200 OK</c>; a proxy of HTTP/1.0 is as good.</summary>
    private static int? StatusOf(string line)
    {
        var words = line.Split(' ', 3);
        return words.Length > 1 && words[0].StartsWith("HTTP/1.", StringComparison.Ordinal) && words[1].Length == 3
            && int.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out var status) && status >= 100 ? status : null;
    }

    private static string Refusal(int status, string line, ProxyAddress proxy)
    {
        var phrase = new string([.. (line.Split(' ', 3) is [_, _, var words] ? words : "").Where(c => !char.IsControl(c))]).Trim();

        // Nobody knows what a proxy repeats to us.
        if (Repeats(phrase, proxy.User) || Repeats(phrase, proxy.Password) || Repeats(phrase, Login(proxy).TrimEnd('=')))
        {
            phrase = "";
        }

        phrase = phrase.Length > MostWords ? phrase[..MostWords] : phrase;
        var said = string.Create(CultureInfo.InvariantCulture, $"HTTP {status} {phrase}").TrimEnd();

        // 407 is the status for it; tinyproxy says 401 to a wrong password.
        return status is not 407 and not 401 ? $"refused: {said}"
            : proxy.User is null ? $"wants a user and password ({said})"
            : $"refused the user or password ({said})";
    }

    private static bool Repeats(string phrase, string? secret) => secret is { Length: > 0 } && phrase.Contains(secret, StringComparison.Ordinal);
}
