using System.Diagnostics;
using System.Globalization;

namespace NotifyGateway.Bench.Servers;

/// <summary>A process under test: pinned to its core, its output in a file, measured from outside, ended when this program ends.</summary>
internal sealed class ServerProcess : IDisposable
{
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(20);

    private readonly Process _process;
    private readonly string _log;

    /// <param name="name">For error texts.</param>
    /// <param name="cpu">The core, as <c>taskset -c</c> takes it.</param>
    /// <param name="log">Where both outputs go.</param>
    /// <param name="command">Program and arguments.</param>
    public ServerProcess(string name, string cpu, string log, params IEnumerable<string> command)
    {
        Name = name;
        _log = log;
        StartedAt = Stopwatch.GetTimestamp();

        // Every step replaces the one before, so that the process is the server itself; it dies with this program even if that is killed.
        var start = new ProcessStartInfo("/bin/sh") { UseShellExecute = false, RedirectStandardInput = true, WorkingDirectory = Path.GetDirectoryName(log)! };
        foreach (var argument in (string[])["-c", "exec setpriv --pdeathsig KILL taskset -c \"$0\" \"$@\" >\"$BENCH_LOG\" 2>&1", cpu, .. command])
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["BENCH_LOG"] = log;
        start.Environment["DOTNET_NOLOGO"] = "1";
        _process = Process.Start(start) ?? throw new InvalidOperationException($"{name} cannot be started");
    }

    public string Name { get; }

    /// <summary>When it was started, in <see cref="Stopwatch"/> ticks.</summary>
    public long StartedAt { get; }

    /// <summary>User and system time so far, in seconds.</summary>
    public double CpuSeconds => Libc.CpuSeconds(_process.Id);

    /// <summary>Memory that is resident now, in MiB.</summary>
    public double ResidentMiB => Status("VmRSS:");

    /// <summary>The most that was resident at a time, in MiB.</summary>
    public double PeakMiB => Status("VmHWM:");

    /// <summary>Waits until the server says it is ready; answers how long that took, in milliseconds since the start.</summary>
    public double AwaitReady(Func<bool> ready, TimeSpan limit)
    {
        while (!ready())
        {
            if (_process.HasExited || Stopwatch.GetElapsedTime(StartedAt) > limit)
            {
                throw new InvalidOperationException($"{Name} is not ready{(_process.HasExited ? $", it ended with {_process.ExitCode}" : "")}:\n{LogTail()}");
            }

            Libc.SleepUntil(Stopwatch.GetTimestamp() + (Stopwatch.Frequency / 500));
        }

        return Stopwatch.GetElapsedTime(StartedAt).TotalMilliseconds;
    }

    /// <summary>
    /// Waits until the process has nothing left to do: less than 3 % of a core in 200 ms while no thread waits for a core, at most 20 s.
    /// What it does after the last message was seen, such as writing receipts, belongs to the message's cost and not into the next measurement.
    /// </summary>
    public void AwaitQuiet()
    {
        var limit = Stopwatch.GetTimestamp() + (20 * Stopwatch.Frequency);
        var before = double.MinValue;
        while (CpuSeconds is var now && (now - before > 0.006 || HasRunnableThread()) && Stopwatch.GetTimestamp() < limit)
        {
            before = now;
            Thread.Sleep(200);
        }
    }

    /// <summary>The last lines of its output.</summary>
    public string LogTail() => File.Exists(_log) ? string.Join('\n', File.ReadLines(_log).TakeLast(15)) : "";

    /// <summary>Ends it at once, without a chance to tidy up.</summary>
    public void Kill() => End(Libc.KillNow);

    public void Dispose()
    {
        End(Libc.Terminate);
        _process.Dispose();
    }

    /// <summary>Whether a thread runs, would run if it were given a core, or waits for the disk.</summary>
    private bool HasRunnableThread()
    {
        foreach (var thread in Directory.EnumerateDirectories($"/proc/{_process.Id}/task"))
        {
            try
            {
                // "PID (name) S …": the name may hold anything, but only it can hold a parenthesis.
                var stat = File.ReadAllText(Path.Combine(thread, "stat"));
                if (stat[stat.LastIndexOf(')') + 2] is 'R' or 'D')
                {
                    return true;
                }
            }
            catch (IOException)
            {
                // The thread has ended between the list and the look.
            }
        }

        return false;
    }

    private void End(int signal)
    {
        if (_process.HasExited)
        {
            return;
        }

        Libc.Signal(_process.Id, signal);
        if (!_process.WaitForExit(StopLimit))
        {
            Libc.Signal(_process.Id, Libc.KillNow);
            _process.WaitForExit();
        }
    }

    private double Status(string key)
    {
        var line = File.ReadLines($"/proc/{_process.Id}/status").Single(line => line.StartsWith(key, StringComparison.Ordinal));
        return int.Parse(line[key.Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture) / 1024.0;
    }
}
