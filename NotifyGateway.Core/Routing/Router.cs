using NotifyGateway.Core.Configuration;

namespace NotifyGateway.Core.Routing;

/// <summary>Resolves names to destinations: aliases, defaults, networks and URLs. Pure: the same configuration and the same names give the same answer.</summary>
public sealed class Router(GatewayOptions options)
{
    /// <summary>Resolves a request's addressing. A destination named twice, by whatever form, is served once.</summary>
    public Route Resolve(Addressing to)
    {
        _ = options;
        _ = to;
        throw new NotSupportedException();
    }
}

/// <summary>What names resolve to, and what could not be resolved.</summary>
public sealed record Route(IReadOnlyList<Destination> Destinations, IReadOnlyList<UnknownDestination> Unknown);
