using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NotifyGateway.Api.Http;
using NotifyGateway.Api.Metrics;
using NotifyGateway.Api.Systemd;
using NotifyGateway.Core.Sessions;
using NotifyGateway.Tests.Http;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Systemd;

/// <summary>What a service manager is told, by a real socket.</summary>
public sealed class ServiceNotifierTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task TellsItsLife_ByPathAndByAbstractName(bool isAbstract)
    {
        await using var manager = new ManagerSocket(isAbstract ? $"@notify-gateway-{Guid.NewGuid():N}" : _folder["manager"]);
        await using var gateway = new GatewayProcess("""{ "Gateway": { "Anonymous": "Loopback" } }""");
        gateway.Variables["NOTIFY_SOCKET"] = manager.Address;
        gateway.Variables["WATCHDOG_USEC"] = "2000000";
        await gateway.StartAsync();
        Assert.Equal("READY=1\nSTATUS=0 of 0 sessions online, 0 deliveries queued", await manager.HearAsync("READY=1"));
        Assert.Equal("READY=1", (await manager.Told.AtAsync(0, "the first word")).Split('\n')[0]);
        await manager.HearAsync("WATCHDOG=1");
        await manager.Told.CollectAsync(t => t == "WATCHDOG=1", 3, "it goes on beating");
        Assert.Equal(0, await gateway.TerminateAsync());
        Assert.Equal("STOPPING=1\nSTATUS=stopping", await manager.HearAsync("STOPPING=1"));
    }

    [Fact]
    public async Task Ready_IsNotSaidByAStartThatFails()
    {
        await using var manager = new ManagerSocket(_folder["manager"]);
        await using var first = await GatewayProcess.StartAsync("{}");
        await using var second = new GatewayProcess("{}");
        second.Variables["NOTIFY_SOCKET"] = manager.Address;
        Assert.Equal(69, await second.Launch("serve", "--urls", first.Url.ToString(), "--Gateway:Outbox:Path=other.db", "--config", second.Folder["no-doors.json"]).ExitAsync(TimeSpan.FromSeconds(30)));
        Assert.Empty(manager.Told.Entries);
    }

    [Fact]
    public async Task Watchdog_HearsNothing_WhileALoopHangs()
    {
        var time = new ManualTime();
        var busy = TimeSpan.Zero;
        await using var manager = new ManagerSocket(_folder["manager"]);
        await using var world = await StartAsync(manager, time, () => busy, TimeSpan.FromSeconds(8));
        Assert.Equal("WATCHDOG=1", await manager.Told.AtAsync(1, "the first beat"));
        busy = TimeSpan.FromSeconds(4);
        time.Advance(TimeSpan.FromSeconds(4));
        world.Host.Outbox.Fault = "hung";
        time.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal("STATUS=outbox: hung", await manager.Told.AtAsync(2, "no beat, but a status"));
        busy = TimeSpan.Zero;
        time.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal("WATCHDOG=1", await manager.Told.AtAsync(3, "it beats again"));
    }

    [Fact]
    public async Task Status_SaysHowSessionsStand_WhenThatChanges()
    {
        var time = new ManualTime();
        await using var manager = new ManagerSocket(_folder["manager"]);
        await using var world = await StartAsync(manager, time, () => TimeSpan.Zero, watchdog: null);
        Assert.Equal("READY=1\nSTATUS=0 of 1 sessions online, 3 deliveries queued", await manager.Told.AtAsync(0, "ready"));
        world.State = SessionState.Online;
        time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal("STATUS=1 of 1 sessions online, 3 deliveries queued", await manager.Told.AtAsync(1, "a status"));
        time.Advance(TimeSpan.FromSeconds(30));
        world.State = SessionState.Faulted;
        time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal("STATUS=0 of 1 sessions online, 3 deliveries queued", await manager.Told.AtAsync(2, "the same is not said again"));
    }

    [Fact]
    public async Task Reload_IsTold_WithItsMomentOnTheMonotonicClock()
    {
        await using var manager = new ManagerSocket(_folder["manager"]);
        await using var world = await StartAsync(manager, new ManualTime(), () => TimeSpan.Zero, watchdog: null);
        var meter = world.Host.Services.GetRequiredService<ReloadMeter>();
        var report = new ReloadReport(world.Notifier, meter);
        var before = await MonotonicMicrosecondsAsync();
        report.Begin();
        var reloading = (await manager.HearAsync("RELOADING=1")).Split('\n');
        var at = long.Parse(reloading.Single(l => l.StartsWith("MONOTONIC_USEC=", StringComparison.Ordinal))["MONOTONIC_USEC=".Length..], CultureInfo.InvariantCulture);
        Assert.InRange(at, before, await MonotonicMicrosecondsAsync());
        report.End(applied: true);
        await manager.HearAsync("READY=1", from: 2);
    }

    [Fact]
    public async Task Manager_ThatIsGone_IsToldOfOnceInTheLog()
    {
        var log = new MemoryLog();
        using var socket = NotifySocket.Of(_folder["nobody"], log.CreateLogger<NotifySocket>())!;
        socket.Send("READY=1");
        socket.Send("WATCHDOG=1");
        Assert.Single(log.Of(1030));
        await using var manager = new ManagerSocket(_folder["nobody"]);
        socket.Send("STATUS=x");
        Assert.Equal("STATUS=x", await manager.HearAsync("STATUS="));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("@")]
    [InlineData("vsock:2:1234")]
    public void NoManager_ThatCouldBeSpokenTo(string? address) => Assert.Null(NotifySocket.Of(address, new MemoryLog().CreateLogger<NotifySocket>()));

    [Theory]
    [InlineData("30000000", null, 30.0)]
    [InlineData("30000000", "7", 30.0)]
    [InlineData("30000000", "8", null)]
    [InlineData("0", null, null)]
    [InlineData("x", null, null)]
    [InlineData(null, null, null)]
    public void Watchdog_IsThatOfThisProcess(string? micros, string? pid, double? seconds)
    {
        var variables = NotifyVariables.Of(n => n is "WATCHDOG_USEC" ? micros : n is "WATCHDOG_PID" ? pid : "/run/notify", process: 7);
        Assert.Equal(seconds, variables.Watchdog?.TotalSeconds);
        Assert.Equal("/run/notify", variables.Socket);
    }

    /// <summary>CLOCK_MONOTONIC, as another program reads it.</summary>
    private static async Task<long> MonotonicMicrosecondsAsync()
    {
        await using var python = ChildProcess.Start("/usr/bin/python3", ["-c", "import time; print(time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000)"], "/");
        Assert.Equal(0, await python.ExitAsync());
        return long.Parse(python.Output.Entries.Single(), CultureInfo.InvariantCulture);
    }

    private static async Task<World> StartAsync(ManagerSocket manager, TimeProvider time, Func<TimeSpan> busy, TimeSpan? watchdog)
    {
        var world = new World();
        world.Host = await DoorHost.StartAsync(sessions: new SessionBoard(() => [world.Session], _ => false));
        world.Host.Services.GetRequiredService<Readiness>().MarkStarted();
        var services = new ServiceCollection().AddSingleton(world.Host.Services.GetRequiredService<Readiness>()).AddSingleton(world.Host.Services.GetRequiredService<SessionBoard>())
            .AddSingleton(new Heartbeat(busy)).BuildServiceProvider();
        world.Notifier = new ServiceNotifier(new NotifyVariables(manager.Address, watchdog), services, time, new MemoryLog().CreateLogger<ServiceNotifier>());
        await world.Notifier.StartedAsync(None);
        return world;
    }

    private sealed class World : IAsyncDisposable
    {
        public DoorHost Host { get; set; } = null!;

        public ServiceNotifier Notifier { get; set; } = null!;

        public SessionState State { get; set; } = SessionState.Waiting;

        public SessionStatus Session => new("net", "irc", State, null, null, default, [], 3, null, null);

        public async ValueTask DisposeAsync()
        {
            await Notifier.StoppedAsync(None);
            Notifier.Dispose();
            await Host.DisposeAsync();
        }
    }
}
