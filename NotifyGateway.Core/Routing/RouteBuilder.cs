namespace NotifyGateway.Core.Routing;

/// <summary>Collects what names resolve to. A destination that comes twice, by whatever name, is kept once: the first wins.</summary>
internal sealed class RouteBuilder
{
    private readonly List<Destination> _destinations = [];
    private readonly List<UnknownDestination> _unknown = [];
    private readonly HashSet<(SessionKey Session, string Lane)> _seen = [];

    public bool IsEmpty => _destinations.Count == 0 && _unknown.Count == 0;

    public void Add(Destination destination)
    {
        if (_seen.Add((destination.Session, destination.Lane)))
        {
            _destinations.Add(destination);
        }
    }

    public void Add(Route route)
    {
        foreach (var destination in route.Destinations)
        {
            Add(destination);
        }

        _unknown.AddRange(route.Unknown);
    }

    /// <inheritdoc cref="UnknownDestination"/>
    public void Refuse(string name, string reason) => _unknown.Add(new UnknownDestination(name, reason));

    public Route Build() => new(_destinations.ToArray(), _unknown.ToArray());
}
