using NotifyGateway.Core;
using NotifyGateway.Core.Configuration;
using NotifyGateway.Core.Sessions;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Sessions;

/// <summary>A channel that refuses us, and another that takes what was meant for it.</summary>
public sealed class FallbackTests
{
    private const string Refusal = ":srv 473 gateway #closed :Cannot join channel (+i)";
    private const string Reason = "473 Cannot join channel (+i)";

    private static IrcOptions Network(ScriptedPeer peer) => SessionWorld.Irc(peer.Port) with
    {
        Channels = [],
        FallbackChannel = "#ops",
        JoinAttempts = 1,
    };

    private static async Task<DeliveryReceipt> ReceiptAsync(SessionWorld world, Guid id) => (await world.Outbox.FindAsync(id, default))!.Deliveries[0];

    [Fact]
    public async Task Tells_InTheFallback_WhatWaitsAndWhatComes_InOrder_WithTheChannelsName()
    {
        await using var peer = ScriptedPeer.Start();
        await using var world = await SessionWorld.StartAsync(Network(peer));
        var server = await peer.WelcomeAsync();
        var first = await world.SayAsync("net/#closed", "one\ntwo");
        await server.ExpectAsync("JOIN #closed");
        await server.SendAsync(Refusal);
        await server.JoinAsync("#ops");
        await server.ExpectAsync("PRIVMSG #ops :[#closed] one");
        await server.ProveAsync("#ops", "two");
        Assert.Equal((DeliveryStatus.Delivered, $"told in #ops: {Reason}"), ((await world.OutcomeAsync(first)).Outcome.Status, (await ReceiptAsync(world, first)).Reason));

        var second = await world.SayAsync("net/#closed", "three");
        await server.ProveAsync("#ops", "[#closed] three");
        await world.OutcomeAsync(second);
        var own = await world.SayAsync("net/#ops", "mine");
        await server.ProveAsync("#ops", "mine");
        Assert.Null((await world.OutcomeAsync(own)).Outcome.Reason);
        Assert.Equal(
            [new ChannelStatus("#closed", ChannelState.Parked, Reason), new ChannelStatus("#ops", ChannelState.Joined, null)], world.Status.Channels);
    }

    [Fact]
    public async Task Waits_ForSoManyRefusals_BeforeItGoesElsewhere()
    {
        await using var peer = ScriptedPeer.Start();
        await using var world = await SessionWorld.StartAsync(Network(peer) with { JoinAttempts = 3 });
        var server = await peer.WelcomeAsync();
        await world.SayAsync("net/#closed", "patience");
        for (var i = 0; i < 3; i++)
        {
            await server.ExpectAsync("JOIN #closed");
            await server.SendAsync(Refusal);
        }

        await server.JoinAsync("#ops");
        await server.ProveAsync("#ops", "[#closed] patience");
    }

    [Fact]
    public async Task Uses_TheListedChannel_WithItsKey()
    {
        await using var peer = ScriptedPeer.Start();
        await using var world = await SessionWorld.StartAsync(Network(peer) with { Channels = [new() { Name = "#Ops", Key = "k3y" }] });
        var server = await peer.WelcomeAsync();
        await server.JoinAsync("#Ops", key: "k3y");
        var id = await world.SayAsync("net/#closed", "one");
        await server.ExpectAsync("JOIN #closed");
        await server.SendAsync(Refusal);
        await server.ProveAsync("#Ops", "[#closed] one");
        Assert.Equal($"told in #Ops: {Reason}", (await world.OutcomeAsync(id)).Outcome.Reason);
    }

    [Fact]
    public async Task Uses_AFallbackOnAnotherConnection()
    {
        await using var peer = ScriptedPeer.Start();
        await using var world = await SessionWorld.StartAsync(Network(peer) with { Channels = [new() { Name = "#full" }] });
        var first = await peer.WelcomeAsync(isupport: "CHANLIMIT=#:1");
        await first.JoinAsync("#full");
        var id = await world.SayAsync("net/#closed", "over there");
        var second = await peer.WelcomeAsync("gateway002", "CHANLIMIT=#:1");
        await second.ExpectAsync("JOIN #closed");
        await second.SendAsync(":srv 473 gateway002 #closed :Cannot join channel (+i)");
        await second.JoinAsync("#ops", "gateway002");
        await second.ProveAsync("#ops", "[#closed] over there");
        Assert.Equal(DeliveryStatus.Delivered, (await world.OutcomeAsync(id)).Outcome.Status);
    }

