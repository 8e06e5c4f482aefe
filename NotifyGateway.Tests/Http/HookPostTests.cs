using System.Net.Http.Headers;
using System.Text;
using NotifyGateway.Core.Configuration;
using Xunit;

namespace NotifyGateway.Tests.Http;

public sealed class HookPostTests
{
    private const string Token = "json-token-4714";

    [Fact]
    public async Task AnswersLikeTheSeed_WhenTheMessageIsOnDisk()
    {
        await using var host = await StartAsync();

        var answer = await host.PostJsonAsync($"/post/{Token}", """{"title":"Test message","text":"Grüße 😀 <&'+>"}""");

        Assert.Equal((200, """{"success":true}""", "application/json; charset=utf-8"), (answer.Code, answer.Body, answer.ContentType));
        Assert.Equal(["net/#ops|{\n  \"title\": \"Test message\",\n  \"text\": \"Gr\\u00fc\\u00dfe \\ud83d\\ude00 <&'+>\"\n}"], await host.AcceptedAsync());
        var receipt = await host.Outbox.FindAsync(Guid.Parse(answer.Headers["X-Notification-Id"]), TestContext.Current.CancellationToken);
        Assert.Equal(("hook:json", "http"), (receipt!.Notification.Client, receipt.Notification.Input));
    }

    [Theory]
    [InlineData("yaml-token-4714", """{"b":[1,"ü"],"a":"x"}""", "a: x\nb:\n- 1\n- ü\n")]
    [InlineData("text-token-4714", "disk full: 100 %\nsecond line", "disk full: 100 %\nsecond line")]
    [InlineData("text-token-4714", """{"b":1}""", """{"b":1}""")]
    [InlineData(Token, "\"x\"", "\"x\"")]
    [InlineData(Token, "null", "null")]
    [InlineData(Token, "{}", "{}")]
    [InlineData("doorbell-token-4714", "{}", "Ding dong")]
    [InlineData(Token, "[1,true]", "[\n  1,\n  true\n]")]
    [InlineData(Token, """{"a":1,"a":2,"b":"\ud800"}""", "{\n  \"a\": 2,\n  \"b\": \"\\ufffd\"\n}")]
    public async Task WritesInTheFormatOfTheHook(string token, string body, string text)
    {
        await using var host = await StartAsync();
        foreach (var type in new[] { "application/json", "text/plain", "application/vnd.x+json", null })
        {
            Assert.Equal(200, (await PostAsync(host, token, body, type)).Code);
        }

        Assert.Equal(Enumerable.Repeat($"net/#ops|{text}", 4), await host.AcceptedAsync());
    }

    [Theory]
    [InlineData("application/x-www-form-urlencoded", "foo=b%C3%A4r&x=1&x=2&e=", "{\n  \"foo\": \"b\\u00e4r\",\n  \"x\": [\n    \"1\",\n    \"2\"\n  ],\n  \"e\": \"\"\n}")]
    [InlineData("application/x-www-form-urlencoded", "{\"hello\":\"curlrc\"}", "{\n  \"hello\": \"curlrc\"\n}")]
    [InlineData("application/x-www-form-urlencoded", "[\"curl\"]", "[\n  \"curl\"\n]")]
    [InlineData("application/x-www-form-urlencoded", "17", "{\n  \"17\": \"\"\n}")]
    [InlineData("application/x-www-form-urlencoded", "{\"a\":", "{\n  \"{\\\"a\\\":\": \"\"\n}")]
    public async Task CountsAForm_AsAnObject(string type, string body, string text)
    {
        await using var host = await StartAsync();
        Assert.Equal(200, (await PostAsync(host, Token, body, type)).Code);
        Assert.Equal([$"net/#ops|{text}"], await host.AcceptedAsync());
    }

    [Fact]
    public async Task CountsAMultipartForm_AsAnObject()
    {
        await using var host = await StartAsync();
        var answer = await host.SendAsync(HttpMethod.Post, $"/post/{Token}", new MultipartFormDataContent { { new StringContent("bar"), "foo" } });
        var refused = await host.SendAsync(HttpMethod.Post, "/post/text-token-4714", new MultipartFormDataContent { { new StringContent("bar"), "foo" } });
        Assert.Equal((200, 400), (answer.Code, refused.Code));
        Assert.Equal(["net/#ops|{\n  \"foo\": \"bar\"\n}"], await host.AcceptedAsync());
    }

