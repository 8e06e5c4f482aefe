using NotifyGateway.Api.Http;
using NotifyGateway.Api.Tracing;
using NotifyGateway.Core;
using NotifyGateway.Core.Configuration;
using NotifyGateway.Core.Outbox;
using NotifyGateway.Core.Sessions;

namespace NotifyGateway.Api.Metrics;

/// <summary>Everything that is measured, for the composition: made once the outbox is open, before sessions connect.</summary>
internal sealed class GatewayMeters
{
    public GatewayMeters(IServiceProvider services)
    {
        var doors = services.GetRequiredService<DoorCounters>();
        foreach (var input in Inputs(services.GetRequiredService<CurrentConfiguration>().State.Options))
        {
            doors.Declare(input);
        }

        services.GetRequiredService<DeliveryMeter>();
        services.GetRequiredService<DeliverySpans>();
        services.GetRequiredService<Losses>();
        services.GetRequiredService<ProcessGauges>();
        services.GetRequiredService<OutboxGauges>();
        services.GetRequiredService<DoorGauges>();
        services.GetRequiredService<ReloadMeter>();
        services.GetRequiredService<SessionGauges>().Look();
    }

    /// <summary>Adds it and what it is made of.</summary>
    public static void AddTo(IServiceCollection services)
    {
        services.AddSingleton<MetricStore>();
        services.AddSingleton<OutboxMeter>();
        services.AddSingleton<SessionMeter>();
        services.AddSingleton<DeliveryMeter>();
        services.AddSingleton<DeliverySpans>();
        services.AddSingleton<ProcessGauges>();
        services.AddSingleton(p => ActivatorUtilities.CreateInstance<OutboxGauges>(p, p.GetRequiredService<CurrentConfiguration>().State.Options.Outbox));
        services.AddSingleton<DoorGauges>();
        services.AddSingleton<ReloadMeter>();
        services.AddSingleton(p => ActivatorUtilities.CreateInstance<SessionGauges>(p, (Action<string>)(session =>
        {
            p.GetRequiredService<DeliveryMeter>().Declare(session);
            // Programs and the log have no connections; the colon is theirs alone.
            if (session is SessionKey.OnDemandLabel || !session.Contains(':', StringComparison.Ordinal))
            {
                p.GetRequiredService<SessionMeter>().Declare(session);
            }
        })));
        services.AddSingleton<GatewayMeters>();
    }

    private static IEnumerable<string> Inputs(GatewayOptions options) =>
    [
        HttpIntake.Input,
        .. options.Listeners.Tcp.Keys.Select(name => $"tcp:{name}"),
        .. options.Listeners.Udp.Keys.Select(name => $"udp:{name}"),
    ];
}
