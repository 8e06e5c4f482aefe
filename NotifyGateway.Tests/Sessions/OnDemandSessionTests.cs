using NotifyGateway.Core;
using NotifyGateway.Core.Configuration;
using NotifyGateway.Core.Outbox;
using NotifyGateway.Core.Sessions;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Sessions;

/// <summary>Sessions for servers that are named only by a URL, as irker's clients do.</summary>
public sealed class OnDemandSessionTests
{
    private static readonly DynamicOptions Quick = new()
    {
        Nick = "relay",
        LinesPerSecond = 0,
        ConnectSpacing = TimeSpan.Zero,
        ReconnectMin = TimeSpan.FromMilliseconds(20),
        ReconnectMax = TimeSpan.FromMilliseconds(200),
        ConnectTimeout = TimeSpan.FromSeconds(5),
    };

    [Fact]
    public async Task Serves_OneServerOverOneConnection()
    {
        await using var peer = ScriptedPeer.Start();
        await using var world = await StartAsync(Quick);
        var first = await world.SayAsync($"irc://127.0.0.1:{peer.Port}/a", "one");
        var second = await world.SayAsync($"irc://127.0.0.1:{peer.Port}/#b?key=k", "two");
        var server = await peer.WelcomeAsync("relay");
        string[] joins = [await server.ExpectAsync(_ => true, "JOIN"), await server.ExpectAsync(_ => true, "JOIN")];
        Assert.Equal(["JOIN #a", "JOIN #b k"], joins.Order(StringComparer.Ordinal));
        await server.SendAsync($":relay!relay@{IrcScript.Host} JOIN #a");
        await server.ProveAsync("#a", "one");
        await world.OutcomeAsync(first);
        await server.SendAsync($":relay!relay@{IrcScript.Host} JOIN #b");
        await server.ProveAsync("#b", "two");
        await world.OutcomeAsync(second);
        Assert.Equal($"irc://127.0.0.1:{peer.Port}", world.Status.Name);
        Assert.Equal(1, peer.Connections);
    }

    [Fact]
    public async Task Keeps_DifferentCredentialsApart_AndHidesThem()
    {
        await using var peer = ScriptedPeer.Start();
        await using var world = await StartAsync(Quick);
        await world.SayAsync($"irc://u:first-pw@127.0.0.1:{peer.Port}/a", "one");
        await world.SayAsync($"irc://u:other-pw@127.0.0.1:{peer.Port}/a", "two");
        var one = await peer.AcceptAsync();
        var two = await peer.AcceptAsync();
        var passwords = new[]
        {
            await one.ExpectEventuallyAsync(l => l.StartsWith("PASS ", StringComparison.Ordinal), "PASS"),
            await two.ExpectEventuallyAsync(l => l.StartsWith("PASS ", StringComparison.Ordinal), "PASS"),
        };
        Assert.Equal(["PASS first-pw", "PASS other-pw"], passwords.Order(StringComparer.Ordinal));
        Assert.All(world.Sessions.Snapshot(), s => Assert.Equal($"irc://127.0.0.1:{peer.Port}", s.Name));
        Assert.DoesNotContain("-pw", world.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task GivesUp_AServerThatWasNeverReached_AndSaysWhy()
    {
        await using var world = await StartAsync(Quick with { NeverSeenAfter = TimeSpan.FromMilliseconds(300) });
        var id = await world.SayAsync($"irc://127.0.0.1:{FreePort.Next()}/a", "lost");
        var outcome = (await world.OutcomeAsync(id)).Outcome;
        Assert.Equal(DeliveryStatus.Failed, outcome.Status);
        Assert.Contains("never reached", outcome.Reason, StringComparison.Ordinal);
        Assert.Contains("connection refused", outcome.Reason, StringComparison.Ordinal);
        await Deadline.Poll(_ => Task.FromResult(world.Sessions.Snapshot().Count == 0), "the session is gone");
    }

    [Fact]
    public async Task WhatIsNoServerAnyMore_KeepsNobodyFromStarting()
    {
        await using var peer = ScriptedPeer.Start();
        await using var world = await SessionWorld.PrepareAsync(SessionWorld.Irc(peer.Port), TimeProvider.System);
        var now = DateTimeOffset.UtcNow;
        var notification = new Notification { Id = Guid.CreateVersion7(now), Client = "ci", Input = "test", Text = "x", AcceptedAt = now, ExpiresAt = now.AddHours(1) };
        await world.Outbox.AppendAsync([new OutboxEntry(notification, [new Destination(new SessionKey("irc://["), "#a", "#a", "irc://[/#a")])], CancellationToken.None);

        world.Sessions.Start();

        await peer.WelcomeAsync();
        Assert.Contains(world.Lines, l => l.Message.Contains("names no server", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Makes_RoomForAnother_ByEndingTheLongestIdle()
    {
        await using var peer = ScriptedPeer.Start();
        await using var other = ScriptedPeer.Start();
        await using var world = await StartAsync(Quick with { MaxSessions = 1 });
        var first = await world.SayAsync($"irc://127.0.0.1:{peer.Port}/a", "one");

        var refused = await world.Intake.AcceptAsync(SessionWorld.Message($"irc://127.0.0.1:{other.Port}/b", "no room"), CancellationToken.None);
        Assert.False(refused.IsAccepted);
        Assert.Contains("1 sessions", refused.Unknown[0].Reason, StringComparison.Ordinal);

        var server = await peer.WelcomeAsync("relay");
        await server.JoinAsync("#a", "relay");
        await server.ProveAsync("#a", "one");
        await world.OutcomeAsync(first);
        await Deadline.Poll(_ => Task.FromResult(world.Sessions.Snapshot()[0].Queued == 0), "nothing queued");

        var second = await world.SayAsync($"irc://127.0.0.1:{other.Port}/b", "two");
        await server.ExpectEventuallyAsync(l => l.StartsWith("QUIT", StringComparison.Ordinal), "QUIT");
        var next = await other.WelcomeAsync("relay");
        await next.JoinAsync("#b", "relay");
        await next.ProveAsync("#b", "two");
        await world.OutcomeAsync(second);
    }

    [Fact]
    public async Task Ends_WhenIdle_AndComesBackForTheNextMessage()
    {
        await using var peer = ScriptedPeer.Start();
        await using var world = await StartAsync(Quick with { IdleAfter = TimeSpan.FromMilliseconds(300) });
        var url = $"irc://127.0.0.1:{peer.Port}/a";
        var first = await world.SayAsync(url, "one");
        var server = await peer.WelcomeAsync("relay");
        await server.JoinAsync("#a", "relay");
        await server.ProveAsync("#a", "one");
        await world.OutcomeAsync(first);

        await server.ExpectEventuallyAsync(l => l.StartsWith("QUIT", StringComparison.Ordinal), "QUIT");
        await server.CloseAsync();
        await Deadline.Poll(_ => Task.FromResult(world.Sessions.Snapshot().Count == 0), "the session is gone");

        var second = await world.SayAsync(url, "two");
        var next = await peer.WelcomeAsync("relay");
        await next.JoinAsync("#a", "relay");
        await next.ProveAsync("#a", "two");
        await world.OutcomeAsync(second);
    }

    private static Task<SessionWorld> StartAsync(DynamicOptions options) =>
        SessionWorld.StartAsync(new GatewayOptions { DynamicServers = ["*"], Dynamic = options });
}
