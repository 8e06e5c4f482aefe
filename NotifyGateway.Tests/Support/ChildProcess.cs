using System.Collections.ObjectModel;
using System.Diagnostics;
using System.Globalization;

namespace NotifyGateway.Tests.Support;

/// <summary>A process of a test's own, with its output as lines. Ends with the test, whatever happens.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private readonly Process _process;

    private ChildProcess(Process process, string name)
    {
        _process = process;
        Output = new Journal<string>(name + " stdout");
        Error = new Journal<string>(name + " stderr");
        process.OutputDataReceived += (_, line) => Note(Output, line.Data);
        process.ErrorDataReceived += (_, line) => Note(Error, line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public Journal<string> Output { get; }

    public Journal<string> Error { get; }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>Its memory in MB, from the kernel: <c>VmRSS</c> now, <c>VmHWM</c> the most that it was.</summary>
    public int Memory(string what) => int.Parse(
        File.ReadLines(string.Create(CultureInfo.InvariantCulture, $"/proc/{_process.Id}/status"))
            .Single(l => l.StartsWith(what + ":", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2],
        CultureInfo.InvariantCulture) / 1024;

    /// <summary>Everything it has said, for the words of a failure.</summary>
    public string Said => $"stdout:\n{Output}\nstderr:\n{Error}";

    public static ChildProcess Start(string file, IEnumerable<string> arguments, string workingDirectory, IReadOnlyDictionary<string, string?>? environment = null, string input = "")
    {
        var start = new ProcessStartInfo(file)
        {
            UseShellExecute = false,
            WorkingDirectory = workingDirectory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in environment ?? ReadOnlyDictionary<string, string?>.Empty)
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start) ?? throw new InvalidOperationException($"{file} did not start");
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        return new ChildProcess(process, Path.GetFileName(file));
    }

    /// <summary>SIGKILL: no chance to tidy up. Returns when the process is gone.</summary>
    public async Task Kill9Async()
    {
        _process.Kill();
        await ExitAsync();
    }

    /// <summary>SIGTERM.</summary>
    public void Terminate() => Signal("TERM");

    /// <summary>Sends a signal, which .NET cannot do by itself.</summary>
    public void Signal(string name)
    {
        using var kill = Process.Start("sh", ["-c", string.Create(CultureInfo.InvariantCulture, $"kill -{name} {Id}")]);
        kill.WaitForExit();
    }

    /// <summary>The exit code, once it has ended by itself and all its output is read.</summary>
    public async Task<int> ExitAsync(TimeSpan? limit = null)
    {
        await _process.WaitForExitAsync().Within(limit, "the process ends");
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await Kill9Async();
        }

        _process.Dispose();
    }

    private static void Note(Journal<string> journal, string? line)
    {
        if (line is null)
        {
            journal.End("the process has ended");
        }
        else
        {
            journal.Add(line);
        }
    }
}
