using System.Globalization;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Acceptance;

/// <summary>
/// A configuration with every kind of secret, and servers, programs and senders that repeat them: none stands in the log at Trace, in the traffic log, or in
/// anything that can be asked for. Every secret has the word <c>5ecret</c> in it.
/// </summary>
public sealed class EverySecretTests
{
    private const string Mark = "5ecret";
    private const string Admin = "admin-5ecret-1";
    private const string Client = "client-5ecret-2";
    private const string Hook = "hook-5ecret-3";
    private const string Signing = "signing-5ecret-4";
    private const string Signed = "signed-5ecret-5";
    private const string Getting = "getting-5ecret-6";
    private const string Server = "server-5ecret-7";
    private const string Oper = "oper-5ecret-8";
    private const string Key = "key-5ecret-9";
    private const string UrlKey = "urlkey-5ecret-10";
    private const string Wrong = "wrong-5ecret-11";
    private const string Proxy = "proxy-5ecret-12";
    private const string Xmpp = "xmpp-5ecret-13";
    private const string Room = "room-5ecret-14";
    private const string Environment = "environment-5ecret-15";
    private const string Argument = "argument-5ecret-16";
    private const string Services = "services-5ecret-17";
    private const string Sasl = "sasl-5ecret-18";

    [Fact]
    public async Task NoSecret_StandsAnywhere()
    {
        await using var peer = ScriptedPeer.Start();
        var traffic = "";
        await using var gateway = await Installation.StartAsync(
            new JsonObject { ["net"] = Network(peer.Port), ["login"] = Login(), ["far"] = Far() },
            settings =>
            {
                traffic = Path.Combine(Path.GetTempPath(), $"notify-traffic-{Guid.NewGuid():N}.log");
                settings["Gateway"]!["Irc"]!["net"]!["TrafficLog"] = traffic;
                Change(settings);
            });
        try
        {
            var connection = await WelcomeAsync(peer);
            var ids = await SendAsync(gateway, connection);
            await SendWrongAsync(gateway);

            // The server takes leave with all that it knows.
            await connection.SendAsync($"ERROR :Closing Link: {Server} {Oper} {Key}");
            await connection.CloseAsync();
            await Deadline.Poll(async token => (await AskAsync(gateway, "/api/v1/sessions", Admin, token)).Contains("Closing Link", StringComparison.Ordinal), "the session tells what the server said");
            await Deadline.Poll(async token => (await AskAsync(gateway, "/api/v1/messages?limit=500", Admin, token)).Contains("exit 1", StringComparison.Ordinal), "the program has failed");
            foreach (var (path, answer) in await AskAsync(gateway, ids))
            {
                Assert.True(!answer.Contains(Mark, StringComparison.OrdinalIgnoreCase), $"{path}: {answer}");
            }

            Assert.Equal(0, await gateway.Process.TerminateAsync());
            Assert.Contains("trce: ", gateway.Log, StringComparison.Ordinal);
            AssertNone("the log", gateway.Log);
            var lines = await File.ReadAllTextAsync(traffic, TestContext.Current.CancellationToken);
            Assert.Contains("421 gateway OPER :bot *** unknown", lines, StringComparison.Ordinal);
            AssertNone("the traffic log", lines);
        }
        finally
        {
            File.Delete(traffic);
        }
    }

    private static void AssertNone(string where, string text)
    {
        var line = Array.Find(text.Split('\n'), l => l.Contains(Mark, StringComparison.OrdinalIgnoreCase));
        Assert.True(line is null, $"{where}: {line}");
        foreach (var signature in (string[])[Sign("""{"text":"signed"}""", Signing), Convert.ToBase64String(Encoding.UTF8.GetBytes($"client:{Client}"))])
        {
            Assert.DoesNotContain(signature, text, StringComparison.OrdinalIgnoreCase);
        }
    }

    private static JsonObject Network(int port)
    {
        var network = Installation.Network(port, "#open");
        network["ServerPassword"] = Server;
        network["OnConnect"] = new JsonArray($"OPER bot {Oper}");
        network["Channels"]!.AsArray().Add(new JsonObject { ["Name"] = "#keyed", ["Key"] = Key });
        return network;
    }

    /// <summary>Nobody listens there: what is configured must not show for all that.</summary>
    private static JsonObject Login()
    {
        var network = Installation.Network(FreePort.Next());
        network["Sasl"] = new JsonObject { ["Account"] = "bot", ["Password"] = Sasl, ["Mechanism"] = "Plain" };
        network["NickServ"] = new JsonObject { ["Password"] = Services };
        return network;
    }

    private static JsonObject Far()
    {
        var network = Installation.Network(6667);
        network["Proxy"] = string.Create(CultureInfo.InvariantCulture, $"socks5://user:{Proxy}@127.0.0.1:{FreePort.Next()}");
        return network;
    }

