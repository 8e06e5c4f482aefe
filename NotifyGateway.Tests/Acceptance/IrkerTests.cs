using System.Globalization;
using System.Text.Json.Nodes;
using NotifyGateway.Tests.Sessions;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Acceptance;

/// <summary>A gateway that knows no network: every server is named by a URL. The server lets nobody into more than 18 channels.</summary>
public sealed class IrkerHouse : House
{
    public const int ChannelLimit = 18;

    private protected override NgircdOptions Options => new() { MaxJoins = ChannelLimit };

    private protected override JsonObject Networks() => [];
}

/// <summary>irker's clients, unchanged, with every form of URL.</summary>
public sealed class IrkerTests(IrkerHouse house) : IClassFixture<IrkerHouse>
{
    [Theory]
    [InlineData("#keyed?key=sesame")]
    [InlineData("keyed?key=sesame")]
    [InlineData("keyed?sesame")]
    [InlineData("%23keyed?key=sesame")]
    public async Task Key_StandsBehindTheChannelHoweverItIsWritten(string target)
    {
        await using var watcher = await IrcWatcher.ConnectAsync(house.Server.Port, "keeper", "#keyed sesame");

        await house.Gateway.IrkerAsync(Installation.Irker(house.Url + target, $"by {target}"));

        Assert.Equal($"by {target}", (await watcher.MessagesAsync("#keyed", 1))[0].Text);
    }

    [Fact]
    public async Task Nick_IsNotJoined()
    {
        await using var peer = ScriptedPeer.Start();

        await house.Gateway.IrkerAsync(Installation.Irker($"irc://127.0.0.1:{peer.Port}/alice,isnick", "psst"));

        await (await WelcomeAsync(peer)).ProveAsync("alice", "psst");
        Assert.DoesNotContain(peer.Received.Entries, l => l.Text.StartsWith("JOIN", StringComparison.Ordinal));
    }

    [Fact]
    public async Task EmptyText_OnlyJoins()
    {
        await using var watcher = await IrcWatcher.ConnectAsync(house.Server.Port, "host", "#empty");

        await house.Gateway.IrkerAsync(Installation.Irker(house.Url + "empty", ""));
        await watcher.Lines.FirstAsync(l => l.StartsWith(":irker", StringComparison.Ordinal) && l.EndsWith(" JOIN :#empty", StringComparison.Ordinal), "the JOIN");
        await house.Gateway.IrkerAsync(Installation.Irker(house.Url + "empty", "now a text"));

        Assert.Equal("now a text", (await watcher.MessagesAsync("#empty", 1))[0].Text);
    }

