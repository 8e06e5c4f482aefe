using NotifyGateway.Core;
using NotifyGateway.Core.Configuration;
using NotifyGateway.Core.Routing;
using NotifyGateway.Core.Sessions;
using NotifyGateway.Core.Sessions.Srv;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Sessions;

/// <summary>How a message would be written: what is told is what is sent.</summary>
public sealed class PreviewTests
{
    private static readonly string Long = string.Join(' ', Enumerable.Repeat("eleven char", 90));

    [Fact]
    public async Task TellsTheLinesThatAreSent_ByTheConnectionsOwnRules()
    {
        await using var peer = ScriptedPeer.Start();
        await using var world = await SessionWorld.StartAsync(SessionWorld.Irc(peer.Port));
        var message = Message(Long);
        var before = await PreviewAsync(world, message, "net/#ops");
        Assert.False(before!.Connected);
        Assert.Equal(3, before.Lines.Count);

        var server = await peer.WelcomeAsync(isupport: "LINELEN=1024");
        await server.JoinAsync("#ops");
        await world.StateAsync(s => s.Channels.Any(c => c.State == ChannelState.Joined), "joined");
        var preview = await PreviewAsync(world, message, "net/#ops");
        Assert.True(preview!.Connected);
        Assert.Equal(2, preview.Lines.Count);
        Assert.Equal(0, world.Status.Queued);

        await world.SayAsync("net/#ops", Long);
        foreach (var line in preview.Lines)
        {
            // A barrier may stand between two lines.
            var written = await server.ServeUntilAsync(l => l.StartsWith("PRIVMSG ", StringComparison.Ordinal), "the next line");
            Assert.Equal(line, written);
        }
    }

    [Fact]
    public async Task TellsWhatTheLogAndAProgramGet()
    {
        var options = new GatewayOptions
        {
            Programs = new Dictionary<string, ProgramOptions>(StringComparer.Ordinal) { ["cat"] = new() { Command = ["/bin/cat"] } },
        };
        await using var world = await SessionWorld.StartAsync(options);
        var message = Message("one\ntwo") with { Title = "T" };
        var router = new Router(options);
        Assert.Equal(["T", "one", "two"], (await PreviewAsync(world, message, "program:cat", router))!.Lines);
        Assert.Equal(["T: one | two"], (await PreviewAsync(world, message, "log", router))!.Lines);
    }

    [Fact]
    public void TellsTheBodiesOfXmppStanzas()
    {
        var settings = XmppSessions.Configured("work", new XmppOptions { Jid = "bot@example.org", Password = "x" }, null, new XmppServers(null!, Random.Shared));
        var protocol = settings.CreateProtocol(1);
        Assert.Equal(["T\nshort"], protocol.Preview(Message("short") with { Title = "T" }, "xmpp:alice@example.org", ""));
        Assert.Equal(["[2h late] T\nshort"], protocol.Preview(Message("short") with { Title = "T" }, "xmpp:alice@example.org", "[2h late] "));
        var pieces = protocol.Preview(Message(string.Join('\n', Enumerable.Repeat(Long, 20))), "xmpp:alice@example.org", "");
        Assert.InRange(pieces.Count, 2, 10);
        Assert.Equal(0, protocol.InFlight);
        Assert.Equal(0, protocol.Output.Bytes.WrittenCount);
    }

    [Fact]
    public async Task KnowsNothing_OfASessionThatIsNoMore()
    {
        await using var peer = ScriptedPeer.Start();
        await using var world = await SessionWorld.StartAsync(SessionWorld.Irc(peer.Port));
        Assert.Null(await world.Sessions.PreviewAsync(Message("x"), new Destination(new SessionKey("gone"), "#ops", "#ops", "gone/#ops"), null, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("log", "[30m late] x", "[3h late] x")]
    [InlineData("program:cat", "[30m late] x", "[3h late] x")]
    [InlineData("net/#ops", "PRIVMSG #ops :[30m late] x", "PRIVMSG #ops :[3h late] x")]
    public async Task WhatIsLate_BeginsWithItsAge_AsItWasWhenItEnded_OrAsItIsNow(string to, string ended, string now)
    {
        await using var peer = ScriptedPeer.Start();
        var time = new ManualTime();
        var options = new GatewayOptions
        {
            Irc = new Dictionary<string, IrcOptions>(StringComparer.Ordinal) { [SessionWorld.Network] = SessionWorld.Irc(peer.Port) },
            Programs = new Dictionary<string, ProgramOptions>(StringComparer.Ordinal) { ["cat"] = new() { Command = ["/bin/cat"] } },
        };
        await using var world = await SessionWorld.PrepareAsync(options, time);
        world.Sessions.Start();
        var router = new Router(options);
        var accepted = time.GetUtcNow();
        var message = Message("x") with { AcceptedAt = accepted };
        Assert.Equal([now.Replace("[3h late] ", "", StringComparison.Ordinal)], (await PreviewAsync(world, message, to, router))!.Lines);

        time.Advance(TimeSpan.FromHours(3.5));
        Assert.Equal([now], (await PreviewAsync(world, message, to, router))!.Lines);
        Assert.Equal([ended], (await PreviewAsync(world, message, to, router, accepted + TimeSpan.FromMinutes(30)))!.Lines);
        Assert.DoesNotContain("late", Assert.Single((await PreviewAsync(world, message, to, router, accepted + TimeSpan.FromMinutes(5)))!.Lines), StringComparison.Ordinal);
    }

    private static Task<MessagePreview?> PreviewAsync(SessionWorld world, Notification message, string to, Router? router = null, DateTimeOffset? ended = null)
    {
        var place = router?.Resolve(Addressing.Named(to)).Destinations.Single() ?? new Destination(new SessionKey("net"), "#ops", "#ops key", to);
        return world.Sessions.PreviewAsync(message, place, ended, TestContext.Current.CancellationToken).AsTask().Within();
    }

    private static Notification Message(string text) => new()
    {
        Id = Guid.NewGuid(),
        Client = "test",
        Input = "test",
        Text = text,
        AcceptedAt = DateTimeOffset.UtcNow,
        ExpiresAt = DateTimeOffset.UtcNow.AddHours(1),
    };
}