    private static void Change(JsonObject settings)
    {
        settings["Logging"] = new JsonObject { ["LogLevel"] = new JsonObject { ["Default"] = "Trace", ["Microsoft.AspNetCore"] = "Trace" } };
        var gateway = settings["Gateway"]!;
        gateway["Anonymous"] = "None";
        gateway["Admin"] = new JsonObject { ["Secret"] = Admin };
        gateway["Clients"] = new JsonObject { ["client"] = new JsonObject { ["Secret"] = Client } };
        gateway["Hooks"] = new JsonObject
        {
            ["plain"] = new JsonObject { ["Token"] = Hook, ["To"] = new JsonArray("net/#open") },
            ["signed"] = new JsonObject { ["Token"] = Signed, ["To"] = new JsonArray("net/#open"), ["SigningSecret"] = Signing },
            ["get"] = new JsonObject { ["Token"] = Getting, ["To"] = new JsonArray("net/#open"), ["AllowGet"] = true },
        };
        gateway["Xmpp"] = new JsonObject
        {
            ["work"] = new JsonObject
            {
                ["Jid"] = "bot@localhost",
                ["Password"] = Xmpp,
                ["Host"] = "127.0.0.1",
                ["Port"] = FreePort.Next(),
                ["ConnectSpacing"] = "00:00:00",
                ["Rooms"] = new JsonArray(new JsonObject { ["Jid"] = "ops@conference.localhost", ["Password"] = Room }),
            },
        };
        gateway["Programs"] = new JsonObject
        {
            ["leaky"] = new JsonObject
            {
                ["Command"] = new JsonArray("/bin/sh", "-c", "echo \"$API_TOKEN $2\"; echo \"$API_TOKEN\" >&2; exit 1", "sh", "--token", Argument),
                ["Environment"] = new JsonObject { ["API_TOKEN"] = Environment },
            },
        };
    }

    /// <summary>Lets the session in, and repeats what it says, as servers do that do not understand.</summary>
    private static async Task<PeerConnection> WelcomeAsync(ScriptedPeer peer)
    {
        var connection = await peer.AcceptAsync();
        await connection.ExpectEventuallyAsync(l => l == $"PASS {Server}", "PASS");
        await connection.SendAsync($":srv NOTICE * :You said {Server}");
        await connection.ExpectEventuallyAsync(l => l.StartsWith("NICK ", StringComparison.Ordinal), "NICK");
        await connection.SendAsync(":srv 001 gateway :Welcome", ":srv 376 gateway :End");
        await connection.ExpectEventuallyAsync(l => l == $"OPER bot {Oper}", "OPER");
        await connection.SendAsync($":srv 421 gateway OPER :bot {Oper} unknown", $":srv 475 gateway #keyed :wrong key {Key}", ":gateway!u@h JOIN #open");
        return connection;
    }

    private static async Task<List<string>> SendAsync(Installation gateway, PeerConnection connection)
    {
        var ids = new List<string>();
        async Task TakeAsync(string path, HttpContent? content, params (string Name, string Value)[] headers)
        {
            using var request = new HttpRequestMessage(content is null ? HttpMethod.Get : HttpMethod.Post, path) { Content = content };
            foreach (var (name, value) in headers)
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }

            using var answer = await gateway.Http.SendAsync(request);
            var body = await answer.Content.ReadAsStringAsync();
            Assert.True(answer.IsSuccessStatusCode, $"{path}: {(int)answer.StatusCode} {body}");
            AssertNone(path, body);
            if (answer.Headers.Location is { } location)
            {
                ids.Add(location.ToString().Split('/')[^1]);
            }
        }

