using System.Globalization;

namespace NotifyGateway.Tests.Support;

/// <summary>
/// A folder with a gateway in it, and shells beside it. The ports are those of the program as it is shipped; where the system
/// lets us, they are ports of a network of their own, so that it does not matter what else runs on this machine.
/// </summary>
internal sealed class Desk : IAsyncDisposable
{
    private readonly TempFolder _folder;
    private readonly bool _apart;

    private Desk(TempFolder folder, bool apart, string arguments)
    {
        _folder = folder;
        _apart = apart;
        var program = $"exec {Program} serve {arguments}";
        var bare = new Dictionary<string, string?>(StringComparer.Ordinal) { ["DOTNET_ENVIRONMENT"] = null, ["ASPNETCORE_ENVIRONMENT"] = null, ["ASPNETCORE_URLS"] = null };
        Gateway = apart
            ? ChildProcess.Start("unshare", ["-n", "bash", "-c", $"ip link set lo up && {program}"], _folder.Path, bare)
            : ChildProcess.Start("bash", ["-c", program], _folder.Path, bare);
    }

    /// <summary>The program that these tests were built with, as words of a shell.</summary>
    public static string Program => $"'{DotnetHost()}' '{Path.Combine(AppContext.BaseDirectory, "NotifyGateway.Api.dll")}'";

    public ChildProcess Gateway { get; }

    public TempFolder Folder => _folder;

    /// <summary>Starts a gateway in the folder, which is deleted at the end.</summary>
    /// <param name="arguments">Of <c>serve</c>, as words of a shell.</param>
    /// <param name="folder">With the files that the arguments name; null: an empty one.</param>
    public static async Task<Desk> OpenAsync(string arguments, TempFolder? folder = null)
    {
        await using var probe = ChildProcess.Start("bash", ["-c", "unshare -n bash -c 'ip link set lo up' && command -v nsenter"], "/");
        return new Desk(folder ?? new TempFolder(), await probe.ExitAsync() == 0, arguments);
    }

    /// <summary>Runs a line as if it were typed at this desk.</summary>
    /// <param name="line">Words of bash.</param>
    /// <param name="workingDirectory">Null: the desk's own folder.</param>
    public ChildProcess Shell(string line, string? workingDirectory = null) => _apart
        ? ChildProcess.Start("nsenter", ["-t", Gateway.Id.ToString(CultureInfo.InvariantCulture), "-n", "bash", "-c", line], workingDirectory ?? _folder.Path)
        : ChildProcess.Start("bash", ["-c", line], workingDirectory ?? _folder.Path);

    public async ValueTask DisposeAsync()
    {
        await Gateway.DisposeAsync();
        _folder.Dispose();
    }

    private static string DotnetHost()
    {
        var host = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "..", "..", "..", "dotnet"));
        return File.Exists(host) ? host : "dotnet";
    }
}
