using System.Diagnostics.Metrics;
using NotifyGateway.Api.Listeners;
using NotifyGateway.Core;
using NotifyGateway.Core.Outbox;

namespace NotifyGateway.Api.Metrics;

/// <summary>What the doors hold, and what the kernel drops before a door sees it.</summary>
internal sealed class DoorGauges
{
    public DoorGauges(IMeterFactory meters, ReceiptWaiters waiters, IServiceProvider services)
    {
        var meter = meters.Create(DoorCounters.MeterName);
        meter.CreateObservableGauge("notify_waiting_requests", () => (long)waiters.Count, description: "Requests that wait for the outcome of their message (?wait=).");
        meter.CreateObservableCounter("notify_udp_dropped_total", () => Dropped(services), description: "Datagrams that the kernel dropped because a listener's receive buffer was full.");
    }

    private static IEnumerable<Measurement<long>> Dropped(IServiceProvider services) =>
        from listener in services.GetServices<IHostedService>().OfType<UdpListener>()
        where listener.DroppedByKernel is not null
        select new Measurement<long>(listener.DroppedByKernel!.Value, new KeyValuePair<string, object?>("input", listener.Input));
}
