using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Acceptance;

/// <summary>With every category of the log at Trace, no secret of a configuration or of a request stands in it.</summary>
public sealed class SecretsTests
{
    // Each a word of its own, so that the log can be searched for it.
    private const string Kaoz = "kaoz-5ecret-a1";
    private const string Bearer = "bearer-5ecret-b2";
    private const string Query = "query-5ecret-c3";
    private const string Form = "form-5ecret-d4";
    private const string Json = "json-5ecret-e5";
    private const string Line = "line-5ecret-f6";
    private const string Basic = "basic-5ecret-g7";
    private const string ApiKey = "apikey-5ecret-h8";
    private const string Admin = "admin-5ecret-i9";
    private const string ServerPassword = "server-5ecret-j10";
    private const string UrlPassword = "url-5ecret-k11";
    private const string ChannelKey = "sesame";
    private const string UrlKey = "urlkey-5ecret-l12";
    private const string Wrong = "wrong-5ecret-m13";
    private const string DynamicPassword = "dynamic-5ecret-n14";

    [Fact]
    public async Task Log_HoldsNoSecretAtTrace()
    {
        await using var server = await NgircdServer.StartAsync(new NgircdOptions { Password = ServerPassword });
        await using var peer = ScriptedPeer.Start();
        await using var watcher = await IrcWatcher.ConnectAsync(server.Port, "watcher", ServerPassword, tls: false, "#open", "#keyed " + ChannelKey);
        await using var gateway = await Installation.StartAsync(new JsonObject { ["net"] = Network(server.Port) }, Change);
        await watcher.Lines.FirstAsync(l => l.StartsWith(":gateway!", StringComparison.Ordinal) && l.Contains("JOIN :#keyed", StringComparison.Ordinal), "the gateway joins");

        await SendByHttpAsync(gateway);
        await SendByLinesAsync(gateway, peer.Port, server.Port);
        await SendWrongAsync(gateway);
        await ServeAsync(peer);
        await watcher.Messages.CollectAsync(m => m.Text.StartsWith("good ", StringComparison.Ordinal), 9, "one message for each good secret");
        Assert.Equal(0, await gateway.Process.TerminateAsync());

        // The log is one that would show them: every layer has written what it has.
        var log = gateway.Log;
        Assert.Contains("trce: ", log, StringComparison.Ordinal);
        Assert.Contains("dbug: Microsoft.AspNetCore", log, StringComparison.Ordinal);
        Assert.Contains("/notification/send", log, StringComparison.Ordinal);
        string[] secrets = [Kaoz, Bearer, Query, Form, Json, Line, Basic, ApiKey, Admin, ServerPassword, UrlPassword, ChannelKey, UrlKey, Wrong, DynamicPassword, Encoded(Basic)];
        Assert.All(secrets, s => Assert.DoesNotContain(s, log, StringComparison.OrdinalIgnoreCase));
        Assert.All(secrets, s => Assert.DoesNotContain(Uri.EscapeDataString(s), log, StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain("5ecret", log, StringComparison.OrdinalIgnoreCase);
    }

    private static JsonObject Network(int port)
    {
        var network = Installation.Network(port, "#open");
        network["ServerPassword"] = ServerPassword;
        network["Channels"]!.AsArray().Add(new JsonObject { ["Name"] = "#keyed", ["Key"] = ChannelKey });
        return network;
    }

    private static void Change(JsonObject settings)
    {
        settings["Logging"] = new JsonObject { ["LogLevel"] = new JsonObject { ["Default"] = "Trace", ["Microsoft.AspNetCore"] = "Trace" } };
        var gateway = settings["Gateway"]!;
        gateway["Anonymous"] = "None";
        gateway["Admin"] = new JsonObject { ["Secret"] = Admin };
        gateway["Dynamic"]!["ServerPassword"] = DynamicPassword;
        string[] secrets = [Kaoz, Bearer, Query, Form, Json, Line, Basic, ApiKey];
        gateway["Clients"] = new JsonObject(secrets.Select(s => KeyValuePair.Create(s.Split('-')[0], (JsonNode?)new JsonObject { ["Secret"] = s })));
    }

    private static async Task SendByHttpAsync(Installation gateway)
    {
        await AcceptedAsync(gateway, Post("good bearer", r => r.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Bearer)));
        await AcceptedAsync(gateway, Post("good basic", r => r.Headers.Authorization = new AuthenticationHeaderValue("Basic", Encoded(Basic))));
        await AcceptedAsync(gateway, Post("good apikey", r => r.Headers.Add("X-Api-Key", ApiKey)));
        await AcceptedAsync(gateway, new HttpRequestMessage(HttpMethod.Get, $"/notification/send?message=good+query&users=&channels=%23open&client=query&secret={Query}"));
        await AcceptedAsync(gateway, new HttpRequestMessage(HttpMethod.Post, "/notification/send")
        {
            Content = new FormUrlEncodedContent([new("message", "good form"), new("users", ""), new("channels", "#open"), new("secret", Form)]),
        });
        await AcceptedAsync(gateway, new HttpRequestMessage(HttpMethod.Post, "/notification/send")
        {
            Content = JsonContent.Create(new { message = "good json", users = Array.Empty<string>(), channels = "#open", secret = Json }),
        });
    }

    private static async Task SendByLinesAsync(Installation gateway, int peerPort, int serverPort)
    {
        await LineClient.SendAllAsync(gateway.KaozPort, $"{Kaoz}:#open:good kaoz\n{Kaoz}::channels\n");
        await LineClient.SendAllAsync(gateway.NetcatPort, $$"""{"message":"good line","users":[],"channels":["#open"],"secret":"{{Line}}"}""");
        string Url(string credentials, int port, string rest) => string.Create(CultureInfo.InvariantCulture, $"irc://{credentials}127.0.0.1:{port}/{rest}");
        await gateway.IrkerAsync(
            $$"""{"to":"{{Url($"ann:{UrlPassword}@", peerPort, $"room?key={UrlKey}")}}","privmsg":"by url","secret":"{{Line}}"}""",
            $$"""{"to":"{{Url("", peerPort, $"room?{UrlKey}")}}","privmsg":"by url","secret":"{{Line}}"}""",
            $$"""{"to":"{{Url("", serverPort, $"keyed?key={ChannelKey}")}}","privmsg":"good key","secret":"{{Line}}"}""",
            $$"""{"to":"{{Url($"ann:{UrlPassword}@", FreePort.Next(), $"dead?key={UrlKey}")}}","privmsg":"never","secret":"{{Line}}"}""");
    }

    /// <summary>What is refused must not be quoted either.</summary>
    private static async Task SendWrongAsync(Installation gateway)
    {
        await LineClient.SendAllAsync(gateway.KaozPort, $"{Wrong}:#open:bad\n{Kaoz}\n{Kaoz}:no-second-colon\n{Kaoz}::{Kaoz}\n");
        await LineClient.SendAllAsync(gateway.NetcatPort, $"{Wrong}:#open:bad\n{{\"message\":\"bad\",\"secret\":\"{Wrong}\"}}\n{{\"secret\":\"{Line}\",\n{Wrong}\n");
        await gateway.IrkerAsync(
            $$"""{"to":"irc://127.0.0.1/x","privmsg":"bad","secret":"{{Wrong}}"}""",
            $$"""{"to":["irc://ann:{{UrlPassword}}@elsewhere.test/x?key={{UrlKey}}","irc://ann:{{UrlPassword}}@127.0.0.1:99999/x?{{UrlKey}}"],"privmsg":"bad","secret":"{{Line}}"}""",
            $$"""{"to":"irc://ann:{{UrlPassword}} bad","privmsg":"bad","secret":"{{Line}}"}""",
            $$"""{"to":"ircs://{{UrlPassword}}@[bad/x?key={{UrlKey}}","privmsg":"bad","secret":"{{Line}}" """);
        await RefusedAsync(gateway, Post("bad", r => r.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Wrong)), HttpStatusCode.Unauthorized);
        await RefusedAsync(gateway, new HttpRequestMessage(HttpMethod.Get, $"/notification/send?message=bad&secret={Wrong}"), HttpStatusCode.Unauthorized);
        await RefusedAsync(gateway, new HttpRequestMessage(HttpMethod.Get, $"/no/such/page?secret={Query}&token={Wrong}"), HttpStatusCode.NotFound);
        await RefusedAsync(gateway, new HttpRequestMessage(HttpMethod.Get, $"/notification/other?secret={Query}"), HttpStatusCode.NotFound);
        await RefusedAsync(gateway, Post("bad", r => r.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Bearer), $"irc://ann:{UrlPassword}@elsewhere.test/x?key={UrlKey}"), HttpStatusCode.UnprocessableEntity);
    }

    /// <summary>Lets both sessions in: the one with the URL's password, and the one with that of the configuration.</summary>
    private static async Task ServeAsync(ScriptedPeer peer)
    {
        for (var i = 0; i < 2; i++)
        {
            var connection = await peer.AcceptAsync();
            var pass = await connection.ExpectEventuallyAsync(l => l.StartsWith("PASS ", StringComparison.Ordinal), "PASS");
            Assert.Contains(pass, (string[])["PASS " + UrlPassword, "PASS " + DynamicPassword]);
            var nick = (await connection.ExpectEventuallyAsync(l => l.StartsWith("NICK ", StringComparison.Ordinal), "NICK"))[5..];
            await connection.SendAsync($":srv 001 {nick} :Welcome", $":srv 376 {nick} :End");
            await connection.ExpectEventuallyAsync(l => l == $"JOIN #room {UrlKey}", "JOIN with the key");
            await connection.SendAsync($":{nick}!u@h JOIN #room");
            await connection.ExpectEventuallyAsync(l => l == "PRIVMSG #room :by url", "the message");
        }
    }

    private static HttpRequestMessage Post(string text, Action<HttpRequestMessage> authorize, string to = "net/#open")
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/messages") { Content = JsonContent.Create(new { to = new[] { to }, text }) };
        authorize(request);
        return request;
    }

    private static Task AcceptedAsync(Installation gateway, HttpRequestMessage request) => RefusedAsync(gateway, request, HttpStatusCode.Accepted);

    private static async Task RefusedAsync(Installation gateway, HttpRequestMessage request, HttpStatusCode expected)
    {
        using (request)
        {
            using var answer = await gateway.Http.SendAsync(request);
            var body = await answer.Content.ReadAsStringAsync();
            Assert.True(answer.StatusCode == expected, $"{answer.StatusCode} {body}");
            Assert.DoesNotContain("5ecret", body, StringComparison.Ordinal);
        }
    }

    private static string Encoded(string secret) => Convert.ToBase64String(Encoding.UTF8.GetBytes($"{secret.Split('-')[0]}:{secret}"));
}
