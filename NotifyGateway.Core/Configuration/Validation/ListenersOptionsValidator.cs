using FluentValidation;

namespace NotifyGateway.Core.Configuration.Validation;

/// <summary>The doors besides HTTP.</summary>
internal sealed class ListenersOptionsValidator : AbstractValidator<ListenersOptions>
{
    public ListenersOptionsValidator()
    {
        this.Named(nameof(ListenersOptions.Tcp), x => x.Tcp, () => new TcpListenerOptionsValidator());
        this.Named(nameof(ListenersOptions.Udp), x => x.Udp, () => new UdpListenerOptionsValidator());
        RuleFor(x => x).Custom((x, context) => EndpointsDiffer(nameof(ListenersOptions.Tcp), x.Tcp.Select(l => (l.Key, l.Value.Endpoint)), context));
        RuleFor(x => x).Custom((x, context) => EndpointsDiffer(nameof(ListenersOptions.Udp), x.Udp.Select(l => (l.Key, l.Value.Endpoint)), context));
    }

    public static string? WrongEndpoint(string endpoint) =>
        endpoint.Length == 0 ? "must be an address and a port, like 127.0.0.1:6659"
        : ListenerEndpoint.Parse(endpoint) is null ? "must be an IP address and a port, like 127.0.0.1:6659, [::1]:6659 or 0.0.0.0:6659 for every address"
        : null;

    private static void EndpointsDiffer(string protocol, IEnumerable<(string Name, string Text)> endpoints, ValidationContext<ListenersOptions> context)
    {
        var taken = new List<(string Name, System.Net.IPEndPoint EndPoint)>();
        foreach (var (name, text) in endpoints)
        {
            if (ListenerEndpoint.Parse(text) is not { } endpoint)
            {
                continue;
            }

            if (taken.FirstOrDefault(t => ListenerEndpoint.Collide(t.EndPoint, endpoint)) is { Name: { } other })
            {
                context.Fail($"{protocol}:{name}:{nameof(TcpListenerOptions.Endpoint)}", $"is taken by {protocol}:{other}");
            }

            taken.Add((name, endpoint));
        }
    }
}
