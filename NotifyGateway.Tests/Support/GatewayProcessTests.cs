using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Xunit;

namespace NotifyGateway.Tests.Support;

/// <summary>The built program against a real server, through what only a process of its own can show.</summary>
public sealed class GatewayProcessTests
{
    [Fact]
    public async Task WhatWasAccepted_SurvivesKill9_AndArrivesInOrder_WhenTheServerIsBack()
    {
        await using var irc = NgircdServer.Prepare();
        await using var gateway = await GatewayProcess.StartAsync(Configuration(irc));
        var accepted = new List<string>();
        for (var i = 0; i < 50; i++)
        {
            using var answer = await gateway.Http.PostAsJsonAsync("api/v1/messages", new { to = new[] { "#ops" }, text = $"number {i}" });
            Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
            accepted.Add($"number {i}");
        }

        await gateway.Kill9Async();
        await irc.StartAgainAsync();
        await using var watcher = await IrcWatcher.ConnectAsync(irc.Port, "watcher", "#ops");
        await gateway.StartAsync();

        var seen = await watcher.MessagesAsync("#ops", accepted.Count, TimeSpan.FromSeconds(20));
        Assert.Equal(accepted, seen.Select(message => message.Text));
        Assert.All(seen, message => Assert.Equal("gateway", message.Nick));
    }

    [Fact]
    public async Task Waits_ForTheProof_OrTheServersOwnReason()
    {
        await using var irc = await NgircdServer.StartAsync();
        await using var watcher = await IrcWatcher.ConnectAsync(irc.Port, "watcher", "#ops");
        await using var gateway = await GatewayProcess.StartAsync(Configuration(irc));

        var good = await SendAsync(gateway, "#ops");
        Assert.Equal("delivered", good.GetProperty("status").GetString());
        Assert.Equal("pong", good.GetProperty("deliveries")[0].GetProperty("proof").GetString());
        Assert.Equal("hello", (await watcher.MessagesAsync("#ops", 1))[0].Text);

        var bad = await SendAsync(gateway, "test/nobody");
        Assert.Equal("failed", bad.GetProperty("status").GetString());
        Assert.StartsWith("401 ", bad.GetProperty("deliveries")[0].GetProperty("reason").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Terminates_WithAGoodbye()
    {
        await using var irc = await NgircdServer.StartAsync();
        await using var watcher = await IrcWatcher.ConnectAsync(irc.Port, "watcher", "#ops");
        await using var gateway = await GatewayProcess.StartAsync(Configuration(irc));
        await watcher.Lines.FirstAsync(line => line.StartsWith(":gateway!", StringComparison.Ordinal) && line.Contains(" JOIN ", StringComparison.Ordinal), "JOIN");

        Assert.Equal(0, await gateway.TerminateAsync());
        await watcher.Lines.FirstAsync(line => line.StartsWith(":gateway!", StringComparison.Ordinal) && line.Contains(" QUIT ", StringComparison.Ordinal), "QUIT");
        Assert.Empty(gateway.Process.Error.Entries);
    }

    private static async Task<JsonElement> SendAsync(GatewayProcess gateway, string to)
    {
        using var answer = await gateway.Http.PostAsJsonAsync("api/v1/messages?wait=10", new { to = new[] { to }, text = "hello" });
        Assert.True(answer.StatusCode == HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    private static string Configuration(NgircdServer irc) => $$"""
        {
          "Gateway": {
            "Anonymous": "Loopback",
            "Irc": {
              "test": {
                "Server": "127.0.0.1", "Port": {{irc.Port}}, "Tls": false, "Nick": "gateway",
                "Channels": [ { "Name": "#ops" } ], "LinesPerSecond": 0, "ReconnectMin": "00:00:00.100", "ConnectSpacing": "00:00:00"
              }
            }
          }
        }
        """;
}
