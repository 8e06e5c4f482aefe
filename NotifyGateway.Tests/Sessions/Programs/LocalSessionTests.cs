using System.Globalization;
using Microsoft.Extensions.Logging;
using NotifyGateway.Core;
using NotifyGateway.Core.Configuration;
using NotifyGateway.Core.Sessions;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Sessions.Programs;

/// <summary>Programs and the log behind a real outbox: order, number, attempts, and what others see of them.</summary>
public sealed class LocalSessionTests : IDisposable
{
    private readonly Shell _shell = new();

    public void Dispose() => _shell.Dispose();

    [Fact]
    public async Task OneAtATime_KeepsTheOrder()
    {
        await using var world = await SessionWorld.StartAsync(With(("p", _shell.Program("cat >> out; echo >> out"))));
        var texts = Enumerable.Range(0, 25).Select(n => n.ToString(CultureInfo.InvariantCulture)).ToArray();
        var last = Guid.Empty;
        foreach (var text in texts)
        {
            last = await world.SayAsync("program:p", text);
        }

        var settled = await world.OutcomeAsync(last);

        Assert.Equal(texts, _shell.Lines("out"));
        Assert.Equal((new Outcome(DeliveryStatus.Delivered, Proof.Exit, "exit 0"), 1, "program:p"), (settled.Outcome, settled.Attempts, settled.To));
        await world.StateAsync(s => s is { Name: "program:p", Protocol: "program", State: SessionState.Idle, Queued: 0, LastError: null }, "idle again");
    }

    [Fact]
    public async Task NoMoreThanMaxConcurrent_RunAtATime()
    {
        await using var world = await SessionWorld.StartAsync(With(
            ("p", _shell.Program("echo + >> log; while [ ! -e gate ]; do sleep 0.05; done; echo - >> log") with { MaxConcurrent = 3 })));
        var messages = new List<Guid>();
        for (var n = 0; n < 9; n++)
        {
            messages.Add(await world.SayAsync("program:p", "x"));
        }

        await Deadline.Poll(() => _shell.Lines("log").Length == 3);
        await world.StateAsync(s => s is { State: SessionState.Online, Queued: 9 }, "busy");
        _shell.Write("gate", "");
        await Task.WhenAll(messages.Select(world.OutcomeAsync));

        var running = 0;
        var counts = _shell.Lines("log").Select(l => running += l == "+" ? 1 : -1).ToList();
        Assert.Equal((18, 3, 0), (counts.Count, counts.Max(), counts[^1]));
    }

    [Fact]
    public async Task Attempts_AreRepeatedWithAPause_BeforeTheMessageFails()
    {
        var time = new ManualTime();
        var program = _shell.Program("echo x >> tries; echo no luck >&2; [ $(wc -l < tries) -ge 3 ]");
        await using var world = await SessionWorld.PrepareAsync(With(("p", program with { Attempts = 3 }), ("q", program with { Attempts = 2, Command = ["/bin/false"] })), time);
        world.Sessions.Start();
        var good = await world.SayAsync("program:p", "x");
        var bad = await world.SayAsync("program:q", "x");

        await Deadline.Poll(() => world.Sessions.Snapshot().All(s => s is { State: SessionState.Waiting, NextAttemptAt: { } next } && next > time.GetUtcNow()), "both pause");
        Assert.Single(_shell.Lines("tries"));
        var delivered = world.OutcomeAsync(good);
        var failed = world.OutcomeAsync(bad);
        await Deadline.Poll(() =>
        {
            time.Advance(TimeSpan.FromSeconds(1));
            return delivered.IsCompleted && failed.IsCompleted;
        });

        Assert.Equal((new Outcome(DeliveryStatus.Delivered, Proof.Exit, "exit 0: no luck"), 3), ((await delivered).Outcome, (await delivered).Attempts));
        Assert.Equal((Outcome.Failed("exit 1"), 2), ((await failed).Outcome, (await failed).Attempts));
        Assert.Equal(4, world.Of(5102).Count());
    }

    [Fact]
    public async Task OneThatHangs_DoesNotDelayAnother_AndIsRunAgainAfterAStop()
    {
        var folder = new TempFolder();
        var hanging = _shell.Program("echo $$ >> pids; exec sleep 300");
        var world = await SessionWorld.PrepareAsync(With(("hangs", hanging), ("quick", _shell.Program("exit 0"))), TimeProvider.System, folder);
        world.Sessions.Start();
        var message = await world.SayAsync("program:hangs", "x");
        await Deadline.Poll(() => _shell.Lines("pids").Length == 1);

        Assert.Equal(DeliveryStatus.Delivered, (await world.OutcomeAsync(await world.SayAsync("program:quick", "x"))).Outcome.Status);
        await world.EndAsync();
        Assert.False(Shell.Lives(_shell.Lines("pids")[0]));
        Assert.Contains(message.ToString(), Assert.Single(world.Of(5103)), StringComparison.Ordinal);

        await using var next = await SessionWorld.PrepareAsync(With(("hangs", _shell.Program("exit 0"))), TimeProvider.System, folder);
        var outcome = next.OutcomeAsync(message);
        next.Sessions.Start();
        Assert.Equal(DeliveryStatus.Delivered, (await outcome).Outcome.Status);
    }

