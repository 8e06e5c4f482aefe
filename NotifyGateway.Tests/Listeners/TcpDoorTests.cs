using NotifyGateway.Core;
using NotifyGateway.Core.Configuration;
using NotifyGateway.Tests.Dialects;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Listeners;

public sealed class TcpDoorTests
{
    [Fact]
    public async Task Accepts_Lines_InTheirOrder_TheLastOneWithoutEnd()
    {
        await using var host = await DoorHost.StartAsync(Dialect.Irker);
        using var client = await host.ConnectAsync();
        await client.SendAsync("""{"to":"irc://h/c","privmsg":"1"}""" + "\r\n\n" + """{"to":"irc://h/c","privmsg":"2"}""" + "\n" + """{"to":"irc://h/d","privmsg":"3"}""");
        client.HalfClose();
        var first = await host.NextAsync();
        Assert.Equal(("tcp:door", ClientDirectory.Anonymous, "1"), (first.Input, first.Client, first.Text));
        Assert.Equal("2", (await host.NextAsync()).Text);
        Assert.Equal(["irc://h/d"], (await host.NextAsync()).To.To);
        await client.ClosedAsync();
        Assert.Equal(3, host.Counted("accepted"));
    }

    [Fact]
    public async Task Accepts_LinesSentByteByByte()
    {
        await using var host = await DoorHost.StartAsync(Dialect.TwistedPrism);
        using var client = await host.ConnectAsync();
        foreach (var b in "grüße\r\nzwei\n"u8.ToArray())
        {
            await client.SendAsync([b]);
        }

        Assert.Equal("grüße", (await host.NextAsync()).Text);
        Assert.Equal("zwei", (await host.NextAsync()).Text);
    }

    /// <summary>Kestrel's own buffer is smaller than this.</summary>
    [Fact]
    public async Task Accepts_ALineOfSeveralMegabytes()
    {
        await using var host = await DoorHost.StartAsync(Dialect.TwistedPrism, maxBytes: 4 * 1024 * 1024);
        using var client = await host.ConnectAsync();
        await client.SendAsync($"{new string('x', 3 * 1024 * 1024)}\nnext\n");
        Assert.Equal(3 * 1024 * 1024, (await host.NextAsync()).Text.Length);
        Assert.Equal("next", (await host.NextAsync()).Text);
    }

    /// <summary>Lines fall across Kestrel's memory blocks; commits run while the next lines are read.</summary>
    [Fact]
    public async Task Keeps_OrderAndBytes_OfManyLines()
    {
        await using var host = await DoorHost.StartAsync(Dialect.Irker);
        using var client = await host.ConnectAsync();
        const int count = 50_000;
        var lines = string.Concat(Enumerable.Range(0, count).Select(i => $$"""{"to":"irc://h/c","privmsg":"message {{i}} {{new string('x', i % 97)}}"}""" + "\n"));
        await client.SendAsync(lines);
        Submission? last = null;
        for (var i = 0; i < count; i++)
        {
            last = await host.NextAsync();
            Assert.StartsWith($"message {i} ", last.Text, StringComparison.Ordinal);
        }

        Assert.True(host.Batches.Count < count / 10, $"{host.Batches.Count} batches");
        Assert.All(host.Batches, size => Assert.InRange(size, 1, 4096));
    }

