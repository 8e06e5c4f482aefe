using System.Text.Json.Nodes;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Acceptance;

/// <summary>Users and rooms of a real XMPP server.</summary>
public abstract class XmppTests(XmppHouse house)
{
    private const string User = "watcher@localhost";

    [Theory]
    [InlineData("work")]
    [InlineData("direct")]
    public async Task MessageToARoom_IsProvedByItsReflection(string account)
    {
        var message = await house.Gateway.PostAsync($"{account}/{XmppHouse.Open}?join", $"to the room <&> from {account} \u2713", wait: 10);

        Assert.Equal(("delivered", "reflection"), (message.Text("status"), message.Delivery().Text("proof")));
        var seen = await house.Watcher.Messages.FirstAsync(m => m.From == $"{XmppHouse.Open}/{account}" && m.Body.StartsWith("to the room", StringComparison.Ordinal), "the message");
        Assert.Equal(("groupchat", $"to the room <&> from {account} \u2713"), (seen.Type, seen.Body));
    }

    [Theory]
    [InlineData("work", "?message")]
    [InlineData("direct", "")]
    public async Task MessageToAUser_IsAcknowledged(string account, string query)
    {
        var message = await house.Gateway.PostAsync($"{account}/{User}{query}", $"to you from {account}", wait: 10);

        Assert.Equal(("delivered", "ack"), (message.Text("status"), message.Delivery().Text("proof")));
        var seen = await house.Watcher.Messages.FirstAsync(m => m.From == $"{account}@localhost/notify", "the message");
        Assert.Equal(("chat", $"to you from {account}"), (seen.Type, seen.Body));
    }

    [Theory]
    [InlineData("work")]
    [InlineData("direct")]
    public async Task Session_IsOnlineUnderItsAddress(string account)
    {
        var session = await house.Gateway.SessionAsync(account, s => s.Text("state") == "online", "is online");

        Assert.Equal(("xmpp", $"{account}@localhost/notify"), (session.Text("protocol"), session.Text("nick")));
    }

    [Fact]
    public async Task Login_IsBoundToTheTlsChannel_AndPasswordsStayHere()
    {
        await house.Gateway.SessionAsync("work", s => s.Text("state") == "online", "is online");

        Assert.All(house.Server.Mechanisms("work"), m => Assert.Equal("SCRAM-SHA-256-PLUS", m));
        Assert.DoesNotContain("work: connection 1 is logged in, but", house.Gateway.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TwoNicksInOneRoom_AreTwoConnections()
    {
        var one = await house.Gateway.PostAsync($"work/{XmppHouse.Open}?join;nick=Grafana", "as another", wait: 10);
        var two = await house.Gateway.PostAsync($"work/{XmppHouse.Open}?join", "as ourselves", wait: 10);

        Assert.Equal(("delivered", "delivered"), (one.Text("status"), two.Text("status")));
        await house.Watcher.Messages.FirstAsync(m => m is { From: XmppHouse.Open + "/Grafana", Body: "as another" }, "the message under another nick");
        await house.Watcher.Messages.FirstAsync(m => m is { From: XmppHouse.Open + "/work", Body: "as ourselves" }, "the message under our nick");
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
    public async Task WrongPassword_FaultsTheSession()
    {
        var session = await house.Gateway.SessionAsync("wrong", s => s.Text("state") == "faulted", "is faulted");

        Assert.Contains("not-authorized", session.Text("lastError"), StringComparison.Ordinal);
        Assert.DoesNotContain("wrongpw", house.Gateway.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task UntrustedCertificate_IsToldNothing()
    {
        var session = await house.Gateway.SessionAsync("doubt", s => s.Text("state") == "waiting", "is waiting");

        Assert.Contains("the server's certificate is not trusted: ", session.Text("lastError"), StringComparison.Ordinal);
        Assert.DoesNotContain("doubt@localhost", house.Server.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WrongRoomPassword_IsShown_AndHoldsUpNobodyElse()
    {
        var stuck = await house.Gateway.PostAsync($"work/{XmppHouse.Keyed}?join", "not yet", wait: 1);
        var session = await house.Gateway.SessionAsync("work", s => Room(s, XmppHouse.Keyed)?.Text("state") == "parked", "is refused by the room");
        var other = await house.Gateway.PostAsync($"work/{XmppHouse.Open}?join", "meanwhile", wait: 10);
        var right = await house.Gateway.PostAsync($"direct/{XmppHouse.Keyed}?join", "with the right one", wait: 10);

        Assert.Equal("queued", stuck.Text("status"));
        Assert.Contains("not-authorized", Room(session, XmppHouse.Keyed)!.Text("reason"), StringComparison.Ordinal);
        Assert.Equal("joined", Room(session, XmppHouse.Open)!.Text("state"));
        Assert.Equal("delivered", other.Text("status"));
        Assert.Equal("delivered", right.Text("status"));
    }

    [Fact]
    public async Task UserThatIsNot_FailsWithTheServersWords()
    {
        var message = await house.Gateway.PostAsync("work/nobody@nowhere.localhost?message", "hello?", wait: 10);

        Assert.Equal("failed", message.Text("status"));
        Assert.NotNull(message.Delivery().Text("reason"));
    }

    private static JsonNode? Room(JsonNode session, string room) => session["channels"]!.AsArray().FirstOrDefault(c => c!.Text("name") == room);
}

public sealed class XmppOnProsodyTests(ProsodyHouse house) : XmppTests(house), IClassFixture<ProsodyHouse>;

public sealed class XmppOnEjabberdTests(EjabberdHouse house) : XmppTests(house), IClassFixture<EjabberdHouse>;
