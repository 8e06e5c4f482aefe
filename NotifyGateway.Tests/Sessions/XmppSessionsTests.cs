using System.Net;
using System.Net.Sockets;
using System.Text;
using NotifyGateway.Core.Configuration;
using NotifyGateway.Core.Sessions;
using NotifyGateway.Core.Sessions.Srv;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Sessions;

/// <summary>What an XMPP session makes of its configuration, and how its links come to TLS.</summary>
public sealed class XmppSessionsTests
{
    private const string Features = "<stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/></starttls></stream:features>";
    private const string Header = "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' from='localhost' id='1' version='1.0'>";
    private const string Proceed = "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static readonly XmppOptions Account = new() { Jid = "bot@example.org", Password = "s3cret" };

    [Theory]
    [InlineData(null, null, null, true)]
    [InlineData("xmpp.example.net", null, null, false)]
    [InlineData(null, 5222, null, false)]
    [InlineData(null, null, "socks5://127.0.0.1:9050", false)]
    public void Dns_IsAskedForServers_OnlyWhereNothingElseSaysWhere(string? host, int? port, string? proxy, bool asked)
    {
        var link = Configured(Account with { Host = host, Port = port, Proxy = proxy is null ? null : new Uri(proxy) }).Link;

        Assert.Equal(asked, link.Locate is not null);
        Assert.Equal((host ?? "example.org", 5222), (link.Host, link.Port));
    }

    [Theory]
    [InlineData(XmppTls.StartTls, 5222, true, null)]
    [InlineData(XmppTls.Direct, 5223, false, "xmpp-client")]
    public void Certificate_MustBeTheDomains_WhereverTheConnectionGoes(XmppTls tls, int port, bool later, string? application)
    {
        var link = Configured(Account with { Jid = "bot@b\u00fccher.example", Host = "127.0.0.1", Tls = tls }).Link;

        Assert.Equal(("xn--bcher-kva.example", port), (link.Tls!.Name, link.Port));
        Assert.Equal((later, application), (link.Tls.OnDemand, link.Tls.Application));
    }

    [Fact]
    public void Rooms_StandOpen_AndAreShown()
    {
        var settings = Configured(Account with { Rooms = [new XmppRoomOptions { Jid = "Ops@Conf.example.org", Nick = "n", Password = "p w" }] });

        Assert.Equal([("ops@conf.example.org", "ops@conf.example.org room nick=n password=p%20w")], settings.Standing);
        Assert.True(settings.IsChannel("ops@conf.example.org room"));
        Assert.False(settings.IsChannel("alice@example.org user"));
    }

    [Fact]
    public void AStorm_IsWhatIsMoreThanTheWindowsOfTenParts()
    {
        var settings = Configured(Account with { Window = 7, FoldAfter = TimeSpan.FromMinutes(3) });

        Assert.Equal((TimeSpan.FromMinutes(3), 70), (settings.FoldAfter, settings.FoldAbove));
        Assert.Null(Configured(Account with { FoldAfter = null }).FoldAfter);
    }

    [Theory]
    [InlineData("other.example.org:15222", "other.example.org", 15222)]
    [InlineData("other.example.org", "other.example.org", 5222)]
    [InlineData("[2001:db8::1]:5269", "2001:db8::1", 5269)]
    [InlineData("[2001:db8::1]", "2001:db8::1", 5222)]
    [InlineData("not a host", "example.org", 5222)]
    [InlineData("other.example.org:0", "example.org", 5222)]
    public void OtherHost_IsWhereTheNextConnectionGoes(string address, string host, int port)
    {
        var moved = ServerSearch.At(Configured(Account).Link, address);

        Assert.Equal((host, port), (moved.Host, moved.Port));
        Assert.Equal("example.org", moved.Tls!.Name);
    }

