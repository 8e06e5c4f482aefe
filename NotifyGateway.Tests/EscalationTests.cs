using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NotifyGateway.Core;
using NotifyGateway.Core.Configuration;
using NotifyGateway.Core.Outbox;
using NotifyGateway.Core.Routing;
using NotifyGateway.Tests.Sessions;
using NotifyGateway.Tests.Sessions.Programs;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests;

/// <summary>What did not arrive is told: the outbox, the intake and the programs are real.</summary>
public sealed class EscalationTests : IDisposable
{
    private readonly Shell _shell = new();
    private readonly TempFolder _folder = new();
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().AddSingleton<DoorCounters>().BuildServiceProvider();
    private readonly MemoryLog _log = new();

    public void Dispose()
    {
        _shell.Dispose();
        _folder.Dispose();
        _services.Dispose();
        _log.Dispose();
    }

    /// <summary>A program that fails, two that keep what they get (a line for each message), and one that is told and fails.</summary>
    private GatewayOptions Options(params IReadOnlyList<string> to) => new()
    {
        PublicUrl = new Uri("https://notify.example.org"),
        Escalate = new EscalateOptions { To = to, After = TimeSpan.FromSeconds(1) },
        Programs = new Dictionary<string, ProgramOptions>(StringComparer.OrdinalIgnoreCase)
        {
            ["bad"] = _shell.Program("echo refused >&2; exit 3") with { MaxConcurrent = 20 },
            ["slow"] = _shell.Program("while [ ! -e gate ]; do sleep 0.05; done"),
            ["mail"] = _shell.Program("tr '\\n' '~' >> mail; echo >> mail"),
            ["page"] = _shell.Program("tr '\\n' '~' >> page; echo >> page"),
            ["deaf"] = _shell.Program("echo x >> deaf; exit 4"),
        },
    };

    private async Task<(SessionWorld World, Escalation Escalation)> StartAsync(GatewayOptions options, TempFolder? folder = null, TimeProvider? time = null)
    {
        var world = await SessionWorld.PrepareAsync(options, TimeProvider.System, folder);
        var escalation = new Escalation(world.Configuration, world.Intake, world.Outbox, _services.GetRequiredService<DoorCounters>(), time ?? TimeProvider.System, _log.CreateLogger<Escalation>());
        escalation.Watch();
        world.Sessions.Start();
        escalation.Start();
        return (world, escalation);
    }

    private static async Task<IReadOnlyList<Receipt>> EscalatedAsync(SessionWorld world) =>
        (await world.Outbox.ListAsync(new ReceiptQuery(Client: ClientDirectory.Escalation, Limit: 100), CancellationToken.None)).Items;

    [Fact]
    public async Task AFailure_IsTold_WithDestinationReasonFirstLineAndLink()
    {
        var (world, escalation) = await StartAsync(Options("program:mail"));
        await using (world)
        await using (escalation)
        {
            var message = await world.SayAsync("program:bad", "disk full on web1\nsecond line");

            await Deadline.Poll(() => _shell.Lines("mail").Length > 0);

            Assert.Equal([$"1 message failed~program:bad: failed: exit 3: refused: disk full on web1 https://notify.example.org/m/{message}"], _shell.Lines("mail"));
            var told = Assert.Single(await EscalatedAsync(world));
            Assert.Equal((Severity.Error, "escalation"), (told.Notification.Severity, told.Notification.Input));
            Assert.Empty(await world.Outbox.ConcernsAsync(CancellationToken.None));
        }
    }

    [Fact]
    public async Task WhatWaits_IsToldOnce_AndNotAgainWhenItFails()
    {
        var (world, escalation) = await StartAsync(Options("program:mail"));
        await using (world)
        await using (escalation)
        {
            await world.SayAsync("program:slow", "hangs");
            await Deadline.Poll(() => _shell.Lines("mail").Length > 0);
            Assert.StartsWith("1 message still waits~program:slow: still waits: hangs https://", _shell.Lines("mail")[0], StringComparison.Ordinal);
            _shell.Write("gate", "");
            var bad = await world.SayAsync("program:bad", "later");
            await world.OutcomeAsync(bad);
            await Deadline.Poll(() => _shell.Lines("mail").Length > 1);

            Assert.DoesNotContain("hangs", _shell.Lines("mail")[1], StringComparison.Ordinal);
            Assert.Equal(Severity.Warning, (await EscalatedAsync(world))[^1].Notification.Severity);
        }
    }

