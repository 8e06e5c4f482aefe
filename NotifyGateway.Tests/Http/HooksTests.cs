using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using NotifyGateway.Core;
using NotifyGateway.Core.Configuration;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Http;

/// <summary>The routes <c>/hooks</c> and <c>/services</c>: their answers, and how bodies come.</summary>
public sealed class HooksTests
{
    [Theory]
    [InlineData("/hooks/{0}")]
    [InlineData("/hooks/{0}/")]
    [InlineData("/services/T00000000/B00000000/{0}")]
    [InlineData("/services/x/y/{0}?whatever=1")]
    public async Task AnswersOk_TwoBytes(string path)
    {
        await using var host = await HookHost.StartAsync();

        var answer = await host.PostJsonAsync(string.Format(System.Globalization.CultureInfo.InvariantCulture, path, HookHost.Token("slack")), """{"text":"disk full"}""");

        Assert.Equal((200, "ok", "text/plain; charset=utf-8", "2"), (answer.Code, answer.Body, answer.ContentType, answer.Headers["Content-Length"]));
        Assert.Equal(["net/#ops|disk full", "net/#dev|disk full"], await host.AcceptedAsync());
        var receipt = await host.Outbox.FindAsync(Guid.Parse(answer.Headers["X-Notification-Id"]), TestContext.Current.CancellationToken);
        Assert.Equal("hook:slack", receipt!.Notification.Client);
    }

    [Fact]
    public async Task TemplatesThatChange_AreReadAgain_HoweverManyRequestsThereWere()
    {
        using var folder = new TempFolder();
        folder.Write("own.hbs", "before {{x}}");
        var time = new ManualTime();
        await using var host = await HookHost.StartAsync();
        var configuration = host.Services.GetRequiredService<CurrentConfiguration>();
        var hooks = configuration.State.Options.Hooks.ToDictionary(h => h.Key, h => h.Value with { Format = HookFormat.Template, Template = "own" }, StringComparer.OrdinalIgnoreCase);
        using var templates = new TemplateSource(folder.Path, ["own"], time, NullLogger<TemplateSource>.Instance);
        configuration.Replace(new GatewayState(configuration.State.Options with { Hooks = hooks }, time, templates), configuration.Report);

        Assert.Equal(200, (await host.PostJsonAsync($"/hooks/{HookHost.Token("auto")}", """{"x":1}""")).Code);
        folder.Write("own.hbs", "afterwards {{x}}");
        time.Advance(TemplateSource.Period);
        time.Advance(TemplateSource.Period);

        Assert.Equal(200, (await host.PostJsonAsync($"/hooks/{HookHost.Token("auto")}", """{"x":2}""")).Code);
        Assert.Equal(["net/#ops|before 1", "net/#ops|afterwards 2"], await host.AcceptedAsync());
    }

    [Fact]
    public async Task AnswersSuccess_WhereTheHookSaysSo()
    {
        await using var host = await HookHost.StartAsync();
        var answer = await host.PostJsonAsync($"/hooks/{HookHost.Token("success")}", """{"a":1}""");
        Assert.Equal((200, """{"success":true}""", "application/json; charset=utf-8"), (answer.Code, answer.Body, answer.ContentType));
    }

    [Theory]
    [InlineData("slack", "application/json", "{\"text\":", 400, "invalid_payload")]
    [InlineData("auto", "application/json", "{\"text\":", 400, "invalid_payload")]
    [InlineData("auto", "application/json", "", 400, "invalid_payload")]
    [InlineData("auto", "application/vnd.github+json", "x", 400, "invalid_payload")]
    [InlineData("auto", "application/json", "{}", 400, "no_text")]
    [InlineData("auto", "application/json", "[]", 400, "no_text")]
    [InlineData("auto", "application/json", "\"\"", 400, "no_text")]
    [InlineData("auto", "application/json", "null", 400, "no_text")]
    [InlineData("json", "application/json", "{}", 400, "no_text")]
    [InlineData("yaml", "application/json", "{}", 400, "no_text")]
    [InlineData("template", "application/json", "{}", 400, "no_text")]
    [InlineData("doorbell", "application/json", "{}", 400, "no_text")]
    [InlineData("doorbell", "application/json", "null", 400, "no_text")]
    [InlineData("doorbell", "multipart/form-data; boundary=x", "--x--", 400, "no_text")]
    [InlineData("doorbell", "application/json", "", 400, "invalid_payload")]
    [InlineData("slack", "application/json", "{}", 400, "no_text")]
    [InlineData("slack", "application/json", """{"text":""}""", 400, "no_text")]
    [InlineData("slack", "application/x-www-form-urlencoded", "payload=%7B%22text%22", 400, "invalid_payload")]
    [InlineData("auto", "application/x-www-form-urlencoded", "payload=", 400, "invalid_payload")]
    [InlineData("auto", "multipart/form-data; boundary=x", "--y", 400, "invalid_payload")]
    [InlineData("auto", "multipart/form-data", "--y", 400, "invalid_payload")]
    [InlineData("auto", "text/plain", " ", 400, "no_text")]
    [InlineData("auto", null, "", 400, "no_text")]
    [InlineData("none", "application/json", """{"a":1}""", 404, "channel_not_found")]
    [InlineData("nobody", "application/json", """{"text":"x"}""", 403, "invalid_token")]
    public async Task Refuses_InSlacksWords(string hook, string? type, string body, int status, string words)
    {
        await using var host = await HookHost.StartAsync();
        var answer = await host.PostAsync($"/hooks/{HookHost.Token(hook)}", body, type);
        Assert.Equal((status, words, "text/plain; charset=utf-8"), (answer.Code, answer.Body, answer.ContentType));
        Assert.Empty(await host.AcceptedAsync());
    }

