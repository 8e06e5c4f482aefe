using NotifyGateway.Core;
using NotifyGateway.Core.Configuration;
using Xunit;

namespace NotifyGateway.Tests.Listeners;

public sealed class KaozDoorTests
{
    [Fact]
    public async Task Answers_Commands_AtOnce_WhileTheConnectionStaysOpen()
    {
        await using var host = await DoorHost.StartAsync(Dialect.Kaoz);
        host.Channels = ["#b", "#A", "#a", "#b"];
        using var client = await host.ConnectAsync();
        await client.SendAsync("s3cret::channels\n");
        Assert.Equal("#A", await client.ReadLineAsync());
        Assert.Equal("#a", await client.ReadLineAsync());
        Assert.Equal("#b", await client.ReadLineAsync());
        await client.SendAsync("s3cret::other\r\n");
        Assert.Equal("Unknown command: other", await client.ReadLineAsync());
    }

    /// <summary>Even while an outbox that takes nothing keeps the messages waiting.</summary>
    [Fact]
    public async Task Answers_Commands_BeforeTheCommitOfOtherLines()
    {
        await using var host = await DoorHost.StartAsync(Dialect.Kaoz);
        var hold = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        host.Hold = hold.Task;
        using var client = await host.ConnectAsync();
        await client.SendAsync("s3cret:#ops:one\ns3cret::x\n");
        Assert.Equal("Unknown command: x", await client.ReadLineAsync());
        await client.SendAsync("s3cret:#ops:two\ns3cret::y\n");
        Assert.Equal("Unknown command: y", await client.ReadLineAsync());
        hold.SetResult();
        Assert.Equal("one", (await host.NextAsync()).Text);
        Assert.Equal("two", (await host.NextAsync()).Text);
    }

    [Fact]
    public async Task Takes_ALastLineWithoutEnd_AndANick()
    {
        await using var host = await DoorHost.StartAsync(Dialect.Kaoz);
        using var client = await host.ConnectAsync();
        await client.SendAsync("s3cret:alice:hi: there");
        client.HalfClose();
        var message = await host.NextAsync();
        Assert.Equal(("ci", "hi: there"), (message.Client, message.Text));
        Assert.Equal(["alice"], message.To.Users);
    }

    /// <summary>The one who guesses is read more and more slowly; another connection of the same address is not.</summary>
    [Fact]
    public async Task Slows_WhoGuesses_ButNobodyElse()
    {
        await using var host = await DoorHost.StartAsync(Dialect.Kaoz);
        using var guesser = await host.ConnectAsync();
        await guesser.SendAsync(string.Concat(Enumerable.Range(0, FailedAttempts.Free + 3000).Select(i => $"guess{i}:#ops:x\n")));
        await host.CountedAsync("held", 1);
        await guesser.SendAsync("s3cret:#ops:found at last\n");
        using var other = await host.ConnectAsync();
        await other.SendAsync("s3cret:#ops:at once\n");

        Assert.Equal("at once", (await host.NextAsync()).Text);
        Assert.False(host.TryNext(out _));
    }

    [Fact]
    public async Task Logs_AWrongSecret_WithoutItsLine_AndGoesOn()
    {
        await using var host = await DoorHost.StartAsync(Dialect.Kaoz);
        using var client = await host.ConnectAsync();
        await client.SendAsync("wr0ng-s3cret:#ops:the t3xt\ns3cret\ns3cret:f00\ns3cret:#ops:good\n"u8.ToArray());
        Assert.Equal("good", (await host.NextAsync()).Text);
        Assert.False(host.TryNext(out _));
        client.HalfClose();
        await client.ClosedAsync();
        await host.StopAsync();
        Assert.Contains("wrong secret", host.Log.Text, StringComparison.Ordinal);
        Assert.Equal(2, host.Counted("refused:unauthorized"));
        Assert.Equal(1, host.Counted("refused:malformed"));
        foreach (var secret in new[] { "wr0ng", "s3cret", "t3xt", "f00" })
        {
            Assert.DoesNotContain(secret, host.Log.Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Survives_BytesThatAreNoUtf8()
    {
        await using var host = await DoorHost.StartAsync(Dialect.Kaoz);
        using var client = await host.ConnectAsync();
        await client.SendAsync([0xFF, 0xFE, (byte)':', 0, (byte)'\n', .. "s3cret:#ops:caf"u8, 0xE9, (byte)'\n']);
        Assert.Equal("café", (await host.NextAsync()).Text);
        await host.CountedAsync($"refused:{RefusalReason.Unauthorized}", 1);
    }
}
