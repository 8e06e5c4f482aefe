using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Runtime.InteropServices;
using NotifyGateway.Core;

namespace NotifyGateway.Api.Metrics;

/// <summary>The process itself, under the names that Prometheus' own clients use.</summary>
internal sealed class ProcessGauges
{
    /// <summary>Linux has one entry a descriptor here.</summary>
    private const string Descriptors = "/proc/self/fd";

    public ProcessGauges(IMeterFactory meters)
    {
        var meter = meters.Create(DoorCounters.MeterName);
        var started = new Lazy<double>(StartTime);
        var version = typeof(ProcessGauges).Assembly.GetName().Version!.ToString(3);
        var build = new KeyValuePair<string, object?>[] { new("version", version), new("runtime", RuntimeInformation.FrameworkDescription) };
        meter.CreateObservableGauge("notify_build_info", () => new Measurement<long>(1, build), description: "1; the labels say which program this is and what runs it.");
        meter.CreateObservableGauge("process_start_time_seconds", () => started.Value, description: "When the process started, in seconds since 1970.");
        meter.CreateObservableCounter("process_cpu_seconds_total", () => Environment.CpuUsage.TotalTime.TotalSeconds, description: "Processor time that the process has used.");
        meter.CreateObservableGauge("process_resident_memory_bytes", () => Environment.WorkingSet, description: "Memory of the process that is in RAM.");
        meter.CreateObservableGauge("process_open_fds", () => SystemFigures.OrNone(OpenDescriptors), description: "Open files and sockets.");
        meter.CreateObservableGauge("dotnet_gc_heap_bytes", () => GC.GetTotalMemory(forceFullCollection: false), description: "Memory of the managed heap that is in use.");
        meter.CreateObservableCounter("dotnet_gc_allocated_bytes_total", () => GC.GetTotalAllocatedBytes(), description: "Memory that was taken from the managed heap.");
        meter.CreateObservableCounter("dotnet_gc_pause_seconds_total", () => GC.GetTotalPauseDuration().TotalSeconds, description: "Time for which garbage collection has stopped everything.");
        meter.CreateObservableGauge("dotnet_thread_pool_queue_length", () => ThreadPool.PendingWorkItemCount, description: "Work that waits for a thread.");
    }

    private static double StartTime()
    {
        using var process = Process.GetCurrentProcess();
        return new DateTimeOffset(process.StartTime).ToUnixTimeMilliseconds() / 1000.0;
    }

    private static IEnumerable<Measurement<long>> OpenDescriptors()
    {
        if (Directory.Exists(Descriptors))
        {
            yield return new(Directory.EnumerateFileSystemEntries(Descriptors).Count());
        }
    }
}
