using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace NotifyGateway.Core.Configuration;

/// <summary>What a proxy speaks. SOCKS 4 is meant as 4A: the proxy resolves the name.</summary>
internal enum ProxyKind { Socks5, Socks4, Http }

/// <summary>A proxy, and how we log in there.</summary>
/// <param name="Host">A host name or an address, IPv6 without brackets.</param>
/// <param name="User">Null: no login. For SOCKS 4 the user id.</param>
/// <param name="Password">Null without a user, and for SOCKS 4.</param>
internal sealed partial record ProxyAddress(ProxyKind Kind, string Host, int Port, string? User, string? Password)
{
    /// <summary>The most bytes of a user or password (RFC 1929 section 2: a length is one byte), held for all kinds.</summary>
    private const int MostBytes = 255;

    private const string Form = "must be a proxy like socks5://127.0.0.1:1080, socks4://… or http://…, with user:password@ in front of the host where it wants them";

    /// <summary><c>host:port</c>.</summary>
    public string Endpoint => string.Create(CultureInfo.InvariantCulture, $"{(Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host)}:{Port}");

    /// <summary>Without user and password: a record's own text would show them.</summary>
    public override string ToString() => $"{Kind} {Endpoint}";

    /// <summary>Says what is wrong with a proxy's URL, without repeating it; null: nothing.</summary>
    public static string? Wrong(Uri url) => Read(url).Fault;

    /// <exception cref="FormatException">There is something <see cref="Wrong"/> with the URL.</exception>
    public static ProxyAddress Parse(Uri url) => Read(url) is { Address: { } address } ? address : throw new FormatException("the proxy's URL " + Wrong(url));

    private static (ProxyAddress? Address, string? Fault) Read(Uri url)
    {
        ProxyKind? kind = url.Scheme switch
        {
            "socks5" or "socks5h" => ProxyKind.Socks5,
            "socks4" or "socks4a" => ProxyKind.Socks4,
            "http" => ProxyKind.Http,
            _ => null,
        };
        if (kind is null || url.HostNameType is not (UriHostNameType.Dns or UriHostNameType.IPv4 or UriHostNameType.IPv6) || UrlHost.Of(url) is not { } host)
        {
            return (null, Form);
        }

        if (url.AbsolutePath.Length > 1 || url.Query.Length > 0 || url.Fragment.Length > 0)
        {
            return (null, "must end with the host or the port; in a user or password / ? # @ : and % are written as %2F %3F %23 %40 %3A and %25");
        }

        var login = url.UserInfo.Split(':', 2);
        var user = login[0].Length > 0 ? Uri.UnescapeDataString(login[0]) : null;
        var password = login.Length > 1 ? Uri.UnescapeDataString(login[1]) : null;
        return WrongLogin(kind.Value, user, password) is { } fault
            ? (null, fault)
            : (new ProxyAddress(kind.Value, host, PortOf(url, kind.Value), user, user is null || kind is ProxyKind.Socks4 ? null : password ?? ""), null);
    }

    private static string? WrongLogin(ProxyKind kind, string? user, string? password) =>
        user is null && password is not null ? "must name a user where it has a password"
        : kind == ProxyKind.Socks4 && password is not null ? "must have no password: SOCKS 4 knows a user alone"
        : Encoding.UTF8.GetByteCount(user ?? "") > MostBytes || Encoding.UTF8.GetByteCount(password ?? "") > MostBytes ? $"must have a user and password of at most {MostBytes} bytes each"
        : (user + password).Any(char.IsControl) ? "must have no control character in its user or password"
        : kind == ProxyKind.Http && user?.Contains(':', StringComparison.Ordinal) == true ? "must have no colon in its user: HTTP cannot carry it"
        : null;

    /// <summary>.NET's own default for <c>http</c> is 80, and it does not tell a port that is written from one that is not.</summary>
    private static int PortOf(Uri url, ProxyKind kind) =>
        url.Port > 0 && (kind != ProxyKind.Http || !url.IsDefaultPort || WrittenPort().IsMatch(url.OriginalString)) ? url.Port
        : kind == ProxyKind.Http ? 8080
        : 1080;

    [GeneratedRegex(@":0*80/?\s*$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex WrittenPort();
}
