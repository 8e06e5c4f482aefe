using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Acceptance;

/// <summary>
/// The outbox on a small file system of its own, which fills up: nothing is accepted that could not be stored, and when there is room again all goes on by
/// itself. Mounting it needs root, or a system that lets users have namespaces.
/// </summary>
public sealed class DiskFullTests
{
    private const string OnASmallDisk = "mkdir -p data && mount -t tmpfs -o size=8m tmpfs data && exec \"$@\"";

    [Fact]
    public async Task FullDisk_RefusesAndPauses_AndLosesNothing()
    {
        await using var server = await NgircdServer.StartAsync();
        await using var wire = new Wire(server.Port);
        await using var watcher = await IrcWatcher.ConnectAsync(server.Port, "watcher", "#full");
        await using var gateway = new Installation(
            new JsonObject { ["net"] = Installation.Network(wire.Port) }, null, ["unshare", "--map-root-user", "--mount", "sh", "-euc", OnASmallDisk, "sh"]);
        await gateway.StartAsync();
        var disk = string.Create(CultureInfo.InvariantCulture, $"/proc/{gateway.Process.Process.Id}/root{gateway.Folder["data"]}");
        var stream = new Numbered(gateway, "#full", padding: 2000);
        await stream.PostAsync(20);
        var ballast = Fill(disk);

        await stream.PostAsync(2000);
        Assert.InRange(stream.Count, 21, 1999);
        using (var refused = await gateway.TryPostAsync(["net/#full"], "no room"))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
            Assert.NotNull(refused.Headers.RetryAfter);
        }

        using (var ready = await gateway.Http.GetAsync(new Uri("/health/ready", UriKind.Relative)))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
            Assert.Contains("full", await ready.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        // A door of TCP cannot refuse: it does not read on, and closes when all is stored.
        var paused = gateway.IrkerAsync([.. Enumerable.Range(0, 50).Select(n => Installation.Irker(string.Create(CultureInfo.InvariantCulture, $"irc://127.0.0.1:{wire.Port}/full"), $"paused {n}"))]);
        Assert.False(gateway.Process.Process.HasExited);
        File.Delete(ballast);
        await Deadline.Poll(
            async token =>
            {
                using var answer = await gateway.Http.GetAsync(new Uri("/health/ready", UriKind.Relative), token);
                return answer.IsSuccessStatusCode;
            },
            "the gateway is ready again by itself");
        await paused;
        await stream.PostAsync(stream.Count + 20);
        wire.Plug();

        Assert.Equal(0, await stream.AllSeenAsync(() => watcher.Messages.Entries.Where(m => m.Text.StartsWith("#full number", StringComparison.Ordinal))));
        var seen = await watcher.Messages.CollectAsync(m => m.Text.StartsWith("paused", StringComparison.Ordinal), 50, "what the paused door had");
        Assert.Equal(Enumerable.Range(0, 50).Select(n => string.Create(CultureInfo.InvariantCulture, $"paused {n}")), seen.Select(m => m.Text));
        await gateway.SessionAsync("net", s => s.Text("queued") == "0", "has nothing queued");
    }

    /// <summary>Takes all the room that there is.</summary>
    private static string Fill(string disk)
    {
        var name = Path.Combine(disk, "ballast");
        using var file = new FileStream(name, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
        var block = new byte[64 * 1024];
        try
        {
            while (true)
            {
                file.Write(block);
            }
        }
        catch (IOException)
        {
            return name;
        }
    }
}
