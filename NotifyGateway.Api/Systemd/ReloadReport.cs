using NotifyGateway.Api.Metrics;

namespace NotifyGateway.Api.Systemd;

/// <summary>For whoever takes over a changed configuration: tells the service manager and the metrics of it.</summary>
internal sealed class ReloadReport(ServiceNotifier manager, ReloadMeter meter)
{
    /// <summary>The files are read now. <see cref="End"/> must follow.</summary>
    public void Begin() => manager.Reloading();

    /// <param name="applied">False: it was refused, and the one before goes on.</param>
    public void End(bool applied)
    {
        meter.Reloaded(applied);
        manager.Ready();
    }
}
