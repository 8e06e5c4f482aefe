using NotifyGateway.Core;
using NotifyGateway.Core.Configuration;
using NotifyGateway.Core.Outbox;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Http;

/// <summary>A message may be queued once more only where its client may send now, and where somebody serves it.</summary>
public sealed class RetryTests : IAsyncDisposable
{
    private const string Path = "/api/v1/messages";
    private const string Ci = $"X-Api-Key: {DoorHost.CiSecret}";
    private const string Admin = $"X-Api-Key: {DoorHost.AdminSecret}";

    private readonly MemoryOutbox _outbox = new(TimeProvider.System);

    public ValueTask DisposeAsync() => _outbox.DisposeAsync();

    /// <summary>A message to <c>#ops</c> and <c>#dev</c> of a client that may send to both, both failed.</summary>
    private async Task<string> FailedAsync()
    {
        await using var before = await DoorHost.StartAsync(outbox: _outbox);
        var own = (await before.PostJsonAsync(Path, """{"to":["net/#ops","net/#dev"],"text":"x"}""", Ci)).Headers["Location"];
        Assert.Equal(2, await _outbox.SettleAllAsync("net", Outcome.Failed("404")));
        return own;
    }

    private Task<DoorHost> WithAsync(ClientOptions client) =>
        DoorHost.StartAsync(o => o with { Clients = new Dictionary<string, ClientOptions>(StringComparer.OrdinalIgnoreCase) { ["ci"] = client with { Secret = DoorHost.CiSecret } } }, outbox: _outbox);

    private async Task<bool> IsQueuedAsync() => (await _outbox.ListAsync(new ReceiptQuery(), CancellationToken.None)).Items[0].Status == MessageStatus.Queued;

    [Fact]
    public async Task AClientWhoseScopeWasNarrowed_MayNotRetryWhatItLost()
    {
        var own = await FailedAsync();
        await using var host = await WithAsync(new ClientOptions { To = ["net/#ops"] });

        var refused = await host.SendAsync(HttpMethod.Post, own + "/retry", null, Ci);

        Assert.Equal((403, "application/problem+json"), (refused.Code, refused.ContentType));
        Assert.Contains("net/#dev: client ci may not send there", refused.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("#ops", refused.Body, StringComparison.Ordinal);
        Assert.False(await IsQueuedAsync());
        Assert.Equal(202, (await host.SendAsync(HttpMethod.Post, own + "/retry", null, Admin)).Code);
        Assert.True(await IsQueuedAsync());
    }

    [Fact]
    public async Task WhatWasDelivered_IsNoObstacle()
    {
        await using var before = await DoorHost.StartAsync(outbox: _outbox);
        var own = (await before.PostJsonAsync(Path, """{"to":["net/#dev"],"text":"x"}""", Ci)).Headers["Location"];
        await _outbox.SettleAllAsync("net", Outcome.Delivered(Proof.Pong));
        await using var host = await WithAsync(new ClientOptions { To = ["net/#ops"] });

        Assert.Equal(202, (await host.SendAsync(HttpMethod.Post, own + "/retry", null, Ci)).Code);
        Assert.False(await IsQueuedAsync());
    }

    [Fact]
    public async Task WhatNobodyServesAnyMore_IsRefusedByName()
    {
        var own = await FailedAsync();
        await using var host = await DoorHost.StartAsync(
            o => o with { Irc = new Dictionary<string, IrcOptions>(StringComparer.OrdinalIgnoreCase) { ["other"] = o.Irc["net"] } }, outbox: _outbox);

        var refused = await host.SendAsync(HttpMethod.Post, own + "/retry", null, Ci);

        Assert.Equal(422, refused.Code);
        Assert.Contains("net/#ops", refused.Error("to"), StringComparison.Ordinal);
        Assert.False(await IsQueuedAsync());
    }

    [Fact]
    public async Task ARetry_CountsAsAMessage()
    {
        var own = await FailedAsync();
        await using var host = await WithAsync(new ClientOptions { PerMinute = 1 });
        Assert.Equal(202, (await host.SendAsync(HttpMethod.Post, own + "/retry", null, Ci)).Code);
        await _outbox.SettleAllAsync("net", Outcome.Failed("404"));

        var limited = await host.SendAsync(HttpMethod.Post, own + "/retry", null, Ci);

        Assert.Equal(429, limited.Code);
        Assert.InRange(int.Parse(limited.Headers["Retry-After"], null), 1, 60);
    }

    [Theory]
    [InlineData($"X-Api-Key: {DoorHost.OtherSecret}", 404)]
    [InlineData("Accept: */*", 404)]
    [InlineData("X-Api-Key: wrong", 401)]
    public async Task NobodyElse_MayRetryOrCancelOrSeeIt(string who, int status)
    {
        var own = await FailedAsync();
        await using var host = await DoorHost.StartAsync(outbox: _outbox);
        Assert.Equal(status, (await host.SendAsync(HttpMethod.Post, own + "/retry", null, who)).Code);
        Assert.Equal(status, (await host.SendAsync(HttpMethod.Delete, own, null, who)).Code);
        Assert.Equal(status, (await host.GetAsync(own, who)).Code);
        Assert.False(await IsQueuedAsync());
    }
}
