using System.Globalization;
using NotifyGateway.Core.Configuration;

namespace NotifyGateway.Core.Routing;

/// <summary>A server that is named only by a URL, and how to log in there.</summary>
/// <param name="Host">A host name (lower case, without a final dot) or an address, IPv6 without brackets.</param>
/// <param name="Port">1 to 65,535.</param>
/// <param name="Tls">Whether the URL is <c>ircs</c>.</param>
/// <param name="User">The user name for USER; null: the session's own.</param>
/// <param name="Password">The server's password, sent as PASS; null: none.</param>
public readonly record struct DynamicServer(string Host, int Port, bool Tls, string? User, string? Password)
{
    private const string Plain = "irc://";
    private const string Secure = "ircs://";

    /// <summary>
    /// The session that serves it: <c>irc[s]://[user[:password]@]host:port</c>, user and password percent-encoded, so that the only <c>@</c>
    /// ends them and no <c>/</c> stands between. Equal servers with equal credentials have equal keys.
    /// </summary>
    public SessionKey Key => new(string.Concat(Tls ? Secure : Plain, Login, HostAndPort));

    /// <summary><c>host:port</c>, IPv6 in brackets.</summary>
    public string HostAndPort => string.Create(CultureInfo.InvariantCulture, $"{(Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host)}:{Port}");

    private string Login => (User, Password) switch
    {
        (null, null) => "",
        (_, null) => Uri.EscapeDataString(User) + "@",
        _ => $"{Uri.EscapeDataString(User ?? "")}:{Uri.EscapeDataString(Password)}@",
    };

    /// <summary>Why a login there must not be tried with these options: a password would go over the network in clear. Null: it may. Holds no credentials.</summary>
    internal string? PlaintextFault(DynamicOptions options) =>
        AnyRefused(options)
            ? $"a password would go unencrypted to {Host}: use ircs://, or set Gateway:Dynamic:AllowPlaintextLogin"
            : null;

    private bool AnyRefused(DynamicOptions options)
    {
        foreach (var (_, password) in PlaintextLogin.Passwords(options).Append(("", Password)))
        {
            if (PlaintextLogin.IsRefused(options, Host, Tls, password))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The port of a URL that names none.</summary>
    public static int DefaultPort(bool tls) => tls ? 6697 : 6667;

    /// <summary>Without user and password.</summary>
    public override string ToString() => Key.Name;

    /// <summary>Reads the key of a session made on demand.</summary>
    /// <exception cref="FormatException">The key is none of <see cref="Key"/>; the message holds no credentials.</exception>
    public static DynamicServer Parse(SessionKey key) =>
        TryParseScheme(key.Value, out var tls, out var authority) && TryParse(authority, tls, out var server, out _)
            ? server
            : throw new FormatException($"{key.Name} names no server");

    /// <summary>Reads the scheme of an IRC URL, in any case.</summary>
    /// <param name="rest">What follows <c>://</c>.</param>
    internal static bool TryParseScheme(string url, out bool tls, out string rest)
    {
        tls = url.StartsWith(Secure, StringComparison.OrdinalIgnoreCase);
        var known = tls || url.StartsWith(Plain, StringComparison.OrdinalIgnoreCase);
        rest = known ? url[(tls ? Secure.Length : Plain.Length)..] : "";
        return known;
    }

    /// <summary>Reads <c>[user[:password]@]host[:port]</c>.</summary>
    /// <param name="fault">Why it cannot be read; holds no credentials.</param>
    internal static bool TryParse(string authority, bool tls, out DynamicServer server, out string? fault)
    {
        server = default;
        var at = authority.LastIndexOf('@');
        var (user, password) = ReadLogin(at < 0 ? "" : authority[..at]);
        if ((fault = LoginFault(user, password)) is not null
            || (fault = ReadHost(authority[(at + 1)..], out var host, out var port)) is not null)
        {
            return false;
        }

        server = new DynamicServer(host, port ?? DefaultPort(tls), tls, user, password);
        return true;
    }

    private static (string? User, string? Password) ReadLogin(string login)
    {
        var colon = login.IndexOf(':', StringComparison.Ordinal);
        return (Decode(colon < 0 ? login : login[..colon]), Decode(colon < 0 ? "" : login[(colon + 1)..]));

        static string? Decode(string text) => text.Length == 0 ? null : Uri.UnescapeDataString(text);
    }

    private static string? LoginFault(string? user, string? password) =>
        user is not null && (user.Any(char.IsControl) || user.AsSpan().IndexOfAny(" @") >= 0) ? "a user name holds no space, @ or control character"
        : password is not null && password.Any(char.IsControl) ? "a password holds no control character"
        : null;

    /// <returns>Null, or the fault.</returns>
    private static string? ReadHost(string text, out string host, out int? port)
    {
        host = "";
        port = null;
        var end = text.StartsWith('[') ? text.IndexOf(']', StringComparison.Ordinal) + 1 : text.IndexOf(':', StringComparison.Ordinal);
        if (end < 0)
        {
            end = text.Length;
        }

        if (end == 0)
        {
            return text.StartsWith('[') ? "the bracket of the address is not closed" : "the URL names no host";
        }

        if (text.LastIndexOf(':') > end && !text.StartsWith('['))
        {
            return "an IPv6 address stands in brackets";
        }

        return HostFault(text[..end], out host) ?? ReadPort(text[end..], out port);
    }

    private static string? ReadPort(string text, out int? port)
    {
        port = null;
        if (text.Length is 0 || text is ":")
        {
            return null;
        }

        if (text[0] != ':' || !int.TryParse(text.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number is < 1 or > 65535)
        {
            return "the port is no number from 1 to 65535";
        }

        port = number;
        return null;
    }

    private static string? HostFault(string text, out string host)
    {
        host = "";
        if (text.StartsWith('['))
        {
            var address = text[1..^1];
            host = address.ToLowerInvariant();
            return address.All(c => char.IsAsciiHexDigit(c) || c is ':' or '.') && Uri.CheckHostName(address) == UriHostNameType.IPv6
                ? null
                : "the brackets hold no IPv6 address";
        }

        const string Fault = "the URL's host is no host name";
        try
        {
            host = (Ascii(text) ? text : new IdnMapping().GetAscii(text)).ToLowerInvariant().TrimEnd('.');
        }
        catch (ArgumentException)
        {
            // The one way in which IdnMapping says that a name is none.
            return Fault;
        }

        var usable = host.Length is > 0 and <= 253
            && host.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_')
            && host.Split('.').All(label => label.Length is > 0 and <= 63);
        return usable ? null : Fault;

        static bool Ascii(string text) => text.All(char.IsAscii);
    }
}
