using Microsoft.Extensions.Logging.Abstractions;
using NotifyGateway.Core;
using NotifyGateway.Core.Configuration;
using NotifyGateway.Core.Outbox;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Http;

public sealed class RepeatKeyTests
{
    private const string Path = "/api/v1/messages";
    private const string Ci = $"X-Api-Key: {DoorHost.CiSecret}";
    private const string Other = $"X-Api-Key: {DoorHost.OtherSecret}";

    [Fact]
    public async Task SameKey_IsTheSameMessage_WhateverItSays()
    {
        await using var host = await DoorHost.StartAsync();
        var first = await host.PostJsonAsync(Path, Message("disk 91 % full"), Ci);
        var again = await host.PostJsonAsync(Path, Message("disk 92 % full"), Ci);
        await host.Outbox.SettleAllAsync("net", Outcome.Delivered(Proof.Pong));
        var settled = await host.PostJsonAsync(Path + "?wait=1", Message("disk 93 % full"), Ci);

        Assert.Equal((202, first.Body), (again.Code, again.Body));
        Assert.Equal(first.Headers["Location"], again.Headers["Location"]);
        Assert.Equal((200, "delivered"), (settled.Code, settled.Json.GetProperty("status").GetString()));
        Assert.Equal(["net/#ops|disk 91 % full"], await host.AcceptedAsync());
    }

    [Fact]
    public async Task AnotherClient_AnotherKey_AndNoKey_AreOthers()
    {
        await using var host = await DoorHost.StartAsync();
        foreach (var (json, client) in new[] { (Message("1"), Ci), (Message("2"), Other), (Message("3", "disk web2"), Ci), (Message("4", null), Ci), (Message("5", null), Ci) })
        {
            Assert.Equal(202, (await host.PostJsonAsync(Path, json, client)).Code);
        }

        Assert.Equal(5, (await host.AcceptedAsync()).Length);
    }

    [Fact]
    public async Task IdempotencyKey_ComesFirst_AndIsNeverTheSameAsARepeatKey()
    {
        await using var host = await DoorHost.StartAsync();
        Assert.Equal(202, (await host.PostJsonAsync(Path, Message("1", "k"), Ci)).Code);
        Assert.Equal(202, (await host.PostJsonAsync(Path, Message("2", "k"), Ci, "Idempotency-Key: k")).Code);
        Assert.Equal(422, (await host.PostJsonAsync(Path, Message("3", "k"), Ci, "Idempotency-Key: k")).Code);

        Assert.Equal(["net/#ops|1", "net/#ops|2"], await host.AcceptedAsync());
    }

    [Fact]
    public async Task Key_IsForgotten_AfterFiveMinutes()
    {
        var time = new ManualTime();
        using var folder = new TempFolder();
        await using var outbox = await SqliteOutbox.OpenAsync(new OutboxOptions { Path = folder["outbox.db"] }, time, NullLogger<SqliteOutbox>.Instance, CancellationToken.None);
        await using var host = await DoorHost.StartAsync(outbox: outbox, time: time);
        var first = await host.PostJsonAsync(Path, Message("1"), Ci);
        time.Advance(TimeSpan.FromMinutes(5) - TimeSpan.FromSeconds(1));
        var within = await host.PostJsonAsync(Path, Message("2"), Ci);
        time.Advance(TimeSpan.FromSeconds(2));
        var after = await host.PostJsonAsync(Path, Message("3"), Ci);

        Assert.Equal(first.Headers["Location"], within.Headers["Location"]);
        Assert.NotEqual(first.Headers["Location"], after.Headers["Location"], StringComparer.Ordinal);
    }

    private static string Message(string text, string? key = "disk web1") =>
        $$"""{"to":["#ops"],"text":"{{text}}","repeatKey":{{(key is null ? "null" : $"\"{key}\"")}}}""";
}
