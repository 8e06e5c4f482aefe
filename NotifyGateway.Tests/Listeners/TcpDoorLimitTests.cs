using System.Diagnostics;
using NotifyGateway.Core;
using NotifyGateway.Core.Configuration;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Listeners;

public sealed class TcpDoorLimitTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(150);

    [Fact]
    public async Task Refuses_ALongLine_WithOneLogLine_AndGoesOn()
    {
        await using var host = await DoorHost.StartAsync(Dialect.Irker);
        using var client = await host.ConnectAsync();
        await client.SendAsync($$"""{"to":"irc://h/c","privmsg":"{{new string('x', 300 * 1024)}}"}""" + "\n" + """{"to":"irc://h/c","privmsg":"next"}""" + "\n");
        Assert.Equal("next", (await host.NextAsync()).Text);
        Assert.Equal(1, host.Counted("refused:too_large"));
        Assert.Contains("longer than 65536 bytes", Assert.Single(host.Log.Of(3001)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Accepts_ALineOfExactlyTheLimit()
    {
        await using var host = await DoorHost.StartAsync(Dialect.TwistedPrism, maxBytes: 10_000);
        using var client = await host.ConnectAsync();
        await client.SendAsync($"{new string('x', 10_000)}\r\n{new string('y', 10_001)}\n{new string('z', 10_000)}\n");
        Assert.Equal('x', (await host.NextAsync()).Text[^1]);
        Assert.Equal('z', (await host.NextAsync()).Text[^1]);
        Assert.Equal(1, host.Counted("refused:too_large"));
    }

    [Fact]
    public async Task Streams_AGigabyteWithoutEnd_InBoundedMemory()
    {
        await using var host = await DoorHost.StartAsync(Dialect.Auto);
        using var client = await host.ConnectAsync();
        var block = new byte[1024 * 1024];
        block.AsSpan().Fill((byte)'x');
        await client.SendAsync(block);
        var before = GC.GetTotalAllocatedBytes();
        for (var i = 0; i < 1023; i++)
        {
            await client.SendAsync(block);
        }

        await client.SendAsync("\nnext\n");
        Assert.Equal("next", (await host.NextAsync()).Text);
        Assert.Equal(1, host.Counted("refused:too_large"));

        // All tests of the process allocate here; a gateway that kept the line would be at four times this.
        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, 512L * 1024 * 1024);
    }

    [Theory]
    [InlineData('[')]
    [InlineData('{')]
    public async Task Survives_DeepNesting(char bracket)
    {
        await using var host = await DoorHost.StartAsync(Dialect.Irker, maxBytes: 1024 * 1024);
        using var client = await host.ConnectAsync();
        await client.SendAsync($$"""{"to":{{new string(bracket, 100_000)}}""" + "\n" + new string(bracket, 100_000) + "\n" + """{"to":"irc://h/c","privmsg":"next"}""" + "\n");
        Assert.Equal("next", (await host.NextAsync()).Text);
        Assert.Equal(2, host.Counted("refused:malformed"));
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: x\r\n\r\nplain line\r\n")]
    [InlineData("POST /x HTTP/1.0\r\n\r\nplain line\n")]
    [InlineData("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")]
    [InlineData("\u0016\u0003\u0001\u0002\nplain line\n")]
    public async Task Closes_OnAForeignProtocol(string request)
    {
        await using var host = await DoorHost.StartAsync(Dialect.Auto);
        using var client = await host.ConnectAsync();
        await client.SendAsync(request);
        await client.ClosedAsync();
        Assert.Single(host.Log.Of(3003));
        Assert.Equal(1, host.Counted("refused:wrong_protocol"));
        Assert.False(host.TryNext(out _));
    }

    /// <summary>A page may choose a URL that is longer than any line of ours; its body would be lines.</summary>
    [Theory]
    [InlineData(Dialect.Auto, "POST /")]
    [InlineData(Dialect.TwistedPrism, "GET /")]
    [InlineData(Dialect.Irker, "GET http://")]
    [InlineData(Dialect.Kaoz, "OPTIONS /")]
    public async Task Closes_OnAForeignProtocol_WhoseFirstLineIsTooLong(Dialect dialect, string start)
    {
        await using var host = await DoorHost.StartAsync(dialect, maxBytes: 1024);
        using var client = await host.ConnectAsync();
        await client.SendAsync($"{start}{new string('a', 5000)} HTTP/1.1\r\nHost: 127.0.0.1:1079\r\nContent-Length: 100\r\n\r\n{{\"to\":\"irc://h/c\",\"privmsg\":\"smuggled\"}}\ns3cret:#ops:smuggled\nsmuggled\n");
        await client.ClosedAsync();
        Assert.Equal(1, host.Counted("refused:wrong_protocol"));
        Assert.False(host.TryNext(out _));
    }

    [Fact]
    public async Task GoesOn_AfterProseThatIsTooLong()
    {
        await using var host = await DoorHost.StartAsync(Dialect.Auto, maxBytes: 1024);
        using var client = await host.ConnectAsync();
        await client.SendAsync($"GET well {new string('a', 5000)}\nafter\n");
        Assert.Equal("after", (await host.NextAsync()).Text);
    }

    [Theory]
    [InlineData("GET well soon")]
    [InlineData("HTTP/1.1 is old")]
    [InlineData("get / HTTP/1.1")]
    public async Task Takes_ProseForALine(string line)
    {
        await using var host = await DoorHost.StartAsync(Dialect.Auto);
        using var client = await host.ConnectAsync();
        await client.SendAsync($"{line}\n");
        Assert.Equal(line, (await host.NextAsync()).Text);
    }

    [Fact]
    public async Task Takes_AnHttpLineLaterOn_ForALine()
    {
        await using var host = await DoorHost.StartAsync(Dialect.Auto);
        using var client = await host.ConnectAsync();
        await client.SendAsync("first\nGET / HTTP/1.1\n");
        Assert.Equal("first", (await host.NextAsync()).Text);
        Assert.Equal("GET / HTTP/1.1", (await host.NextAsync()).Text);
    }

    [Fact]
    public async Task Closes_SoonAfterTheLastLine_AndTakesItsUnfinishedOne()
    {
        await using var host = await DoorHost.StartAsync(Dialect.TwistedPrism, new TcpListenerOptions { CloseAfter = Soon });
        using var client = await host.ConnectAsync();
        await client.SendAsync("one\ntwo");
        var clock = Stopwatch.StartNew();
        await client.ClosedAsync();
        Assert.InRange(clock.Elapsed, Soon - TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(5));
        Assert.Equal("one", (await host.NextAsync()).Text);
        Assert.Equal("two", (await host.NextAsync()).Text);
    }

    [Fact]
    public async Task Stays_OpenWhileLinesCome()
    {
        await using var host = await DoorHost.StartAsync(Dialect.TwistedPrism, new TcpListenerOptions { CloseAfter = TimeSpan.FromSeconds(1) });
        using var client = await host.ConnectAsync();
        var clock = Stopwatch.StartNew();
        var lines = 0;
        for (; clock.Elapsed < TimeSpan.FromSeconds(2); lines++)
        {
            await client.SendAsync("tick\n");
            await host.NextAsync();
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }

        await client.ClosedAsync();
        Assert.Equal(lines, host.Counted("accepted"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("unfinished")]
    [InlineData("line\nunfinished")]
    public async Task Closes_ASilentConnection_AndPublishesNoHalfLine(string sent)
    {
        await using var host = await DoorHost.StartAsync(Dialect.Auto, new TcpListenerOptions { IdleTimeout = Soon });
        using var client = await host.ConnectAsync();
        await client.SendAsync(sent);
        await client.ClosedAsync();
        await host.CountedAsync("refused:interrupted", sent.Contains("unfinished", StringComparison.Ordinal) ? 1 : 0);
        Assert.Equal(sent.Contains('\n', StringComparison.Ordinal) ? 1 : 0, host.Counted("accepted"));
    }

    [Fact]
    public async Task Closes_ASenderOfEndlessBytesWithoutALine()
    {
        await using var host = await DoorHost.StartAsync(Dialect.Auto, new TcpListenerOptions { IdleTimeout = TimeSpan.FromMilliseconds(500) });
        using var client = await host.ConnectAsync();
        var closed = client.ClosedAsync();
        try
        {
            while (!closed.IsCompleted)
            {
                await client.SendAsync("x");
                await Task.Delay(10, TestContext.Current.CancellationToken);
            }
        }
        catch (IOException)
        {
            // Closed while it was sending.
        }

        await closed;
        Assert.Equal(0, host.Counted("accepted"));
    }

    [Fact]
    public async Task Closes_OneConnectionTooMany_AtOnce()
    {
        await using var host = await DoorHost.StartAsync(Dialect.Auto, new TcpListenerOptions { MaxConnections = 2 });
        using var first = await host.ConnectAsync();
        using var second = await host.ConnectAsync();
        await first.SendAsync("1\n");
        await second.SendAsync("2\n");
        await host.NextAsync();
        await host.NextAsync();
        using (var third = await host.ConnectAsync())
        {
            await third.ClosedAsync();
        }

        Assert.Single(host.Log.Of(3004));
        Assert.Equal(1, host.Counted("refused:too_many_connections"));
        first.HalfClose();
        await first.ClosedAsync();
        await Deadline.Poll(() => host.Log.Of(3005).Any());
        using var fourth = await host.ConnectAsync();
        await fourth.SendAsync("4\n");
        Assert.Equal("4", (await host.NextAsync()).Text);
    }

    [Theory]
    [InlineData("127.0.0.0/8", true)]
    [InlineData("::1", false)]
    public async Task Closes_StrangersBeforeTheySayAnything(string allowed, bool served)
    {
        await using var host = await DoorHost.StartAsync(Dialect.Auto, new TcpListenerOptions { AllowFrom = ["192.0.2.0/24", allowed] });
        using var client = await host.ConnectAsync();
        if (served)
        {
            await client.SendAsync("in\n");
            Assert.Equal("in", (await host.NextAsync()).Text);
        }
        else
        {
            await client.ClosedAsync();
            Assert.Single(host.Log.Of(3013));
            Assert.Equal(1, host.Counted("refused:unauthorized"));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Closes_OpenConnections_ThatCouldNotBeMadeAnyMore(bool removed)
    {
        await using var host = await DoorHost.StartAsync(Dialect.Auto);
        using var silent = await host.ConnectAsync();
        using var active = await host.ConnectAsync();
        await active.SendAsync("in\n");
        Assert.Equal("in", (await host.NextAsync()).Text);

        // Loopback is among these: both stay.
        host.Change(o => With(o, door => door with { AllowFrom = ["127.0.0.0/8"] }));
        await active.SendAsync("still in\n");
        Assert.Equal("still in", (await host.NextAsync()).Text);
        host.Change(o => removed ? o with { Listeners = new ListenersOptions() } : With(o, door => door with { AllowFrom = ["192.0.2.0/24"] }));

        await silent.ClosedAsync();
        await active.ClosedAsync();
        Assert.Equal(2, host.Log.Of(3014).Count());
    }

    [Fact]
    public async Task Closes_AConnectionThatWaitsForTheOutbox_WhenItMayNotConnectAnyMore()
    {
        await using var host = await DoorHost.StartAsync(Dialect.Auto);
        host.Answer = _ => new IntakeResult(IntakeStatus.Full, Guid.Empty, []);
        using var client = await host.ConnectAsync();
        await client.SendAsync("never\n");
        await host.Log.Lines.FirstAsync(l => l.Id.Id == 3006, "the connection waits");

        host.Change(o => With(o, door => door with { AllowFrom = ["192.0.2.0/24"] }));

        await client.ClosedAsync();
        await host.CountedAsync("refused:interrupted", 1);
    }

    private static GatewayOptions With(GatewayOptions options, Func<TcpListenerOptions, TcpListenerOptions> change) => options with
    {
        Listeners = options.Listeners with { Tcp = options.Listeners.Tcp.ToDictionary(d => d.Key, d => change(d.Value), StringComparer.Ordinal) },
    };

    [Fact]
    public async Task Serves_AnActiveSender_BesideAThousandIdleOnes()
    {
        await using var host = await DoorHost.StartAsync(Dialect.Irker, new TcpListenerOptions { MaxConnections = 1001 });
        var idle = new List<DoorClient>();
        try
        {
            for (var i = 0; i < 1000; i++)
            {
                idle.Add(await host.ConnectAsync());
                await idle[i].SendAsync("""{"to":"irc://h/c","priv""");
            }

            using var active = await host.ConnectAsync();
            var clock = Stopwatch.StartNew();
            await active.SendAsync("""{"to":"irc://h/c","privmsg":"hello"}""" + "\n");
            Assert.Equal("hello", (await host.NextAsync()).Text);
            Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(2));
        }
        finally
        {
            idle.ForEach(client => client.Dispose());
        }
    }

    /// <summary>A sender that only asks and never reads fills its own window, and nobody else's.</summary>
    [Fact]
    public async Task Serves_Others_WhileOneDoesNotReadItsReplies()
    {
        await using var host = await DoorHost.StartAsync(Dialect.Kaoz);
        host.Channels = [.. Enumerable.Range(0, 1000).Select(i => $"#channel-{i}")];
        using var deaf = await host.ConnectAsync();
        deaf.Socket.ReceiveBufferSize = 4096;
        using var stuck = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        var question = System.Text.Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("s3cret::channels\n", 100)));
        try
        {
            while (true)
            {
                await deaf.Stream.WriteAsync(question, stuck.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // Its questions are not read any more.
        }

        using var other = await host.ConnectAsync();
        await other.SendAsync("s3cret:#ops:hello\n");
        Assert.Equal("hello", (await host.NextAsync()).Text);
    }
}
