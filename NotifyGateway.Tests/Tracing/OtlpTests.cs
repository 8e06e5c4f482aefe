using System.Collections;
using System.Globalization;
using System.Text;
using NotifyGateway.Api.Tracing;
using NotifyGateway.Core.Configuration;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Tracing;

/// <summary>Metrics and traces by OTLP, from the built program to a collector.</summary>
public sealed class OtlpTests
{
    private const string Trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    private const string Caller = "00f067aa0ba902b7";

    [Fact]
    public async Task Sends_WhatMetricsShow_WithTheHeadersOfTheConfiguration()
    {
        await using var collector = await OtlpReceiver.StartAsync();
        await using var gateway = await StartAsync(collector, port: FreePort.Next());
        Assert.Equal(202, await PostAsync(gateway, "x"));
        foreach (var name in new[] { "notify_messages_accepted_total", "notify_queue_depth", "notify_session_up", "notify_outbox_write_seconds", "process_resident_memory_bytes" })
        {
            await collector.HasMetricAsync(name);
        }

        Assert.All(collector.Requests.Entries, r => Assert.Equal("hunter2 =;", r.Key));
        Assert.DoesNotContain("hunter2", gateway.Process.Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Trace_GoesFromTheCallerOverTheDoorToTheProof_AcrossARestart()
    {
        await using var collector = await OtlpReceiver.StartAsync();
        await using var server = await NgircdServer.StartAsync();
        await using var gateway = await StartAsync(collector, FreePort.Next());
        Assert.Equal(202, await PostAsync(gateway, "kept", $"00-{Trace}-{Caller}-01"));
        var request = await collector.SpanAsync(s => s.Name is "POST /api/v1/messages", "the request");
        var accept = await collector.SpanAsync(s => s.Name is "accept", "the acceptance");
        Assert.Equal((Trace, Caller), (request.Trace, request.Parent));
        Assert.Equal((Trace, request.Id), (accept.Trace, accept.Parent));

        await gateway.Kill9Async();
        gateway.Configure(Configuration(collector, server.Port));
        await gateway.StartAsync();
        var deliver = await collector.SpanAsync(s => s.Name is "deliver net", "the delivery");
        Assert.Equal((Trace, accept.Id), (deliver.Trace, deliver.Parent));
        Assert.Contains("delivered", deliver.Text, StringComparison.Ordinal);
        Assert.Contains("net/#ops", deliver.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("kept", deliver.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Trace_OfAHook_NamesNoToken()
    {
        await using var collector = await OtlpReceiver.StartAsync();
        await using var gateway = await StartAsync(collector, FreePort.Next());
        using var answer = await gateway.Http.PostAsync(new Uri("hooks/sekret-token-1", UriKind.Relative), new StringContent("""{"text":"x"}""", Encoding.UTF8, "application/json"));
        Assert.Equal(200, (int)answer.StatusCode);
        var request = await collector.SpanAsync(s => s.Name is "POST /hooks/{token}", "the request");
        var accept = await collector.SpanAsync(s => s.Name is "accept" && s.Parent == request.Id, "the acceptance");
        Assert.All(new[] { request, accept }, s => Assert.DoesNotContain("sekret", s.Text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Environment_IsObeyed_AndNothingIsSentWithoutIt()
    {
        await using var collector = await OtlpReceiver.StartAsync();
        await using var gateway = new GatewayProcess("""{ "Gateway": { "Anonymous": "Loopback" } }""");
        await gateway.StartAsync();
        Assert.DoesNotContain("OTLP", gateway.Process.Said, StringComparison.Ordinal);
        Assert.Equal(0, await gateway.TerminateAsync());

        gateway.Variables["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Url.ToString();
        gateway.Variables["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf";
        gateway.Variables["OTEL_SERVICE_NAME"] = "alerts-of-mine";
        await gateway.StartAsync();
        using var page = await gateway.Http.GetAsync(new Uri("api/v1/sessions", UriKind.Relative));
        Assert.Equal(0, await gateway.TerminateAsync());
        await collector.SpanAsync(s => s.Name is "GET /api/v1/sessions", "the end sends what is left");
        await collector.HasMetricAsync("alerts-of-mine");
    }

    [Fact]
    public async Task Collector_ThatIsAway_HoldsNothingUp()
    {
        await using var gateway = new GatewayProcess(string.Create(CultureInfo.InvariantCulture, $$"""{ "Gateway": { "Anonymous": "Loopback", "Otlp": { "Endpoint": "http://127.0.0.1:{{FreePort.Next()}}" } } }"""));
        await gateway.StartAsync();
        using var page = await gateway.Http.GetAsync(new Uri("api/v1/sessions", UriKind.Relative));
        Assert.Equal(200, (int)page.StatusCode);
        Assert.Equal(0, await gateway.TerminateAsync());
        Assert.Single(gateway.Process.Output.Entries, l => l.Contains("[1021] OTLP: ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("", false, false)]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT=http://c", true, true)]
    [InlineData("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=http://c", false, true)]
    [InlineData("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT=http://c", true, false)]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT=http://c OTEL_TRACES_EXPORTER=none", true, false)]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT=http://c OTEL_SDK_DISABLED=true", false, false)]
    public void Signals_AreThoseThatTheEnvironmentAsksFor(string variables, bool metrics, bool traces)
    {
        var environment = new Hashtable();
        foreach (var variable in variables.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            environment[variable.Split('=')[0]] = variable.Split('=')[1];
        }

        var target = OtlpTarget.Of(new OtlpOptions(), environment);
        Assert.Equal((metrics, traces), (target.Metrics, target.Traces));
        Assert.Null(target.Options);
    }

    private static Task<GatewayProcess> StartAsync(OtlpReceiver collector, int port) => StartAsync(new GatewayProcess(Configuration(collector, port)));

    private static async Task<GatewayProcess> StartAsync(GatewayProcess gateway)
    {
        gateway.Variables["OTEL_BSP_SCHEDULE_DELAY"] = "100";
        gateway.Variables["OTEL_METRIC_EXPORT_INTERVAL"] = "300";
        await gateway.StartAsync();
        return gateway;
    }

    private static string Configuration(OtlpReceiver collector, int port) => string.Create(CultureInfo.InvariantCulture, $$"""
        { "Gateway": { "Anonymous": "Loopback", "Otlp": { "Endpoint": "{{collector.Url}}", "Headers": { "x-key": "hunter2 =;" } },
          "Irc": { "net": { "Server": "127.0.0.1", "Port": {{port}}, "Tls": false, "Nick": "gateway", "Channels": [{ "Name": "#ops" }], "DefaultChannels": ["#ops"] } },
          "Hooks": { "h": { "Token": "sekret-token-1", "To": ["#ops"] } } } }
        """);

    private static async Task<int> PostAsync(GatewayProcess gateway, string text, string? traceparent = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("api/v1/messages", UriKind.Relative)) { Content = new StringContent($$"""{"text":"{{text}}"}""", Encoding.UTF8, "application/json") };
        if (traceparent is not null)
        {
            request.Headers.Add("traceparent", traceparent);
        }

        using var answer = await gateway.Http.SendAsync(request);
        return (int)answer.StatusCode;
    }
}