    [Fact]
    public async Task Tries_TheChannelAgain_WhenTheBlockIsOver_AndSaysTheRestThere()
    {
        await using var peer = ScriptedPeer.Start();
        await using var world = await SessionWorld.StartAsync(Network(peer) with { Channels = [new() { Name = "#closed" }], JoinRetryAfter = TimeSpan.FromMilliseconds(400), Window = 1 });
        var server = await peer.WelcomeAsync();
        await world.SayAsync("net/#closed", "one");
        await server.ExpectAsync("JOIN #closed");
        await server.SendAsync(Refusal);
        await server.JoinAsync("#ops");
        var token = await server.MessageAsync("#ops", "[#closed] one");

        var later = await world.SayAsync("net/#closed", "two");
        await server.JoinAsync("#closed");
        await server.PongAsync(token);
        await server.ProveAsync("#closed", "two");
        Assert.Null((await world.OutcomeAsync(later)).Outcome.Reason);
        Assert.Equal(new ChannelStatus("#closed", ChannelState.Joined, null) { Listed = true }, world.Status.Channels[0]);
    }

    [Fact]
    public async Task Goes_ElsewhereAtOnce_WhenItIsRefusedOnceMoreAfterTheBlock()
    {
        await using var peer = ScriptedPeer.Start();
        await using var world = await SessionWorld.StartAsync(Network(peer) with { JoinAttempts = 2, JoinRetryAfter = TimeSpan.FromMilliseconds(400) });
        var server = await peer.WelcomeAsync();
        await world.SayAsync("net/#closed", "one");
        await server.ExpectAsync("JOIN #closed");
        await server.SendAsync(Refusal);
        await server.ExpectAsync("JOIN #closed");
        await server.SendAsync(Refusal);
        await server.JoinAsync("#ops");
        await server.ProveAsync("#ops", "[#closed] one");
        await world.StateAsync(s => s.Channels.All(c => c.Name != "#closed" || c.State != ChannelState.Parked), "the block is over");
        var id = await world.SayAsync("net/#closed", "two");
        await server.ExpectAsync("JOIN #closed");
        await server.SendAsync(Refusal);
        await server.ProveAsync("#ops", "[#closed] two");
        await world.OutcomeAsync(id);
    }

    [Fact]
    public async Task Waits_AsWithoutAFallback_WhenThatIsRefusedToo()
    {
        await using var peer = ScriptedPeer.Start();
        await using var world = await SessionWorld.StartAsync(Network(peer));
        var server = await peer.WelcomeAsync();
        var id = await world.SayAsync("net/#closed", "one");
        await server.ExpectAsync("JOIN #closed");
        await server.SendAsync(Refusal);
        await server.ExpectAsync("JOIN #ops");
        await server.SendAsync(":srv 474 gateway #ops :Cannot join channel (+b)");
        await world.StateAsync(s => s.Channels is [_, { Name: "#ops", State: ChannelState.Parked }], "both are parked");
        var waiting = await ReceiptAsync(world, id);
        Assert.Equal((DeliveryStatus.Queued, Reason), (waiting.Status, waiting.Reason));
    }

