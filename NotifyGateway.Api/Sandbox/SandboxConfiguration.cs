using System.Globalization;
using NotifyGateway.Core.Configuration;

namespace NotifyGateway.Api.Sandbox;

/// <summary>What <c>--sandbox</c> adds to a configuration, so that a first run needs none.</summary>
internal static class SandboxConfiguration
{
    /// <summary>The network's name, and the channel that is joined at start and gets what names nobody.</summary>
    public const string Network = "sandbox";

    public const string Channel = "#alerts";

    /// <summary>Where the sandbox listens unless it is told another port.</summary>
    public const int DefaultPort = 6667;

    /// <summary>
    /// The options with the network <c>sandbox</c> (in place of a network or account of that name), loopback senders allowed if nobody was, and the
    /// line doors of a first run if none is configured. Other networks stay.
    /// </summary>
    /// <param name="options">The configuration as it was read.</param>
    /// <param name="port">The port of the sandbox's IRC server.</param>
    public static GatewayOptions Apply(GatewayOptions options, int port = DefaultPort)
    {
        var networks = new Dictionary<string, IrcOptions>(options.Irc, StringComparer.OrdinalIgnoreCase) { [Network] = Irc(port) };
        var hasDoors = options.Listeners.Tcp.Count + options.Listeners.Udp.Count > 0;
        // A trial must not mix with what a real configuration has queued; a path that somebody chose is kept.
        var isDefaultPath = string.Equals(options.Outbox.Path, new OutboxOptions().Path, StringComparison.Ordinal);
        return options with
        {
            Irc = networks,
            Xmpp = options.Xmpp.Where(a => !a.Key.Equals(Network, StringComparison.OrdinalIgnoreCase)).ToDictionary(StringComparer.OrdinalIgnoreCase),
            Anonymous = options.Anonymous == AnonymousAccess.None ? AnonymousAccess.Loopback : options.Anonymous,
            Listeners = hasDoors ? options.Listeners : Doors(),
            Outbox = isDefaultPath ? options.Outbox with { Path = "data/sandbox.db" } : options.Outbox,
        };
    }

    /// <summary>The port of the sandbox network in applied options.</summary>
    public static int Port(GatewayOptions options) => options.Irc[Network].Port ?? DefaultPort;

    private static IrcOptions Irc(int port) => new()
    {
        Server = "127.0.0.1",
        Port = port,
        Tls = false,
        Nick = "gateway",
        RealName = "Notify gateway",
        Channels = [new IrcChannelOptions { Name = Channel }],
        DefaultChannels = [Channel],
        LinesPerSecond = 0,
        ReconnectMin = TimeSpan.FromMilliseconds(200),
        ReconnectMax = TimeSpan.FromSeconds(5),
        ConnectSpacing = TimeSpan.Zero,
    };

    private static ListenersOptions Doors() => new()
    {
        Tcp = new Dictionary<string, TcpListenerOptions>(StringComparer.OrdinalIgnoreCase)
        {
            ["irker"] = new() { Endpoint = Loopback(6659), Dialect = Dialect.Irker },
            ["netcat"] = new() { Endpoint = Loopback(1079), Dialect = Dialect.Auto, CloseAfter = TimeSpan.FromMilliseconds(250) },
        },
        Udp = new Dictionary<string, UdpListenerOptions>(StringComparer.OrdinalIgnoreCase)
        {
            ["irker"] = new() { Endpoint = Loopback(6659), Dialect = Dialect.Irker },
        },
    };

    private static string Loopback(int port) => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}");
}
