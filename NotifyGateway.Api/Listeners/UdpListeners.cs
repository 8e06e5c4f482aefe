using NotifyGateway.Core.Configuration;

namespace NotifyGateway.Api.Listeners;

/// <summary>Opens the UDP doors of a configuration.</summary>
internal static class UdpListeners
{
    /// <summary>Adds one hosted service for each entry of <c>Gateway:Listeners:Udp</c>; they find the <see cref="Corridor"/> among the services.</summary>
    public static IServiceCollection AddUdpDoors(this IServiceCollection services, GatewayOptions options)
    {
        foreach (var (name, listener) in options.Listeners.Udp)
        {
            services.AddSingleton<IHostedService>(provider => new UdpListener(name, listener, provider.GetRequiredService<Corridor>()));
        }

        return services;
    }
}
