using System.Diagnostics.Metrics;
using NotifyGateway.Api.Http;
using NotifyGateway.Core;
using NotifyGateway.Core.Configuration;
using NotifyGateway.Core.Outbox;

namespace NotifyGateway.Api.Metrics;

/// <summary>Whether messages can be accepted, and the room that is left for them.</summary>
internal sealed class OutboxGauges
{
    private readonly string _path;

    public OutboxGauges(IMeterFactory meters, IOutbox outbox, Readiness readiness, OutboxOptions options)
    {
        _path = Path.GetFullPath(options.Path);
        var meter = meters.Create(DoorCounters.MeterName);
        meter.CreateObservableGauge("notify_ready", () => readiness.Reasons().Count == 0 ? 1L : 0, description: "1 while /health/ready says ready.");
        meter.CreateObservableGauge("notify_outbox_up", () => outbox.Fault is null ? 1L : 0, description: "1 while the outbox can store, 0 while the disk refuses.");
        meter.CreateObservableGauge("notify_outbox_bytes", () => SystemFigures.OrNone(Sizes), description: "Size of the outbox on disk: the database and its write-ahead log.");
        meter.CreateObservableGauge("notify_outbox_free_bytes", () => SystemFigures.OrNone(Free), description: "Free space where the outbox lies, as far as this process may use it.");
    }

    private IEnumerable<Measurement<long>> Sizes()
    {
        foreach (var (file, suffix) in new[] { ("database", ""), ("log", "-wal") })
        {
            if (new FileInfo(_path + suffix) is { Exists: true } found)
            {
                yield return new(found.Length, new KeyValuePair<string, object?>("file", file));
            }
        }
    }

    private IEnumerable<Measurement<long>> Free()
    {
        if (Path.GetDirectoryName(_path) is { } folder && Directory.Exists(folder))
        {
            yield return new(new DriveInfo(folder).AvailableFreeSpace);
        }
    }
}