    [Fact]
    public async Task Newline_MakesSeveralMessages()
    {
        await using var watcher = await IrcWatcher.ConnectAsync(house.Server.Port, "host", "#lines");

        await house.Gateway.IrkerAsync(Installation.Irker(house.Url + "lines", "one\ntwo\r\nthree"));

        Assert.Equal(["one", "two", "three"], (await watcher.MessagesAsync("#lines", 3)).Select(m => m.Text));
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    public async Task Udp_NeedsNoEndOfLine(string end)
    {
        await using var watcher = await IrcWatcher.ConnectAsync(house.Server.Port, "host", "#udp");

        await house.Gateway.UdpAsync(Installation.Irker(house.Url + "udp", "by datagram") + end);

        Assert.Equal("by datagram", (await watcher.MessagesAsync("#udp", 1))[0].Text);
    }

    [Fact]
    public async Task DeadServerFirstInAList_StopsNoneOfTheOthers()
    {
        await using var watcher = await IrcWatcher.ConnectAsync(house.Server.Port, "host", "#list1", "#list2");
        var dead = $"irc://127.0.0.1:{FreePort.Next()}/list";

        await house.Gateway.IrkerAsync(Installation.Irker([dead, house.Url + "list1", "irc://nowhere.invalid/list", house.Url + "list2"], "for all who live"));

        Assert.Equal("for all who live", (await watcher.MessagesAsync("#list1", 1))[0].Text);
        Assert.Equal("for all who live", (await watcher.MessagesAsync("#list2", 1))[0].Text);
    }

    [Fact]
    public async Task MoreChannelsThanTheServerLetsOneClientJoin_AreAllServed()
    {
        var names = Enumerable.Range(1, 23).Select(n => string.Create(CultureInfo.InvariantCulture, $"many{n}")).ToArray();
        var channels = names.Select(n => "#" + n).ToArray();
        await using var one = await IrcWatcher.ConnectAsync(house.Server.Port, "one", channels[..12]);
        await using var two = await IrcWatcher.ConnectAsync(house.Server.Port, "two", channels[12..]);

        await house.Gateway.IrkerAsync(Installation.Irker([.. names.Select(n => house.Url + n)], "to each"));

        await one.Messages.CollectAsync(m => m.Text == "to each", 12, "one message in each channel");
        await two.Messages.CollectAsync(m => m.Text == "to each", 11, "one message in each channel");
        var seen = one.Messages.Entries.Concat(two.Messages.Entries).ToList();
        Assert.Equal(channels.Order(StringComparer.Ordinal), seen.Select(m => m.Target).Order(StringComparer.Ordinal));
        Assert.Equal(2, seen.Select(m => m.Nick).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public async Task OtherCredentials_AreAnotherSessionAndTheSameShareOne()
    {
        await using var peer = ScriptedPeer.Start();
        string Url(string credentials) => $"irc://{credentials}127.0.0.1:{peer.Port}/room";
        await house.Gateway.IrkerAsync(Installation.Irker(Url("ann:annspw@"), "from ann"));
        var ann = await RegisterAsync(peer, "PASS annspw", "USER ann");
        await house.Gateway.IrkerAsync(Installation.Irker(Url("bob:bobspw@"), "from bob"));
        var bob = await RegisterAsync(peer, "PASS bobspw", "USER bob");
        await house.Gateway.IrkerAsync(Installation.Irker(Url(""), "from nobody"));
        var nobody = await RegisterAsync(peer, null, "USER ");
        await house.Gateway.IrkerAsync(Installation.Irker(Url("ann:annspw@"), "ann again"));

        await ServeAsync(ann, "from ann", "ann again");
        await ServeAsync(bob, "from bob");
        await ServeAsync(nobody, "from nobody");
        Assert.Equal(3, peer.Connections);
        var sessions = (await house.Gateway.SessionsAsync()).ToJsonString();
        Assert.DoesNotContain("annspw", sessions, StringComparison.Ordinal);
        Assert.DoesNotContain("bobspw", sessions, StringComparison.Ordinal);
    }

    private static async Task<PeerConnection> WelcomeAsync(ScriptedPeer peer)
    {
        var connection = await peer.AcceptAsync();
        await WelcomeAsync(connection);
        return connection;
    }

    /// <summary>Lets a client in, whatever its nick.</summary>
    private static async Task<string> WelcomeAsync(PeerConnection connection)
    {
        var nick = (await connection.ExpectEventuallyAsync(l => l.StartsWith("NICK ", StringComparison.Ordinal), "NICK"))[5..];
        await connection.SendAsync($":srv 001 {nick} :Welcome", $":srv 376 {nick} :End");
        await connection.ExpectEventuallyAsync(IsOpening, "what a client asks first");
        await connection.ExpectAsync(IsOpening, "what a client asks first");
        await connection.SendAsync(":srv PONG srv :0");
        return nick;
    }

    private static bool IsOpening(string line) => line == "PING 0" || line.StartsWith("USERHOST ", StringComparison.Ordinal);

    private static async Task<(PeerConnection Connection, string Nick)> RegisterAsync(ScriptedPeer peer, string? pass, string user)
    {
        var connection = await peer.AcceptAsync();
        var nick = await WelcomeAsync(connection);
        Assert.Equal(pass, connection.Received.Entries.FirstOrDefault(l => l.StartsWith("PASS", StringComparison.Ordinal)));
        Assert.Contains(connection.Received.Entries, l => l.StartsWith(user, StringComparison.Ordinal));
        return (connection, nick);
    }

    private static async Task ServeAsync((PeerConnection Connection, string Nick) client, params string[] texts)
    {
        await client.Connection.JoinAsync("#room", client.Nick);
        foreach (var text in texts)
        {
            await client.Connection.ExpectEventuallyAsync(l => l == $"PRIVMSG #room :{text}", text);
        }
    }
}
