using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using NotifyGateway.Tests.Sessions;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Acceptance;

/// <summary>A server that is dead, rude or slow costs no other server anything, and no message of its own.</summary>
public sealed class BadServersTests(BadServersTests.Town house) : IClassFixture<BadServersTests.Town>
{
    /// <summary>One healthy server, reached as <c>localhost</c>, and the pace of connecting as it is shipped.</summary>
    public sealed class Town : House
    {
        private protected override void Change(JsonObject settings) => settings["Gateway"]!["Dynamic"] = new JsonObject { ["LinesPerSecond"] = 0 };
    }

    [Fact]
    public async Task BlackHolesAndRefusals_DelayNoHealthyServer()
    {
        // Both kinds of session have been in use before: this is about waiting, not about a first start.
        await house.Gateway.PostAsync("net/#warm", "warm", wait: 10);
        await using var watcher = await IrcWatcher.ConnectAsync(house.Server.Port, "watcher", "#healthy");
        var holes = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => BlackHole.StartAsync()));
        var dead = holes.Select(h => h.Port).Concat(Enumerable.Range(0, 5).Select(_ => FreePort.Next())).Select(Url).ToArray();
        await house.Gateway.IrkerAsync([.. dead.Select(url => Installation.Irker(url, "into the void"))]);
        await house.Gateway.SessionAsync($"irc://127.0.0.1:{holes[0].Port}", s => s.Text("state") == "connecting", "is connecting");

        var clock = Stopwatch.StartNew();
        await house.Gateway.IrkerAsync(Installation.Irker([.. dead, string.Create(CultureInfo.InvariantCulture, $"irc://localhost:{house.Server.Port}/healthy")], "to the living"));
        await watcher.MessagesAsync("#healthy", 1);

        // A connection to a black hole lasts ten seconds until it is given up.
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(2));
        Array.ForEach(holes, h => h.Dispose());
    }

    [Fact]
    public async Task LatinOneNoticeBeforeTheWelcome_LosesNothing()
    {
        await using var peer = ScriptedPeer.Start();
        await house.Gateway.IrkerAsync(Installation.Irker(string.Create(CultureInfo.InvariantCulture, $"irc://127.0.0.1:{peer.Port}/room"), "in spite of it"));

        var connection = await peer.AcceptAsync();
        await connection.SendAsync(":srv NOTICE * :*** Pr\u00fcfe den Namen \u00ff\u00fe\u0080", ":srv NOTICE AUTH :\u00e9", "\u00c3(", ":srv \u0080 \u00ff");
        var nick = (await connection.ExpectEventuallyAsync(l => l.StartsWith("NICK ", StringComparison.Ordinal), "NICK"))[5..];
        await connection.SendByteWiseAsync($":srv 001 {nick} :Willkommen \u00fc", $":srv 376 {nick} :Ende");
        await connection.ExpectEventuallyAsync(l => l == "JOIN #room", "JOIN");
        await connection.SendAsync($":{nick}!u@h JOIN #room");

        await connection.ExpectEventuallyAsync(l => l == "PRIVMSG #room :in spite of it", "the message");
        Assert.Equal(1, peer.Connections);
    }

    [Fact]
    public async Task NothingIsSaidInAChannel_BeforeTheServerHasConfirmedItsJoin()
    {
        await using var peer = ScriptedPeer.Start();
        string To(string target) => string.Create(CultureInfo.InvariantCulture, $"irc://127.0.0.1:{peer.Port}/{target}");
        await house.Gateway.IrkerAsync(Installation.Irker(To("slow"), "first"), Installation.Irker(To("slow"), "second"), Installation.Irker(To("quick"), "third"));
        var connection = await peer.AcceptAsync();
        var nick = (await connection.ExpectEventuallyAsync(l => l.StartsWith("NICK ", StringComparison.Ordinal), "NICK"))[5..];
        await connection.SendAsync($":srv 001 {nick} :Welcome", $":srv 376 {nick} :End");
        await connection.ExpectEventuallyAsync(l => l == "JOIN #quick", "JOIN #quick");

        // Others join, others are let in, and the gateway is alive: none of that confirms #slow.
        await connection.SendAsync(":somebody!u@h JOIN #slow", $":{nick}!u@h JOIN #quick", $":srv 366 {nick} #slow :End");
        await connection.ExpectEventuallyAsync(l => l == "PRIVMSG #quick :third", "the message to the other channel");
        await connection.SendAsync("PING :alive");
        await connection.ExpectEventuallyAsync(l => l is "PONG alive" or "PONG :alive", "PONG");
        Assert.DoesNotContain(connection.Received.Entries, l => l.StartsWith("PRIVMSG #slow", StringComparison.Ordinal));

        await connection.SendAsync($":{nick}!u@h JOIN #slow");
        await connection.ExpectEventuallyAsync(l => l == "PRIVMSG #slow :first", "the first message");
        await connection.ExpectEventuallyAsync(l => l == "PRIVMSG #slow :second", "the second message");
    }

    [Fact]
    public async Task KickOfSomebodyElse_DropsNothing()
    {
        await using var founder = await IrcWatcher.ConnectAsync(house.Server.Port, "founder", "#kick");
        await using var victim = await IrcWatcher.ConnectAsync(house.Server.Port, "victim", "#kick");
        var texts = Enumerable.Range(0, 300).Select(n => string.Create(CultureInfo.InvariantCulture, $"message {n}")).ToArray();

        var sending = house.Gateway.IrkerAsync([.. texts.Select(t => Installation.Irker(house.Url + "kick", t))]);
        await founder.MessagesAsync("#kick", 20);
        await founder.KickAsync("#kick", "victim");
        await sending;

        Assert.Equal(texts, (await founder.MessagesAsync("#kick", texts.Length)).Select(m => m.Text));
        await founder.SettleAsync();
        Assert.Single(founder.Lines.Entries, l => l.StartsWith(":gateway!", StringComparison.Ordinal) && l.Contains(" JOIN ", StringComparison.Ordinal));
        Assert.Equal(texts.Length, founder.Messages.Entries.Count);
    }

    [Fact]
    public async Task KickOfOurselves_IsFollowedByAJoinAndLosesNothing()
    {
        await using var founder = await IrcWatcher.ConnectAsync(house.Server.Port, "founder", "#out");
        var texts = Enumerable.Range(0, 300).Select(n => string.Create(CultureInfo.InvariantCulture, $"message {n}")).ToArray();

        var sending = house.Gateway.IrkerAsync([.. texts.Select(t => Installation.Irker(house.Url + "out", t))]);
        var bot = (await founder.MessagesAsync("#out", 20))[0].Nick;
        await founder.KickAsync("#out", bot);
        await sending;

        Assert.Equal(texts, (await founder.MessagesAsync("#out", texts.Length)).Select(m => m.Text));
    }

    private static string Url(int port) => string.Create(CultureInfo.InvariantCulture, $"irc://127.0.0.1:{port}/void");
}
