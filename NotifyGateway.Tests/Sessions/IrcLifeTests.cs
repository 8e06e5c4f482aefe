using NotifyGateway.Core;
using NotifyGateway.Core.Configuration;
using NotifyGateway.Core.Sessions;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Sessions;

/// <summary>What a network does to those who live on it, and that a session comes back by itself.</summary>
public sealed class IrcLifeTests
{
    [Fact]
    public async Task Invitation_EndsTheWaitOfARefusedChannel()
    {
        await using var peer = ScriptedPeer.Start();
        var network = SessionWorld.Irc(peer.Port) with { JoinRetry = TimeSpan.FromHours(1), JoinAttempts = 1 };
        await using var world = await SessionWorld.StartAsync(network);
        var server = await peer.WelcomeAsync();
        await server.ExpectAsync("JOIN #ops");
        await server.SendAsync(":srv 473 gateway #ops :Cannot join channel (+i)");
        var id = await world.SayAsync("net/#ops", "held");
        await world.StateAsync(s => s.Channels[0] is { State: ChannelState.Parked, Reason: "473 Cannot join channel (+i)" }, "the refusal stands in the status");

        await server.SendAsync(":alice!a@b INVITE gateway #elsewhere", ":alice!a@b INVITE gateway #ops");
        await server.JoinAsync("#ops");
        await server.ProveAsync("#ops", "held");
        Assert.Equal(DeliveryStatus.Delivered, (await world.OutcomeAsync(id)).Outcome.Status);
    }

    [Fact]
    public async Task Forwarded_MessagesStayHome()
    {
        await using var peer = ScriptedPeer.Start();
        await using var world = await SessionWorld.StartAsync(SessionWorld.Irc(peer.Port));
        var id = await world.SayAsync("net/#ops", "for #ops alone");
        var server = await peer.WelcomeAsync();
        await server.ExpectAsync("JOIN #ops");
        await server.SendAsync(":srv 470 gateway #ops ##overflow :Forwarding to another channel", $":gateway!gateway@{IrcScript.Host} JOIN ##overflow");
        await server.ExpectAsync("PART ##overflow");
        await server.SendAsync($":gateway!gateway@{IrcScript.Host} PART ##overflow");
        await world.StateAsync(s => s.Channels is [{ Name: "#ops", Reason: "470 forwarded to ##overflow" }], "the forward stands in the status");

        await server.JoinAsync("#ops");
        await server.ProveAsync("#ops", "for #ops alone");
        await world.OutcomeAsync(id);
    }

    [Fact]
    public async Task ComesBack_AfterAnOperatorsKill()
    {
        await using var peer = ScriptedPeer.Start();
        await using var world = await SessionWorld.StartAsync(SessionWorld.Irc(peer.Port));
        var server = await peer.WelcomeAsync();
        await server.JoinAsync("#ops");
        var id = await world.SayAsync("net/#ops", "still wanted");
        await server.MessageAsync("#ops", "still wanted");
        await server.SendAsync(":oper!o@h KILL gateway :srv!oper (banned for today)");

        var next = await peer.WelcomeAsync();
        await next.JoinAsync("#ops");
        await next.ProveAsync("#ops", "still wanted");
        Assert.Equal(2, (await world.OutcomeAsync(id)).Attempts);
    }

    [Fact]
    public async Task ComesBack_AfterAForcedPart()
    {
        await using var peer = ScriptedPeer.Start();
        await using var world = await SessionWorld.StartAsync(SessionWorld.Irc(peer.Port));
        var server = await peer.WelcomeAsync();
        await server.JoinAsync("#ops");
        var id = await world.SayAsync("net/#ops", "still wanted");
        var token = await server.MessageAsync("#ops", "still wanted");
        await server.SendAsync($":gateway!gateway@{IrcScript.Host} PART #ops :by services", ":srv 404 gateway #ops :Cannot send to channel");
        await server.PongAsync(token);

        await world.StateAsync(s => s.Channels[0] is { State: ChannelState.Parked, Reason: "the server made us leave: by services" }, "the part stands in the status");
        await server.JoinAsync("#ops");
        await server.ProveAsync("#ops", "still wanted");
        Assert.Equal(2, (await world.OutcomeAsync(id)).Attempts);
    }

    [Fact]
    public async Task Ban_FaultsTheSession_WithTheServersWords()
    {
        await using var peer = ScriptedPeer.Start();
        await using var world = await SessionWorld.StartAsync(SessionWorld.Irc(peer.Port));
        var server = await peer.WelcomeAsync();
        await server.SendAsync("ERROR :Closing Link: gateway[127.0.0.1] (K-Lined)");
        await world.StateAsync(s => s is { State: SessionState.Faulted, LastError: "Closing Link: gateway[127.0.0.1] (K-Lined)" }, "the ban stands in the status");
    }

