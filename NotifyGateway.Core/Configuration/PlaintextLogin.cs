using System.Net;

namespace NotifyGateway.Core.Configuration;

/// <summary>Passwords go over TLS or to this machine only, unless the configuration allows more.</summary>
internal static class PlaintextLogin
{
    /// <summary>Each password that these options send, with the key that it stands under.</summary>
    public static IEnumerable<(string Key, string? Password)> Passwords(IrcSessionOptions options) =>
    [
        (nameof(options.ServerPassword), options.ServerPassword),
        ($"{nameof(options.Sasl)}:{nameof(SaslOptions.Password)}", options.Sasl?.Password),
        ($"{nameof(options.NickServ)}:{nameof(NickServOptions.Password)}", options.NickServ?.Password),
    ];

    /// <summary>Whether a password would go over the network in clear, and nobody has allowed that.</summary>
    public static bool IsRefused(IrcSessionOptions options, string host, bool tls, string? password) =>
        password is not null && !tls && !options.AllowPlaintextLogin && !StaysHere(options, host);

    /// <summary>What goes through a proxy elsewhere leaves this machine, and its "localhost" is another one.</summary>
    private static bool StaysHere(IrcSessionOptions options, string host) =>
        IsThisMachine(host) && (options.Proxy is null || (UrlHost.Of(options.Proxy) is { } proxy && IsThisMachine(proxy)));

    /// <summary>Whether this is a loopback address or a name of one (RFC 6761 section 6.3).</summary>
    public static bool IsThisMachine(string host) =>
        $".{host.TrimEnd('.')}".EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address));
}
