using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Acceptance;

/// <summary>
/// A disk that refuses for other reasons than being full, under a whole gateway: what cannot be stored is not accepted, what was accepted is not lost, and when the disk works
/// again all goes on by itself.
/// </summary>
public sealed class FaultyDiskTests
{
    private const string Write = "posix/io/rw/pwrite";
    private const string Sync = "posix/io/sync/fdatasync";

    [Theory]
    [InlineData(Write, FaultyDisk.InputOutput)]
    [InlineData(Sync, FaultyDisk.InputOutput)]
    [InlineData(Write, FaultyDisk.ReadOnly)]
    public async Task AnErrorOfTheDisk_RefusesAndPauses_AndLosesNothing(string call, int error)
    {
        await using var world = await World.StartAsync(FaultyDisk.Launcher);
        await world.HoldsAsync(
            () => FaultyDisk.BreakAsync(world.Gateway.Process, call, error),
            () => FaultyDisk.MendAsync(world.Gateway.Process, call));
    }

    [Fact]
    public async Task AFileThatMayNotGrow_RefusesAndPauses_AndLosesNothing()
    {
        await using var world = await World.StartAsync();
        await world.HoldsAsync(() => LimitAsync(world.Gateway, "1"), () => LimitAsync(world.Gateway, "unlimited"));
    }

    [Theory]
    [InlineData(Write)]
    [InlineData(Sync)]
    public async Task KilledWhileTheDiskFails_WhatWasAcceptedIsThere(string call)
    {
        await using var world = await World.StartAsync(FaultyDisk.Launcher);
        await world.Stream.PostAsync(50);
        await FaultyDisk.BreakAsync(world.Gateway.Process, call, FaultyDisk.InputOutput);
        await world.RefusesAsync();
        await world.Gateway.Process.Kill9Async();

        await world.Gateway.StartAsync();
        await world.Stream.PostAsync(world.Stream.Count + 20);

        world.Wire.Plug();
        await world.AllSeenAsync();
    }

    /// <summary>The limit alone, which anybody may raise again; not that of the limit.</summary>
    private static async Task LimitAsync(Installation gateway, string size)
    {
        using var told = Process.Start("prlimit", ["--pid", gateway.Process.Process.Id.ToString(CultureInfo.InvariantCulture), $"--fsize={size}:"]);
        await told.WaitForExitAsync().Within();
        Assert.Equal(0, told.ExitCode);
    }

    private sealed class World(NgircdServer server, Wire wire, IrcWatcher watcher, Installation gateway) : IAsyncDisposable
    {
        public Wire Wire => wire;

        public Installation Gateway => gateway;

        public Numbered Stream { get; } = new(gateway, "#disk", padding: 500);

        public static async Task<World> StartAsync(params string[] launcher)
        {
            var server = await NgircdServer.StartAsync();
            var wire = new Wire(server.Port);
            var watcher = await IrcWatcher.ConnectAsync(server.Port, "watcher", "#disk");
            var gateway = new Installation(new JsonObject { ["net"] = Installation.Network(wire.Port) }, null, launcher);
            await gateway.StartAsync();
            return new World(server, wire, watcher, gateway);
        }

        public async Task HoldsAsync(Func<Task> fail, Func<Task> mend)
        {
            await Stream.PostAsync(20);
            await fail();
            await RefusesAsync();

            // A door of TCP cannot refuse: it does not read on, and closes when all is stored.
            var paused = gateway.IrkerAsync([.. Enumerable.Range(0, 50).Select(n => Installation.Irker(string.Create(CultureInfo.InvariantCulture, $"irc://127.0.0.1:{wire.Port}/disk"), $"paused {n}"))]);
            await Deadline.Poll(() => gateway.Log.Contains("[3006]", StringComparison.Ordinal));
            Assert.False(paused.IsCompleted);
            Assert.True(gateway.Process.IsRunning);
            await mend();
            await ReadyAsync();
            await paused;
            await Stream.PostAsync(Stream.Count + 20);

            wire.Plug();
            await AllSeenAsync();
            var seen = await watcher.Messages.CollectAsync(m => m.Text.StartsWith("paused", StringComparison.Ordinal), 50, "what the paused door had");
            Assert.Equal(Enumerable.Range(0, 50).Select(n => string.Create(CultureInfo.InvariantCulture, $"paused {n}")), seen.Select(m => m.Text));
            await gateway.SessionAsync("net", s => s.Text("queued") == "0", "has nothing queued");
        }

        public async Task RefusesAsync()
        {
            var before = Stream.Accepted.Count;
            await Stream.PostAsync(Stream.Count + 5);
            Assert.Equal(before, Stream.Accepted.Count);
            using var refused = await gateway.TryPostAsync(["net/#disk"], "not stored");
            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
            Assert.NotNull(refused.Headers.RetryAfter);
            using var ready = await gateway.Http.GetAsync(new Uri("/health/ready", UriKind.Relative));
            Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
            Assert.Contains("outbox: disk I/O error", await ready.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        public async Task AllSeenAsync() =>
            Assert.Equal(0, await Stream.AllSeenAsync(() => watcher.Messages.Entries.Where(m => m.Text.StartsWith("#disk number", StringComparison.Ordinal))));

        public async ValueTask DisposeAsync()
        {
            await gateway.DisposeAsync();
            await watcher.DisposeAsync();
            await wire.DisposeAsync();
            await server.DisposeAsync();
        }

        private Task ReadyAsync() => Deadline.Poll(
            async token =>
            {
                using var answer = await gateway.Http.GetAsync(new Uri("/health/ready", UriKind.Relative), token);
                return answer.IsSuccessStatusCode;
            },
            "the gateway is ready again by itself");
    }
}