    [Fact]
    public async Task Throttling_IsWaitedFor()
    {
        await using var peer = ScriptedPeer.Start();
        await using var world = await SessionWorld.StartAsync(SessionWorld.Irc(peer.Port));
        var server = await peer.AcceptAsync();
        await server.SendAsync("ERROR :Trying to reconnect too fast.");
        await world.StateAsync(s => s is { State: SessionState.Waiting, LastError: "Trying to reconnect too fast." } && s.NextAttemptAt > DateTimeOffset.UtcNow.AddMinutes(4), "it waits long");
    }

    [Fact]
    public async Task Greets_WhatIsConfigured_AndSetsItsModes()
    {
        await using var peer = ScriptedPeer.Start();
        var network = SessionWorld.Irc(peer.Port) with { Channels = [new() { Name = "#Ops", Greeting = "Alerts come here." }], MessageType = IrcMessageType.Notice };
        await using var world = await SessionWorld.StartAsync(network);
        var id = await world.SayAsync("net/#ops", "first");
        var server = await peer.WelcomeAsync(isupport: "BOT=B DEAF=D");
        await server.ExpectAsync("MODE gateway +B");
        await server.ExpectAsync("MODE gateway +D");
        await server.JoinAsync("#Ops");
        await server.ExpectAsync("NOTICE #Ops :Alerts come here.");
        var greeted = await server.ExpectAsync(l => l.StartsWith("PING ", StringComparison.Ordinal), "the greeting's barrier");
        await server.PongAsync(greeted[5..]);
        await server.ExpectAsync("NOTICE #Ops :first");
        await server.PongAsync((await server.ExpectAsync(l => l.StartsWith("PING ", StringComparison.Ordinal), "the barrier"))[5..]);
        Assert.Equal(DeliveryStatus.Delivered, (await world.OutcomeAsync(id)).Outcome.Status);
    }

    [Fact]
    public async Task NewKey_IsUsed_AndStandsInNoLog()
    {
        await using var peer = ScriptedPeer.Start();
        var network = SessionWorld.Irc(peer.Port) with { Channels = [new() { Name = "#ops", Key = "oldKey" }] };
        await using var world = await SessionWorld.StartAsync(network);
        var server = await peer.WelcomeAsync();
        await server.JoinAsync("#ops", key: "oldKey");
        await server.SendAsync(":alice!a@b MODE #ops +k newKey", ":alice!a@b KICK #ops gateway :come again");
        await server.JoinAsync("#ops", key: "newKey");
        await world.StateAsync(s => s.Channels[0].State == ChannelState.Joined, "it is in again");
        Assert.DoesNotContain("Key", world.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OnARealServer_ComesBack_FromAKick_ANewKey_AnInvitation_AndAKill()
    {
        await using var ngircd = await NgircdServer.StartAsync();
        await using var op = await IrcWatcher.ConnectAsync(ngircd.Port, "op", "#ops");
        var network = SessionWorld.Irc(ngircd.Port) with { Channels = [new() { Name = "#ops", Greeting = "Alerts come here." }], JoinAttempts = 2 };
        await using var world = await SessionWorld.StartAsync(network);
        await ReachesAsync("at first", time: 1);

        await op.ModeAsync("#ops", "+k newKey");
        await op.KickAsync("#ops", "gateway");
        await ReachesAsync("with the new key", time: 2);

        await op.ModeAsync("#ops", "+i");
        await op.KickAsync("#ops", "gateway");
        await world.StateAsync(s => s.Channels[0] is { State: ChannelState.Parked, Reason: ['4', '7', '3', ..] }, "the channel is closed to us");
        await op.SendAsync("INVITE gateway #ops");
        await ReachesAsync("by invitation", time: 3);

        // A key is forgotten with the connection.
        await op.ModeAsync("#ops", "-ik newKey");
        await op.OperAsync("oper", "operpw");
        await op.SendAsync("KILL gateway :banned, too fast");
        await ReachesAsync("after the kill", time: 4);

        async Task ReachesAsync(string text, int time)
        {
            // Each time that we have come in: without +n the server would take messages from outside too.
            await op.Messages.CollectAsync(m => string.Equals(m.Text, "Alerts come here.", StringComparison.Ordinal), time, $"greeting {time}");
            Assert.Equal(DeliveryStatus.Delivered, (await world.OutcomeAsync(await world.SayAsync("net/#ops", text))).Outcome.Status);
        }
    }
}
