using System.Text;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Cli.Send;

/// <summary>Through a gateway that runs.</summary>
public sealed class GatewaySendTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private NgircdServer _server = null!;
    private GatewayProcess _gateway = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await NgircdServer.StartAsync();
        _gateway = await GatewayProcess.StartAsync($$"""
            { "Gateway": { "Clients": { "ci": { "Secret": "ci-secret", "To": ["net/#ops", "net/#invite"] } },
              "Irc": { "net": { "Server": "127.0.0.1", "Port": {{_server.Port}}, "Tls": false, "Nick": "bot", "Channels": [ { "Name": "#ops" } ] } } } }
            """);
        _folder.Write("secret", "ci-secret\n");
    }

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Delivers_AndIsSilent()
    {
        await using var watcher = await IrcWatcher.ConnectAsync(_server.Port, "watcher", "#ops");

        var byFile = await SendAsync([], "--secret-file", "secret", "--to", "#ops", "one");
        var byArgument = await SendAsync([], "--secret", "ci-secret", "--to", "#ops", "--verbose", "two");
        var byEnvironment = await SendAsync([("NOTIFY_SECRET", "ci-secret")], "--to", "#ops", "--title", "T", "--severity", "info", "--markup", "slack", "*three*");

        Assert.Equal((0, "", ""), byFile);
        Assert.Equal((0, "net/#ops: delivered (pong)", ""), byArgument);
        Assert.Equal((0, "", ""), byEnvironment);
        Assert.Equal(["one", "two"], (await watcher.MessagesAsync("#ops", 3)).Select(m => m.Text).Take(2));
    }

    [Theory]
    [InlineData("wrong-secret", "#ops", " answers 401: The credentials are wrong.")]
    [InlineData(null, "#ops", " answers 401: A secret is needed.")]
    [InlineData("ci-secret", "net/#secret", " answers 403: net/#secret: client ci may not send there")]
    public async Task Refusal_IsTold(string? secret, string to, string said)
    {
        var (code, output, error) = await SendAsync(secret is null ? [] : [("NOTIFY_SECRET", secret)], "--to", to, "x");

        Assert.Equal((1, ""), (code, output));
        Assert.Equal(_gateway.Url.GetLeftPart(UriPartial.Authority) + said, error);
    }

    [Fact]
    public async Task UnknownDestination_IsNamed()
    {
        var (code, output, error) = await SendAsync([("NOTIFY_SECRET", "ci-secret")], "--to", "nowhere/#ops", "--to", "#ops", "x");

        Assert.Equal((1, ""), (code, output));
        Assert.StartsWith("nowhere/#ops: no network has this name", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatStillWaits_IsNotDelivered_AndTheServersWordsAreTold()
    {
        var (code, output, error) = await SendAsync([("NOTIFY_SECRET", "ci-secret")], "--to", "net/#invite", "--timeout", "2", "x");

        Assert.Equal((1, ""), (code, output));
        Assert.StartsWith("net/#invite: not delivered within 2 s, the gateway goes on trying: 473 ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task UnreachableGateway_FailsAtOnce()
    {
        var port = FreePort.Next();

        var (code, output, error) = await GatewayProcess.RunAsync(_folder.Path, "send", "--gateway", $"http://127.0.0.1:{port}", "--to", "#ops", "x");

        Assert.Equal((1, ""), (code, output));
        Assert.Matches($"^http://127.0.0.1:{port} cannot be reached: .*refused", error);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", "answers with what is no message's outcome")]
    [InlineData("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n", "answers 302")]
    public async Task SomethingElseThere_IsTold(string answer, string said)
    {
        await using var peer = ScriptedPeer.Start();
        var run = GatewayProcess.RunAsync(_folder.Path, "send", "--gateway", $"http://127.0.0.1:{peer.Port}", "--to", "#ops", "x");
        var connection = await peer.AcceptAsync();
        await connection.ExpectAsync("POST /api/v1/messages?wait=60 HTTP/1.1");
        await connection.SendAsync(Encoding.ASCII.GetBytes(answer));

        var (code, output, error) = await run;

        Assert.Equal((1, ""), (code, output));
        Assert.Contains(said, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task BrokenConnection_IsTriedAgain_AsTheSameMessage()
    {
        await using var peer = ScriptedPeer.Start();
        var run = GatewayProcess.RunAsync(_folder.Path, "send", "--gateway", $"http://127.0.0.1:{peer.Port}", "--to", "#ops", "x");
        var keys = new List<string>();
        var first = await peer.AcceptAsync();
        keys.Add(await first.ExpectEventuallyAsync(IsKey, "a key"));
        await first.ExpectEventuallyAsync(l => l.Length == 0, "the body");
        await first.CloseAsync();
        var second = await peer.AcceptAsync();
        keys.Add(await second.ExpectEventuallyAsync(IsKey, "a key"));
        const string Receipt = """{"id":"1","status":"delivered","deliveries":[{"id":"1-0","to":"net/#ops","status":"delivered","attempts":1,"reason":null,"proof":"pong","settledAt":null}]}""";
        await second.SendAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {Receipt.Length}\r\n\r\n{Receipt}"));

        Assert.Equal((0, "", ""), await run);
        Assert.Single(keys.Distinct(StringComparer.Ordinal));

        static bool IsKey(string line) => line.StartsWith("Idempotency-Key: ", StringComparison.Ordinal);
    }

    private Task<(int, string, string)> SendAsync(IReadOnlyList<(string, string)> variables, params string[] arguments) =>
        GatewayProcess.RunAsync(_folder.Path, "", variables, ["send", "--gateway", _gateway.Url.ToString(), .. arguments]);
}
