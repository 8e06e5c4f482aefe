using System.ComponentModel;
using System.Runtime.InteropServices;

namespace NotifyGateway.Bench;

/// <summary>One entry of <c>poll(2)</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct PollEntry
{
    public int Descriptor;
    public short Wanted;
    public short Ready;

    /// <summary>Bytes, or a connection, or the end of the stream, can be read.</summary>
    public const short Readable = 1;
}

/// <summary>The few calls of Linux that .NET does not offer: they keep the load and the sink cheap, and measure other processes finely.</summary>
internal static partial class Libc
{
    /// <summary>SIGTERM: stop, tidily.</summary>
    public const int Terminate = 15;

    /// <summary>SIGKILL: stop now.</summary>
    public const int KillNow = 9;

    private const int ClockMonotonic = 1;
    private const int AbsoluteTime = 1;
    private const int Interrupted = 4;

    /// <summary>Waits until an entry is ready or <paramref name="milliseconds"/> have passed; answers how many are ready.</summary>
    public static unsafe int Poll(Span<PollEntry> entries, int milliseconds)
    {
        fixed (PollEntry* first = entries)
        {
            var ready = PollNative(first, (nuint)entries.Length, milliseconds);
            if (ready >= 0)
            {
                return ready;
            }
        }

        var error = Marshal.GetLastPInvokeError();
        return error == Interrupted ? 0 : throw new Win32Exception(error, "poll failed");
    }

    /// <summary>Sleeps until <paramref name="timestamp"/> of <see cref="System.Diagnostics.Stopwatch"/> (nanoseconds of the monotonic clock).</summary>
    public static void SleepUntil(long timestamp)
    {
        var until = new TimeSpec { Seconds = timestamp / 1_000_000_000, Nanoseconds = timestamp % 1_000_000_000 };
        while (ClockSleepNative(ClockMonotonic, AbsoluteTime, in until, nint.Zero) == Interrupted)
        {
        }
    }

    /// <summary>Sends a signal to a process that this program started.</summary>
    public static void Signal(int process, int signal) => _ = KillNative(process, signal);

    /// <summary>User and system time of a process so far, in seconds: what <c>/proc/PID/stat</c> shows in 10 ms steps, here in nanoseconds.</summary>
    public static double CpuSeconds(int process)
    {
        var error = ProcessClockNative(process, out var clock);
        if (error != 0 || ClockReadNative(clock, out var time) != 0)
        {
            throw new Win32Exception(error, $"the CPU clock of process {process} cannot be read");
        }

        return time.Seconds + (time.Nanoseconds / 1e9);
    }

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    private static unsafe partial int PollNative(PollEntry* entries, nuint count, int milliseconds);

    [LibraryImport("libc", EntryPoint = "clock_nanosleep")]
    private static partial int ClockSleepNative(int clock, int flags, in TimeSpec until, nint remaining);

    [LibraryImport("libc", EntryPoint = "clock_getcpuclockid")]
    private static partial int ProcessClockNative(int process, out int clock);

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int ClockReadNative(int clock, out TimeSpec time);

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int KillNative(int process, int signal);

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
