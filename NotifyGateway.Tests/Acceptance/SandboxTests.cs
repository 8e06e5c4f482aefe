using System.Text.RegularExpressions;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Acceptance;

/// <summary>The first minute of a newcomer: an empty folder, <c>--sandbox</c>, and the lines that it prints, run as they are printed.</summary>
[Collection(ShippedPorts.Name)]
public sealed partial class SandboxTests
{
    [Fact]
    public async Task PrintedLines_WorkAsTheyArePrinted()
    {
        await using var desk = await Desk.OpenAsync("--sandbox");
        var gateway = desk.Gateway;
        await gateway.Output.FirstAsync(l => l.Contains("/swagger", StringComparison.Ordinal), "the greeting", TimeSpan.FromSeconds(20));
        var printed = gateway.Output.Entries.Where(l => l.StartsWith("  ", StringComparison.Ordinal)).Select(l => l.Trim()).ToList();
        var irssi = Irssi().Match(Assert.Single(printed, l => l.StartsWith("irssi ", StringComparison.Ordinal)));
        Assert.Equal(("127.0.0.1", "6667", "#alerts"), (irssi.Groups["host"].Value, irssi.Groups["port"].Value, irssi.Groups["channel"].Value));

        await using var you = desk.Shell(Client(irssi));
        await you.Output.FirstAsync(l => l.Contains(" 366 ", StringComparison.Ordinal), "somebody has joined");
        await using var curl = desk.Shell(Assert.Single(printed, l => l.StartsWith("curl ", StringComparison.Ordinal)));
        await you.Output.FirstAsync(l => Says(l, "Hello from curl"), "the message of curl");
        await using var nc = desk.Shell(Assert.Single(printed, l => l.StartsWith("echo ", StringComparison.Ordinal)));
        await you.Output.FirstAsync(l => Says(l, "Hello from nc"), "the message of nc");

        Assert.Equal(0, await curl.ExitAsync());
        Assert.Contains("\"status\":\"delivered\"", string.Join('\n', curl.Output.Entries), StringComparison.Ordinal);
        Assert.Equal(0, await nc.ExitAsync());
        var pages = printed.Where(l => l.StartsWith("http", StringComparison.Ordinal)).Select(l => l.Split(' ')[0]).ToList();
        Assert.Equal(2, pages.Count);
        foreach (var (page, sign) in pages.Zip(["ui/app.js", "swagger-ui"]))
        {
            await using var browser = desk.Shell($"curl -fsSL {page}");
            Assert.Equal(0, await browser.ExitAsync());
            Assert.Contains(browser.Output.Entries, l => l.Contains(sign, StringComparison.OrdinalIgnoreCase));
        }

        gateway.Terminate();
        Assert.Equal(0, await gateway.ExitAsync());
        Assert.Empty(gateway.Error.Entries);
        Assert.DoesNotContain(gateway.Output.Entries, l => l.Contains(" warn: ", StringComparison.Ordinal) || l.Contains(" fail: ", StringComparison.Ordinal));
    }

    [GeneratedRegex("^irssi -c (?<host>\\S+) -p (?<port>\\d+) -n (?<nick>\\S+) +# then: /join (?<channel>\\S+)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Irssi();

    private static bool Says(string line, string text) =>
        line.StartsWith(":gateway!", StringComparison.Ordinal) && line.TrimEnd('\r').EndsWith($" PRIVMSG #alerts :{text}", StringComparison.Ordinal);

    /// <summary>What irssi would do, in a shell: joins and shows what comes.</summary>
    private static string Client(Match irssi) =>
        $"exec 3<>/dev/tcp/{irssi.Groups["host"]}/{irssi.Groups["port"]}; "
        + $"printf 'NICK {irssi.Groups["nick"]}\\r\\nUSER you 0 * :you\\r\\nJOIN {irssi.Groups["channel"]}\\r\\n' >&3; exec cat <&3";
}
