using System.Globalization;

namespace NotifyGateway.Api.Systemd;

/// <summary>What a service manager says in the environment.</summary>
/// <param name="Socket">Where it listens; null: nowhere.</param>
/// <param name="Watchdog">How soon it wants a sign of life; null: it wants none.</param>
internal sealed record NotifyVariables(string? Socket, TimeSpan? Watchdog)
{
    private const string SocketName = "NOTIFY_SOCKET";
    private const string WatchdogName = "WATCHDOG_USEC";
    private const string PidName = "WATCHDOG_PID";

    /// <summary>Reads the variables, and takes them away: programs that the gateway starts must not speak in its name.</summary>
    public static NotifyVariables Take()
    {
        var taken = Of(Environment.GetEnvironmentVariable, Environment.ProcessId);
        foreach (var name in new[] { SocketName, WatchdogName, PidName })
        {
            Environment.SetEnvironmentVariable(name, null);
        }

        return taken;
    }

    /// <summary>Reads the variables. A watchdog that is meant for another process is none.</summary>
    public static NotifyVariables Of(Func<string, string?> variable, int process)
    {
        var mine = variable(PidName) is not { Length: > 0 } pid || (int.TryParse(pid, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && id == process);
        var watchdog = mine && long.TryParse(variable(WatchdogName), NumberStyles.None, CultureInfo.InvariantCulture, out var micros) && micros > 0
            ? TimeSpan.FromMicroseconds(micros)
            : (TimeSpan?)null;
        return new(variable(SocketName), watchdog);
    }
}
