using System.Net;
using System.Security.Cryptography;
using NotifyGateway.Core.Configuration;
using NotifyGateway.Core.Protocols.Irc;
using NotifyGateway.Core.Protocols.Sasl;
using NotifyGateway.Core.Routing;

namespace NotifyGateway.Core.Sessions;

/// <summary>Turns configuration into what an IRC session needs to know.</summary>
internal static class IrcSessions
{
    private const int PlainPort = 6667;
    private const int TlsPort = 6697;

    private const string ChannelPrefixes = "#&+!";

    /// <summary>Login takes longer than a connection: servers look up names and idents first.</summary>
    private const int LoginFactor = 6;

    /// <summary>A configured network.</summary>
    /// <param name="kept">What a session of this network has learnt that goes on with these settings; null: it begins.</param>
    public static SessionSettings Configured(string name, IrcOptions network, Uri? publicUrl, object? kept = null)
    {
        var learnt = kept as IrcKept ?? new IrcKept(new IrcFloodHistory(), Sasl(network, network.Nick, network.Tls));
        return Common(network, publicUrl) with
        {
            Key = new SessionKey(name),
            Link = Link(network, network.Server, network.Port ?? (network.Tls ? TlsPort : PlainPort), network.Tls, network.Channels.Select(c => c.Key)),
            CreateProtocol = link => new IrcClient(OptionsOf(link)),
            ChangeProtocol = (link, protocol, now) => ((IrcClient)protocol).Change(OptionsOf(link), now),
            Kept = learnt,
            Standing = [.. network.Channels.Select(c => (Routing.IrcTarget.Fold(c.Name), c.Key is null ? c.Name : $"{c.Name} {c.Key}"))],
        };

        IrcClientOptions OptionsOf(int link) => Client(network, publicUrl) with
        {
            // Only the first connection has the nick itself; each further one begins with the number that it is.
            Nick = link == 1 ? network.Nick : network.NickFallback ?? network.Nick + "%d",
            NickFallback = network.NickFallback,
            FirstNumber = link,
            Reclaim = link == 1,
            User = network.User ?? network.Nick,
            Password = network.ServerPassword,
            Sasl = learnt.Sasl,
            NickServ = NickServ(network, link == 1 ? null : network.Nick),
            Greetings = Greetings(network.Channels),
            Floods = learnt.Floods,
        };
    }

    /// <summary>A server that is known only from a URL.</summary>
    /// <param name="restored">Made for messages of an earlier run.</param>
    /// <param name="firstNumber">The number for the nick's template.</param>
    public static SessionSettings OnDemand(SessionKey key, DynamicOptions options, Uri? publicUrl, bool restored, int firstNumber)
    {
        var server = DynamicServer.Parse(key);
        var user = server.User ?? options.User ?? "irker";
        var sasl = Sasl(options, options.Nick, server.Tls);
        var floods = new IrcFloodHistory();
        return Common(options, publicUrl) with
        {
            Key = key,
            Link = Link(options, server.Host, server.Port, server.Tls, [server.Password]),
            CreateProtocol = link => new IrcClient(Client(options, publicUrl) with
            {
                Nick = options.Nick,
                NickFallback = options.NickFallback,
                FirstNumber = firstNumber + link - 1,
                Reclaim = link == 1 && !options.Nick.Contains('%', StringComparison.Ordinal),
                User = user,
                Password = server.Password ?? options.ServerPassword,
                Sasl = sasl,
                NickServ = NickServ(options, link == 1 ? null : options.Nick),
                Floods = floods,
            }),
            OnDemand = new OnDemandSettings(options.IdleAfter, options.ChannelIdleAfter, restored ? null : options.NeverSeenAfter),
        };
    }

    /// <summary>By lane. Of two entries for one channel the last holds, as of its key.</summary>
    private static Dictionary<string, string> Greetings(IEnumerable<IrcChannelOptions> channels)
    {
        var greetings = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var channel in channels.Where(c => c.Greeting is not null))
        {
            greetings[Routing.IrcTarget.Fold(channel.Name)] = channel.Greeting!;
        }

        return greetings;
    }

    private static SessionSettings Common(IrcSessionOptions options, Uri? publicUrl) => new()
    {
        Key = default,
        Protocol = "irc",
        Link = null!,
        CreateProtocol = null!,
        IsChannel = address => ChannelPrefixes.Contains(address[0], StringComparison.Ordinal),
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
        // A traffic log is to have what is said, too.
        Deaf = options.TrafficLog is null,
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

    /// <param name="nick">The account, where none is named.</param>
    /// <param name="tls">Whether a certificate can be shown.</param>
    private static IrcSaslOptions? Sasl(IrcSessionOptions options, string nick, bool tls) => options.Sasl is not { } sasl ? null
        : new IrcSaslOptions(() => Mechanisms(sasl, nick, tls && options.ClientCertificate is not null), sasl.Required, sasl.Password);

    private static List<ISaslMechanism> Mechanisms(SaslOptions sasl, string nick, bool certificate)
    {
        var account = sasl.Account ?? nick;
        var mechanisms = new List<ISaslMechanism>();
        if (certificate && sasl.Mechanism is SaslMechanism.Auto or SaslMechanism.External)
        {
            mechanisms.Add(new SaslExternal(sasl.Account));
        }

        if (sasl.Password is { } password && sasl.Mechanism is SaslMechanism.Auto or SaslMechanism.ScramSha256)
        {
            mechanisms.Add(new SaslScram(HashAlgorithmName.SHA256, account, password, Nonce(), ChannelBinding.None));
        }

        if (sasl.Password is { } plain && sasl.Mechanism is SaslMechanism.Auto or SaslMechanism.Plain)
        {
            mechanisms.Add(new SaslPlain(account, plain));
        }

        return mechanisms;
    }

    /// <summary>144 bits; Base64 has no comma, which SCRAM forbids.</summary>
    private static string Nonce() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(18));

    /// <param name="account">Whom we log in as where the configuration does not say; null: whoever has our nick.</param>
    private static IrcNickServOptions? NickServ(IrcSessionOptions options, string? account) => options.NickServ is not { } services ? null
        : new IrcNickServOptions(services.Service, services.Account ?? account, services.Password, services.Regain);

    /// <param name="secrets">Those that are not among the options.</param>
    private static LinkSettings Link(IrcSessionOptions options, string host, int port, bool tls, IEnumerable<string?> secrets) => new(
        host.Trim('[', ']'), port, tls ? Tls(options) : null, options.ConnectTimeout, options.ReconnectMin, options.ReconnectMax, options.ConnectSpacing)
    {
        Proxy = options.Proxy is { } proxy ? ProxyAddress.Parse(proxy) : null,
        LocalAddress = options.LocalAddress is { } local ? IPAddress.Parse(local) : null,
        Traffic = options.TrafficLog is { } path ? new TrafficSettings(path, [.. PlaintextLogin.Passwords(options).Select(p => p.Password).Concat(secrets).Concat(options.OnConnect.SelectMany(IrcConnectSecrets.Of)).OfType<string>()]) : null,
    };

    private static TlsSettings Tls(IrcSessionOptions options) => new(
        options.TlsCaFile,
        options.TlsFingerprint?.Replace(":", "", StringComparison.Ordinal),
        options.TlsAllowInvalid,
        options.ClientCertificate,
        options.ClientCertificateKey);
}

/// <summary>What the connections of an IRC session learn for those after them.</summary>
/// <param name="Sasl">Null: no SASL.</param>
internal sealed record IrcKept(IrcFloodHistory Floods, IrcSaslOptions? Sasl);