    [Fact]
    public async Task AStorm_IsFewMessages_ThatCountAll()
    {
        var (world, escalation) = await StartAsync(Options("program:mail"));
        await using (world)
        await using (escalation)
        {
            var accepted = await world.Intake.AcceptAsync([.. Enumerable.Range(0, 400).Select(i => SessionWorld.Message("program:bad", i.ToString(CultureInfo.InvariantCulture)))], CancellationToken.None);
            Assert.All(accepted, a => Assert.True(a.IsAccepted));

            long Told() => _shell.Lines("mail").Sum(l => l.Split('~')[0].Split(", ").Sum(part => long.Parse(part.Split(' ')[0], NumberStyles.AllowThousands, CultureInfo.InvariantCulture)));
            await Deadline.Poll(() => Told() >= 400);

            Assert.Equal(400, Told());
            Assert.InRange(_shell.Lines("mail").Length, 1, 40);
        }
    }

    [Fact]
    public async Task AnEscalationThatFails_IsNotEscalated_AndADestinationIsNotToldOfItself()
    {
        var (world, escalation) = await StartAsync(Options("program:deaf", "program:page"));
        await using (world)
        await using (escalation)
        {
            await world.SayAsync("program:bad", "first");
            await Deadline.Poll(() => _shell.Lines("page").Length == 1 && _shell.Lines("deaf").Length == 1);
            await world.SayAsync("program:deaf", "second");
            await Deadline.Poll(() => _shell.Lines("page").Length == 2);
            await world.SayAsync("program:bad", "third");
            await Deadline.Poll(() => _shell.Lines("page").Length == 3);

            // The first and third word went to both, the second to the one alone; of the words that failed there is none.
            Assert.Contains("program:deaf: failed: exit 4: second", _shell.Lines("page")[1], StringComparison.Ordinal);
            await Deadline.Poll(() => _shell.Lines("deaf").Length == 3);
            Assert.Equal(3, (await EscalatedAsync(world)).Count);
            Assert.Empty(await world.Outbox.ConcernsAsync(CancellationToken.None));
        }
    }

    [Fact]
    public async Task WhatWasNotToldBeforeTheEnd_IsToldAfterTheNextStart_Once()
    {
        var options = Options("program:mail") with { Escalate = new EscalateOptions { To = ["program:mail"], After = TimeSpan.FromHours(1) } };
        var folder = new TempFolder();
        var (world, escalation) = await StartAsync(options, folder);
        await world.OutcomeAsync(await world.SayAsync("program:bad", "before the end"));
        Assert.Empty(_shell.Lines("mail"));
        await escalation.DisposeAsync();
        await world.EndAsync();

        (world, escalation) = await StartAsync(options, folder);
        await using (world)
        await using (escalation)
        {
            await Deadline.Poll(() => _shell.Lines("mail").Length == 1);
            Assert.Contains("program:bad: failed: exit 3: refused: before the end", _shell.Lines("mail")[0], StringComparison.Ordinal);
            Assert.Single(await EscalatedAsync(world));
            Assert.Empty(await world.Outbox.ConcernsAsync(CancellationToken.None));
        }
    }

    /// <summary>The first failure after a quiet start is told at once, not a minute after the start.</summary>
    [Fact]
    public async Task OnlyWhatWasTold_KeepsTheNextWaiting()
    {
        var time = new HastyTime();
        var options = Options("program:mail") with { Escalate = new EscalateOptions { To = ["program:mail"], After = TimeSpan.FromHours(1) } };
        var (world, escalation) = await StartAsync(options, time: time);
        await using (world)
        await using (escalation)
        {
            await time.Waits.FirstAsync(w => w == TimeSpan.FromSeconds(2), "a wait for company");
            await world.SayAsync("program:bad", "disk full");
            await time.Waits.FirstAsync(w => w == TimeSpan.FromMinutes(1), "a wait for the next message");

            Assert.Single(await EscalatedAsync(world));
            Assert.Single(time.Waits.Entries, TimeSpan.FromMinutes(1));
        }
    }

    /// <summary>Nothing takes any time, and what is waited for is known.</summary>
    private sealed class HastyTime : TimeProvider
    {
        public Journal<TimeSpan> Waits { get; } = new("waits");

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Waits.Add(dueTime);
            return base.CreateTimer(callback, state, TimeSpan.Zero, period);
        }
    }
}