    [Fact]
    public async Task Servers_AreTriedInTheirOrder()
    {
        await using var peer = ScriptedPeer.Start();
        var link = Configured(Account).Link with
        {
            Locate = _ => Task.FromResult(new ServerList([new ServerEndpoint("127.0.0.1", 1), new ServerEndpoint("127.0.0.1", peer.Port)])),
        };

        var connection = await ServerSearch.ConnectAsync(link, TimeProvider.System, Stop).Within();

        Assert.Null(connection.Refusal);
        await connection.Stream!.DisposeAsync();
    }

    [Fact]
    public async Task NoServerThatHasUs_SaysWhatEachSaid()
    {
        var link = Configured(Account).Link with { Locate = _ => Task.FromResult(new ServerList([new ServerEndpoint("127.0.0.1", 1), new ServerEndpoint("127.0.0.1", 2)], Doubt: "a guess")) };

        var connection = await ServerSearch.ConnectAsync(link, TimeProvider.System, Stop).Within();

        Assert.Contains("127.0.0.1:1: ", connection.Refusal, StringComparison.Ordinal);
        Assert.Contains("127.0.0.1:2: ", connection.Refusal, StringComparison.Ordinal);
        Assert.EndsWith("; a guess", connection.Refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatFollowsProceedInClear_EndsTheLink_BeforeALoginIsShown()
    {
        using var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();
        await using var world = await SessionWorld.StartAsync(Of(((IPEndPoint)server.LocalEndpoint).Port));
        using var peer = await server.AcceptTcpClientAsync(Stop).AsTask().Within();
        using var reader = new StreamReader(peer.GetStream());
        await peer.GetStream().WriteAsync(Encoding.UTF8.GetBytes(Header + Features + Proceed + "<presence/>"), Stop);
        var said = await reader.ReadToEndAsync(Stop).Within();

        await world.StateAsync(s => s.LastError?.Contains("something was said in clear", StringComparison.Ordinal) == true, "the link has ended");
        Assert.Contains("<starttls", said, StringComparison.Ordinal);
        Assert.DoesNotContain("<auth", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OtherHost_IsFollowed_AndNoCircleIsWithoutEnd()
    {
        using var first = new TcpListener(IPAddress.Loopback, 0);
        using var second = new TcpListener(IPAddress.Loopback, 0);
        first.Start();
        second.Start();
        await using var world = await SessionWorld.StartAsync(Of(Port(first)));

        await SendOnAsync(first, Port(second));
        for (var i = 1; i < 6; i++)
        {
            await SendOnAsync(second, Port(second));
        }

        await world.StateAsync(s => s.LastError?.StartsWith("see-other-host: sent on more than 5 times in a row", StringComparison.Ordinal) == true, "the circle is seen");
        await world.StateAsync(s => s.NextAttemptAt > DateTimeOffset.UtcNow.AddMinutes(2), "it waits for long");
    }

    private static int Port(TcpListener listener) => ((IPEndPoint)listener.LocalEndpoint).Port;

    private static async Task SendOnAsync(TcpListener server, int port)
    {
        using var peer = await server.AcceptTcpClientAsync(Stop).AsTask().Within();
        await peer.GetStream().WriteAsync(Encoding.UTF8.GetBytes(
            $"{Header}<stream:error><see-other-host xmlns='urn:ietf:params:xml:ns:xmpp-streams'>127.0.0.1:{port}</see-other-host></stream:error></stream:stream>"), Stop);
        using var reader = new StreamReader(peer.GetStream());
        await reader.ReadToEndAsync(Stop).Within();
    }

    private static GatewayOptions Of(int port) => new()
    {
        Xmpp = new Dictionary<string, XmppOptions>(StringComparer.Ordinal)
        {
            ["work"] = Account with { Jid = "bot@localhost", Host = "127.0.0.1", Port = port, ConnectSpacing = TimeSpan.Zero, ReconnectMin = TimeSpan.FromMilliseconds(20), ReconnectMax = TimeSpan.FromMilliseconds(50) },
        },
    };

    private static SessionSettings Configured(XmppOptions account) =>
        XmppSessions.Configured("work", account, null, new XmppServers(null!, Random.Shared));
}
