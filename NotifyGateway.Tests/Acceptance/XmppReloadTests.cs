using System.Text.Json.Nodes;
using NotifyGateway.Tests.Support;
using NotifyGateway.Tests.Support.Servers;
using Xunit;

namespace NotifyGateway.Tests.Acceptance;

/// <summary>The built gateway on XMPP, whose rooms are changed while it runs.</summary>
public sealed class XmppReloadTests
{
    private const string First = "first@conference.localhost";
    private const string Second = "second@conference.localhost";

    public static TheoryData<string> Software => [.. XmppServer.AllSoftware];

    [Theory]
    [MemberData(nameof(Software))]
    public async Task Rooms_AreEnteredAndLeftOnTheOpenStream(string software)
    {
        using var certificates = new TestCertificates();
        await using var server = await XmppServer.StartAsync(software, new XmppServerOptions(certificates.Server) { Accounts = [("work", "workpw"), ("watcher", "watcherpw")] });
        await using var watcher = await XmppWatcher.ConnectAsync(server, "watcher", "watcherpw");
        await watcher.JoinAsync(First, "watcher", ("muc#roomconfig_persistentroom", "1"));
        await watcher.JoinAsync(Second, "watcher", ("muc#roomconfig_persistentroom", "1"));
        await using var gateway = await Installation.StartAsync([], s => s["Gateway"]!["Xmpp"] = new JsonObject
        {
            ["work"] = new JsonObject
            {
                ["Jid"] = "work@localhost",
                ["Password"] = "workpw",
                ["Host"] = "127.0.0.1",
                ["Port"] = server.Port,
                ["TlsCaFile"] = certificates.Authority.CertificateFile,
                ["ConnectSpacing"] = "00:00:00",
                ["Rooms"] = Rooms(First),
            },
        });
        await gateway.JoinedAsync("work", First);
        var since = (await gateway.SessionAsync("work", _ => true, "is told")).Text("since");

        await gateway.ChangeAsync(g =>
        {
            g["Xmpp"]!["work"]!["Rooms"] = Rooms(First, Second);
            g["Xmpp"]!["work"]!["MessagesPerSecond"] = 0;
        });
        await gateway.JoinedAsync("work", First, Second);
        Assert.Equal("delivered", (await gateway.PostAsync($"xmpp:{Second}?join", "hello", wait: 30)).Text("status"));
        await gateway.ChangeAsync(g => g["Xmpp"]!["work"]!["Rooms"] = Rooms(Second));
        await watcher.Stanzas.FirstAsync(
            s => s.Name.LocalName == "presence" && (string?)s.Attribute("from") == $"{First}/work" && (string?)s.Attribute("type") == "unavailable", "it leaves the first room");

        Assert.Equal("delivered", (await gateway.PostAsync($"xmpp:{Second}?join", "still here", wait: 30)).Text("status"));
        Assert.Equal(since, (await gateway.SessionAsync("work", s => s.Text("state") == "online", "is online")).Text("since"));
    }

    private static JsonArray Rooms(params string[] rooms) => new([.. rooms.Select(r => new JsonObject { ["Jid"] = r })]);
}
