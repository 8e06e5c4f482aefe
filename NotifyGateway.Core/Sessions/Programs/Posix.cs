using System.Runtime.InteropServices;

namespace NotifyGateway.Core.Sessions.Programs;

/// <summary>
/// The calls of POSIX that .NET does not offer: to start a program in a session of its own, and to signal all of its process group. Numbers are those of Linux
/// (glibc and musl), and of macOS where they differ.
/// </summary>
internal static unsafe partial class Posix
{
    public const int SigTerm = 15;
    public const int SigKill = 9;

    public const int Interrupted = 4;
    public const int NoSuchFile = 2;

    /// <summary>What the system lacks at the moment, the same numbers on Linux and, but for EAGAIN, on macOS.</summary>
    public const int TryAgain = 11;

    public const int NoMemory = 12;
    public const int TooManyOpenInSystem = 23;
    public const int TooManyOpen = 24;

    /// <summary>POSIX_SPAWN_SETSIGDEF, POSIX_SPAWN_SETSIGMASK.</summary>
    public const short SpawnDefaultSignals = 0x04 | 0x08;

    private const int Executable = 1;
    private const int ProcessId = 1;
    private const int WantExited = 4;

    /// <summary>POSIX_SPAWN_SETSID; on macOS also POSIX_SPAWN_CLOEXEC_DEFAULT, since its pipes cannot be made with O_CLOEXEC in one step.</summary>
    public static short SpawnNewSession => OperatingSystem.IsMacOS() ? (short)(0x0400 | 0x4000) : (short)0x80;

    private static int SigChild => OperatingSystem.IsMacOS() ? 20 : 17;

    private static int LeaveWaitable => OperatingSystem.IsMacOS() ? 0x20 : 0x0100_0000;

    public static bool IsExecutable(string path) => AccessNative(path, Executable) == 0;

    /// <summary>Signals the process group; false when nobody is left in it.</summary>
    public static bool SignalGroup(int leader, int signal) => KillNative(-leader, signal) == 0;

    /// <summary>Blocks until the child has ended, and leaves it as a zombie, so that nobody else gets its number. False when it is not ours to wait for.</summary>
    public static bool AwaitExit(int child)
    {
        // siginfo_t, which we do not read, has 128 bytes.
        var info = stackalloc long[16];
        int result;
        do
        {
            result = WaitIdNative(ProcessId, (uint)child, info, WantExited | LeaveWaitable);
        }
        while (result != 0 && Marshal.GetLastPInvokeError() == Interrupted);

        return result == 0;
    }

    /// <summary>Ends a zombie; its status as <c>waitpid(2)</c> has it, or null when somebody else was quicker.</summary>
    public static int? Reap(int child)
    {
        int result;
        int status;
        do
        {
            result = WaitPidNative(child, &status, 0);
        }
        while (result < 0 && Marshal.GetLastPInvokeError() == Interrupted);

        return result == child ? status : null;
    }

    /// <summary>
    /// Whoever started the gateway may have set SIGCHLD to be ignored: then the kernel drops the exit status of every child. A handler, like that of .NET, is left alone.
    /// </summary>
    public static void KeepExitStatus()
    {
        var action = stackalloc long[64];
        new Span<long>(action, 64).Clear();
        var ignored = (nint)1;
        if (SigActionNative(SigChild, null, action) == 0 && *(nint*)action == ignored)
        {
            _ = SignalNative(SigChild, 0);
        }
    }

    [LibraryImport("libc", EntryPoint = "posix_spawn")]
    public static partial int Spawn(int* child, byte* path, void* actions, void* attributes, byte** arguments, byte** environment);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_init")]
    public static partial int InitAttributes(void* attributes);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_destroy")]
    public static partial int DestroyAttributes(void* attributes);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setflags")]
    public static partial int SetFlags(void* attributes, short flags);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setsigdefault")]
    public static partial int SetDefaultSignals(void* attributes, void* signals);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setsigmask")]
    public static partial int SetSignalMask(void* attributes, void* signals);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_init")]
    public static partial int InitActions(void* actions);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_destroy")]
    public static partial int DestroyActions(void* actions);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_adddup2")]
    public static partial int AddDup2(void* actions, int from, int to);

    /// <remarks>glibc 2.29, musl 1.1.24, macOS 10.15.</remarks>
    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_addchdir_np")]
    public static partial int AddChangeDirectory(void* actions, byte* path);

    /// <remarks>glibc 2.34.</remarks>
    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_addclosefrom_np")]
    public static partial int AddCloseFrom(void* actions, int from);

    [LibraryImport("libc", EntryPoint = "sigemptyset")]
    public static partial int EmptySet(void* signals);

    [LibraryImport("libc", EntryPoint = "sigfillset")]
    public static partial int FillSet(void* signals);

    [LibraryImport("libc", EntryPoint = "access", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int AccessNative(string path, int mode);

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int KillNative(int process, int signal);

    [LibraryImport("libc", EntryPoint = "waitid", SetLastError = true)]
    private static partial int WaitIdNative(int kind, uint id, void* info, int options);

    [LibraryImport("libc", EntryPoint = "waitpid", SetLastError = true)]
    private static partial int WaitPidNative(int process, int* status, int options);

    [LibraryImport("libc", EntryPoint = "sigaction")]
    private static partial int SigActionNative(int signal, void* action, void* before);

    [LibraryImport("libc", EntryPoint = "signal")]
    private static partial nint SignalNative(int signal, nint handler);
}
