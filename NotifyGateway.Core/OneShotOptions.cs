using System.Security.Cryptography;
using NotifyGateway.Core.Configuration;
using NotifyGateway.Core.Routing;

namespace NotifyGateway.Core;

/// <summary>Makes of a configuration that of a gateway for a single message, which may run beside one that serves the same configuration.</summary>
internal static class OneShotOptions
{
    /// <summary>Who waits for the outcome ends the wait first, and hears why nothing was reached.</summary>
    private static readonly TimeSpan Later = TimeSpan.FromMinutes(1);

    /// <summary>For its routing: every network and account, and the servers that the message names by URL.</summary>
    public static GatewayOptions Of(GatewayOptions options, Addressing to, string folder, TimeSpan atMost) => options with
    {
        Clients = new Dictionary<string, ClientOptions>(StringComparer.OrdinalIgnoreCase),
        DynamicServers = [.. options.DynamicServers, .. Hosts(to)],
        Dynamic = options.Dynamic with { NeverSeenAfter = atMost + Later, FallbackChannel = null, TrafficLog = null, NickServ = Modest(options.Dynamic.NickServ) },
        Outbox = options.Outbox with { Path = Path.Combine(folder, "outbox.db") },
    };

    /// <summary>For its sessions: those that are needed, without anything that is joined at start.</summary>
    public static GatewayOptions Only(GatewayOptions options, IReadOnlyList<Destination> destinations)
    {
        var needed = destinations.Select(d => d.Session.Value).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return options with
        {
            Irc = options.Irc.Where(n => needed.Contains(n.Key)).ToDictionary(n => n.Key, n => Alone(n.Value), StringComparer.OrdinalIgnoreCase),
            Xmpp = options.Xmpp.Where(a => needed.Contains(a.Key)).ToDictionary(a => a.Key, a => Alone(a.Value), StringComparer.OrdinalIgnoreCase),
        };
    }

    private static IEnumerable<string> Hosts(Addressing to) =>
        (to.To ?? []).Where(IrcUrl.IsMeant).Select(name => IrcUrl.TryParse(name, out var url, out _) ? url.Server.Host : null).OfType<string>();

    /// <summary>A key is in the destination's address.</summary>
    private static IrcOptions Alone(IrcOptions network) => network with { Channels = [], FallbackChannel = null, TrafficLog = null, NickServ = Modest(network.NickServ) };

    /// <summary>The server would end the connection of whoever has the same resource already.</summary>
    private static XmppOptions Alone(XmppOptions account) => account with { Rooms = [], Resource = $"{account.Resource}-{RandomNumberGenerator.GetHexString(8, lowercase: true)}" };

    /// <summary>Whoever has the nick may be the gateway that runs.</summary>
    private static NickServOptions? Modest(NickServOptions? login) => login is null ? null : login with { Regain = false };
}
