using Xunit;

namespace NotifyGateway.Tests.Support.Servers;

/// <summary>
/// A server whose package cannot be installed beside another's: <c>./test</c> only unpacks it, and it runs where its files seem to be
/// installed, in a mount namespace of its own. Needs root or user namespaces.
/// </summary>
internal static class UnpackedPackage
{
    // A user becomes root of a namespace to mount there, and himself again in another one: the servers do not want to be run by root.
    private const string Enter = """
        if [ "$(id -u)" = 0 ]; then
          exec unshare --mount sh -euc "$1" sh
        fi
        exec unshare --user --map-root-user --mount sh -euc "$1" sh "$(id -u)" "$(id -g)"
        """;

    /// <summary>Those packages.</summary>
    public static IReadOnlyCollection<string> Names { get; } = [HybridServer.Name, Irc2Server.Name];

    /// <summary>Starts a server of a package.</summary>
    /// <param name="package">Its name.</param>
    /// <param name="mount">A script that mounts what the server needs besides.</param>
    /// <param name="command">The server's command line, as if it were installed; no word may hold a space.</param>
    public static Task<ChildProcess> StartAsync(string package, string mount, string command)
    {
        var script = $$"""
            as="{{BoundProcess.AsNobody}}"
            if [ $# = 2 ]; then
              as="unshare --user --map-user=$1 --map-group=$2 setpriv --pdeathsig KILL"
            fi
            mount -t overlay overlay -o lowerdir=usr:/usr /usr
            {{mount}}
            exec $as {{command}}
            """;
        return BoundProcess.StartAsync(["sh", "-c", Enter, "sh", script], Folder(package), privileged: true);
    }

    /// <summary>Where it was unpacked.</summary>
    public static string Folder(string package)
    {
        var folder = Path.Combine(RepositoryFiles.Root, "artifacts", "irc-servers", package);
        Assert.True(Directory.Exists(folder), $"{package} is not there: ./test unpacks its package to artifacts/irc-servers");
        return folder;
    }
}
