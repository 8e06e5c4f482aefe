using System.Diagnostics;
using System.Globalization;
using Xunit;

namespace NotifyGateway.Tests.Support;

/// <summary>
/// A disk that fails when a test says so: libfiu (package fiu-utils) stands between the gateway's process and the system, and answers calls with an error of the test's
/// choice. Everything else of the process is as it is.
/// </summary>
internal static class FaultyDisk
{
    /// <summary>EIO.</summary>
    public const int InputOutput = 5;

    /// <summary>EROFS.</summary>
    public const int ReadOnly = 30;

    private const string Control = "fault";

    /// <summary>For <see cref="GatewayProcess.Launcher"/>: the program that follows can be given faults.</summary>
    public static string[] Launcher => ["fiu-run", "-x", "-f", Control];

    /// <summary>From now on the call fails.</summary>
    /// <param name="gateway">Started by <see cref="Launcher"/>.</param>
    /// <param name="call">As libfiu names it: <c>posix/io/sync/fdatasync</c>.</param>
    /// <param name="error">The system's number.</param>
    public static Task BreakAsync(GatewayProcess gateway, string call, int error) =>
        TellAsync(gateway, string.Create(CultureInfo.InvariantCulture, $"enable name={call},failinfo={error}"));

    /// <summary>The call works again.</summary>
    public static Task MendAsync(GatewayProcess gateway, string call) => TellAsync(gateway, $"disable name={call}");

    private static async Task TellAsync(GatewayProcess gateway, string command)
    {
        var start = new ProcessStartInfo("fiu-ctrl", ["-f", gateway.Folder[Control], "-c", command, gateway.Process.Id.ToString(CultureInfo.InvariantCulture)])
        {
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        using var told = Process.Start(start)!;
        var error = await told.StandardError.ReadToEndAsync().Within();
        await told.WaitForExitAsync().Within();
        Assert.Equal((0, ""), (told.ExitCode, error));
    }
}
