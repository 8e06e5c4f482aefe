using System.Runtime.InteropServices;

namespace NotifyGateway.Api.Reload;

/// <summary>
/// SIGHUP has two meanings: read the configuration again, and, older, that the terminal has been closed from which we were started. The second ends us, as it ends
/// everything that runs there. Where we were started so that it is ignored (<c>nohup</c>) it comes to nobody.
/// </summary>
internal sealed class Hangup : IDisposable
{
    /// <summary>The terminal of a process; there is none for a service, and none any more once it is closed.</summary>
    private const string Terminal = "/dev/tty";

    private readonly bool _hadTerminal;
    private readonly PosixSignalRegistration? _registration;

    public Hangup(Action reload, Action end)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        _hadTerminal = HasTerminal();
        _registration = PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal =>
        {
            signal.Cancel = true;
            (_hadTerminal && !HasTerminal() ? end : reload)();
        });
    }

    public void Dispose() => _registration?.Dispose();

    private static bool HasTerminal()
    {
        try
        {
            using var terminal = File.OpenHandle(Terminal);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
