using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using NotifyGateway.Bench.Load;

namespace NotifyGateway.Bench.Servers;

/// <summary>The built gateway with a configuration made for the run; its database is new, unless the folder is that of an earlier one.</summary>
internal sealed class Gateway : IRelay
{
    /// <param name="program">The built NotifyGateway.Api.dll, or a published executable.</param>
    /// <param name="folder">Where configuration, database and log go.</param>
    /// <param name="cpu">The core.</param>
    /// <param name="sinkPort">If set, a configured network <c>bench</c> with the channel <c>#bench</c> at this port of 127.0.0.1.</param>
    /// <param name="window">Deliveries on the wire and not yet confirmed.</param>
    /// <param name="more">Changes the section <c>Gateway</c> before it is written.</param>
    public Gateway(string program, string folder, string cpu, int? sinkPort = null, int window = 256, Action<JsonObject>? more = null)
    {
        if (!File.Exists(program))
        {
            throw new InvalidOperationException($"{program} is missing: build it with `dotnet build -c Release`");
        }

        Directory.CreateDirectory(folder);
        Http = FreePort.Find();
        Irker = new IPEndPoint(IPAddress.Loopback, FreePort.Find());
        var configuration = Path.Combine(folder, "bench.json");
        File.WriteAllText(configuration, Configuration(folder, sinkPort, window, more).ToJsonString(new JsonSerializerOptions { WriteIndented = true }));
        string[] start = program.EndsWith(".dll", StringComparison.Ordinal) ? ["dotnet", program] : [program];
        Process = new ServerProcess(
            "the gateway", cpu, Path.Combine(folder, "gateway.log"), [.. start, "serve", "--config", configuration, "--urls", $"http://127.0.0.1:{Http}"]);
        ReadyAfter = Process.AwaitReady(IsReady, TimeSpan.FromSeconds(60));
    }

    public ServerProcess Process { get; }

    public IPEndPoint Irker { get; }

    public double ReadyAfter { get; }

    /// <summary>The port of its HTTP door.</summary>
    public int Http { get; }

    /// <summary>Deliveries that wait, over all sessions, as the gateway says itself.</summary>
    public long Queued()
    {
        var answer = HttpAnswer.Get(Http, "/api/v1/sessions") ?? throw new InvalidOperationException("the gateway is gone:\n" + Process.LogTail());
        if (!answer.StartsWith("HTTP/1.1 200 ", StringComparison.Ordinal))
        {
            throw new InvalidDataException("the gateway does not list its sessions: " + answer);
        }

        // The answer may come in chunks, whose lengths stand between them; it is asked for with Connection: close and is one array.
        var sessions = JsonNode.Parse(answer[answer.IndexOf('[', StringComparison.Ordinal)..(answer.LastIndexOf(']') + 1)])!.AsArray();
        return sessions.Sum(session => session!["queued"]!.GetValue<long>());
    }

    /// <summary>What its managed heap was asked for so far, in bytes.</summary>
    public double AllocatedBytes()
    {
        const string Name = "\ndotnet_gc_allocated_bytes_total ";
        var answer = HttpAnswer.Get(Http, "/metrics") ?? throw new InvalidOperationException("the gateway is gone:\n" + Process.LogTail());
        var start = answer.IndexOf(Name, StringComparison.Ordinal);
        return start < 0
            ? throw new InvalidDataException("the gateway does not say what it allocates")
            : double.Parse(answer.AsSpan(start + Name.Length, answer.IndexOf('\n', start + 1) - start - Name.Length), CultureInfo.InvariantCulture);
    }

    public void Dispose() => Process.Dispose();

    private bool IsReady() => HttpAnswer.Get(Http, "/health/ready")?.StartsWith("HTTP/1.1 200 ", StringComparison.Ordinal) ?? false;

    private JsonObject Configuration(string folder, int? sinkPort, int window, Action<JsonObject>? more)
    {
        var gateway = new JsonObject
        {
            ["Anonymous"] = "Loopback",
            ["DynamicServers"] = new JsonArray("*"),
            ["Dynamic"] = Paced(new JsonObject { ["MaxSessions"] = 2100 }, window),
            ["Outbox"] = new JsonObject { ["Path"] = Path.Combine(folder, "outbox.db"), ["MaxQueuedPerSession"] = 10_000_000 },
            ["Listeners"] = new JsonObject { ["Tcp"] = Door(), ["Udp"] = Door() },
        };
        if (sinkPort is { } port)
        {
            gateway["Irc"] = new JsonObject
            {
                ["bench"] = Paced(new JsonObject
                {
                    ["Server"] = "127.0.0.1",
                    ["Port"] = port,
                    ["Tls"] = false,
                    ["Nick"] = "bench",
                    ["Channels"] = new JsonArray(new JsonObject { ["Name"] = "#bench" }),
                }, window),
            };
        }

        more?.Invoke(gateway);
        return new JsonObject { ["Gateway"] = gateway };
    }

    private JsonObject Door() => new() { ["irker"] = new JsonObject { ["Endpoint"] = Irker.ToString(), ["Dialect"] = "Irker" } };

    /// <summary>Only the window paces, as against a server that does not punish floods; the delays are for servers of others.</summary>
    private static JsonObject Paced(JsonObject session, int window)
    {
        session["LinesPerSecond"] = 0;
        session["Window"] = window;
        session["ConnectSpacing"] = "00:00:00.001";
        return session;
    }
}
