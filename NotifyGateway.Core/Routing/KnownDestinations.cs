using NotifyGateway.Core.Configuration;
using NotifyGateway.Core.Protocols.Xmpp;

namespace NotifyGateway.Core.Routing;

/// <summary>What stands at a destination. <c>Undecided</c>: an XMPP address of which the server will be asked. <c>Alias</c>: whatever it names.</summary>
public enum DestinationKind { Channel, User, Room, Undecided, Program, Log, Alias }

/// <summary>A destination that the configuration names.</summary>
/// <param name="Name">What a message may name it by; holds no secret.</param>
/// <param name="Session">Who delivers; null for an alias.</param>
public sealed record KnownDestination(string Name, string? Session, DestinationKind Kind);

/// <summary>The destinations that the configuration names: what networks and accounts list, programs, the log, aliases. Others may be reached as well, on demand.</summary>
public sealed class KnownDestinations
{
    private readonly Router _router;
    private readonly List<(KnownDestination Known, IReadOnlyList<Destination> Places)> _all = [];

    public KnownDestinations(GatewayOptions options, Router router)
    {
        _router = router;
        var seen = new HashSet<(SessionKey Session, string Lane)>();
        foreach (var name in Listed(options))
        {
            foreach (var place in Resolve(name).Where(p => seen.Add((p.Session, p.Lane))))
            {
                _all.Add((new KnownDestination(place.Name, place.Session.Name, KindOf(place, options)), [place]));
            }
        }

        foreach (var alias in options.Aliases.Keys)
        {
            _all.Add((new KnownDestination(alias, null, DestinationKind.Alias), Resolve(alias)));
        }
    }

    /// <summary>Those to all of whose places the scope leads; in the order of the configuration.</summary>
    /// <param name="scope">Null: every destination.</param>
    public IReadOnlyList<KnownDestination> Within(ClientScope? scope) => [.. _all.Where(d => scope is null || d.Places.All(scope.Allows)).Select(d => d.Known)];

    private static IEnumerable<string> Listed(GatewayOptions options) =>
    [
        .. options.Irc.SelectMany(n => n.Value.Channels.Select(c => c.Name).Concat(n.Value.DefaultChannels).Concat(n.Value.Users).Concat(n.Value.DefaultUsers).Select(t => $"{n.Key}/{t}")),
        .. options.Xmpp.SelectMany(a => a.Value.Rooms.Select(r => r.Jid).Concat(a.Value.DefaultRooms).Select(r => $"{a.Key}/{r}?join")),
        .. options.Xmpp.SelectMany(a => a.Value.Users.Concat(a.Value.DefaultUsers).Select(u => $"{a.Key}/{u}")),
        .. options.Programs.Keys.Select(p => $"program:{p}"),
        LocalDestinations.Log,
    ];

    private IReadOnlyList<Destination> Resolve(string name) => _router.Resolve(Addressing.Named(name)).Destinations;

    private static DestinationKind KindOf(Destination place, GatewayOptions options)
    {
        if (options.Irc.ContainsKey(place.Session.Value))
        {
            return IrcTarget.IsChannel(place.Lane) ? DestinationKind.Channel : DestinationKind.User;
        }

        if (options.Xmpp.ContainsKey(place.Session.Value))
        {
            return XmppAddress.Parse(place.Address, out _)?.Place switch
            {
                XmppPlace.Room => DestinationKind.Room,
                XmppPlace.User => DestinationKind.User,
                _ => DestinationKind.Undecided,
            };
        }

        return place.Session == LocalDestinations.LogSession ? DestinationKind.Log : DestinationKind.Program;
    }
}
