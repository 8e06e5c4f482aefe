using System.Text;
using Xunit;

namespace NotifyGateway.Tests.Http;

/// <summary>The doors of ntfy and Gotify.</summary>
public sealed class PushClientsTests
{
    [Theory]
    [InlineData("POST", "Backup successful 😀", null)]
    [InlineData("PUT", "Backup successful 😀", "text/plain")]
    [InlineData("POST", "a=b&c=d", "application/x-www-form-urlencoded")]
    public async Task Ntfy_SendsTheBodyAsItIs(string method, string body, string? type)
    {
        await using var host = await HookHost.StartAsync();
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        content.Headers.ContentType = type is null ? null : new(type);

        var answer = await host.SendAsync(new HttpMethod(method), $"/ntfy/{HookHost.Token("auto")}", content);

        Assert.Equal((200, "application/json; charset=utf-8"), (answer.Code, answer.ContentType));
        Assert.Equal((answer.Headers["X-Notification-Id"], "message", body), (answer.Json.GetProperty("id").GetString(), answer.Json.GetProperty("event").GetString(), answer.Json.GetProperty("message").GetString()));
        Assert.InRange(answer.Json.GetProperty("time").GetInt64(), DateTimeOffset.UtcNow.ToUnixTimeSeconds() - 60, DateTimeOffset.UtcNow.ToUnixTimeSeconds() + 1);
        Assert.Equal([$"net/#ops|{body}"], await host.AcceptedAsync());
    }

    [Fact]
    public async Task Ntfy_RefusesInItsWords()
    {
        await using var host = await HookHost.StartAsync();
        var unknown = await host.PostAsync($"/ntfy/{HookHost.Token("nobody")}", "x", "text/plain");
        Assert.Equal((403, """{"code":40301,"http":403,"error":"forbidden"}"""), (unknown.Code, unknown.Body));
        Assert.Equal(404, (await host.PostAsync($"/ntfy/{HookHost.Token("none")}", "x", "text/plain")).Json.GetProperty("http").GetInt32());
        Assert.Equal(405, (await host.GetAsync($"/ntfy/{HookHost.Token("get")}?message=x")).Json.GetProperty("http").GetInt32());
        Assert.Empty(await host.AcceptedAsync());
    }

    [Theory]
    [InlineData("/message?token=auto-token-4714", null)]
    [InlineData("/message", "X-Gotify-Key: auto-token-4714")]
    [InlineData("/message", "Authorization: Bearer auto-token-4714")]
    public async Task Gotify_AnswersWithANumber(string path, string? header)
    {
        await using var host = await HookHost.StartAsync();
        var seen = new HashSet<long>();
        for (var i = 0; i < 3; i++)
        {
            var answer = await host.PostJsonAsync(path, """{"message":"Backup successful","title":"Backup","priority":5}""", header is null ? [] : [header]);
            Assert.Equal((200, "application/json; charset=utf-8", 5), (answer.Code, answer.ContentType, answer.Json.GetProperty("priority").GetInt32()));
            Assert.True(seen.Add(answer.Json.GetProperty("id").GetInt64()));
            Assert.InRange(answer.Json.GetProperty("id").GetInt64(), 1, (1L << 53) - 1);
            Assert.Contains("Backup successful", answer.Json.GetProperty("message").GetString(), StringComparison.Ordinal);
            Assert.True(answer.Json.GetProperty("date").TryGetDateTimeOffset(out _));
        }

        Assert.Equal(3, (await host.AcceptedAsync()).Length);
    }

    [Fact]
    public async Task Gotify_TakesAForm()
    {
        await using var host = await HookHost.StartAsync();
        using var form = new MultipartFormDataContent { { new StringContent("my title"), "title" }, { new StringContent("my message"), "message" }, { new StringContent("7"), "priority" } };
        var answer = await host.SendAsync(HttpMethod.Post, $"/message?token={HookHost.Token("auto")}", form);
        Assert.Equal((200, 7), (answer.Code, answer.Json.GetProperty("priority").GetInt32()));
        Assert.Contains("my message", Assert.Single(await host.AcceptedAsync()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/message", """{"message":"x","token":"auto-token-4714"}""", 401)]
    [InlineData("/message?token=", """{"message":"x","token":"auto-token-4714"}""", 401)]
    [InlineData("/message?token=nobody-token-4714", """{"message":"x"}""", 401)]
    [InlineData("/message?token=auto-token-4714", """{"message":""", 400)]
    [InlineData("/message?token=none-token-4714", """{"message":"x"}""", 404)]
    public async Task Gotify_RefusesInItsWords(string path, string body, int status)
    {
        await using var host = await HookHost.StartAsync();
        var answer = await host.PostJsonAsync(path, body);
        Assert.Equal((status, status), (answer.Code, answer.Json.GetProperty("errorCode").GetInt32()));
        Assert.NotEmpty(answer.Json.GetProperty("error").GetString()!);
        Assert.NotEmpty(answer.Json.GetProperty("errorDescription").GetString()!);
        Assert.Empty(await host.AcceptedAsync());
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("HEAD")]
    [InlineData("DELETE")]
    public async Task Gotify_NeverActsOnOtherMethods(string method)
    {
        await using var host = await HookHost.StartAsync();
        Assert.Equal(405, (await host.SendAsync(new HttpMethod(method), $"/message?token={HookHost.Token("get")}&message=x")).Code);
        Assert.Empty(await host.AcceptedAsync());
    }
}
