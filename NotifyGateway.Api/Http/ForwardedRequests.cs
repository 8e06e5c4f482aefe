using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;
using NotifyGateway.Core;
using NotifyGateway.Core.Configuration;

namespace NotifyGateway.Api.Http;

/// <summary>
/// Of a request that comes from a known proxy, address, scheme and host are what the nearest proxies say: as many as are known, from the last one back.
/// Nobody else is believed, not even this machine.
/// </summary>
internal sealed class ForwardedRequests(RequestDelegate next, ILoggerFactory loggers)
{
    private volatile Believed _believed = new([], null);

    public Task InvokeAsync(HttpContext context, GatewayState state)
    {
        var proxies = state.Options.KnownProxies;
        if (proxies.Count > 0)
        {
            var believed = _believed;
            if (!ReferenceEquals(believed.Proxies, proxies))
            {
                // Requests that race here may make it twice: both are right.
                _believed = believed = new Believed(proxies, new ForwardedHeadersMiddleware(next, loggers, Options.Create(BelieveOnly(proxies))));
            }

            believed.Headers!.ApplyForwarders(context);
        }

        return next(context);
    }

    private static ForwardedHeadersOptions BelieveOnly(IEnumerable<string> proxies)
    {
        var believed = new ForwardedHeadersOptions
        {
            ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost,
            ForwardLimit = null,
        };
        believed.KnownProxies.Clear();
        believed.KnownIPNetworks.Clear();
        foreach (var network in new AddressRanges(proxies).Networks)
        {
            believed.KnownIPNetworks.Add(network);
        }

        return believed;
    }

    /// <summary>What was made for one configuration's proxies.</summary>
    private sealed record Believed(IReadOnlyList<string> Proxies, ForwardedHeadersMiddleware? Headers);
}
