using System.Globalization;
using Xunit;

namespace NotifyGateway.Tests.Support;

/// <summary>
/// The wall clock of one process, which a test may set while it runs: libfaketime (package faketime) answers in the system's place. The clock that measures time is left alone.
/// </summary>
internal sealed class MovableClock
{
    private readonly string _file;

    private MovableClock(string file) => _file = file;

    /// <summary>Has the processes that are started from now on ask this clock.</summary>
    public static MovableClock For(GatewayProcess gateway)
    {
        var clock = new MovableClock(gateway.Folder["clock"]);
        clock.Set(TimeSpan.Zero);
        gateway.Variables["LD_PRELOAD"] = Library();
        gateway.Variables["FAKETIME_TIMESTAMP_FILE"] = clock._file;
        gateway.Variables["FAKETIME_NO_CACHE"] = "1";
        gateway.Variables["FAKETIME_DONT_FAKE_MONOTONIC"] = "1";
        return clock;
    }

    /// <summary>So far from the true time.</summary>
    public void Set(TimeSpan offset)
    {
        // In one step: the process looks at any moment.
        File.WriteAllText(_file + ".new", string.Create(CultureInfo.InvariantCulture, $"{offset.TotalSeconds:+0;-0;+0}s\n"));
        File.Move(_file + ".new", _file, overwrite: true);
    }

    private static string Library()
    {
        var found = Directory.Exists("/usr/lib") ? Directory.EnumerateDirectories("/usr/lib").Select(d => Path.Combine(d, "faketime", "libfaketimeMT.so.1")).FirstOrDefault(File.Exists) : null;
        Assert.True(found is not null, "libfaketime is not there. Run ./test, which installs what the tests need, or: apt-get install faketime");
        return found;
    }
}
