using System.Runtime.InteropServices;

namespace NotifyGateway.Api.Cli;

/// <summary>
/// A file that grows beyond what the process may write (<c>ulimit -f</c>, systemd's <c>LimitFSIZE</c>) ends it by a signal, unless somebody takes the signal: then the write fails
/// like any other, and the outbox refuses until it can store again. Programs that are started do not inherit this.
/// </summary>
internal static class FileSizeLimit
{
    /// <summary>SIGXFSZ, which has no name in .NET; the number is the same on every system that .NET runs on.</summary>
    private const PosixSignal Exceeded = (PosixSignal)25;

    /// <returns>Until it is disposed the signal does nothing.</returns>
    public static IDisposable? Survive() => OperatingSystem.IsWindows() ? null : PosixSignalRegistration.Create(Exceeded, signal => signal.Cancel = true);
}
