using Microsoft.Extensions.Logging.Abstractions;
using NotifyGateway.Core;
using NotifyGateway.Core.Configuration;
using NotifyGateway.Core.Outbox;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Http;

/// <summary>The doors over the outbox on disk.</summary>
public sealed class DurableDoorsTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private SqliteOutbox _outbox = null!;

    public async ValueTask InitializeAsync() => _outbox = await SqliteOutbox.OpenAsync(
        new OutboxOptions { Path = _folder["outbox.db"] }, TimeProvider.System, NullLogger<SqliteOutbox>.Instance, CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await _outbox.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task ShowsTheSameReceipt_AtOnceAndFromTheDisk()
    {
        await using var host = await DoorHost.StartAsync(outbox: _outbox);
        var sent = await host.PostJsonAsync("/api/v1/messages", """{"to":["net/#ops","net/bob"],"text":"x"}""");
        Assert.Equal(202, sent.Code);
        Assert.StartsWith(sent.Body[..^1] + ",", (await host.GetAsync(sent.Headers["Location"])).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WaitsForTheOutcome_AndRepeatsTheFirstAnswer()
    {
        await using var host = await DoorHost.StartAsync(outbox: _outbox);
        var first = host.PostJsonAsync("/api/v1/messages?wait=30", """{"text":"x"}""", "Idempotency-Key: k");
        await Deadline.Poll(() => _outbox.Backlog().Sum(b => b.Queued) == 2);
        Assert.Equal(2, await _outbox.SettleAllAsync("net", Outcome.Delivered(Proof.Pong)));
        Assert.Equal((200, "delivered"), ((await first).Code, (await first).Json.GetProperty("status").GetString()));
        Assert.Equal((await first).Body, (await host.PostJsonAsync("/api/v1/messages?wait=30", """{"text":"x"}""", "Idempotency-Key: k")).Body);
        Assert.Equal(422, (await host.PostJsonAsync("/api/v1/messages", """{"text":"y"}""", "Idempotency-Key: k")).Code);
    }

    [Fact]
    public async Task WakesAWait_WhenItsMessageIsCancelled()
    {
        await using var host = await DoorHost.StartAsync(outbox: _outbox);
        var sent = host.PostJsonAsync("/api/v1/messages?wait=30", """{"to":["net/#ops"],"text":"x"}""");
        await Deadline.Poll(() => _outbox.Backlog().Sum(b => b.Queued) == 1);
        var listed = await host.GetAsync("/api/v1/messages");
        var id = listed.Json.GetProperty("items")[0].GetProperty("id").GetString();
        Assert.Equal("cancelled", (await host.SendAsync(HttpMethod.Delete, $"/api/v1/messages/{id}")).Json.GetProperty("status").GetString());
        Assert.Equal((200, "cancelled"), ((await sent).Code, (await sent).Json.GetProperty("status").GetString()));
        Assert.Equal("queued", (await host.SendAsync(HttpMethod.Post, $"/api/v1/messages/{id}/retry")).Json.GetProperty("status").GetString());
    }

    [Fact]
    public async Task RefusesACursorThatNoPageGave()
    {
        await using var host = await DoorHost.StartAsync(outbox: _outbox);
        Assert.Equal(422, (await host.GetAsync("/api/v1/messages?before=yesterday")).Code);
    }
}
