using NotifyGateway.Core;
using NotifyGateway.Core.Configuration;
using NotifyGateway.Core.Sessions;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Sessions;

/// <summary>A session against a server that does exactly what the test says.</summary>
public sealed class SessionTests
{
    [Fact]
    public async Task Delivers_AfterTheJoinWasConfirmed_AndSettlesByPong()
    {
        await using var peer = ScriptedPeer.Start();
        await using var world = await SessionWorld.StartAsync(SessionWorld.Irc(peer.Port));
        var id = await world.SayAsync("net/#ops", "early");
        var server = await peer.WelcomeAsync();
        await server.ExpectAsync("JOIN #ops");
        await server.SendAsync("PING :are you there");
        await server.ExpectAsync("PONG :are you there");
        await server.SendAsync($":gateway!gateway@{IrcScript.Host} JOIN :#ops");
        var token = await server.MessageAsync("#ops", "early");

        Assert.Equal(DeliveryStatus.Queued, (await world.Outbox.FindAsync(id, default))!.Deliveries[0].Status);
        await server.PongAsync(token);

        var outcome = await world.OutcomeAsync(id);
        Assert.Equal(Outcome.Delivered(Proof.Pong), outcome.Outcome);
        Assert.Equal(1, outcome.Attempts);
        Assert.Equal(SessionState.Online, world.Status.State);
        Assert.Equal("gateway", world.Status.Nick);
    }

    [Fact]
    public async Task Repeats_AfterALostLink_OnlyWhatWasNotProved_InOrder()
    {
        await using var peer = ScriptedPeer.Start();
        await using var world = await SessionWorld.StartAsync(SessionWorld.Irc(peer.Port));
        var ids = new List<Guid>();
        for (var i = 1; i <= 4; i++)
        {
            ids.Add(await world.SayAsync("net/#ops", $"line {i}"));
        }

        var server = await peer.WelcomeAsync();
        await server.JoinAsync("#ops");
        await server.ProveAsync("#ops", "line 1");
        await world.OutcomeAsync(ids[0]);
        await server.MessageAsync("#ops", "line 2");
        await server.MessageAsync("#ops", "line 3");
        await server.ResetAsync();

        var next = await peer.WelcomeAsync();
        await next.JoinAsync("#ops");
        for (var i = 2; i <= 4; i++)
        {
            await next.ProveAsync("#ops", $"line {i}");
            Assert.Equal(DeliveryStatus.Delivered, (await world.OutcomeAsync(ids[i - 1])).Outcome.Status);
        }
    }

    [Fact]
    public async Task Rejoins_AfterAKickOfOurselves_AndSendsAgainWhatWasRefused()
    {
        await using var peer = ScriptedPeer.Start();
        await using var world = await SessionWorld.StartAsync(SessionWorld.Irc(peer.Port));
        var server = await peer.WelcomeAsync();
        await server.JoinAsync("#ops");
        var id = await world.SayAsync("net/#ops", "in flight");
        var token = await server.MessageAsync("#ops", "in flight");
        await server.SendAsync(":op!o@h KICK #ops gateway :not you", ":srv 404 gateway #ops :Cannot send to channel");
        await server.PongAsync(token);

        await world.StateAsync(s => s.Channels[0] is { State: ChannelState.Parked, Reason: "kicked by op: not you" }, "the kick stands in the status");
        await server.JoinAsync("#ops");
        await server.ProveAsync("#ops", "in flight");
        Assert.Equal(DeliveryStatus.Delivered, (await world.OutcomeAsync(id)).Outcome.Status);
    }

    [Fact]
    public async Task Keeps_EverythingWhenSomebodyElseIsKicked()
    {
        await using var peer = ScriptedPeer.Start();
        await using var world = await SessionWorld.StartAsync(SessionWorld.Irc(peer.Port));
        var server = await peer.WelcomeAsync();
        await server.JoinAsync("#ops");
        await server.SendAsync(":op!o@h KICK #ops other :not you");
        var id = await world.SayAsync("net/#ops", "still here");
        await server.ProveAsync("#ops", "still here");
        Assert.Equal(Proof.Pong, (await world.OutcomeAsync(id)).Outcome.Proof);
    }

    [Fact]
    public async Task Parks_ARefusedChannel_WithTheServersWords_WhileOthersGoOn()
    {
        await using var peer = ScriptedPeer.Start();
        var network = SessionWorld.Irc(peer.Port) with { Channels = [new() { Name = "#ops" }, new() { Name = "#closed" }], JoinRetry = TimeSpan.FromSeconds(1) };
        await using var world = await SessionWorld.StartAsync(network);
        var server = await peer.WelcomeAsync();
        await server.JoinAsync("#ops");
        await server.ExpectAsync("JOIN #closed");
        await server.SendAsync(":srv 473 gateway #closed :Cannot join channel (+i)");
        var waits = await world.SayAsync("net/#closed", "later");
        var goes = await world.SayAsync("net/#ops", "now");
        await server.ProveAsync("#ops", "now");
        await world.OutcomeAsync(goes);

        var receipt = (await world.Outbox.FindAsync(waits, default))!.Deliveries[0];
        Assert.Equal((DeliveryStatus.Queued, "473 Cannot join channel (+i)"), (receipt.Status, receipt.Reason));
        Assert.Equal(new ChannelStatus("#closed", ChannelState.Parked, "473 Cannot join channel (+i)") { Listed = true }, world.Status.Channels[0]);

        await server.JoinAsync("#closed");
        await server.ProveAsync("#closed", "later");
        Assert.Null((await world.OutcomeAsync(waits)).Outcome.Reason);
    }

