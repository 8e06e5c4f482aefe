using System.Net;
using System.Net.Sockets;
using Xunit;
using Xunit.Sdk;

namespace NotifyGateway.Tests.Support;

public sealed class NgircdServerTests
{
    [Fact]
    public async Task Watcher_SeesMessages_OverPlainAndTls()
    {
        using var certificates = new TestCertificates();
        await using var server = await NgircdServer.StartAsync(new NgircdOptions { Password = "srvpw", Certificate = certificates.Server });
        await using var one = await IrcWatcher.ConnectAsync(server.Port, "one", "srvpw", tls: false, "#a", "#keyed sesame");
        await using var two = await IrcWatcher.ConnectAsync(server.TlsPort, "two", "srvpw", tls: true, "#a");
        await one.SayAsync("#a", "first \u2713");
        await one.SayAsync("#a", "second");
        await one.SayAsync("two", "alone");

        Assert.Equal(["first \u2713", "second"], (await two.MessagesAsync("#a", 2)).Select(message => message.Text));
        var alone = (await two.MessagesAsync("two", 1))[0];
        Assert.Equal(("one", "PRIVMSG", "alone"), (alone.Nick, alone.Command, alone.Text));
    }

    [Fact]
    public async Task Refuses_WrongPasswordKeyInvitationAndOneChannelTooMany()
    {
        await using var server = await NgircdServer.StartAsync(new NgircdOptions { Password = "srvpw", MaxJoins = 2 });
        var denied = await Assert.ThrowsAsync<FailException>(() => IrcWatcher.ConnectAsync(server.Port, "one", "wrong", tls: false));
        Assert.Contains("Bad password", denied.Message, StringComparison.Ordinal);

        await using var watcher = await IrcWatcher.ConnectAsync(server.Port, "two", "srvpw", tls: false, "#a");
        await Refused("#keyed wrong", "475");
        await Refused("#invite", "473");
        await watcher.JoinAsync("#b");
        await Refused("#c", "405");

        async Task Refused(string channel, string numeric)
        {
            var refusal = await Assert.ThrowsAnyAsync<XunitException>(() => watcher.JoinAsync(channel));
            Assert.Contains($" {numeric} two {channel.Split(' ')[0]} ", refusal.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Watcher_KicksSetsModesAndBecomesOperator()
    {
        await using var server = await NgircdServer.StartAsync();
        await using var founder = await IrcWatcher.ConnectAsync(server.Port, "founder", "#a");
        await using var guest = await IrcWatcher.ConnectAsync(server.Port, "guest", "#a");
        await founder.OperAsync("oper", "operpw");
        await founder.ModeAsync("#a", "+b guest!*@*");
        await founder.KickAsync("#a", "guest", "go away");

        await guest.Lines.FirstAsync(line => line.EndsWith(" KICK #a guest :go away", StringComparison.Ordinal), "KICK");
        var banned = await Assert.ThrowsAnyAsync<XunitException>(() => guest.JoinAsync("#a"));
        Assert.Contains(" 474 ", banned.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ComesBack_OnTheSamePort_AfterAStopOrAKill(bool inOrder)
    {
        await using var server = NgircdServer.Prepare();
        using (var early = new TcpClient())
        {
            var refused = await Assert.ThrowsAsync<SocketException>(() => early.ConnectAsync(IPAddress.Loopback, server.Port));
            Assert.Equal(SocketError.ConnectionRefused, refused.SocketErrorCode);
        }

        await server.StartAgainAsync();
        await using var before = await IrcWatcher.ConnectAsync(server.Port, "before");
        await (inOrder ? server.StopAsync() : server.KillAsync());
        var over = await Assert.ThrowsAsync<FailException>(() => before.Lines.FirstAsync(_ => false, "more"));
        Assert.DoesNotContain("not in time", over.Message, StringComparison.Ordinal);
        Assert.False(server.IsRunning);

        await server.StartAgainAsync();
        await using var after = await IrcWatcher.ConnectAsync(server.Port, "before", "#a");
    }
}
