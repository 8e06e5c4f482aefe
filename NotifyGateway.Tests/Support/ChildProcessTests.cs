using Xunit;
using Xunit.Sdk;

namespace NotifyGateway.Tests.Support;

public sealed class ChildProcessTests
{
    [Fact]
    public async Task Reads_BothOutputsAndTheExitCode()
    {
        using var folder = new TempFolder();
        folder.Write("file", "content\n");
        await using var process = ChildProcess.Start(
            "sh", ["-c", "cat file; echo \"$WORD\" >&2; exit 3"], folder.Path, new Dictionary<string, string?> { ["WORD"] = "spoken" });

        Assert.Equal(3, await process.ExitAsync());
        Assert.Equal(["content"], process.Output.Entries);
        Assert.Equal(["spoken"], process.Error.Entries);
        var ended = await Assert.ThrowsAsync<FailException>(() => process.Output.AtAsync(1, "another line"));
        Assert.Contains("the process has ended", ended.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Terminates_Politely_OrKills()
    {
        using var folder = new TempFolder();
        const string Polite = "trap 'echo caught; exit 0' TERM; echo ready; while :; do sleep 0.05; done";
        await using var polite = ChildProcess.Start("sh", ["-c", Polite], folder.Path);
        await polite.Output.AtAsync(0, "ready");
        polite.Terminate();
        Assert.Equal(0, await polite.ExitAsync());
        Assert.Equal(["ready", "caught"], polite.Output.Entries);

        await using var killed = ChildProcess.Start("sh", ["-c", Polite], folder.Path);
        await killed.Output.AtAsync(0, "ready");
        await killed.Kill9Async();
        Assert.Equal(128 + 9, await killed.ExitAsync());
        Assert.Equal(["ready"], killed.Output.Entries);
    }
}