    [Theory]
    [InlineData("asdasd")]
    [InlineData("JSON-TOKEN-4714")]
    [InlineData("json-token-471")]
    [InlineData("%6Ason-token-4715")]
    [InlineData("ci-secret-4711")]
    public async Task KnowsNobody_WithAnotherToken(string token)
    {
        await using var host = await StartAsync();
        var answer = await host.PostJsonAsync($"/post/{token}", "{}");
        Assert.Equal((404, """{"error":"404 Not Found: Token mismatch"}""", "application/json"), (answer.Code, answer.Body, answer.ContentType));
        Assert.Empty(await host.AcceptedAsync());
    }

    [Theory]
    [InlineData("json-token-4714", 200)]
    [InlineData("%6Ason-token-4714", 200)]
    [InlineData("hashed-token-4714", 200)]
    [InlineData("json-token-4714/", 200)]
    [InlineData("json-token-4714/x", 404)]
    [InlineData("", 404)]
    public async Task Path_IsTheTokenAlone(string path, int status)
    {
        await using var host = await StartAsync();
        var answer = await host.PostJsonAsync($"/post/{path}", "{}");
        Assert.Equal(status, answer.Code);
        Assert.Equal(status == 200, answer.Json.TryGetProperty("success", out _));
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("HEAD")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    public async Task NeverActs_OnOtherMethods(string method)
    {
        await using var host = await StartAsync();
        var answer = await host.SendAsync(new HttpMethod(method), $"/post/{Token}");
        Assert.Equal((405, "POST"), (answer.Code, answer.Headers["Allow"]));
        Assert.Equal(method is "HEAD" ? "" : """{"error":"405 Method Not Allowed: Allowed here: POST."}""", answer.Body);
        Assert.Empty(await host.AcceptedAsync());
    }

    [Theory]
    [InlineData("application/json", "{\"a\":")]
    [InlineData("application/json", "{\"a\":}{}")]
    [InlineData("application/json", "")]
    [InlineData("text/plain", "disk full")]
    [InlineData(null, "")]
    [InlineData("application/x-www-form-urlencoded", "")]
    [InlineData("multipart/form-data; boundary=x", "--y")]
    public async Task RefusesWhatIsNoJson_LikeTheSeed(string? type, string body)
    {
        await using var host = await StartAsync();
        var answer = await PostAsync(host, Token, body, type);
        Assert.Equal(400, answer.Code);
        Assert.StartsWith("400 Bad Request: ", answer.Json.GetProperty("error").GetString(), StringComparison.Ordinal);
        Assert.Empty(await host.AcceptedAsync());
    }

    [Fact]
    public async Task RefusesWhatIsTooDeepOrTooLong()
    {
        await using var host = await StartAsync(o => o with { MaxMessageBytes = 1000 });
        Assert.Equal(400, (await host.PostJsonAsync($"/post/{Token}", new string('[', 50_000))).Code);
        var answer = await host.PostJsonAsync($"/post/{Token}", $"\"{new string('ü', 200)}\""); // 402 bytes, but 1,202 as they would be sent
        Assert.Equal((413, """{"error":"413 Payload Too Large: A message has at most 1000 bytes."}"""), (answer.Code, answer.Body));
        Assert.Equal(413, (await host.PostJsonAsync($"/post/{Token}", $"\"{new string('x', 70_000)}\"")).Code);
        Assert.Empty(await host.AcceptedAsync());
    }

    [Fact]
    public async Task ServesTheGoodDestinations_AndRefusesWithReasonWhereNoneIs()
    {
        await using var host = await StartAsync();
        Assert.Equal(200, (await host.PostJsonAsync("/post/some-token-4714", "1")).Code);
        var answer = await host.PostJsonAsync("/post/none-token-4714", "1");
        Assert.Equal((400, """{"error":"400 Bad Request: #nope: no network lists #nope, and none joins channels that it does not list"}"""), (answer.Code, answer.Body));
        Assert.Equal(["net/#dev|1"], await host.AcceptedAsync());
        Assert.All(host.Log.Of(2011), l => Assert.Contains("#nope", l, StringComparison.Ordinal));
        Assert.Equal(2, host.Log.Of(2011).Count());
    }

    [Fact]
    public async Task SpeaksUnderTheNickOfTheHook()
    {
        await using var host = await StartAsync();
        Assert.Equal(200, (await host.PostJsonAsync("/post/room-token-4714", "1")).Code);
        Assert.Equal(["xmpp:ops@conference.example.org?join;nick=Grafana|1", "net/#ops|1"], await host.AcceptedAsync());
    }

    [Theory]
    [InlineData("Origin: https://evil.example", 403)]
    [InlineData("Sec-Fetch-Site: cross-site", 403)]
    [InlineData("Origin: https://notify.example.org", 200)]
    [InlineData("Authorization: Basic bm9ib2R5OmVsc2U=", 200)]
    [InlineData("Host: gateway.internal.example", 200)]
    public async Task RefusesAPageOfAnotherSite(string header, int status)
    {
        await using var host = await StartAsync(o => o with { Anonymous = AnonymousAccess.None });
        Assert.Equal(status, (await host.PostJsonAsync($"/post/{Token}", "{}", header)).Code);
        Assert.Equal(200, (await host.PostJsonAsync($"/post/{Token}", "{}", header, $"X-Api-Key: {DoorHost.CiSecret}")).Code);
    }

    [Fact]
    public async Task Asks503_WhenTheOutboxIsFull()
    {
        await using var host = await StartAsync();
        host.Outbox.MaxQueuedPerSession = 0;
        var answer = await host.PostJsonAsync($"/post/{Token}", "{}");
        Assert.Equal((503, "10"), (answer.Code, answer.Headers["Retry-After"]));
        Assert.StartsWith("503 Service Unavailable: ", answer.Json.GetProperty("error").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task NoToken_ReachesTheLog()
    {
        await using var host = await StartAsync();
        await host.PostJsonAsync($"/post/{Token}", "{}");
        await host.PostJsonAsync("/post/wrong-token-4714", "{}");
        await host.GetAsync($"/post/{Token}/more?x={Token}");
        await host.Log.Lines.FirstAsync(l => l.Message.Contains("POST /post/… -> 404", StringComparison.Ordinal), "the refused request");
        await host.Log.Lines.FirstAsync(l => l.Message.Contains("GET /post/…?…=… -> 404", StringComparison.Ordinal), "the request to nowhere");
        Assert.DoesNotContain("token-4714", host.Log.Text, StringComparison.Ordinal);
    }

    private static Task<Answer> PostAsync(DoorHost host, string token, string body, string? type)
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        content.Headers.ContentType = type is null ? null : MediaTypeHeaderValue.Parse(type);
        return host.SendAsync(HttpMethod.Post, $"/post/{token}", content);
    }

    private static Task<DoorHost> StartAsync(Func<GatewayOptions, GatewayOptions>? change = null)
    {
        HookOptions ops = new() { To = ["net/#ops"] };
        return DoorHost.StartAsync(o => (change ?? (x => x))(o with
        {
            Xmpp = new Dictionary<string, XmppOptions>(StringComparer.OrdinalIgnoreCase) { ["work"] = new() { Jid = "bot@example.org", Password = "x", Rooms = [new() { Jid = "ops@conference.example.org" }] } },
            Hooks = new Dictionary<string, HookOptions>(StringComparer.OrdinalIgnoreCase)
            {
                ["json"] = ops with { Token = Token },
                ["yaml"] = ops with { Token = "yaml-token-4714", Format = HookFormat.Yaml },
                ["text"] = ops with { Token = "text-token-4714", Format = HookFormat.Text },
                ["doorbell"] = ops with { Token = "doorbell-token-4714", Format = HookFormat.Template, Template = "Ding dong{{! whatever comes }}" },
                ["hashed"] = ops with { TokenSha256 = Convert.ToHexString(System.Security.Cryptography.SHA256.HashData("hashed-token-4714"u8)) },
                ["some"] = new() { Token = "some-token-4714", To = ["#nope", "net/#dev"] },
                ["none"] = new() { Token = "none-token-4714", To = ["#nope"] },
                ["room"] = new() { Token = "room-token-4714", To = ["ops@conference.example.org", "#ops"], Nick = "Grafana" },
            },
        }));
    }
}
