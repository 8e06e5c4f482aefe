using System.Runtime.InteropServices;

namespace NotifyGateway.Core.Sessions.Programs;

/// <summary>What to start, complete: nothing of it is looked up or expanded any more.</summary>
/// <param name="Path">The program's file.</param>
/// <param name="Arguments">With the program's own name first.</param>
/// <param name="Environment">Each <c>NAME=value</c>; there is no other.</param>
/// <param name="WorkingDirectory">Null: the gateway's.</param>
internal sealed record SpawnRequest(string Path, IReadOnlyList<string> Arguments, IReadOnlyList<string> Environment, string? WorkingDirectory)
{
    private const int FirstOther = 3;

    /// <summary>Larger than posix_spawnattr_t, posix_spawn_file_actions_t and sigset_t are anywhere (glibc: 336, 80 and 128 bytes), in longs.</summary>
    private const int Room = 128;

    /// <summary>Without its values: an argument may hold a secret.</summary>
    public override string ToString() => Path;

    /// <summary>
    /// Starts the program as leader of a session of its own, without a terminal, with these three descriptors and no other, no signal ignored or blocked.
    /// </summary>
    /// <returns>0, or the error number of the system.</returns>
    public unsafe int Spawn(int input, int output, int error, out int child)
    {
        var actions = stackalloc long[Room];
        var attributes = stackalloc long[Room];
        var signals = stackalloc long[Room];
        using var path = new NativeText(Path);
        using var directory = new NativeText(WorkingDirectory ?? "");
        using var arguments = new NativeTexts(Arguments);
        using var environment = new NativeTexts(Environment);

        _ = Posix.InitActions(actions);
        _ = Posix.InitAttributes(attributes);
        try
        {
            _ = Posix.AddDup2(actions, input, 0);
            _ = Posix.AddDup2(actions, output, 1);
            _ = Posix.AddDup2(actions, error, 2);
            CloseOthers(actions);
            var fault = WorkingDirectory is null ? 0 : Posix.AddChangeDirectory(actions, directory.Pointer);
            _ = Posix.SetFlags(attributes, (short)(Posix.SpawnDefaultSignals | Posix.SpawnNewSession));
            _ = Posix.FillSet(signals);
            _ = Posix.SetDefaultSignals(attributes, signals);
            _ = Posix.EmptySet(signals);
            _ = Posix.SetSignalMask(attributes, signals);
            var started = 0;
            fault = fault != 0 ? fault : Posix.Spawn(&started, path.Pointer, actions, attributes, arguments.Pointer, environment.Pointer);
            child = started;
            return fault;
        }
        finally
        {
            _ = Posix.DestroyActions(actions);
            _ = Posix.DestroyAttributes(attributes);
        }
    }

    /// <summary>Ours close by themselves, as .NET opens them so; this is for what the gateway has inherited itself. musl cannot; macOS has a flag for it.</summary>
    private static unsafe void CloseOthers(void* actions)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        try
        {
            _ = Posix.AddCloseFrom(actions, FirstOther);
        }
        catch (EntryPointNotFoundException)
        {
            // An older libc, or musl.
        }
    }

    /// <summary>A text as C has it.</summary>
    private sealed unsafe class NativeText(string text) : IDisposable
    {
        public byte* Pointer { get; } = (byte*)Marshal.StringToCoTaskMemUTF8(text);

        public void Dispose() => Marshal.FreeCoTaskMem((nint)Pointer);
    }

    /// <summary>A vector of texts that ends with a null pointer.</summary>
    private sealed unsafe class NativeTexts : IDisposable
    {
        private readonly int _count;

        public NativeTexts(IReadOnlyList<string> texts)
        {
            _count = texts.Count;
            Pointer = (byte**)NativeMemory.AllocZeroed((nuint)(_count + 1), (nuint)sizeof(byte*));
            for (var i = 0; i < _count; i++)
            {
                Pointer[i] = (byte*)Marshal.StringToCoTaskMemUTF8(texts[i]);
            }
        }

        public byte** Pointer { get; }

        public void Dispose()
        {
            for (var i = 0; i < _count; i++)
            {
                Marshal.FreeCoTaskMem((nint)Pointer[i]);
            }

            NativeMemory.Free(Pointer);
        }
    }
}
