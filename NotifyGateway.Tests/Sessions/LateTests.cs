using NotifyGateway.Core.Configuration;
using NotifyGateway.Tests.Sessions.Programs;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Sessions;

/// <summary>What is handed out late begins with its age; what is in time does not.</summary>
public sealed class LateTests : IDisposable
{
    private readonly ManualTime _time = new();
    private readonly Shell _shell = new();

    public void Dispose() => _shell.Dispose();

    [Theory]
    [InlineData("00:10:00", "[2h late] old")]
    [InlineData(null, "old")]
    public async Task OnIrc_WhatWaitedForTheNetwork_BeginsWithItsAge(string? after, string said)
    {
        await using var peer = ScriptedPeer.Start();
        var options = new GatewayOptions
        {
            LateAfter = after is null ? null : TimeSpan.Parse(after, null),
            Irc = new Dictionary<string, IrcOptions>(StringComparer.Ordinal) { [SessionWorld.Network] = SessionWorld.Irc(peer.Port) },
        };
        await using var world = await SessionWorld.PrepareAsync(options, _time);
        var old = await world.SayAsync("net/#ops", "old");
        _time.Advance(TimeSpan.FromHours(2.5));
        var young = await world.SayAsync("net/#ops", "young");
        world.Sessions.Start();
        var server = await peer.WelcomeAsync();
        await server.JoinAsync("#ops");

        await server.ProveAsync("#ops", said);
        await world.OutcomeAsync(old);
        await server.ProveAsync("#ops", "young");
        await world.OutcomeAsync(young);
        Assert.Equal("old", (await world.Outbox.FindAsync(old, default))!.Notification.Text);
    }

    [Fact]
    public async Task AProgram_GetsItToo()
    {
        var options = new GatewayOptions
        {
            Programs = new Dictionary<string, ProgramOptions>(StringComparer.OrdinalIgnoreCase) { ["p"] = _shell.Program("cat >> out; echo >> out") },
        };
        await using var world = await SessionWorld.PrepareAsync(options, _time);
        await world.SayAsync("program:p", "old");
        _time.Advance(TimeSpan.FromMinutes(11));
        var young = await world.SayAsync("program:p", "young");
        world.Sessions.Start();
        await world.OutcomeAsync(young);

        Assert.Equal(["[11m late] old", "young"], _shell.Lines("out"));
    }
}
