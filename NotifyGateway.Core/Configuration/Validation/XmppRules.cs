using System.Text;
using FluentValidation;
using NotifyGateway.Core.Protocols.Xmpp;

namespace NotifyGateway.Core.Configuration.Validation;

/// <summary>Rules about XMPP addresses and accounts. Each rule about a text says what is wrong, or null.</summary>
internal static class XmppRules
{
    /// <summary>Somebody who can be addressed, with or without a resource.</summary>
    public static string? WrongUser(string jid) => jid.Length == 0 ? "must not be empty" : Wrong(jid, out _);

    /// <summary>An address of the form <c>name@domain</c> and nothing more.</summary>
    public static string? WrongAccount(string jid) => WrongBare(jid, "must be the account, like bot@example.org", $"must not hold a resource: that stands in {nameof(XmppOptions.Resource)}");

    public static string? WrongRoom(string jid) => WrongBare(jid, "must be a room, like ops@conference.example.org", $"must not hold a slash: our nick stands in {nameof(XmppRoomOptions.Nick)}");

    public static string? WrongResource(string resource) => resource.Length == 0 ? "must not be empty" : Wrong("x@x/" + resource, out _);

    public static string? WrongNick(string nick) =>
        string.IsNullOrWhiteSpace(nick) ? "must not be empty" : Wrong("x@x/" + nick, out _);

    /// <summary>A password of an account or a room; that of an account is prepared for SASL, which knows no control characters (RFC 4013, section 2.3).</summary>
    public static string? WrongPassword(string password) =>
        password.Length == 0 ? "is needed: without it there is nothing to log in with"
        : password.Any(char.IsControl) ? "must not hold control characters"
        : Encoding.UTF8.GetByteCount(password) > 1023 ? "must not be longer than 1023 bytes"
        : null;

    public static string? WrongHost(string host) => Uri.CheckHostName(host) == UriHostNameType.Unknown
        ? $"must be a host name or address alone, like xmpp.example.org (the port stands in {nameof(XmppOptions.Port)})"
        : null;

    public static bool IsProxy(Uri? proxy) => proxy is null || (proxy.Scheme is "socks5" or "socks4" or "http" && proxy.Host.Length > 0 && proxy.PathAndQuery is "/" or "");

    /// <summary>A session is named like its network or account: two of one name would share a part of the outbox.</summary>
    public static void NamesAreFree(GatewayOptions options, ValidationContext<GatewayOptions> context)
    {
        foreach (var name in options.Xmpp.Keys.Where(options.Irc.ContainsKey))
        {
            context.Fail($"{nameof(GatewayOptions.Xmpp)}:{name}", "is also the name of an IRC network; choose another name");
        }
    }

    /// <summary>A server ends one of two connections with the same resource (RFC 6120, section 7.7.2.2): they would throw each other out for ever.</summary>
    public static void ResourcesDiffer(GatewayOptions options, ValidationContext<GatewayOptions> context)
    {
        var taken = new Dictionary<Jid, string>();
        foreach (var (name, account) in options.Xmpp)
        {
            if (Jid.Parse($"{account.Jid}/{account.Resource}", out _) is { } full && !taken.TryAdd(full, name))
            {
                context.Fail($"{nameof(GatewayOptions.Xmpp)}:{name}:{nameof(XmppOptions.Resource)}", $"is taken by {nameof(GatewayOptions.Xmpp)}:{taken[full]}, which has the same {nameof(XmppOptions.Jid)}");
            }
        }
    }

    private static string? WrongBare(string text, string right, string withoutResource) =>
        text.Length == 0 ? right
        : Wrong(text, out var jid) is { } wrong ? wrong
        : jid!.Local is null ? right
        : jid.Resource is not null ? withoutResource
        : null;

    private static string? Wrong(string text, out Jid? jid)
    {
        jid = Jid.Parse(text, out var fault);
        return jid is null ? $"must be an XMPP address: {fault}" : null;
    }
}