    [Theory]
    [InlineData("\"disk full\"")]
    [InlineData("5")]
    [InlineData("true")]
    public async Task JsonThatIsNoObject_IsSentAsItIsWritten(string json)
    {
        await using var host = await HookHost.StartAsync();
        Assert.Equal((200, "ok"), ((await host.PostJsonAsync($"/hooks/{HookHost.Token("auto")}", json)).Code, (await host.PostAsync($"/hooks/{HookHost.Token("auto")}", json, null)).Body));
        Assert.Equal([$"net/#ops|{json}", $"net/#ops|{json}"], await host.AcceptedAsync());
    }

    [Fact]
    public async Task ATemplateOfFixedWords_RingsForAnyField_AndNotForNothing()
    {
        await using var host = await HookHost.StartAsync();
        var path = $"/hooks/{HookHost.Token("doorbell")}";
        Assert.Equal((400, "no_text"), ((await host.GetAsync(path)).Code, (await host.GetAsync(path)).Body));
        Assert.Empty(await host.AcceptedAsync());
        Assert.Equal("ok", (await host.GetAsync(path + "?ring=1")).Body);
        Assert.Equal("ok", (await host.PostJsonAsync(path, """{"ring":null}""")).Body);
        Assert.Equal(["net/#ops|Ding dong", "net/#ops|Ding dong"], await host.AcceptedAsync());
    }

    [Fact]
    public async Task AsksToTryAgain_WhenTheOutboxIsFull_AndForgetsTheKey()
    {
        await using var host = await HookHost.StartAsync();
        host.Outbox.MaxQueuedPerSession = 0;
        var refused = await host.PostJsonAsync($"/hooks/{HookHost.Token("auto")}", """{"a":1}""", "X-GitHub-Delivery: d1");
        Assert.Equal((503, "rollup_error", "10"), (refused.Code, refused.Body, refused.Headers["Retry-After"]));

        host.Outbox.MaxQueuedPerSession = 10;
        Assert.Equal(200, (await host.PostJsonAsync($"/hooks/{HookHost.Token("auto")}", """{"a":1}""", "X-GitHub-Delivery: d1")).Code);
        Assert.Single(await host.AcceptedAsync());
    }

    [Theory]
    [InlineData("GET", "/hooks/")]
    [InlineData("HEAD", "/hooks/")]
    [InlineData("DELETE", "/hooks/")]
    [InlineData("OPTIONS", "/hooks/")]
    [InlineData("GET", "/services/a/b/")]
    [InlineData("HEAD", "/services/a/b/")]
    public async Task NeverActs_OnOtherMethods(string method, string path)
    {
        await using var host = await HookHost.StartAsync();
        foreach (var hook in new[] { "auto", "nobody", method is "GET" ? "slack" : "get" })
        {
            var answer = await host.SendAsync(new HttpMethod(method), $"{path}{HookHost.Token(hook)}?text=x&payload=%7B%22text%22%3A%22x%22%7D");
            Assert.Equal((405, method is "HEAD" ? "" : "method_not_allowed"), (answer.Code, answer.Body));
            Assert.Contains("POST", answer.Headers["Allow"], StringComparison.Ordinal);
        }

        Assert.Empty(await host.AcceptedAsync());
    }

    [Fact]
    public async Task Get_SendsTheFieldsOfTheQuery_WhereItIsAllowed()
    {
        await using var host = await HookHost.StartAsync();
        var answer = await host.GetAsync($"/hooks/{HookHost.Token("get")}?a=1&b=%C3%BC&a=2");
        Assert.Equal((200, "ok"), (answer.Code, answer.Body));
        Assert.Equal((400, "no_text"), ((await host.GetAsync($"/hooks/{HookHost.Token("get")}")).Code, (await host.GetAsync($"/hooks/{HookHost.Token("get")}")).Body));
        Assert.Equal(200, (await host.SendAsync(HttpMethod.Put, $"/hooks/{HookHost.Token("get")}", new StringContent("by PUT"))).Code);
        Assert.Equal(["net/#ops|{\n  \"a\": [\n    \"1\",\n    \"2\"\n  ],\n  \"b\": \"\\u00fc\"\n}", "net/#ops|by PUT"], await host.AcceptedAsync());
    }

