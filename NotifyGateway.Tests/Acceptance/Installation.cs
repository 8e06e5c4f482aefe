using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Acceptance;

/// <summary>The built gateway as somebody would install it, with every door open to this machine. A test changes what it is about.</summary>
internal sealed class Installation : IAsyncDisposable
{
    /// <summary>The secret of client <c>kaoz</c>; a secret may hold what separates fields.</summary>
    public const string KaozSecret = "open:kaoz:door";

    private const string AdminSecret = "admin:of:all";

    private readonly GatewayProcess _gateway;
    private readonly JsonObject _settings;

    /// <param name="networks">The section <c>Gateway:Irc</c>.</param>
    /// <param name="change">Changes the whole configuration file.</param>
    /// <param name="launcher">A program that starts the gateway's in its own place, and its arguments.</param>
    public Installation(JsonObject networks, Action<JsonObject>? change = null, params string[] launcher)
    {
        _settings = Settings(networks);
        change?.Invoke(_settings);
        _gateway = new GatewayProcess(_settings.ToJsonString()) { Launcher = launcher };
    }

    public int IrkerPort { get; } = FreePort.Next();

    public int KaozPort { get; } = FreePort.Next();

    public int NetcatPort { get; } = FreePort.Next();

    public GatewayProcess Process => _gateway;

    /// <summary>The working directory, where a relative outbox path leads.</summary>
    public TempFolder Folder => _gateway.Folder;

    public HttpClient Http => _gateway.Http;

    /// <summary>Everything that the program has printed since it was started last.</summary>
    public string Log => _gateway.Process.Said;

    /// <summary>How a network is configured that a test need not wait for.</summary>
    public static JsonObject Network(int port, params string[] channels)
    {
        var network = Quick();
        network["Server"] = "127.0.0.1";
        network["Port"] = port;
        network["Tls"] = false;
        network["Nick"] = "gateway";
        network["NickFallback"] = "gateway%03d";
        network["Channels"] = new JsonArray([.. channels.Select(name => new JsonObject { ["Name"] = name })]);
        return network;
    }

    public static async Task<Installation> StartAsync(JsonObject networks, Action<JsonObject>? change = null)
    {
        var installation = new Installation(networks, change);
        await installation.StartAsync();
        return installation;
    }

    /// <summary>Starts, or starts again with the same folder; returns when it is ready.</summary>
    public Task StartAsync() => _gateway.StartAsync();

    /// <summary>Changes the section <c>Gateway</c> of the file, in one step, while the gateway runs.</summary>
    public void Change(Action<JsonObject> change)
    {
        change(_settings["Gateway"]!.AsObject());
        _gateway.Configure(_settings.ToJsonString());
    }

    /// <summary>The same; returns when it is in force.</summary>
    public async Task ChangeAsync(Action<JsonObject> change)
    {
        var before = (await ConfigurationAsync(_ => true, "is told")).Text("loadedAt");
        Change(change);
        await ConfigurationAsync(c => c.Text("loadedAt") != before, "is in force");
    }