    [Fact]
    public async Task Fails_WhatTheServerRefuses_WithItsNumberAndWords()
    {
        await using var peer = ScriptedPeer.Start();
        await using var world = await SessionWorld.StartAsync(SessionWorld.Irc(peer.Port));
        var server = await peer.WelcomeAsync();
        await server.JoinAsync("#ops");
        var id = await world.SayAsync("net/nobody", "hello?");
        var token = await server.MessageAsync("nobody", "hello?");
        await server.SendAsync(":srv 401 gateway nobody :No such nick/channel");
        await server.PongAsync(token);
        Assert.Equal(Outcome.Failed("401 No such nick/channel"), (await world.OutcomeAsync(id)).Outcome);
    }

    [Fact]
    public async Task Fails_WhatGoesToAChannelThatCannotBe()
    {
        await using var peer = ScriptedPeer.Start();
        await using var world = await SessionWorld.StartAsync(SessionWorld.Irc(peer.Port));
        var server = await peer.WelcomeAsync();
        await server.JoinAsync("#ops");
        var id = await world.SayAsync("net/#bad", "x");
        await server.ExpectAsync("JOIN #bad");
        await server.SendAsync(":srv 403 gateway #bad :No such channel");
        Assert.Equal(Outcome.Failed("403 No such channel"), (await world.OutcomeAsync(id)).Outcome);
    }

    [Fact]
    public async Task Opens_AFurtherConnection_WhereTheServerLimitsChannels()
    {
        await using var peer = ScriptedPeer.Start();
        await using var world = await SessionWorld.StartAsync(SessionWorld.Irc(peer.Port));
        var first = await peer.WelcomeAsync(isupport: "CHANLIMIT=#:1");
        await first.JoinAsync("#ops");
        var id = await world.SayAsync("net/#second", "there");
        var second = await peer.WelcomeAsync("gateway002", "CHANLIMIT=#:1");
        await second.JoinAsync("#second", "gateway002");
        await second.ProveAsync("#second", "there");
        await world.OutcomeAsync(id);
    }

    [Fact]
    public async Task Opens_AFurtherConnection_WhereTheServerEnforcesALimitThatItDoesNotTell()
    {
        await using var peer = ScriptedPeer.Start();
        await using var world = await SessionWorld.StartAsync(SessionWorld.Irc(peer.Port));
        var first = await peer.WelcomeAsync(isupport: "CHANLIMIT=#:20");
        await first.JoinAsync("#ops");
        var id = await world.SayAsync("net/#second", "there");
        await first.ExpectAsync("JOIN #second");
        await first.SendAsync(":srv 405 gateway #second :You have joined too many channels");
        var second = await peer.WelcomeAsync("gateway002", "CHANLIMIT=#:20");
        await second.JoinAsync("#second", "gateway002");
        await second.ProveAsync("#second", "there");
        await world.OutcomeAsync(id);
    }

    [Fact]
    public async Task Leaves_AnIdleChannel_WhereNoConnectionHasRoom()
    {
        await using var peer = ScriptedPeer.Start();
        await using var world = await SessionWorld.StartAsync(SessionWorld.Irc(peer.Port) with { MaxLinks = 1 });
        var server = await peer.WelcomeAsync(isupport: "CHANLIMIT=#:2");
        await server.JoinAsync("#ops");
        await world.SayAsync("net/#a", "one");
        await server.JoinAsync("#a");
        await server.ProveAsync("#a", "one");
        var id = await world.SayAsync("net/#b", "two");

        await world.StateAsync(s => s.Channels.Any(c => c is { Name: "#b", State: ChannelState.Parked, Reason: not null }), "#b waits and says why");
        Assert.Equal("PART #a", await server.ExpectEventuallyAsync(l => l.StartsWith("PART", StringComparison.Ordinal), "PART"));
        await server.JoinAsync("#b");
        await server.ProveAsync("#b", "two");
        await world.OutcomeAsync(id);
    }

