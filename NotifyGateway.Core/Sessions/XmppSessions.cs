using System.Globalization;
using System.Security.Cryptography;
using NotifyGateway.Core.Configuration;
using NotifyGateway.Core.Protocols.Xmpp;
using NotifyGateway.Core.Routing;
using NotifyGateway.Core.Sessions.Srv;

namespace NotifyGateway.Core.Sessions;

/// <summary>Turns configuration into what an XMPP session needs to know.</summary>
internal static class XmppSessions
{
    private const int StartTlsPort = 5222;
    private const int DirectTlsPort = 5223;

    /// <summary>Registered with IANA (XEP-0368).</summary>
    private const string Application = "xmpp-client";

    /// <summary>Login takes longer than a connection: it has several steps.</summary>
    private const int LoginFactor = 6;

    /// <summary>A configured account.</summary>
    /// <param name="kept">What a session of this account has learnt that goes on with these settings; null: it begins.</param>
    /// <exception cref="FormatException">An address is none: the configuration was not validated.</exception>
    public static SessionSettings Configured(string name, XmppOptions options, Uri? publicUrl, XmppServers servers, object? kept = null)
    {
        var account = new XmppAccount(name, options);
        var client = Client(account.Jid, options, publicUrl);

        // What outlives a connection, by link. The session's loop alone makes protocols.
        var resumptions = kept as Dictionary<int, XmppResumption> ?? [];
        return new SessionSettings
        {
            Key = account.Session,
            Protocol = "xmpp",
            Link = Link(account.Jid.Domain, options, servers),
            CreateProtocol = link =>
            {
                if (!resumptions.TryGetValue(link, out var resumption))
                {
                    resumptions[link] = resumption = new XmppResumption();
                }

                return new XmppClient(client with { Resource = Resource(options.Resource, link) }, resumption);
            },
            ChangeProtocol = (link, protocol, now) => ((XmppClient)protocol).Change(client with { Resource = Resource(options.Resource, link) }, now),
            Kept = resumptions,
            Standing = [.. account.Listed.Select(room => account.Room(room, null, null, "xmpp:")).Select(d => (d.Lane, d.Address))],
            IsChannel = address => XmppAddress.Parse(address, out _) is { Place: XmppPlace.Room },
            MaxLinks = options.MaxLinks,
            EnterAttempts = options.JoinAttempts,
            EnterRetry = options.JoinRetry,
            EnterRetryAfter = options.JoinRetryAfter,
            FoldAfter = options.FoldAfter,
            FoldAbove = client.MaxParts * options.Window,
            PublicUrl = publicUrl,
        };
    }

    /// <summary>A server ends the older of two connections with one resource: each has its own.</summary>
    private static string Resource(string resource, int link) => link == 1 ? resource : string.Create(CultureInfo.InvariantCulture, $"{resource}-{link}");

    private static XmppClientOptions Client(Jid jid, XmppOptions options, Uri? publicUrl) => new()
    {
        Jid = jid,
        Password = options.Password,
        Resource = options.Resource,
        Nonce = Nonce,
        Burst = options.Burst,
        MessagesPerSecond = options.MessagesPerSecond,
        Window = options.Window,
        PublicUrl = publicUrl,
        PingInterval = options.PingInterval,
        PingTimeout = options.PingTimeout,
        LoginTimeout = options.ConnectTimeout * LoginFactor,
    };

    /// <summary>144 bits; Base64 has no comma, which SCRAM forbids.</summary>
    private static string Nonce() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(18));

    private static LinkSettings Link(string domain, XmppOptions options, XmppServers servers)
    {
        var direct = options.Tls == XmppTls.Direct;
        var name = Ascii(domain.Trim('[', ']'));
        var tls = new TlsSettings(options.TlsCaFile, options.TlsFingerprint?.Replace(":", "", StringComparison.Ordinal), options.TlsAllowInvalid)
        {
            // RFC 6120, section 13.7.1.2: whoever could give us another host's address could else show that host's certificate.
            Name = name,
            Application = direct ? Application : null,
            OnDemand = !direct,
        };
        var proxy = options.Proxy is { } uri ? ProxyAddress.Parse(uri) : null;
        return new LinkSettings(
            options.Host?.Trim('[', ']') ?? name, options.Port ?? (direct ? DirectTlsPort : StartTlsPort), tls,
            options.ConnectTimeout, options.ReconnectMin, options.ReconnectMax, options.ConnectSpacing)
        {
            Proxy = proxy,

            // Whoever goes through a proxy does not want DNS to hear where to.
            Locate = options.Host is null && options.Port is null && proxy is null ? token => servers.ResolveAsync(domain, direct, token) : null,
        };
    }

    /// <summary>As certificates and DNS have it.</summary>
    private static string Ascii(string domain)
    {
        try
        {
            return new IdnMapping().GetAscii(domain);
        }
        catch (ArgumentException)
        {
            return domain; // an IPv6 address, or no name that DNS could know
        }
    }
}