    [Fact]
    public async Task Waits_WhenTheFallbackTakesNoMessages()
    {
        await using var peer = ScriptedPeer.Start();
        await using var world = await SessionWorld.StartAsync(Network(peer));
        var server = await peer.WelcomeAsync();
        var id = await world.SayAsync("net/#closed", "one");
        await server.ExpectAsync("JOIN #closed");
        await server.SendAsync(Refusal);
        await server.JoinAsync("#ops");
        for (var i = 0; i < 2; i++)
        {
            var token = await server.ExpectEventuallyAsync(l => l == "PRIVMSG #ops :[#closed] one", "the message");
            var ping = await server.ExpectAsync(l => l.StartsWith("PING ", StringComparison.Ordinal), "the barrier");
            await server.SendAsync(":srv 404 gateway #ops :Cannot send to channel (+m)");
            await server.PongAsync(ping[5..]);
            if (i == 0)
            {
                await server.ExpectAsync("JOIN #ops");
                var verify = await server.ExpectAsync(l => l.StartsWith("PING ", StringComparison.Ordinal), "the JOIN's barrier");
                await server.PongAsync(verify[5..]);
            }
        }

        await Deadline.Poll(async _ => await ReceiptAsync(world, id) is { Status: DeliveryStatus.Queued, Reason: Reason, Attempts: 2 }, "it waits again");
    }

    [Fact]
    public async Task Tells_InTheFallback_WhatGoesToAChannelThatCannotBe()
    {
        await using var peer = ScriptedPeer.Start();
        await using var world = await SessionWorld.StartAsync(Network(peer) with { JoinAttempts = 10 });
        var server = await peer.WelcomeAsync();
        var id = await world.SayAsync("net/#bad", "x");
        await server.ExpectAsync("JOIN #bad");
        await server.SendAsync(":srv 403 gateway #bad :No such channel");
        await server.JoinAsync("#ops");
        await server.ProveAsync("#ops", "[#bad] x");
        Assert.Equal("told in #ops: 403 No such channel", (await world.OutcomeAsync(id)).Outcome.Reason);
    }

    [Fact]
    public async Task Fails_WhatIsForTheFallback_WhenThatCannotBe()
    {
        await using var peer = ScriptedPeer.Start();
        await using var world = await SessionWorld.StartAsync(Network(peer));
        var server = await peer.WelcomeAsync();
        var id = await world.SayAsync("net/#ops", "x");
        await server.ExpectAsync("JOIN #ops");
        await server.SendAsync(":srv 403 gateway #ops :No such channel");
        Assert.Equal(Outcome.Failed("403 No such channel"), (await world.OutcomeAsync(id)).Outcome);
    }

    [Fact]
    public async Task Repeats_ThroughTheFallback_WhatALostLinkDidNotProve()
    {
        await using var peer = ScriptedPeer.Start();
        await using var world = await SessionWorld.StartAsync(Network(peer));
        var server = await peer.WelcomeAsync();
        var id = await world.SayAsync("net/#closed", "one");
        await server.ExpectAsync("JOIN #closed");
        await server.SendAsync(Refusal);
        await server.JoinAsync("#ops");
        await server.MessageAsync("#ops", "[#closed] one");
        await server.ResetAsync();

        var next = await peer.WelcomeAsync();
        await next.JoinAsync("#ops");
        await next.ProveAsync("#ops", "[#closed] one");
        Assert.Equal((DeliveryStatus.Delivered, 2), ((await world.OutcomeAsync(id)).Outcome.Status, (await ReceiptAsync(world, id)).Attempts));
    }

    [Fact]
    public async Task Serves_SessionsOnDemand()
    {
        await using var peer = ScriptedPeer.Start();
        await using var world = await SessionWorld.StartAsync(new GatewayOptions
        {
            DynamicServers = ["*"],
            Dynamic = new DynamicOptions { Nick = "gateway", FallbackChannel = "#ops", JoinAttempts = 1, LinesPerSecond = 0, ConnectSpacing = TimeSpan.Zero },
        });
        var id = await world.SayAsync($"irc://127.0.0.1:{peer.Port}/closed", "one");
        var server = await peer.WelcomeAsync();
        await server.ExpectAsync("JOIN #closed");
        await server.SendAsync(Refusal);
        await server.JoinAsync("#ops");
        await server.ProveAsync("#ops", "[#closed] one");
        Assert.Equal($"told in #ops: {Reason}", (await world.OutcomeAsync(id)).Outcome.Reason);
    }
}