    [Fact]
    public async Task Takes_EachChannelInItsTurn()
    {
        await using var peer = ScriptedPeer.Start();
        var network = SessionWorld.Irc(peer.Port) with { Channels = [new() { Name = "#a" }, new() { Name = "#b" }], Window = 2 };
        await using var world = await SessionWorld.StartAsync(network);
        for (var i = 0; i < 6; i++)
        {
            await world.SayAsync("net/#a", $"a{i}");
        }

        await world.SayAsync("net/#b", "b");
        var server = await peer.WelcomeAsync();
        await server.JoinAsync("#a");
        await server.JoinAsync("#b");
        for (var i = 0; i < 3; i++)
        {
            var ping = await server.ExpectEventuallyAsync(l => l.StartsWith("PING ", StringComparison.Ordinal), "a barrier");
            await server.PongAsync(ping[5..]);
        }

        await server.ExpectEventuallyAsync(l => l.StartsWith("PRIVMSG #a :a5", StringComparison.Ordinal) || l.StartsWith("PING ", StringComparison.Ordinal), "more");
        Assert.Contains("PRIVMSG #b :b", server.Received.Entries, StringComparer.Ordinal);
        Assert.DoesNotContain("PRIVMSG #a :a5", server.Received.Entries, StringComparer.Ordinal);
    }

    [Fact]
    public async Task Stands_FaultedOnARefusedPassword_AndTriesAgainOnCommand()
    {
        await using var peer = ScriptedPeer.Start();
        await using var world = await SessionWorld.StartAsync(SessionWorld.Irc(peer.Port) with { ServerPassword = "geheim-123" });
        var server = await peer.AcceptAsync();
        await server.ExpectEventuallyAsync(l => l.StartsWith("PASS geheim-123", StringComparison.Ordinal), "PASS");
        await server.SendAsync(":srv 464 * :Password incorrect");
        await world.StateAsync(s => s is { State: SessionState.Faulted, LastError: "464 Password incorrect", NextAttemptAt: not null }, "faulted");
        Assert.True(world.Sessions.Reconnect("NET"));
        await peer.AcceptAsync();
        Assert.False(world.Sessions.Reconnect("other"));
        Assert.DoesNotContain("geheim-123", world.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Comes_BackWithTheServer_AndShowsWhyItWaits()
    {
        var port = FreePort.Next();
        await using var world = await SessionWorld.StartAsync(SessionWorld.Irc(port));
        var id = await world.SayAsync("net/#ops", "patience");
        await world.StateAsync(s => s.State == SessionState.Waiting && s.LastError!.Contains("refused", StringComparison.Ordinal), "waiting");
        Assert.Contains("refused", (await world.Outbox.FindAsync(id, default))!.Deliveries[0].Reason, StringComparison.Ordinal);
        await using var peer = ScriptedPeer.Start(port);
        var server = await peer.WelcomeAsync();
        await server.JoinAsync("#ops");
        await server.ProveAsync("#ops", "patience");
        await world.OutcomeAsync(id);
        Assert.Null(world.Status.LastError);
    }

    [Fact]
    public async Task Notices_ASilentServer()
    {
        await using var peer = ScriptedPeer.Start();
        await using var world = await SessionWorld.StartAsync(
            SessionWorld.Irc(peer.Port) with { PingInterval = TimeSpan.FromMilliseconds(200), PingTimeout = TimeSpan.FromMilliseconds(200) });
        var server = await peer.WelcomeAsync();
        await server.JoinAsync("#ops");
        await server.ExpectEventuallyAsync(l => l.StartsWith("PING ", StringComparison.Ordinal), "a question");
        await server.Closed.Within();
        await peer.WelcomeAsync();
        Assert.Contains("silent", world.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stops_OnlyWhenWhatIsInFlightIsSettled()
    {
        await using var peer = ScriptedPeer.Start();
        await using var world = await SessionWorld.StartAsync(SessionWorld.Irc(peer.Port));
        var server = await peer.WelcomeAsync();
        await server.JoinAsync("#ops");
        var id = await world.SayAsync("net/#ops", "last words");
        var token = await server.MessageAsync("#ops", "last words");
        var stopped = world.Sessions.StopAsync(CancellationToken.None);
        await server.PongAsync(token);
        await server.ExpectAsync("QUIT :gateway stopped");
        await server.CloseAsync();
        await stopped.Within();
        Assert.Equal(DeliveryStatus.Delivered, (await world.OutcomeAsync(id)).Outcome.Status);
    }

    [Fact]
    public async Task Stops_WithoutTheProof_WhenTheTimeIsOver_AndKeepsTheDelivery()
    {
        await using var peer = ScriptedPeer.Start();
        await using var world = await SessionWorld.StartAsync(SessionWorld.Irc(peer.Port));
        var server = await peer.WelcomeAsync();
        await server.JoinAsync("#ops");
        var id = await world.SayAsync("net/#ops", "unproved");
        await server.MessageAsync("#ops", "unproved");
        using var over = new CancellationTokenSource();
        var stopped = world.Sessions.StopAsync(over.Token);
        await over.CancelAsync();
        await stopped.Within();
        Assert.Equal(DeliveryStatus.Queued, (await world.Outbox.FindAsync(id, default))!.Deliveries[0].Status);
    }
}