        static StringContent Json(string json) => new(json, Encoding.UTF8, "application/json");
        var basic = Convert.ToBase64String(Encoding.UTF8.GetBytes($"client:{Client}"));
        await TakeAsync("/api/v1/messages", Json("""{"to":["net/#open","program:leaky","work/ops@conference.localhost"],"text":"native"}"""), ("Authorization", $"Basic {basic}"));
        await TakeAsync($"/api/v1/messages?client=client&secret={Client}", Json("""{"to":["net/#keyed"],"text":"query"}"""));
        await TakeAsync("/api/v1/messages", Json($$"""{"to":["net/#keyed"],"text":"body","secret":"{{Client}}"}"""));
        await TakeAsync($"/notification/send?message=prism&users=&channels=%23open&secret={Client}", null);
        await TakeAsync($"/hooks/{Hook}", Json("""{"text":"hook"}"""));
        await TakeAsync($"/services/T0/B0/{Hook}", Json("""{"text":"services"}"""));
        await TakeAsync($"/hooks/{Signed}", Json("""{"text":"signed"}"""), ("X-Hub-Signature-256", $"sha256={Sign("""{"text":"signed"}""", Signing)}"));
        await TakeAsync($"/hooks/{Getting}?text=get", null);
        await TakeAsync($"/post/{Hook}", Json("""{"any":"value"}"""));
        await TakeAsync($"/ntfy/{Hook}", new StringContent("ntfy"));
        await TakeAsync($"/message?token={Hook}", Json("""{"message":"gotify"}"""));
        await TakeAsync("/message", Json("""{"message":"gotify"}"""), ("X-Gotify-Key", Hook));
        await LineClient.SendAllAsync(gateway.KaozPort, $"{Client}:#open:kaoz\n{Client}::channels\n");
        await gateway.IrkerAsync(string.Create(CultureInfo.InvariantCulture, $$"""{"to":"irc://ann:{{Wrong}}@127.0.0.1:{{FreePort.Next()}}/room?key={{UrlKey}}","privmsg":"irker","secret":"{{Client}}"}"""));
        await connection.ExpectEventuallyAsync(l => l.EndsWith("native", StringComparison.Ordinal), "the first message");
        return ids;
    }

    private static async Task SendWrongAsync(Installation gateway)
    {
        foreach (var (path, header) in new[]
        {
            ("/api/v1/messages", $"Authorization: Bearer {Wrong}"), ("/api/v1/messages", $"Authorization: Basic {Wrong}"), ("/api/v1/messages", $"X-Api-Key: {Wrong}"),
            ($"/hooks/{Wrong}", ""), ($"/post/{Wrong}", ""), ($"/ntfy/{Wrong}", ""), ($"/services/a/b/{Wrong}", ""), ($"/message?token={Wrong}", ""), ("/message", $"X-Gotify-Key: {Wrong}"),
            ($"/hooks/{Signed}", $"X-Hub-Signature-256: sha256={Wrong}"), ($"/hooks/{Signed}", $"X-Gitlab-Token: {Wrong}"), ($"/hooks/{Hook}/more", ""), ($"/nowhere/{Hook}?secret={Wrong}", ""),
        })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(new { text = "bad", message = "bad", secret = header.Length == 0 ? null : Wrong }) };
            if (header.Split(": ") is [var name, var value])
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }

            using var answer = await gateway.Http.SendAsync(request);
            Assert.False(answer.IsSuccessStatusCode, path);
            AssertNone(path, await answer.Content.ReadAsStringAsync());
        }

        await LineClient.SendAllAsync(gateway.KaozPort, $"{Wrong}:#open:bad\n{Client}\n{Client}::{Client}\n");
        await LineClient.SendAllAsync(gateway.NetcatPort, $"{Wrong}:#open:bad\n{{\"message\":\"bad\",\"secret\":\"{Wrong}\"}}\n{{\"text\":\"bad\",\"to\":[\"irc://a:{Wrong}@x.test/c?key={UrlKey}\"],\"secret\":\"{Client}\"}}\n");
    }

    /// <summary>Everything that can be asked for.</summary>
    private static async Task<List<(string Path, string Answer)>> AskAsync(Installation gateway, List<string> ids)
    {
        var answers = new List<(string, string)>();
        var paths = new List<string>
        {
            "/", "/health/live", "/health/ready", "/metrics", "/openapi/v1.json", "/swagger/index.html", "/api/v1/sessions", "/api/v1/messages?limit=500", "/api/v1/destinations", "/api/v1/configuration", "/api/v1/hooks", "/api/v1/whoami",
        };
        paths.AddRange(ids.SelectMany(id => new[] { $"/api/v1/messages/{id}", $"/api/v1/messages/{id}/lines", $"/m/{id}" }));
        foreach (var secret in (string[])[Admin, Client])
        {
            foreach (var path in paths)
            {
                answers.Add((path, await AskAsync(gateway, path, secret, CancellationToken.None)));
            }
        }

        Assert.Contains(answers, a => a.Item1 == "/api/v1/sessions" && a.Item2.Contains("\"far\"", StringComparison.Ordinal) && a.Item2.Contains("\"work\"", StringComparison.Ordinal));
        Assert.Contains(answers, a => a.Item2.Contains("exit 1", StringComparison.Ordinal) && a.Item2.Contains("***", StringComparison.Ordinal));
        return answers;
    }

    private static async Task<string> AskAsync(Installation gateway, string path, string secret, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("X-Api-Key", secret);
        using var answer = await gateway.Http.SendAsync(request, cancellationToken);
        return $"{answer.Headers}{await answer.Content.ReadAsStringAsync(cancellationToken)}";
    }

    private static string Sign(string body, string secret) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(body)));
}
