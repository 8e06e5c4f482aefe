using System.Diagnostics.Metrics;
using NotifyGateway.Core;

namespace NotifyGateway.Api.Metrics;

/// <summary>Whether the configuration that runs is the one on disk: what a reload came to. The start counts as the first.</summary>
internal sealed class ReloadMeter
{
    private readonly TimeProvider _time;
    private long _successful = 1;
    private long _at;

    public ReloadMeter(IMeterFactory meters, TimeProvider time)
    {
        _time = time;
        _at = time.GetUtcNow().ToUnixTimeSeconds();
        var meter = meters.Create(DoorCounters.MeterName);
        meter.CreateObservableGauge("notify_config_last_reload_successful", () => Volatile.Read(ref _successful), description: "1 when the configuration was taken over as it was last read, 0 when it was refused and the one before goes on.");
        meter.CreateObservableGauge("notify_config_last_reload_success_timestamp_seconds", () => Volatile.Read(ref _at), description: "When a configuration was last taken over, in seconds since 1970.");
    }

    /// <summary>A changed configuration was taken over, or refused.</summary>
    public void Reloaded(bool successful)
    {
        Volatile.Write(ref _successful, successful ? 1 : 0);
        if (successful)
        {
            Volatile.Write(ref _at, _time.GetUtcNow().ToUnixTimeSeconds());
        }
    }
}
