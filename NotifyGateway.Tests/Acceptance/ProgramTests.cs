using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using NotifyGateway.Tests.Sessions.Programs;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Acceptance;

/// <summary>The built gateway with programs as destinations: those that isso's notify-syscall was made for, and those that go wrong.</summary>
public sealed class ProgramTests : IDisposable
{
    private const string RunsUntilTheGateIsThere = "echo $$ >> runs; [ -e gate ] || exec sleep 300";

    private readonly Shell _shell = new();

    public void Dispose()
    {
        foreach (var process in _shell.Lines("runs").Where(Shell.Lives))
        {
            Shell.Kill(process);
        }

        _shell.Dispose();
    }

    [Fact]
    public async Task ExampleOfIsso_BecomesExactlyThatArgv_WithTheBodyOnStandardInput()
    {
        // What stands in for curl: it writes down how it was called.
        _shell.Write("curl", "#!/bin/sh\nprintf '%s\\n' \"$0\" \"$@\" > argv\ncat > stdin\necho '{\"message\":\"Queued. Thank you.\"}'\n");
        await Shell.RunAsync(_shell.Program("chmod +x curl"), Shell.Message("x"));
        string[] arguments =
        [
            "--trace-ascii", "/tmp/mg1.log", "--user", "api:key-3ax6xnjp29jd6fds4gc373sgvjxteol0", "https://api.mailgun.net/v3/example.org/messages",
            "-F", "to=user@gmail.com", "-F", "from=isso@example.com", "-F", "subject=isso notify", "-F", "text=<-",
        ];
        await using var gateway = await StartAsync(("isso", [$"{_shell.Folder}/curl", .. arguments], null));

        var message = await gateway.PostAsync("program:isso", "New comment:\nIt's \"fine\", $(really).\n\u2713", wait: 30);

        Assert.Equal([$"{_shell.Folder}/curl", .. arguments], _shell.Lines("argv"));
        Assert.Equal("New comment:\nIt's \"fine\", $(really).\n\u2713", _shell.Read("stdin"));
        var delivery = message.Delivery();
        Assert.Equal(("delivered", "exit"), (delivery.Text("status"), delivery.Text("proof")));
        Assert.Contains("stdout: {\"message\":\"Queued. Thank you.\"}", gateway.Log, StringComparison.Ordinal);
        Assert.DoesNotContain("key-3ax", gateway.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ExitThree_FailsTheDelivery_IsAnErrorInTheLog_AndTheGatewayGoesOn()
    {
        await using var gateway = await StartAsync(
            ("bad", ["/bin/sh", "-c", "cat; echo 'no route to host' >&2; exit 3"], null),
            ("comma", ["/bin/sh", "-c", "printf '%s\\n' \"$@\" > argv", "sh", "a, b,c", "{{text}}"], null));

        var failed = await gateway.PostAsync("program:bad", "said", wait: 30);
        var delivered = await gateway.PostAsync("program:comma", "x, y", wait: 30);

        Assert.Equal(("failed", "exit 3: no route to host; stdout: said"), (failed.Delivery().Text("status"), failed.Delivery().Text("reason")));
        Assert.Equal("delivered", delivered.Text("status"));
        Assert.Equal(["a, b,c", "x, y"], _shell.Lines("argv"));
        Assert.Matches("fail: .*5102.* program:bad: delivery .*, attempt 1 of 1: exit 3; stdout: said; stderr: no route to host", gateway.Log);
        var session = await gateway.SessionAsync("program:bad", s => s.Text("lastError") is not null, "shows its error");
        Assert.Equal(("program", "idle", "exit 3: no route to host; stdout: said"), (session.Text("protocol"), session.Text("state"), session.Text("lastError")));
    }

    [Fact]
    public async Task UnknownProgram_IsRefusedWithASuggestion_AndTheLogIsADestination()
    {
        await using var gateway = await StartAsync(("mail", ["/bin/true"], null), ("gone", ["/nowhere/program"], null));

        using var refused = await gateway.TryPostAsync(["program:mial"], "x");
        var gone = await gateway.PostAsync("program:gone", "x", wait: 30);
        var logged = await gateway.PostAsync("log", "to be read\nby the operator", wait: 30);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        Assert.Contains("did you mean program:mail?", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(("failed", "no such program: /nowhere/program"), (gone.Delivery().Text("status"), gone.Delivery().Text("reason")));
        Assert.Matches("warn: .*5100.* program:gone: no such program: /nowhere/program", gateway.Log);
        Assert.Equal(("delivered", "exit"), (logged.Delivery().Text("status"), logged.Delivery().Text("proof")));
        Assert.Matches("info: .*5105.* message .* from anonymous: to be read \\| by the operator", gateway.Log);
    }

    [Fact]
    public async Task Kill9AmidARun_RunsTheProgramAgainAfterTheRestart()
    {
        await using var gateway = await StartAsync(("slow", ["/bin/sh", "-c", RunsUntilTheGateIsThere], null));
        var message = await gateway.PostAsync("program:slow", "x");
        await Deadline.Poll(() => _shell.Lines("runs").Length == 1);

        await gateway.Process.Kill9Async();
        _shell.Write("gate", "");
        await gateway.StartAsync();

        Assert.Equal("delivered", (await gateway.SettledAsync(message.Text("id")!)).Text("status"));
        Assert.Equal(2, _shell.Lines("runs").Length);
    }

    [Fact]
    public async Task Sigterm_EndsAProgramThatDoesNotEnd_AndItsDeliveryStaysQueued()
    {
        await using var gateway = await StartAsync(("slow", ["/bin/sh", "-c", RunsUntilTheGateIsThere], null));
        var message = await gateway.PostAsync("program:slow", "x");
        await Deadline.Poll(() => _shell.Lines("runs").Length == 1);

        var clock = Stopwatch.StartNew();
        Assert.Equal(0, await gateway.Process.TerminateAsync(TimeSpan.FromSeconds(40)));

        Assert.InRange(clock.Elapsed, TimeSpan.FromSeconds(9), TimeSpan.FromSeconds(20));
        Assert.False(Shell.Lives(_shell.Lines("runs")[0]));
        _shell.Write("gate", "");
        await gateway.StartAsync();
        Assert.Equal("delivered", (await gateway.SettledAsync(message.Text("id")!)).Text("status"));
    }

    [Fact]
    public async Task FiveHundredRuns_LeaveNoZombie_NoDescriptor_AndNoThread()
    {
        await using var gateway = await StartAsync(("many", ["/bin/sh", "-c", "cat > /dev/null; echo x; echo y >&2"], 8));
        await RunAsync(gateway, 50, 50);
        var (descriptors, threads) = Count(gateway.Process.Process.Id);

        await RunAsync(gateway, 450, 500);

        await Deadline.Poll(() => !Zombies(gateway.Process.Process.Id).Any(), "no zombie is left");
        await Deadline.Poll(() => Count(gateway.Process.Process.Id) is var after && after.Descriptors <= descriptors + 10 && after.Threads <= threads + 20, "descriptors and threads are given back");
    }

    /// <summary>Sends so many messages, and waits until so many runs are in the log.</summary>
    private static async Task RunAsync(Installation gateway, int count, int all)
    {
        await gateway.IrkerAsync([.. Enumerable.Range(0, count).Select(n => Installation.Irker("program:many", n.ToString(CultureInfo.InvariantCulture)))]);
        await Deadline.Poll(
            _ => Task.FromResult(gateway.Process.Process.Output.Entries.Count(l => l.Contains("exit 0; stdout: x; stderr: y", StringComparison.Ordinal)) == all), $"{all} have run and said so", TimeSpan.FromSeconds(120));
        await gateway.SessionAsync("program:many", s => s.Text("queued") == "0" && s.Text("state") == "idle", "has nothing more to do");
    }

    private static (int Descriptors, int Threads) Count(int process) =>
        (Directory.GetFileSystemEntries($"/proc/{process}/fd").Length, Directory.GetDirectories($"/proc/{process}/task").Length);

    private static IEnumerable<string> Zombies(int parent)
    {
        foreach (var process in Directory.EnumerateDirectories("/proc").Where(d => int.TryParse(Path.GetFileName(d), CultureInfo.InvariantCulture, out _)))
        {
            string stat;
            try
            {
                stat = File.ReadAllText(Path.Combine(process, "stat"));
            }
            catch (IOException)
            {
                continue; // it has ended since
            }

            if (stat[(stat.LastIndexOf(')') + 2)..].Split(' ') is ["Z", var of, ..] && of == parent.ToString(CultureInfo.InvariantCulture))
            {
                yield return process;
            }
        }
    }

    private Task<Installation> StartAsync(params (string Name, string[] Command, int? MaxConcurrent)[] programs) => Installation.StartAsync([], settings =>
        settings["Gateway"]!["Programs"] = new JsonObject(programs.Select(p => KeyValuePair.Create(p.Name, (JsonNode?)new JsonObject
        {
            ["Command"] = new JsonArray([.. p.Command.Select(a => (JsonNode)a)]),
            ["WorkingDirectory"] = _shell.Folder,
            ["MaxConcurrent"] = p.MaxConcurrent ?? 1,
            ["Timeout"] = "00:02:00",
        }))));
}
