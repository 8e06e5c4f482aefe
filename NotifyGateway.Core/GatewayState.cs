using NotifyGateway.Core.Configuration;
using NotifyGateway.Core.Routing;

namespace NotifyGateway.Core;

/// <summary>
/// All that follows from one configuration. Made whole and replaced whole: whoever serves a request takes it once (<see cref="CurrentConfiguration.State"/>) and keeps
/// it to the end, so that no request is served half by an old configuration and half by a new one.
/// </summary>
public sealed class GatewayState
{
    private readonly Lazy<KnownDestinations> _destinations;

    /// <param name="options">Validated.</param>
    /// <param name="time">When clients expire.</param>
    /// <param name="templates">Null: the built-in ones alone.</param>
    public GatewayState(GatewayOptions options, TimeProvider time, TemplateSource? templates = null)
    {
        Options = options;
        Clients = new ClientDirectory(options, time);
        Hooks = new HookDirectory(options);
        Router = new Router(options);
        Scopes = new ClientScopes(options, Router);
        Templates = templates ?? TemplateSource.BuiltIn;
        _destinations = new Lazy<KnownDestinations>(() => new KnownDestinations(options, Router));
    }

    public GatewayOptions Options { get; }

    /// <summary>Who a secret belongs to.</summary>
    public ClientDirectory Clients { get; }

    /// <summary>Which hook a token belongs to.</summary>
    public HookDirectory Hooks { get; }

    public Router Router { get; }

    /// <summary>What each client may send to.</summary>
    public ClientScopes Scopes { get; }

    /// <summary>What the configuration names.</summary>
    public KnownDestinations Destinations => _destinations.Value;

    /// <summary>The templates of this configuration's directory; they are read again by themselves.</summary>
    public TemplateSource Templates { get; }
}
