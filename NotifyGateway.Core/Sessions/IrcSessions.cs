using System.Security.Cryptography.X509Certificates;
using NotifyGateway.Core.Configuration;
using NotifyGateway.Core.Protocols.Irc;
using NotifyGateway.Core.Routing;

namespace NotifyGateway.Core.Sessions;

/// <summary>Turns configuration into what an IRC session needs to know.</summary>
internal static class IrcSessions
{
    private const int PlainPort = 6667;
    private const int TlsPort = 6697;

    /// <summary>Login takes longer than a connection: servers look up names and idents first.</summary>
    private const int LoginFactor = 6;

    /// <summary>A configured network.</summary>
    public static SessionSettings Configured(string name, IrcOptions network, Uri? publicUrl) => Common(network, publicUrl) with
    {
        Key = new SessionKey(name),
        Link = Link(network, network.Server, network.Port ?? (network.Tls ? TlsPort : PlainPort), network.Tls),
        CreateProtocol = link => new IrcClient(Client(network, publicUrl) with
        {
            // Only the first connection has the nick itself; each further one begins with the number that it is.
            Nick = link == 1 ? network.Nick : network.NickFallback ?? network.Nick + "%d",
            NickFallback = network.NickFallback,
            FirstNumber = link,
            User = network.User ?? network.Nick,
            Password = network.ServerPassword,
        }),
        Standing = [.. network.Channels.Select(c => (Routing.IrcTarget.Fold(c.Name), c.Key is null ? c.Name : $"{c.Name} {c.Key}"))],
    };

    /// <summary>A server that is known only from a URL.</summary>
    /// <param name="restored">Made for messages of an earlier run.</param>
    /// <param name="firstNumber">The number for the nick's template.</param>
    public static SessionSettings OnDemand(SessionKey key, DynamicOptions options, Uri? publicUrl, bool restored, int firstNumber)
    {
        var server = DynamicServer.Parse(key);
        var user = server.User ?? options.User ?? "irker";
        return Common(options, publicUrl) with
        {
            Key = key,
            Link = Link(options, server.Host, server.Port, server.Tls),
            CreateProtocol = link => new IrcClient(Client(options, publicUrl) with
            {
                Nick = options.Nick,
                NickFallback = options.NickFallback,
                FirstNumber = firstNumber + link - 1,
                User = user,
                Password = server.Password ?? options.ServerPassword,
            }),
            OnDemand = new OnDemandSettings(options.IdleAfter, options.ChannelIdleAfter, restored ? null : options.NeverSeenAfter),
        };
    }

    private static SessionSettings Common(IrcSessionOptions options, Uri? publicUrl) => new()
    {
        Key = default,
        Protocol = "irc",
        Link = null!,
        CreateProtocol = null!,
        MaxLinks = options.MaxLinks,
        EnterAttempts = options.JoinAttempts,
        EnterRetry = options.JoinRetry,
        EnterRetryAfter = options.JoinRetryAfter,
        Fallback = options.FallbackChannel is { } channel ? (Routing.IrcTarget.Fold(channel), channel) : null,
        FoldAfter = options.FoldAfter,
        FoldAbove = options.MaxLines * options.Window,
        PublicUrl = publicUrl,
    };

    private static IrcClientOptions Client(IrcSessionOptions options, Uri? publicUrl) => new()
    {
        Nick = "",
        User = "",
        RealName = options.RealName,
        OnConnect = options.OnConnect,
        Burst = options.Burst,
        LinesPerSecond = options.LinesPerSecond,
        Window = options.Window,
        MaxLines = options.MaxLines,
        Colors = options.Colors,
        Command = options.MessageType == IrcMessageType.Notice ? "NOTICE" : "PRIVMSG",
        PublicUrl = publicUrl,
        ChannelLimit = options.ChannelsPerLink,
        PingInterval = options.PingInterval,
        PingTimeout = options.PingTimeout,
        LoginTimeout = options.ConnectTimeout * LoginFactor,
    };

    private static LinkSettings Link(IrcSessionOptions options, string host, int port, bool tls) => new(
        host, port, tls ? Tls(options) : null, options.ConnectTimeout, options.ReconnectMin, options.ReconnectMax, options.ConnectSpacing);

    private static TlsSettings Tls(IrcSessionOptions options)
    {
        X509Certificate2Collection? roots = null;
        if (options.TlsCaFile is { } file)
        {
            roots = [];
            roots.ImportFromPemFile(file);
        }

        return new TlsSettings(roots, options.TlsFingerprint?.Replace(":", "", StringComparison.Ordinal), options.TlsAllowInvalid);
    }
}
