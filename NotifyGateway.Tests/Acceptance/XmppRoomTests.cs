using System.Text.Json.Nodes;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Acceptance;

/// <summary>What happens to us in rooms of a real XMPP server, and at their doors.</summary>
public abstract class XmppRoomTests(XmppHouse house)
{
    [Fact]
    public async Task WrongPassword_IsShown_AndHoldsUpNobodyElse()
    {
        var stuck = await house.Gateway.PostAsync($"work/{XmppHouse.Keyed}?join", "not yet", wait: 1);
        var session = await house.Gateway.SessionAsync("work", s => StateOf(s, XmppHouse.Keyed)?.Text("state") == "parked", "is refused by the room");
        var other = await house.Gateway.PostAsync($"work/{XmppHouse.Open}?join", "meanwhile", wait: 10);
        var right = await house.Gateway.PostAsync($"direct/{XmppHouse.Keyed}?join", "with the right one", wait: 10);

        Assert.Equal("queued", stuck.Text("status"));
        Assert.Contains("not-authorized", StateOf(session, XmppHouse.Keyed)!.Text("reason"), StringComparison.Ordinal);
        Assert.Equal("joined", StateOf(session, XmppHouse.Open)!.Text("state"));
        Assert.Equal("delivered", other.Text("status"));
        Assert.Equal("delivered", right.Text("status"));
    }

    [Fact]
    public async Task MembersOnly_IsShown_UntilWeAreOne()
    {
        const string Room = "members@conference.localhost";
        await house.Watcher.JoinAsync(Room, "watcher", ("muc#roomconfig_membersonly", "1"));
        var message = await house.Gateway.PostAsync($"work/{Room}?join", "at last");
        var session = await house.Gateway.SessionAsync("work", s => StateOf(s, Room)?.Text("state") == "parked", "is refused by the room");
        var other = await house.Gateway.PostAsync($"work/{XmppHouse.Open}?join", "meanwhile", wait: 10);
        await house.Watcher.AffiliateAsync(Room, "work@localhost", "member");

        Assert.StartsWith("registration-required: the room is for members only", StateOf(session, Room)!.Text("reason"), StringComparison.Ordinal);
        Assert.Equal("delivered", other.Text("status"));
        var settled = await house.Gateway.SettledAsync(message.Text("id")!);
        Assert.True(settled.Text("status") == "delivered", settled.ToJsonString());
    }

    [Fact]
    public async Task Banned_IsShown_UntilItIsOver()
    {
        const string Room = "bans@conference.localhost";
        await house.Watcher.JoinAsync(Room, "watcher");
        await house.Gateway.PostAsync($"work/{Room}?join", "first", wait: 10);
        await house.Watcher.AffiliateAsync(Room, "work@localhost", "outcast", "too loud");
        var message = await house.Gateway.PostAsync($"work/{Room}?join", "again");
        var session = await house.Gateway.SessionAsync("work", s => StateOf(s, Room)?.Text("reason")?.StartsWith("forbidden", StringComparison.Ordinal) == true, "is refused by the room");
        // Whom it has pardoned (none) ejabberd lets in, but not speak.
        await house.Watcher.AffiliateAsync(Room, "work@localhost", "member");

        Assert.StartsWith("forbidden: banned from the room", StateOf(session, Room)!.Text("reason"), StringComparison.Ordinal);
        Assert.Equal("parked", StateOf(session, Room)!.Text("state"));
        Assert.Contains("too loud", house.Gateway.Log, StringComparison.Ordinal);
        var settled = await house.Gateway.SettledAsync(message.Text("id")!);
        Assert.True(settled.Text("status") == "delivered", settled.ToJsonString());
        Assert.Equal(["first", "again"], (await house.Watcher.MessagesAsync($"{Room}/work", 2)).Select(m => m.Body));
    }

    [Fact]
    public async Task TakenNick_HasANumber()
    {
        const string Room = "taken@conference.localhost";
        await house.Watcher.JoinAsync(Room, "work");
        var message = await house.Gateway.PostAsync($"work/{Room}?join", "who am I", wait: 10);

        Assert.Equal(("delivered", "reflection"), (message.Text("status"), message.Delivery().Text("proof")));
        await house.Watcher.Messages.FirstAsync(m => m is { From: Room + "/work2", Body: "who am I" }, "the message");
    }

    [Fact]
    public async Task Kicked_ComesBackAndSaysWhatItHas()
    {
        await house.Gateway.JoinedAsync("direct", XmppHouse.Open);
        await house.Watcher.KickAsync(XmppHouse.Open, "direct", "go away");
        var message = await house.Gateway.PostAsync($"direct/{XmppHouse.Open}?join", "back again", wait: 10);

        Assert.Equal("delivered", message.Text("status"));
    }

    [Fact]
    public async Task DestroyedRoom_IsTold_WithItsSuccessor()
    {
        const string Room = "old@conference.localhost";
        await house.Watcher.JoinAsync(Room, "watcher");
        await house.Gateway.PostAsync($"work/{Room}?join", "here", wait: 10);
        await house.Watcher.DestroyAsync(Room, "new@conference.localhost", "we have moved");
        await house.Gateway.Process.Process.Output.FirstAsync(
            l => l.Contains(Room, StringComparison.Ordinal) && l.Contains("the room was destroyed, it is now new@conference.localhost: we have moved", StringComparison.Ordinal), "what has happened");
    }

    /// <summary>Nobody could come into a room that stayed locked.</summary>
    [Fact]
    public async Task NewRoom_IsUnlocked()
    {
        const string Room = "fresh@conference.localhost";
        var first = await house.Gateway.PostAsync($"work/{Room}?join", "to nobody", wait: 10);
        await house.Watcher.JoinAsync(Room, "watcher");
        var second = await house.Gateway.PostAsync($"work/{Room}?join", "to somebody", wait: 10);

        Assert.Equal(("delivered", "delivered"), (first.Text("status"), second.Text("status")));
        await house.Watcher.Messages.FirstAsync(m => m is { From: Room + "/work", Body: "to somebody" }, "the message");
    }

    [Fact]
    public async Task TwoNicksInOneRoom_AreTwoConnections()
    {
        var one = await house.Gateway.PostAsync($"direct/{XmppHouse.Open}?join;nick=Grafana", "as another", wait: 10);
        var two = await house.Gateway.PostAsync($"direct/{XmppHouse.Open}?join", "as ourselves", wait: 10);

        Assert.Equal(("delivered", "delivered"), (one.Text("status"), two.Text("status")));
        await house.Watcher.Messages.FirstAsync(m => m is { From: XmppHouse.Open + "/Grafana", Body: "as another" }, "the message under another nick");
        await house.Watcher.Messages.FirstAsync(m => m is { From: XmppHouse.Open + "/direct", Body: "as ourselves" }, "the message under our nick");
    }

    private static JsonNode? StateOf(JsonNode session, string room) => session["channels"]!.AsArray().FirstOrDefault(c => c!.Text("name") == room);
}

public sealed class XmppRoomOnProsodyTests(ProsodyHouse house) : XmppRoomTests(house), IClassFixture<ProsodyHouse>;

public sealed class XmppRoomOnEjabberdTests(EjabberdHouse house) : XmppRoomTests(house), IClassFixture<EjabberdHouse>;
