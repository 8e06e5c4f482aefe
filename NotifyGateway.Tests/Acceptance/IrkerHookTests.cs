using System.Globalization;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Acceptance;

/// <summary>irkerhook, as Debian's package irker has it, on a git repository: the hook is unchanged, only the port that it is made for leads to this test's gateway.</summary>
public sealed class IrkerHookTests(IrkerHouse house) : IClassFixture<IrkerHouse>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData("true")]
    [InlineData("false")]
    public async Task Commit_AppearsOnIrc(string tcp)
    {
        using var folder = new TempFolder();
        var channel = $"#commits-{tcp}";
        await using var watcher = await IrcWatcher.ConnectAsync(house.Server.Port, $"reader{tcp[0]}", channel);
        await RunAsync(folder, "git", "init", "-q", "-b", "trunk", ".");
        foreach (var (key, value) in new[]
        {
            ("user.name", "Alice Ørsted"), ("user.email", "alice@example.org"), ("commit.gpgsign", "false"), ("irker.project", "gateway"), ("irker.color", "mIRC"),
            ("irker.tcp", tcp), ("irker.server", "127.0.0.1"), ("irker.channels", house.Url + channel[1..]), ("irker.urlprefix", "http://127.0.0.1:1/"), ("irker.tinyifier", "None"),
        })
        {
            await RunAsync(folder, "git", "config", key, value);
        }

        // Of a repository's very first commit the hook names no files.
        await RunAsync(folder, "git", "commit", "-q", "--allow-empty", "-m", "root");

        // Written by the shell: a file that this process has just written may still be open in the fork of another test.
        await RunAsync(folder, "sh", "-c", "mkdir -p .git/hooks && printf '%s' \"$1\" > .git/hooks/post-commit && chmod +x .git/hooks/post-commit", "sh", Hook(house.Gateway.IrkerPort));
        folder.Write("notes.txt", "one\n");
        await RunAsync(folder, "git", "add", "notes.txt");
        var said = await RunAsync(folder, "git", "commit", "-q", "-m", "Keep notes: größer & <better>\n\nThe body is not told.");
        var revision = (await RunAsync(folder, "git", "rev-parse", "--short", "HEAD")).Trim();

        Assert.Equal("", said);
        var message = (await watcher.MessagesAsync(channel, 1))[0].Text;

        Assert.Equal($"\u0002gateway:\u000f \u000303Alice Ørsted\u000f gateway:\u000307trunk\u000f * \u0002{revision}\u000f / \u0002notes.txt\u000f: Keep notes: größer & <better> \u000305\u000f", message);
    }

    /// <summary>The hook knows one port, which this machine may need for something else.</summary>
    private static string Hook(int port) => string.Create(CultureInfo.InvariantCulture, $"""
        #!/bin/sh
        LC_ALL=C.UTF-8 exec /usr/bin/python3 - <<'END'
        import runpy, socket, sys

        class Redirected(socket.socket):
            def connect(self, address):
                return super().connect((address[0], {port}) if address[1] == 6659 else address)

            def sendto(self, data, address):
                assert address[1] == 6659
                return super().sendto(data, (address[0], {port}))

        socket.socket = Redirected
        sys.argv = ["irkerhook"]
        runpy.run_path("/usr/bin/irkerhook", run_name="__main__")
        END

        """);

    private static async Task<string> RunAsync(TempFolder folder, string program, params string[] arguments)
    {
        await using var process = ChildProcess.Start(program, arguments, folder.Path);
        var exit = await process.ExitAsync(Patience);
        Assert.True(exit == 0, $"{program} ended with {exit}: {process.Said}");
        Assert.Empty(process.Error.Entries);
        return string.Join('\n', process.Output.Entries);
    }
}
