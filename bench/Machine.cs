using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using NotifyGateway.Bench.Report;

namespace NotifyGateway.Bench;

/// <summary>The conditions that a figure depends on.</summary>
internal static class Machine
{
    private const int Syncs = 100;

    /// <summary>Binds every thread of this program, and what they start, to a core.</summary>
    public static void Pin(string cpu)
    {
        var start = new ProcessStartInfo("taskset", ["-acp", cpu, Environment.ProcessId.ToString(CultureInfo.InvariantCulture)]) { UseShellExecute = false, RedirectStandardOutput = true };
        using var taskset = Process.Start(start) ?? throw new InvalidOperationException("taskset cannot be started");
        taskset.StandardOutput.ReadToEnd();
        taskset.WaitForExit();
        if (taskset.ExitCode != 0)
        {
            throw new InvalidOperationException($"this machine has no core {cpu}: choose others with --server-cpu and --load-cpu");
        }
    }

    /// <summary>One paragraph for the head of the table.</summary>
    public static string Describe(string folder)
    {
        var processor = File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':', 2)[1].Trim();
        var receive = File.Exists("/proc/sys/net/core/rmem_max") ? File.ReadAllText("/proc/sys/net/core/rmem_max").Trim() : "unknown";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{Environment.ProcessorCount} cores ({processor}), {RuntimeInformation.FrameworkDescription}, one fsync {SyncMilliseconds(folder):0.00} ms, rmem_max {receive}");
    }

    private static double SyncMilliseconds(string folder)
    {
        var path = Path.Combine(folder, "sync");
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose);
        var times = new double[Syncs];
        for (var index = 0; index < Syncs; index++)
        {
            var start = Stopwatch.GetTimestamp();
            file.Write(new byte[4096]);
            file.Flush(flushToDisk: true);
            times[index] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }

        return Statistics.Median(times);
    }
}
