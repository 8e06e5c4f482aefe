using System.Text.Json;
using NotifyGateway.Api.Sandbox;
using NotifyGateway.Core.Configuration;
using Xunit;

namespace NotifyGateway.Tests.Sandbox;

public sealed class SandboxConfigurationTests
{
    [Fact]
    public void Makes_AConfigurationThatNeedsNothingElse()
    {
        var options = SandboxConfiguration.Apply(new GatewayOptions(), 6001);

        var network = Assert.Single(options.Irc);
        Assert.Equal(("sandbox", "127.0.0.1", 6001, false, "gateway"), (network.Key, network.Value.Server, network.Value.Port, network.Value.Tls, network.Value.Nick));
        Assert.Equal("#alerts", Assert.Single(network.Value.Channels).Name);
        Assert.Equal(["#alerts"], network.Value.DefaultChannels);
        Assert.Equal(AnonymousAccess.Loopback, options.Anonymous);
        Assert.Equal(("127.0.0.1:6659", Dialect.Irker), (options.Listeners.Tcp["irker"].Endpoint, options.Listeners.Tcp["irker"].Dialect));
        Assert.Equal(("127.0.0.1:1079", Dialect.Auto), (options.Listeners.Tcp["netcat"].Endpoint, options.Listeners.Tcp["netcat"].Dialect));
        Assert.Equal("127.0.0.1:6659", Assert.Single(options.Listeners.Udp).Value.Endpoint);
        Assert.Equal("data/sandbox.db", options.Outbox.Path);
    }

    [Fact]
    public void Keeps_WhatSomebodyConfigured()
    {
        var doors = new ListenersOptions { Udp = new Dictionary<string, UdpListenerOptions>(StringComparer.Ordinal) { ["u"] = new() { Endpoint = "127.0.0.1:7000" } } };
        var options = SandboxConfiguration.Apply(new GatewayOptions
        {
            Anonymous = AnonymousAccess.Any,
            Irc = new Dictionary<string, IrcOptions>(StringComparer.Ordinal) { ["libera"] = new() { Server = "irc.example.org" }, ["SANDBOX"] = new() { Server = "other" } },
            Listeners = doors,
            Outbox = new OutboxOptions { Path = "mine.db", MaxQueuedPerSession = 5 },
        });

        Assert.Equal("irc.example.org", options.Irc["libera"].Server);
        Assert.Equal("127.0.0.1", options.Irc["sandbox"].Server);
        Assert.Equal(2, options.Irc.Count);
        Assert.Equal(AnonymousAccess.Any, options.Anonymous);
        Assert.Same(doors, options.Listeners);
        Assert.Equal(("mine.db", 5), (options.Outbox.Path, options.Outbox.MaxQueuedPerSession));
    }

    [Fact]
    public void Greets_WithLinesThatCanBePasted()
    {
        using var output = new StringWriter();
        SandboxGreeting.Print(output, SandboxConfiguration.Apply(new GatewayOptions(), 6001), ["http://127.0.0.1:8099/", "http://[::1]:8099"]);

        var lines = output.ToString().Split('\n').Select(line => line.Trim()).ToArray();
        Assert.Contains("irssi -c 127.0.0.1 -p 6001 -n you      # then: /join #alerts", lines);
        Assert.Contains("echo 'Hello from nc' | nc 127.0.0.1 1079", lines);
        Assert.Contains(lines, line => line.StartsWith("http://127.0.0.1:8099/swagger ", StringComparison.Ordinal));
        var curl = Assert.Single(lines, line => line.StartsWith("curl", StringComparison.Ordinal)).Split('\'');
        Assert.Equal("http://127.0.0.1:8099/api/v1/messages?wait=5", curl[1]);
        Assert.Equal("Content-Type: application/json", curl[3]);
        using var body = JsonDocument.Parse(curl[5]);
        Assert.Equal("#alerts", body.RootElement.GetProperty("to")[0].GetString());
        Assert.Equal("Hello from curl", body.RootElement.GetProperty("text").GetString());
    }

    [Fact]
    public void Greets_WithoutNetcat_WhenNoDoorTakesARawLine()
    {
        using var output = new StringWriter();
        var irker = new Dictionary<string, TcpListenerOptions>(StringComparer.Ordinal) { ["irker"] = new() { Endpoint = "127.0.0.1:7000", Dialect = Dialect.Irker } };
        SandboxGreeting.Print(output, SandboxConfiguration.Apply(new GatewayOptions { Listeners = new ListenersOptions { Tcp = irker } }), []);

        Assert.DoesNotContain("| nc", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("http://127.0.0.1:8080/swagger", output.ToString(), StringComparison.Ordinal);
    }
}