    /// <summary>What the administrator is told of the configuration, as soon as it looks like that.</summary>
    public async Task<JsonNode> ConfigurationAsync(Func<JsonNode, bool> looks, string what)
    {
        JsonNode? found = null;
        await Deadline.Poll(
            async token =>
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/configuration") { Headers = { { "X-Api-Key", AdminSecret } } };
                using var answer = await Http.SendAsync(request, token);
                found = JsonNode.Parse(await answer.Content.ReadAsStringAsync(token))!;
                return answer.IsSuccessStatusCode && looks(found);
            },
            $"the configuration {what}");
        return found!;
    }

    /// <summary>Posts to the native route; returns the answer.</summary>
    public Task<JsonNode> PostAsync(string to, string text, int? wait = null) => PostAsync([to], text, wait);

    /// <inheritdoc cref="PostAsync(string, string, int?)"/>
    public async Task<JsonNode> PostAsync(string[] to, string text, int? wait = null)
    {
        using var answer = await TryPostAsync(to, text, wait);
        var body = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.Accepted, $"{(int)answer.StatusCode}: {body}");
        return JsonNode.Parse(body)!;
    }

    /// <summary>Posts to the native route, whatever it answers.</summary>
    public Task<HttpResponseMessage> TryPostAsync(string[] to, string text, int? wait = null) =>
        Http.PostAsJsonAsync(wait is null ? "/api/v1/messages" : string.Create(CultureInfo.InvariantCulture, $"/api/v1/messages?wait={wait}"), new { to, text });

    /// <summary>The message, once it is not queued any more.</summary>
    public Task<JsonNode> SettledAsync(string id) => MessageAsync(id, status => status is not "queued", "is settled");

    /// <summary>The message, once it has failed, if need be after it was delivered.</summary>
    public Task<JsonNode> FailedAsync(string id) => MessageAsync(id, status => status is "failed", "has failed");

    /// <summary>Why the only delivery of a message waits or has failed, as soon as that is known.</summary>
    public async Task<string> ReasonAsync(string id)
    {
        string? reason = null;
        await Deadline.Poll(
            async token =>
            {
                reason = JsonNode.Parse(await Http.GetStringAsync(new Uri($"/api/v1/messages/{id}", UriKind.Relative), token))!.Delivery().Text("reason");
                return reason is not null;
            },
            $"message {id} has a reason");
        return reason!;
    }

    public async Task<JsonArray> SessionsAsync(CancellationToken cancellationToken = default) =>
        JsonNode.Parse(await Http.GetStringAsync(new Uri("/api/v1/sessions", UriKind.Relative), cancellationToken))!.AsArray();

    /// <summary>The session, as soon as it looks like that.</summary>
    public async Task<JsonNode> SessionAsync(string name, Func<JsonNode, bool> looks, string what, TimeSpan? limit = null)
    {
        JsonNode? found = null;
        await Deadline.Poll(
            async token =>
            {
                found = (await SessionsAsync(token)).FirstOrDefault(s => s!.Text("name") == name);
                return found is not null && looks(found);
            },
            $"session {name} {what}",
            limit);
        return found!;
    }

    /// <summary>Returns when the session has joined all these channels.</summary>
    public Task JoinedAsync(string name, params string[] channels) => SessionAsync(
        name,
        session => channels.All(c => session["channels"]!.AsArray().Any(j => j!.Text("name") == c && j!.Text("state") == "joined")),
        $"has joined {string.Join(' ', channels)}");

    /// <summary>Sends lines to irker's TCP door and closes: every line is on disk when the door has closed too.</summary>
    public Task IrkerAsync(params string[] lines) => LineClient.SendAllAsync(IrkerPort, string.Concat(lines.Select(l => l + "\n")));

    /// <summary>One datagram to irker's UDP door.</summary>
    public async Task UdpAsync(string datagram)
    {
        using var udp = new UdpClient();
        await udp.SendAsync(Encoding.UTF8.GetBytes(datagram), new IPEndPoint(IPAddress.Loopback, IrkerPort));
    }

    /// <summary>A request of irker's.</summary>
    public static string Irker(string to, string text) => JsonSerializer.Serialize(new { to, privmsg = text });

    /// <inheritdoc cref="Irker(string, string)"/>
    public static string Irker(string[] to, string text) => JsonSerializer.Serialize(new { to, privmsg = text });

    public ValueTask DisposeAsync() => _gateway.DisposeAsync();

    private async Task<JsonNode> MessageAsync(string id, Predicate<string?> looks, string what)
    {
        JsonNode? message = null;
        await Deadline.Poll(
            async token =>
            {
                message = JsonNode.Parse(await Http.GetStringAsync(new Uri($"/api/v1/messages/{id}", UriKind.Relative), token))!;
                return looks(message.Text("status"));
            },
            $"message {id} {what}");
        return message!;
    }

    private static JsonObject Quick() => new()
    {
        ["LinesPerSecond"] = 0,
        ["ConnectSpacing"] = "00:00:00",
        ["ReconnectMin"] = "00:00:00.050",
        ["ReconnectMax"] = "00:00:00.200",
        ["JoinRetry"] = "00:00:00.200",
    };

    private JsonObject Settings(JsonObject networks) => new()
    {
        ["Gateway"] = new JsonObject
        {
            ["Anonymous"] = "Loopback",
            ["Admin"] = new JsonObject { ["Secret"] = AdminSecret },
            ["Clients"] = new JsonObject { ["kaoz"] = new JsonObject { ["Secret"] = KaozSecret } },
            ["Irc"] = networks,
            ["DynamicServers"] = new JsonArray("127.0.0.1", "localhost"),
            ["Dynamic"] = Quick(),
            ["Listeners"] = new JsonObject
            {
                ["Tcp"] = new JsonObject
                {
                    ["irker"] = Door(IrkerPort, "Irker"),
                    ["kaoz"] = Door(KaozPort, "Kaoz"),
                    ["netcat"] = Door(NetcatPort, "Auto"),
                },
                ["Udp"] = new JsonObject { ["irker"] = Door(IrkerPort, "Irker") },
            },
            ["Outbox"] = new JsonObject { ["Path"] = "data/outbox.db" },
        },
    };

    private static JsonObject Door(int port, string dialect) =>
        new() { ["Endpoint"] = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}"), ["Dialect"] = dialect };
}

/// <summary>Reading answers.</summary>
internal static class JsonAnswers
{
    /// <summary>A field as text; null when it is null or absent.</summary>
    public static string? Text(this JsonNode node, string field) => node[field]?.ToString();

    /// <summary>The only delivery of a message.</summary>
    public static JsonNode Delivery(this JsonNode message) => Assert.Single(message["deliveries"]!.AsArray())!;
}
