using System.Globalization;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using NotifyGateway.Tests.Acceptance;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Metrics;

/// <summary>What only a running gateway and a real network show.</summary>
public sealed class ConnectionMetricsTests
{
    private const string Admin = "admin-secret-4713";

    [Fact]
    public async Task Counts_ConnectionsThatEnd_AndThoseThatAreMadeAnew()
    {
        await using var server = await NgircdServer.StartAsync();
        await using var gateway = new GatewayProcess(new JsonObject
        {
            ["Gateway"] = new JsonObject
            {
                ["Admin"] = new JsonObject { ["Secret"] = Admin },
                ["Irc"] = new JsonObject { ["net"] = Installation.Network(server.Port) },
            },
        }.ToJsonString());
        await gateway.StartAsync();
        await UntilAsync(gateway, s => s["notify_session_up{session=\"net\"}"] == 1, "online");
        var first = await OperationsDocumentTests.ScrapeAsync(gateway);
        Assert.Equal((0, 0), (first["notify_session_reconnects_total{session=\"net\"}"], first["notify_session_disconnects_total{session=\"net\"}"]));

        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("api/v1/sessions/net/reconnect", UriKind.Relative)) { Headers = { { "X-Api-Key", Admin } } };
        using var answer = await gateway.Http.SendAsync(request);
        Assert.Equal(202, (int)answer.StatusCode);
        await UntilAsync(gateway, s => s["notify_session_reconnects_total{session=\"net\"}"] == 1, "connected anew");
        var second = await OperationsDocumentTests.ScrapeAsync(gateway);
        Assert.Equal(1, second["notify_session_disconnects_total{session=\"net\"}"]);
    }

    [Fact]
    public async Task Counts_WhatTheKernelDrops()
    {
        var port = FreePort.Next();
        await using var gateway = await GatewayProcess.StartAsync(string.Create(CultureInfo.InvariantCulture, $$"""
            { "Gateway": { "Anonymous": "Loopback", "DynamicServers": ["*"], "Listeners": { "Udp": { "irker": { "Endpoint": "127.0.0.1:{{port}}", "Dialect": "Irker" } } } } }
            """));
        gateway.Process.Signal("STOP");
        using var sender = new UdpClient("127.0.0.1", port);
        var datagram = new byte[1200];
        Array.Fill(datagram, (byte)'x');
        for (var sent = 0; sent < 12_000; sent++)
        {
            await sender.SendAsync(datagram, CancellationToken.None);
        }

        gateway.Process.Signal("CONT");
        await UntilAsync(gateway, s => s["notify_udp_dropped_total{input=\"udp:irker\"}"] > 0, "the kernel has dropped some");
        await UntilAsync(gateway, s => s["notify_udp_dropped_total{input=\"udp:irker\"}"] + s["notify_messages_refused_total{input=\"udp:irker\",reason=\"malformed\"}"] == 12_000, "all are accounted for");
    }

    private static Task UntilAsync(GatewayProcess gateway, Func<Samples, bool> holds, string what) =>
        Deadline.Poll(async _ => holds(await OperationsDocumentTests.ScrapeAsync(gateway)), what, TimeSpan.FromSeconds(20));
}
