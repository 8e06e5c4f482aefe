using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using NotifyGateway.Core;
using NotifyGateway.Core.Configuration;
using NotifyGateway.Tests.Dialects;
using Xunit;

namespace NotifyGateway.Tests.Listeners;

public sealed class UdpListenerTests
{
    private static Task<DoorHost> StartAsync(string endpoint = "127.0.0.1:0") => DoorHost.StartAsync(new GatewayOptions
    {
        Listeners = new ListenersOptions
        {
            Tcp = new Dictionary<string, TcpListenerOptions>(StringComparer.Ordinal) { ["door"] = new() { Endpoint = "127.0.0.1:0" } },
            Udp = new Dictionary<string, UdpListenerOptions>(StringComparer.Ordinal) { ["irker"] = new() { Endpoint = endpoint } },
        },
    });

    private static UdpClient Connect(DoorHost host, IPAddress? address = null)
    {
        var endpoint = new IPEndPoint(address ?? IPAddress.Loopback, host.UdpPort);
        var client = new UdpClient(endpoint.AddressFamily);
        client.Connect(endpoint);
        return client;
    }

    [Fact]
    public async Task Accepts_Datagrams_WithOrWithoutLf_AndSeveralLinesInOne()
    {
        await using var host = await StartAsync();
        using var client = Connect(host);
        client.Send("""{"to":"irc://h/c","privmsg":"1"}"""u8);
        client.Send("{\"to\":\"irc://h/c\",\"privmsg\":\"2\"}\r\n\n{\"to\":\"irc://h/c\",\"privmsg\":\"3\"}\n"u8);
        var first = await host.NextAsync();
        Assert.Equal(("udp:irker", "1"), (first.Input, first.Text));
        Assert.Equal("2", (await host.NextAsync()).Text);
        Assert.Equal("3", (await host.NextAsync()).Text);
        await host.CountedAsync("accepted", 3);
    }

    [Fact]
    public async Task Survives_Garbage()
    {
        await using var host = await StartAsync();
        using var client = Connect(host);
        client.Send([]);
        client.Send([0xFF, 0, (byte)'\n', (byte)'{', (byte)'\n']);
        client.Send(System.Text.Encoding.ASCII.GetBytes(new string('[', 60_000)));
        client.Send("""{"to":"irc://h/c","privmsg":"next"}"""u8);
        Assert.Equal("next", (await host.NextAsync()).Text);
        Assert.Equal(3, host.Counted("refused:malformed"));
        Assert.Single(host.Log.Of(3001));
    }

    [Theory]
    [InlineData(AnonymousAccess.Loopback, true)]
    [InlineData(AnonymousAccess.None, false)]
    public async Task Serves_AnonymousDatagrams_WhereAllowed(AnonymousAccess access, bool served)
    {
        await using var host = await StartAsync();
        host.Change(o => o with { Anonymous = access });
        using var client = Connect(host);
        client.Send("""{"to":"irc://h/c","privmsg":"x"}"""u8);
        await host.CountedAsync("refused:unauthorized", served ? 0 : 1);
        client.Send("""{"to":"irc://h/c","privmsg":"mine","secret":"s3cret"}"""u8);
        Assert.Equal(served ? ClientDirectory.Anonymous : "ci", (await host.NextAsync()).Client);
    }

    [Fact]
    public async Task Serves_IPv6()
    {
        Assert.SkipUnless(Socket.OSSupportsIPv6, "no IPv6 here");
        await using var host = await StartAsync("[::1]:0");
        host.Change(o => o with { Anonymous = AnonymousAccess.Loopback });
        using var client = Connect(host, IPAddress.IPv6Loopback);
        client.Send("""{"to":"irc://h/c","privmsg":"x"}"""u8);
        Assert.Equal("x", (await host.NextAsync()).Text);
    }

    [Fact]
    public async Task Drops_AndCounts_WhatTheOutboxCannotTake()
    {
        await using var host = await StartAsync();
        host.Answer = _ => new IntakeResult(IntakeStatus.Full, Guid.Empty, [], "too many messages are waiting");
        using var client = Connect(host);
        for (var i = 0; i < 100; i++)
        {
            client.Send("""{"to":"irc://h/c","privmsg":"x"}"""u8);
        }

        await host.CountedAsync("refused:full", 100);
        Assert.Single(host.Log.Of(3001));
        await host.StopAsync();
        host.Answer = _ => null;
        Assert.False(host.TryNext(out _));
    }

    /// <summary>As many as an untuned kernel's receive buffer holds, so that nothing depends on the speed of the machine.</summary>
    [Fact]
    public async Task Loses_Nothing_OfABurst_AndKeepsItsOrder()
    {
        await using var host = await StartAsync();
        using var client = Connect(host);
        const int count = 300;
        for (var i = 0; i < count; i++)
        {
            client.Send(System.Text.Encoding.ASCII.GetBytes($$"""{"to":"irc://h/c","privmsg":"message {{i}}"}"""));
        }

        for (var i = 0; i < count; i++)
        {
            Assert.Equal($"message {i}", (await host.NextAsync()).Text);
        }
    }

    [Fact]
    public async Task Holds_NoMoreThanItsBound_WhileTheOutboxIsSlow()
    {
        await using var host = await StartAsync();
        var hold = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        host.Hold = hold.Task;
        using var client = Connect(host);
        var line = System.Text.Encoding.ASCII.GetBytes($$"""{"to":"irc://h/c","privmsg":"{{new string('x', 30_000)}}"}""");
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        while (host.Counted("refused:overloaded") == 0)
        {
            await client.SendAsync(line, deadline.Token);
        }

        hold.SetResult();
        await host.StopAsync();
        Assert.InRange(host.Counted("accepted"), 1, (32 * 1024 * 1024 / 30_000) + 8192);
    }

    [Fact]
    public async Task Names_TheListenerAndTheAddress_ThatIsInUse()
    {
        using var taken = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var error = await Assert.ThrowsAsync<IOException>(() => StartAsync(taken.LocalEndPoint!.ToString()!));
        Assert.Equal($"Failed to bind UDP listener \"irker\" to {taken.LocalEndPoint}: address already in use.", error.Message);
        Assert.IsType<AddressInUseException>(error.InnerException);
    }
}