    [Theory]
    [InlineData("application/json", """{"text":"Grüße"}""")]
    [InlineData("application/json; charset=utf-8", """{"text":"Grüße"}""")]
    [InlineData("text/plain", """{"text":"Grüße"}""")]
    [InlineData(null, """{"text":"Grüße"}""")]
    [InlineData("no type at all", """{"text":"Grüße"}""")]
    [InlineData("application/octet-stream", "\uFEFF{\"text\":\"Grüße\"}")]
    [InlineData("application/x-www-form-urlencoded", """ {"text":"Grüße"}""")]
    [InlineData("application/x-www-form-urlencoded", "text=Gr%C3%BC%C3%9Fe")]
    [InlineData("application/x-www-form-urlencoded", "payload=%7B%22text%22%3A%22Gr%C3%BC%C3%9Fe%22%7D")]
    [InlineData("application/x-www-form-urlencoded; charset=UTF-8", "a=1&payload={\"text\":\"Grüße\"}")]
    [InlineData("multipart/form-data; boundary=\"b b\"", "--b b\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\nGrüße\r\n--b b--\r\n")]
    [InlineData("multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=payload; filename=p.json\r\nContent-Type: application/json\r\n\r\n{\"text\":\"Grüße\"}\r\n--b--\r\n")]
    public async Task TakesABody_HoweverItComes(string? type, string body)
    {
        await using var host = await HookHost.StartAsync();
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        if (type is not null)
        {
            content.Headers.TryAddWithoutValidation("Content-Type", type);
        }

        Assert.Equal("ok", (await host.SendAsync(HttpMethod.Post, $"/hooks/{HookHost.Token("slack")}", content)).Body);
        Assert.Equal(["net/#ops|Grüße", "net/#dev|Grüße"], await host.AcceptedAsync());
    }

    [Theory]
    [InlineData("utf-16", "application/json; charset=utf-16")]
    [InlineData("utf-16BE", "application/json")]
    [InlineData("iso-8859-1", "application/json; charset=ISO-8859-1")]
    [InlineData("iso-8859-1", "application/json")]
    [InlineData("utf-32", "application/json; charset=utf-32")]
    public async Task TakesJson_InAnyCharset(string encoding, string type)
    {
        await using var host = await HookHost.StartAsync();
        Assert.Equal("ok", (await host.PostAsync($"/hooks/{HookHost.Token("slack")}", Encoding.GetEncoding(encoding).GetBytes("""{"text":"Grüße"}"""), type)).Body);
        Assert.Equal(["net/#ops|Grüße", "net/#dev|Grüße"], await host.AcceptedAsync());
    }

    [Theory]
    [InlineData("auto", "disk full: 100 %", "disk full: 100 %")]
    [InlineData("auto", "<b>disk</b>\nfull", "<b>disk</b>\nfull")]
    [InlineData("text", "a=b&c=d", "a=b&c=d")]
    [InlineData("template", "host=web1&state=down", "web1 is down")]
    [InlineData("yaml", "b=1&a=2", "a: '2'\nb: '1'\n")]
    [InlineData("json", "{\"a\":1}", "{\n  \"a\": 1\n}")]
    public async Task ReadsWhatCurlCallsAForm_ByTheFormatOfTheHook(string hook, string body, string text)
    {
        await using var host = await HookHost.StartAsync();
        Assert.Equal("ok", (await host.PostAsync($"/hooks/{HookHost.Token(hook)}", body, "application/x-www-form-urlencoded")).Body);
        Assert.Equal([$"net/#ops|{text}"], await host.AcceptedAsync());
    }

    [Fact]
    public async Task NamesAFile_AndDoesNotSendIt()
    {
        await using var host = await HookHost.StartAsync();
        foreach (var (hook, field) in new[] { ("slack", "text"), ("json", "note") })
        {
            using var form = new MultipartFormDataContent { { new StringContent("see"), field }, { new ByteArrayContent([0, 1, 2]), "upload", "../log\u00fc.png" } };
            Assert.Equal("ok", (await host.SendAsync(HttpMethod.Post, $"/hooks/{HookHost.Token(hook)}", form)).Body);
        }

        Assert.Equal(["net/#ops|see\nAttached: log\u00fc.png", "net/#dev|see\nAttached: log\u00fc.png", "net/#ops|{\n  \"note\": \"see\",\n  \"upload\": \"log\\u00fc.png\"\n}"], await host.AcceptedAsync());
    }

