using NotifyGateway.Core.Configuration;

namespace NotifyGateway.Core.Routing;

/// <summary>What each client may send to (<c>Gateway:Clients:NAME:To</c>).</summary>
public sealed class ClientScopes
{
    private readonly Dictionary<string, ClientScope> _byClient = new(StringComparer.OrdinalIgnoreCase);

    /// <param name="router">Says what the aliases of a scope are.</param>
    public ClientScopes(GatewayOptions options, Router router)
    {
        foreach (var (name, client) in options.Clients)
        {
            if (client.To is { } patterns)
            {
                _byClient[name] = new ClientScope(name, patterns, options, router);
            }
        }
    }

    /// <summary>The scope of a client; null: it may send to every destination.</summary>
    public ClientScope? Of(string client) => _byClient.GetValueOrDefault(client);
}

/// <summary>What one client may send to. Destinations are compared as they were resolved, so that no alias, URL, default or spelling leads around it.</summary>
public sealed class ClientScope
{
    private readonly string _client;
    private readonly Router _router;
    private readonly List<ScopePattern> _patterns = [];
    private readonly HashSet<(SessionKey Session, string Lane)> _aliased = [];

    internal ClientScope(string client, IReadOnlyList<string> patterns, GatewayOptions options, Router router)
    {
        _client = client;
        _router = router;
        foreach (var pattern in patterns)
        {
            if (ScopePattern.Parse(pattern, options) is { } parsed)
            {
                _patterns.Add(parsed);
            }
            else
            {
                _aliased.UnionWith(router.Resolve(Addressing.Named(pattern)).Destinations.Select(d => (d.Session, d.Lane)));
            }
        }
    }

    public bool Allows(Destination destination) => _aliased.Contains((destination.Session, destination.Lane)) || _patterns.Exists(p => p.Allows(destination));

    /// <summary>Parts a route into what the client may send to and what it named besides.</summary>
    /// <returns>
    /// What is forbidden stands under the name that the sender used, so that a scope tells nobody what an alias holds. Defaults, which nobody
    /// named, are left out in silence unless nothing remains.
    /// </returns>
    public (IReadOnlyList<Destination> Allowed, IReadOnlyList<UnknownDestination> Forbidden) Filter(Route route, Addressing to)
    {
        if (route.Destinations.All(Allows))
        {
            return (route.Destinations, []);
        }

        IReadOnlyList<Destination> allowed = [.. route.Destinations.Where(Allows)];
        var reason = $"client {_client} may not send there";
        List<UnknownDestination> forbidden =
        [
            .. Named(to.To, n => Addressing.Named(n)), .. Named(to.Users, n => Addressing.Prism([n], [])), .. Named(to.Channels, n => Addressing.Prism([], [n])),
        ];
        if (forbidden.Count == 0 && allowed.Count == 0)
        {
            forbidden.Add(new UnknownDestination("the message", $"names nobody, and {reason} by default"));
        }

        return (allowed, forbidden);

        IEnumerable<UnknownDestination> Named(IReadOnlyList<string>? names, Func<string, Addressing> alone) =>
            (names ?? []).Where(n => !_router.Resolve(alone(n)).Destinations.All(Allows)).Select(n => new UnknownDestination(n, reason));
    }
}