    [Fact]
    public async Task Stop_WaitsForWhatRuns_AndTakesNothingMore()
    {
        await using var world = await SessionWorld.StartAsync(With(("p", _shell.Program("echo x >> runs; while [ ! -e gate ]; do sleep 0.05; done"))));
        var first = await world.SayAsync("program:p", "1");
        await world.SayAsync("program:p", "2");
        await Deadline.Poll(() => _shell.Lines("runs").Length == 1);

        var stopping = world.Sessions.StopAsync(CancellationToken.None);
        _shell.Write("gate", "");
        await stopping.Within();

        Assert.Equal(DeliveryStatus.Delivered, (await world.OutcomeAsync(first)).Outcome.Status);
        Assert.Single(_shell.Lines("runs"));
        Assert.Equal(1, Assert.Single(world.Outbox.Backlog()).Queued);
    }

    [Fact]
    public async Task MissingProgram_FailsItsMessages_UntilItIsThere()
    {
        var path = Path.Combine(_shell.Folder, "later");
        await using var world = await SessionWorld.StartAsync(With(("p", new ProgramOptions { Command = [path] })));
        await world.StateAsync(s => s.State == SessionState.Faulted && s.LastError == $"no such program: {path}", "faulted from the start");

        var missing = await world.OutcomeAsync(await world.SayAsync("program:p", "x"));
        File.CreateSymbolicLink(path, "/bin/true");
        var there = await world.OutcomeAsync(await world.SayAsync("program:p", "x"));

        Assert.Equal($"program:p: no such program: {path}; messages for it fail until that is mended", Assert.Single(world.Of(5100)));
        Assert.Equal(Outcome.Failed($"no such program: {path}"), missing.Outcome);
        Assert.Equal(DeliveryStatus.Delivered, there.Outcome.Status);
        await world.StateAsync(s => s is { State: SessionState.Idle, LastError: null }, "idle");
    }

    [Fact]
    public async Task Failure_IsLoggedWithCodeAndOutputs_ButNoArgumentAndNoSecret()
    {
        var options = With(("p", _shell.Program("echo said $TOKEN; echo with $2 >&2; exit 3", "--user", "api:key-12345", "private {{title}}") with
        {
            Environment = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase) { ["TOKEN"] = "token-67890" },
        })) with
        { Admin = new AdminOptions { Secret = "admin-secret" } };
        await using var world = await SessionWorld.StartAsync(options);

        var outcome = await world.OutcomeAsync(await world.SayAsync("program:p", "the text"));

        Assert.Equal(Outcome.Failed("exit 3: with api:***; stdout: said ***"), outcome.Outcome);
        var line = Assert.Single(world.Of(5102));
        Assert.EndsWith("attempt 1 of 1: exit 3; stdout: said ***; stderr: with api:*** ", line, StringComparison.Ordinal);
        Assert.All(new[] { "key-12345", "token-67890", "private", "--user", "the text" }, secret => Assert.DoesNotContain(secret, world.Log, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(null, LogLevel.Information)]
    [InlineData(Severity.Success, LogLevel.Information)]
    [InlineData(Severity.Warning, LogLevel.Warning)]
    [InlineData(Severity.Error, LogLevel.Error)]
    public async Task Log_HasALineForEachMessage_AtTheLevelOfItsSeverity(Severity? severity, LogLevel level)
    {
        await using var world = await SessionWorld.StartAsync(new GatewayOptions());
        var long_ = new string('x', 5000);
        var result = await world.Intake.AcceptAsync(SessionWorld.Message("log", "two\nlines \u001b[2J " + long_) with { Title = "A title", Severity = severity }, CancellationToken.None);

        var settled = await world.OutcomeAsync(result.MessageId);

        Assert.Equal((Outcome.Delivered(Proof.Exit), "log"), (settled.Outcome, settled.To));
        Assert.Equal($"message {result.MessageId} from test: A title: {("two | lines \ufffd[2J " + long_)[..4096]}…", Assert.Single(world.Of(5105)));
        Assert.Equal(level, world.Lines.Single(l => l.Id.Id == 5105).Level);
        Assert.Empty(world.Sessions.Snapshot());
    }

    private static GatewayOptions With(params (string Name, ProgramOptions Program)[] programs) =>
        new() { Programs = programs.ToDictionary(p => p.Name, p => p.Program, StringComparer.OrdinalIgnoreCase) };
}