    [Theory]
    [InlineData("#dev", "net/#dev")]
    [InlineData("dev", "net/#dev")]
    [InlineData("net/#ops", "net/#ops")]
    [InlineData("#elsewhere", "net/#ops net/#dev")]
    [InlineData("@alice", "net/#ops net/#dev")]
    [InlineData("irc://evil.example.org/ops", "net/#ops net/#dev")]
    [InlineData("", "net/#ops net/#dev")]
    public async Task Channel_CountsOnlyIfTheHookHasIt(string channel, string reached)
    {
        await using var host = await HookHost.StartAsync();
        Assert.Equal("ok", (await host.PostJsonAsync($"/hooks/{HookHost.Token("slack")}", $$"""{"text":"x","channel":"{{channel}}"}""")).Body);
        Assert.Equal(reached, string.Join(' ', (await host.AcceptedAsync()).Select(a => a.Split('|')[0])));
    }

    [Fact]
    public async Task ServesTheGoodDestinations_AndLogsTheOthers()
    {
        await using var host = await HookHost.StartAsync();
        Assert.Equal("ok", (await host.PostJsonAsync($"/hooks/{HookHost.Token("some")}", """{"a":1}""")).Body);
        Assert.StartsWith("net/#dev|", Assert.Single(await host.AcceptedAsync()), StringComparison.Ordinal);
        Assert.Contains("#nope", Assert.Single(host.Log.Of(2011)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task TakesSoManyAMinute()
    {
        await using var host = await HookHost.StartAsync();
        foreach (var path in new[] { "/hooks/", "/post/" })
        {
            Assert.Equal(200, (await host.PostJsonAsync(path + HookHost.Token("slow"), """{"a":1}""")).Code);
        }

        var refused = await host.PostJsonAsync($"/hooks/{HookHost.Token("slow")}", """{"a":1}""");
        Assert.Equal((503, "rollup_error"), (refused.Code, refused.Body));
        Assert.InRange(int.Parse(refused.Headers["Retry-After"], System.Globalization.CultureInfo.InvariantCulture), 1, 30);
        Assert.Equal(503, (await host.PostJsonAsync($"/post/{HookHost.Token("slow")}", """{"a":1}""")).Code);
        Assert.Equal("ok", (await host.PostJsonAsync($"/hooks/{HookHost.Token("auto")}", """{"a":1}""")).Body);
    }

    [Theory]
    [InlineData("Origin: https://evil.example")]
    [InlineData("Sec-Fetch-Site: cross-site")]
    public async Task RefusesAPageOfAnotherSite(string header)
    {
        await using var host = await HookHost.StartAsync();
        var answer = await host.PostJsonAsync($"/hooks/{HookHost.Token("auto")}", """{"a":1}""", header);
        Assert.Equal((403, "action_prohibited"), (answer.Code, answer.Body));
        Assert.Empty(await host.AcceptedAsync());
    }

    [Fact]
    public async Task NoSecret_ReachesTheLog()
    {
        await using var host = await HookHost.StartAsync();
        foreach (var path in new[] { "/hooks/", "/services/a/b/", "/ntfy/", "/message?token=", "/post/" })
        {
            await host.PostJsonAsync(path + HookHost.Token("signed"), """{"token":"body-token-4714"}""", $"X-Gitlab-Token: {HookHost.Secret}");
            await host.PostJsonAsync(path + HookHost.Token("nobody"), "{}", $"X-Gotify-Key: {HookHost.Token("auto")}");
        }

        Assert.NotEmpty(host.Log.Lines.Entries);
        Assert.DoesNotContain("token-4714", host.Log.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(HookHost.Secret, host.Log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_TakesEveryFormat_WithItsOwnAnswers()
    {
        await using var host = await HookHost.StartAsync();
        foreach (var hook in new[] { "slack", "template", "success" })
        {
            var answer = await host.PostJsonAsync($"/post/{HookHost.Token(hook)}", """{"text":"x","host":"web1","state":"up"}""");
            Assert.Equal((200, """{"success":true}"""), (answer.Code, answer.Body));
        }

        var refused = await host.PostJsonAsync($"/post/{HookHost.Token("slack")}", "{}");
        Assert.Equal(400, refused.Code);
        Assert.StartsWith("400 Bad Request: ", refused.Json.GetProperty("error").GetString(), StringComparison.Ordinal);
        var unsigned = await host.PostJsonAsync($"/post/{HookHost.Token("signed")}", """{"a":1}""");
        Assert.Equal((403, """{"error":"403 Forbidden: The signature is missing or wrong."}"""), (unsigned.Code, unsigned.Body));
        Assert.Equal(4, (await host.AcceptedAsync()).Length);
        Assert.Contains("net/#ops|web1 is up", await host.AcceptedAsync());
    }
}
