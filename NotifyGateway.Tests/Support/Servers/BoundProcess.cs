using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;

namespace NotifyGateway.Tests.Support.Servers;

/// <summary>
/// Starts programs that end with the tests, even when those are killed: the kernel kills them (PR_SET_PDEATHSIG).
/// </summary>
/// <remarks>
/// To the kernel a process's parent is the thread that has started it, and threads of the pool come and go. So all are started by one
/// thread that lives as long as the tests.
/// </remarks>
internal static class BoundProcess
{
    /// <summary>The words of a command that runs the rest as somebody without privileges, and bound. For who is root.</summary>
    /// <remarks>A change of user unbinds a process, so this comes last.</remarks>
    public const string AsNobody = "setpriv --reuid=65534 --regid=65534 --clear-groups --pdeathsig KILL";

    [SuppressMessage("Reliability", "CA2000", Justification = "lives as long as the tests")]
    private static readonly BlockingCollection<Action> Starts = Begin();

    /// <param name="command">A program and its arguments. As root it is run as nobody, unless it is to prepare something first.</param>
    /// <param name="folder">The working directory.</param>
    /// <param name="privileged">Whether root stays root.</param>
    /// <exception cref="Win32Exception">There is no setpriv. A program that is not there ends at once and says so.</exception>
    public static Task<ChildProcess> StartAsync(IEnumerable<string> command, string folder, bool privileged = false)
    {
        var words = (Environment.IsPrivilegedProcess && !privileged ? AsNobody : "setpriv --pdeathsig KILL").Split(' ').Concat(command).ToArray();
        var started = new TaskCompletionSource<ChildProcess>(TaskCreationOptions.RunContinuationsAsynchronously);
        Starts.Add(() =>
        {
            try
            {
                started.SetResult(ChildProcess.Start(words[0], words[1..], folder, SystemPath()));
            }
            catch (Win32Exception missing)
            {
                started.SetException(missing);
            }
        });
        return started.Task;
    }

    private static BlockingCollection<Action> Begin()
    {
        var starts = new BlockingCollection<Action>();
        new Thread(() =>
        {
            foreach (var start in starts.GetConsumingEnumerable())
            {
                start();
            }
        })
        { IsBackground = true, Name = "starts servers" }.Start();
        return starts;
    }

    // Daemons live where an ordinary user's path does not look.
    private static Dictionary<string, string?> SystemPath() =>
        new(StringComparer.Ordinal) { ["PATH"] = Environment.GetEnvironmentVariable("PATH") + ":/usr/local/sbin:/usr/sbin:/sbin" };
}
