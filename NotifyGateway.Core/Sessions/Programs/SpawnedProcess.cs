using System.IO.Pipes;
using System.Runtime.InteropServices;

namespace NotifyGateway.Core.Sessions.Programs;

/// <summary>
/// A running program, leader of its process group, with a pipe to its standard input and one from each output. When it has ended its number stays taken until it is
/// disposed of: a signal never reaches a stranger.
/// </summary>
/// <remarks>.NET's own <c>Process</c> starts nothing in a group of its own, so that a timeout could not end what a program has started.</remarks>
internal sealed class SpawnedProcess : IAsyncDisposable
{
    /// <summary>The thread only waits.</summary>
    private const int StackBytes = 128 * 1024;

    private static readonly Lazy<bool> StatusIsKept = new(() =>
    {
        Posix.KeepExitStatus();
        return true;
    });

    private readonly int _leader;
    private readonly TaskCompletionSource _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _reaped;

    private SpawnedProcess(int leader, PipeStream input, PipeStream output, PipeStream error)
    {
        _leader = leader;
        Input = input;
        Output = output;
        Error = error;

        // A thread a run, which sleeps: SIGCHLD belongs to .NET's own Process class, and not every kernel can tell the end of a process in another way.
        new Thread(Wait, StackBytes) { IsBackground = true, Name = "program" }.Start();
    }

    public PipeStream Input { get; }

    public PipeStream Output { get; }

    public PipeStream Error { get; }

    /// <summary>The leader has ended. What it has started may live on.</summary>
    public Task Exited => _exited.Task;

    /// <returns>Null when the program could not be started; <paramref name="errno"/> tells why.</returns>
    public static SpawnedProcess? TryStart(SpawnRequest request, out int errno)
    {
        _ = StatusIsKept.Value;
        if (!TryMakePipes(out var input, out var output, out var error, out errno))
        {
            return null;
        }

        errno = request.Spawn(Number(input), Number(output), Number(error), out var child);

        // Ours would keep the pipes open when the program has closed its own.
        input.DisposeLocalCopyOfClientHandle();
        output.DisposeLocalCopyOfClientHandle();
        error.DisposeLocalCopyOfClientHandle();
        if (errno == 0)
        {
            return new SpawnedProcess(child, input, output, error);
        }

        input.Dispose();
        output.Dispose();
        error.Dispose();
        return null;
    }

    private static bool TryMakePipes(out AnonymousPipeServerStream input, out AnonymousPipeServerStream output, out AnonymousPipeServerStream error, out int errno)
    {
        input = output = error = null!;
        errno = 0;
        try
        {
            input = new AnonymousPipeServerStream(PipeDirection.Out, HandleInheritability.None);
            output = new AnonymousPipeServerStream(PipeDirection.In, HandleInheritability.None);
            error = new AnonymousPipeServerStream(PipeDirection.In, HandleInheritability.None);
            return true;
        }
        catch (IOException full)
        {
            input?.Dispose();
            output?.Dispose();
            // The system's own number stands there.
            errno = full.HResult;
            return false;
        }
    }

    /// <summary>Signals the program and all that it has started, but for what has left its group on purpose.</summary>
    public void Signal(int signal)
    {
        if (!_reaped)
        {
            _ = Posix.SignalGroup(_leader, signal);
        }
    }

    /// <summary>How it ended; call it once, after <see cref="Exited"/>.</summary>
    public ExitStatus Reap()
    {
        _reaped = true;
        return Posix.Reap(_leader) is not { } status ? default
            : (status & 0x7f) is var signal and not 0 ? new ExitStatus(null, signal)
            : new ExitStatus((status >> 8) & 0xff, null);
    }

    /// <summary>Ends it, if it has not ended.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_reaped)
        {
            if (!Exited.IsCompleted)
            {
                Signal(Posix.SigKill);
                await Exited;
            }

            Reap();
        }

        await Input.DisposeAsync();
        await Output.DisposeAsync();
        await Error.DisposeAsync();
    }

    private static int Number(AnonymousPipeServerStream pipe) => (int)pipe.ClientSafePipeHandle.DangerousGetHandle();

    private void Wait()
    {
        Posix.AwaitExit(_leader);
        _exited.SetResult();
    }
}

/// <summary>How a program ended: by its own exit code, by a signal, or nobody knows.</summary>
internal readonly record struct ExitStatus(int? Code, int? Signal);
