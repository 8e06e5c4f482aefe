using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using NotifyGateway.Core.Configuration;

namespace NotifyGateway.Api.Listeners;

/// <summary>Opens the TCP doors of a configuration on Kestrel.</summary>
internal static class TcpListeners
{
    /// <summary>Adds one endpoint for each entry of <c>Gateway:Listeners:Tcp</c>. A port in use fails Kestrel's start with an <see cref="IOException"/>.</summary>
    /// <remarks>Endpoints given in code make Kestrel ignore <c>--urls</c>: whoever calls this listens to those, too.</remarks>
    /// <returns>The doors; each endpoint is the real one once the server has started.</returns>
    /// <exception cref="IOException">A certificate cannot be used.</exception>
    public static IReadOnlyList<(TcpDoor Door, ListenOptions Listen)> ConfigureTcpDoors(this KestrelServerOptions kestrel, GatewayOptions options, Corridor corridor)
    {
        var doors = new List<(TcpDoor, ListenOptions)>();
        foreach (var (name, listener) in options.Listeners.Tcp)
        {
            var door = new TcpDoor(name, listener, corridor);
            var endpoint = DoorEndpoint.Parse(listener.Endpoint, $"Gateway:Listeners:Tcp:{name}:Endpoint");
            kestrel.Listen(endpoint, listen =>
            {
                listen.Use(door.Admit);
                listen.Use(door.Limit);
                if (listener.Tls is { } tls)
                {
                    listen.UseHttps(new ListenerCertificate(door.Input, tls, door.Logger).Callback);
                }

                listen.Run(door.ServeAsync);
                doors.Add((door, listen));
            });
        }

        return doors;
    }
}
