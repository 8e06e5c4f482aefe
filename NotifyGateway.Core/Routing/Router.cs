using System.Collections.Concurrent;
using NotifyGateway.Core.Configuration;

namespace NotifyGateway.Core.Routing;

/// <summary>Resolves names to destinations: aliases, defaults, networks, accounts and URLs. Pure: the same configuration and the same names give the same answer.</summary>
/// <remarks>Safe for any number of threads: what it remembers are immutable answers, each of which any thread may make again.</remarks>
public sealed class Router
{
    /// <summary>How many names are remembered; one more and all are forgotten.</summary>
    internal const int MaxRemembered = 4096;

    /// <summary>Longer names, in UTF-16 units, are resolved anew each time, so that senders cannot fill the memory with them.</summary>
    internal const int MaxRememberedLength = 512;

    private readonly DestinationNames _names;
    private readonly IReadOnlyList<string> _defaultTo;
    private readonly bool _networksHaveDefaults;
    private readonly ConcurrentDictionary<string, Route> _destinations = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Route> _users = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Route> _channels = new(StringComparer.Ordinal);
    private readonly Route _defaults;
    private int _remembered;

    public Router(GatewayOptions options)
    {
        _names = new DestinationNames(options);
        _defaultTo = options.DefaultTo;
        _networksHaveDefaults = _names.Networks.Any(n => n.DefaultUsers.Count + n.DefaultChannels.Count > 0)
            || _names.Accounts.All.Any(a => a.DefaultUsers.Count + a.DefaultRooms.Count > 0);
        _defaults = Combine(Addressing.Defaults);
    }

    /// <summary>Resolves a request's addressing. A destination named twice, by whatever form, is served once: as it was named first.</summary>
    /// <returns>Both lists are empty for a request that explicitly names nobody.</returns>
    public Route Resolve(Addressing to)
    {
        var route = to.Preferred is { } preferred ? Narrow(ResolveNames(to), preferred) : ResolveNames(to);
        return to.Nick is { } nick ? _names.Accounts.Under(nick, route) : route;
    }

    /// <summary>How many names are remembered at the moment.</summary>
    internal int Remembered => _destinations.Count + _users.Count + _channels.Count;

    /// <summary>A payload cannot choose beyond what its hook may reach: a name that means nothing there is as good as none.</summary>
    private Route Narrow(Route route, string preferred)
    {
        if (preferred.Length is 0 or > MaxRememberedLength)
        {
            return route;
        }

        string[] forms = preferred[0] is '@' ? [preferred[1..]] : IrcTarget.IsChannel(preferred) ? [preferred] : [preferred, $"#{preferred}"];
        foreach (var form in forms)
        {
            var places = Destination(form).Destinations.Concat(User(form).Destinations).Select(d => (d.Session, d.Lane)).ToHashSet();
            Destination[] chosen = [.. route.Destinations.Where(d => places.Contains((d.Session, d.Lane)) || d.Name.EndsWith($"/{form}", StringComparison.OrdinalIgnoreCase))];
            if (chosen.Length > 0)
            {
                return new Route(chosen, []);
            }
        }

        return route;
    }

    private Route ResolveNames(Addressing to) => to switch
    {
        { To: [var name], Users: null or [], Channels: null or [] } => Destination(name),
        { To: null or [], Users: [var user], Channels: [] } => User(user),
        { To: null or [], Users: [], Channels: [var channel] } => Channel(channel),
        { To: null, Users: null, Channels: null } => _defaults,
        _ => Combine(to),
    };

    private Route Combine(Addressing to)
    {
        var route = new RouteBuilder();
        AddAll(to.To, Destination, route);
        AddAll(to.Users, User, route);
        AddAll(to.Channels, Channel, route);
        if (to.To is null)
        {
            AddDefaults(users: to.Users is null, channels: to.Channels is null, route);
        }

        return route.Build();
    }

    /// <summary>
    /// Each missing list stands for its own defaults, whatever the other one says. <c>DefaultTo</c>, which does not tell users from
    /// channels, is for messages that name nobody on a gateway where no network and no account has defaults.
    /// </summary>
    private void AddDefaults(bool users, bool channels, RouteBuilder route)
    {
        var namesNobody = route.IsEmpty;
        foreach (var network in _names.Networks)
        {
            AddAll(users ? network.DefaultUsers : null, network, route);
            AddAll(channels ? network.DefaultChannels : null, network, route);
        }

        foreach (var account in _names.Accounts.All)
        {
            _names.Accounts.AddDefaults(account, users, channels, route);
        }

        if (namesNobody && !_networksHaveDefaults && (users || channels))
        {
            AddAll(_defaultTo, Destination, route);
        }

        if (route.IsEmpty && (users || channels))
        {
            var kind = users && channels ? "destination" : users ? "user" : "channel";
            route.Refuse("the message", $"names nobody, and no default {kind} is configured");
        }
    }

    private static void AddAll(IReadOnlyList<string>? names, Func<string, Route> resolve, RouteBuilder route)
    {
        foreach (var name in names ?? [])
        {
            route.Add(resolve(name));
        }
    }

    private static void AddAll(IReadOnlyList<string>? targets, IrcNetwork network, RouteBuilder route)
    {
        foreach (var target in targets ?? [])
        {
            DestinationNames.AddTarget($"{network.Name}/{target}", network, target, null, route);
        }
    }

    private Route Destination(string name) =>
        _destinations.TryGetValue(name, out var known) ? known : Remember(_destinations, name, _names.Resolve(name, BareWord.Alias));

    private Route User(string name) =>
        _users.TryGetValue(name, out var known) ? known : Remember(_users, name, _names.Resolve(name, BareWord.AliasOrNick));

    private Route Channel(string name) =>
        _channels.TryGetValue(name, out var known) ? known : Remember(_channels, name, _names.Resolve(name, BareWord.AliasOrRoom));

    private Route Remember(ConcurrentDictionary<string, Route> answers, string name, Route route)
    {
        if (name.Length > MaxRememberedLength || !answers.TryAdd(name, route))
        {
            return route;
        }

        // Threads that race here may forget twice or keep a few names more: both are harmless.
        if (Interlocked.Increment(ref _remembered) > MaxRemembered)
        {
            _destinations.Clear();
            _users.Clear();
            _channels.Clear();
            Interlocked.Exchange(ref _remembered, 0);
        }

        return route;
    }
}

/// <summary>What names resolve to, and what could not be resolved.</summary>
public sealed record Route(IReadOnlyList<Destination> Destinations, IReadOnlyList<UnknownDestination> Unknown);