    [Fact]
    public async Task Commits_OneBatch_WhileOneMoreIsRead_AndThenReadsNoMore()
    {
        await using var host = await DoorHost.StartAsync(Dialect.TwistedPrism);
        var hold = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        host.Hold = hold.Task;
        using var client = await host.ConnectAsync();
        client.Socket.SendBufferSize = 8192;
        var line = System.Text.Encoding.ASCII.GetBytes(new string('x', 1023) + "\n");
        var sent = 0;
        using var stuck = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        try
        {
            for (; sent < 100_000; sent++)
            {
                await client.Stream.WriteAsync(line, stuck.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // As it should be: nobody reads any more.
        }

        Assert.InRange(sent, 1, 99_999);
        Assert.Single(host.Batches);
        hold.SetResult();
        for (var i = 0; i < sent; i++)
        {
            Assert.Equal(1023, (await host.NextAsync()).Text.Length);
        }
    }

    [Theory]
    [InlineData(IntakeStatus.Full)]
    [InlineData(IntakeStatus.Failing)]
    public async Task Offers_AgainWhatTheOutboxCouldNotTake(IntakeStatus status)
    {
        await using var host = await DoorHost.StartAsync(Dialect.TwistedPrism);
        var refusals = 4;
        host.Answer = s => s.Text is not "fine" && Interlocked.Decrement(ref refusals) >= 0 ? new IntakeResult(status, Guid.Empty, [], "no") : null;
        using var client = await host.ConnectAsync();
        await client.SendAsync("one\ntwo\nfine\n");
        client.HalfClose();
        string[] texts = [(await host.NextAsync()).Text, (await host.NextAsync()).Text, (await host.NextAsync()).Text];
        Assert.Equal(["fine", "one", "two"], texts);
        await client.ClosedAsync();
        Assert.Single(host.Log.Of(3006));
        Assert.Single(host.Log.Of(3007));
        Assert.Equal(3, host.Counted("accepted"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Offers_AgainByTheConfigurationInForce_UnlessTheClientIsGone(bool gone)
    {
        await using var host = await DoorHost.StartAsync(Dialect.Kaoz);
        var first = host.State;
        host.Answer = s => ReferenceEquals(s.Under, first) && ReferenceEquals(host.State, first) ? new IntakeResult(IntakeStatus.Full, Guid.Empty, [], "no") : null;
        using var client = await host.ConnectAsync();
        await client.SendAsync("s3cret:#ops:waits\n");
        await Deadline.Poll(() => host.Batches.Count >= 2);

        host.Change(o => o with { Clients = o.Clients.ToDictionary(c => c.Key, c => c.Value with { Disabled = gone }, StringComparer.OrdinalIgnoreCase) });

        Assert.Equal(gone, ReferenceEquals(first, (await host.NextAsync()).Under));
    }

    [Fact]
    public async Task Counts_WhatWaits_WhenTheGatewayStops()
    {
        await using var host = await DoorHost.StartAsync(Dialect.TwistedPrism);
        host.Answer = _ => new IntakeResult(IntakeStatus.Full, Guid.Empty, [], "no");
        using var client = await host.ConnectAsync();
        await client.SendAsync("one\ntwo\nthr");
        await Deadline.Poll(() => host.Batches.Count >= 2);

        await host.StopAsync();
        await client.ClosedAsync();
        Assert.Equal(3, host.Counted("refused:interrupted"));
    }

    [Fact]
    public async Task Serves_TheGoodDestinations_AndNamesTheBadOnes_WithoutTheirSecrets()
    {
        await using var host = await DoorHost.StartAsync(Dialect.Irker);
        host.Answer = s => s.Text is "partly"
            ? new IntakeResult(IntakeStatus.Accepted, Guid.CreateVersion7(), [new UnknownDestination("irc://u:pa55@h/c?key=k3y", "not allowed")])
            : new IntakeResult(IntakeStatus.UnknownDestination, Guid.Empty, [new UnknownDestination("nowhere\n", "no such network")]);
        using var client = await host.ConnectAsync();
        await client.SendAsync("""{"to":"a","privmsg":"partly"}""" + "\n" + """{"to":"b","privmsg":"not at all"}""" + "\n");
        await host.CountedAsync("refused:unknown_destination", 2);
        Assert.Equal("partly", (await host.NextAsync()).Text);
        Assert.Contains("irc://h/c: not allowed", Assert.Single(host.Log.Of(3001)), StringComparison.Ordinal);
        client.HalfClose();
        await client.ClosedAsync();
        await host.StopAsync();
        Assert.Contains("nowhere\uFFFD: no such network", Assert.Single(host.Log.Of(3002)), StringComparison.Ordinal);
        Assert.DoesNotContain("pa55", host.Log.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("k3y", host.Log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Drops_WhatNoSessionCanServe_InsteadOfHoldingUpTheOthers()
    {
        await using var host = await DoorHost.StartAsync(Dialect.TwistedPrism);
        host.Answer = s => s.Text is "one too many" ? new IntakeResult(IntakeStatus.NoSession, Guid.Empty, [new UnknownDestination("irc://h/c", "too many sessions")]) : null;
        using var client = await host.ConnectAsync();
        await client.SendAsync("one too many\nother\n");
        Assert.Equal("other", (await host.NextAsync()).Text);
        await host.CountedAsync("refused:no_session", 1);
        Assert.Empty(host.Log.Of(3006));
    }

    [Fact]
    public async Task Keeps_ACarriageReturnInsideAText_AsData()
    {
        await using var host = await DoorHost.StartAsync(Dialect.Irker);
        using var client = await host.ConnectAsync();
        await client.SendAsync("""{"to":"irc://h/c","privmsg":"a\r\nQUIT :b"}""" + "\r\n");
        Assert.Equal("a\r\nQUIT :b", (await host.NextAsync()).Text);
        Assert.False(host.TryNext(out _));
    }

    [Fact]
    public async Task Replies_ToANativeLine_AfterTheCommit()
    {
        await using var host = await DoorHost.StartAsync(Dialect.Auto);
        var hold = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        host.Hold = hold.Task;
        host.Channels = ["#b", "#a", "#b"];
        host.Answer = s => s.Text switch
        {
            "bad" => new IntakeResult(IntakeStatus.UnknownDestination, Guid.Empty, [new UnknownDestination("x/y", "no \"such\" network")]),
            "full" => new IntakeResult(IntakeStatus.Full, Guid.Empty, [], "too many messages"),
            _ => null,
        };
        using var client = await host.ConnectAsync();
        await client.SendAsync("""{"text":"a","reply":true}""" + "\n" + """{"text":"quiet"}""" + "\n" + """{"text":"bad","reply":true}""" + "\n"
            + """{"text":"full","reply":true}""" + "\n" + """{"text":"x","secret":"wrong","reply":true}""" + "\ns3cret::channels\n");
        var answer = client.ReadLineAsync();
        await Deadline.Poll(() => !host.Batches.IsEmpty);

        Assert.False(answer.IsCompleted);
        hold.SetResult();
        Assert.Matches("""^\{"id":"[0-9a-f-]{36}","status":"queued"\}$""", await answer);
        Assert.Equal("""{"error":"x/y: no \"such\" network"}""", await client.ReadLineAsync());
        Assert.Equal("""{"error":"too many messages"}""", await client.ReadLineAsync());
        Assert.Equal("""{"error":"wrong secret"}""", await client.ReadLineAsync());
        Assert.Equal("#a", await client.ReadLineAsync());
        Assert.Equal("#b", await client.ReadLineAsync());
    }

    [Fact]
    public async Task Asks_ForTheClientsAnew_OnAnOpenConnection()
    {
        await using var host = await DoorHost.StartAsync(Dialect.TwistedPrism);
        using var client = await host.ConnectAsync();
        await client.SendAsync("one\n");
        await host.NextAsync();
        host.Change(o => o with { Anonymous = AnonymousAccess.None });
        await client.SendAsync("two\n");
        await host.CountedAsync("refused:unauthorized", 1);
        Assert.False(host.TryNext(out _));
    }
}
