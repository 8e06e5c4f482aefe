using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using NotifyGateway.Core;
using Xunit;

namespace NotifyGateway.Tests.Http;

public sealed class NotificationTests
{
    private const string Path = "/notification/send";

    [Fact]
    public async Task AnswersLikeTheSeed_WhenTheMessageIsOnDisk()
    {
        await using var host = await DoorHost.StartAsync();
        var answer = await host.GetAsync(Path + "?message=foobarbaz&users=bob&channels=%23dev");
        Assert.Equal(202, answer.Code);
        Assert.Equal("message passed to notifiers", answer.Body);
        Assert.Equal("text/plain; charset=utf-8", answer.ContentType);
        var id = answer.Headers["X-Notification-Id"];
        Assert.Equal($"/api/v1/messages/{id}", answer.Headers["Location"]);
        Assert.NotNull(await host.Outbox.FindAsync(Guid.Parse(id), TestContext.Current.CancellationToken));
        Assert.Equal(["net/bob|foobarbaz", "net/#dev|foobarbaz"], await host.AcceptedAsync());
    }

    [Theory]
    [InlineData("message=x", "net/alice net/#ops")]
    [InlineData("message=x&users=bob", "net/bob net/#ops")]
    [InlineData("message=x&channels=%23dev", "net/#dev net/alice")]
    [InlineData("message=x&users=", "net/#ops")]
    [InlineData("message=x&users", "net/#ops")]
    [InlineData("message=x&channels=", "net/alice")]
    [InlineData("message=x&channels=&users=", "")]
    [InlineData("message=x&users=bob,alice&channels=%23dev,%20%23ops", "net/bob net/alice net/#dev net/#ops")]
    [InlineData("message=x&users=bob&users=alice&channels=", "net/bob net/alice")]
    public async Task DefaultsEachListOnItsOwn_InQueryAndForms(string pairs, string expected)
    {
        await using var host = await DoorHost.StartAsync();
        var form = new StringContent(pairs, Encoding.UTF8, "application/x-www-form-urlencoded");
        Assert.Equal(202, (await host.GetAsync($"{Path}?{pairs}")).Code);
        Assert.Equal(202, (await host.SendAsync(HttpMethod.Post, $"{Path}?{pairs}")).Code);
        Assert.Equal(202, (await host.SendAsync(HttpMethod.Post, Path, form)).Code);
        Assert.Equal(202, (await host.SendAsync(HttpMethod.Post, Path, Multipart(pairs))).Code);
        await AssertEachWentToAsync(host, expected, 4);
    }

    [Theory]
    [InlineData("""{"message":"x"}""", "net/alice net/#ops")]
    [InlineData("""{"message":"x","users":["bob"],"channels":["#dev","#ops"]}""", "net/bob net/#dev net/#ops")]
    [InlineData("""{"message":"x","users":"bob","channels":"#dev"}""", "net/bob net/#dev")]
    [InlineData("""{"message":"x","channels":"#dev,#ops","users":[]}""", "net/#dev net/#ops")]
    [InlineData("""{"message":"x","users":null,"channels":[]}""", "net/alice")]
    [InlineData("""{"message":"x","users":"","channels":["#ops"]}""", "net/#ops")]
    [InlineData("""{"message":"x","users":[],"channels":[]}""", "")]
    [InlineData("""{"message":"y","message":"x","users":["bob"],"users":[],"channels":"#ops","chann\u0065ls":["#dev"]}""", "net/#dev")]
    [InlineData("""{"unknown":{"a":[1]},"message":"x","u\u0073ers":["bob"],"channels":[]}""", "net/bob")]
    public async Task ReadsJson_UnderAnyContentType(string json, string expected)
    {
        await using var host = await DoorHost.StartAsync();
        foreach (var type in new[] { "application/json", "application/x-www-form-urlencoded", "text/plain", null })
        {
            var content = new ByteArrayContent(Encoding.UTF8.GetBytes(json));
            content.Headers.ContentType = type is null ? null : new MediaTypeHeaderValue(type);
            Assert.Equal(202, (await host.SendAsync(HttpMethod.Post, Path, content)).Code);
        }

        await AssertEachWentToAsync(host, expected, 4);
    }

    [Fact]
    public async Task TakesFromTheQuery_WhatTheBodyLeavesOpen()
    {
        await using var host = await DoorHost.StartAsync();
        Assert.Equal(202, (await host.PostJsonAsync(Path + "?users=bob&message=query", """{"message":"body","channels":[]}""")).Code);
        Assert.Equal(["net/bob|body"], await host.AcceptedAsync());
    }

    [Theory]
    [InlineData("")]
    [InlineData("?message=")]
    [InlineData("?users=bob")]
    public async Task RefusesARequestWithoutMessage_InTheSeedsWords(string query)
    {
        await using var host = await DoorHost.StartAsync();
        var answer = await host.GetAsync(Path + query);
        Assert.Equal((400, "message not specified"), (answer.Code, answer.Body));
        Assert.Empty(await host.AcceptedAsync());
    }

    [Theory]
    [InlineData("/notification")]
    [InlineData("/notification/")]
    [InlineData("/notification/other?message=x")]
    [InlineData("/notification/send/more?message=x")]
    public async Task RefusesOtherPaths_InTheSeedsWords(string path)
    {
        await using var host = await DoorHost.StartAsync();
        foreach (var method in new[] { HttpMethod.Get, HttpMethod.Post })
        {
            var answer = await host.SendAsync(method, path);
            Assert.Equal((404, "invalid path"), (answer.Code, answer.Body));
        }
    }

    [Theory]
    [InlineData("HEAD")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    [InlineData("OPTIONS")]
    public async Task NeverActs_OnOtherMethods(string method)
    {
        await using var host = await DoorHost.StartAsync();
        var answer = await host.SendAsync(new HttpMethod(method), Path + "?message=x");
        Assert.Equal(405, answer.Code);
        Assert.Equal("GET,POST", answer.Headers["Allow"].Replace(" ", "", StringComparison.Ordinal));
        Assert.Empty(await host.AcceptedAsync());
    }

    [Theory]
    [InlineData("""{"message":"x" """, "not valid JSON, at line 1, byte")]
    [InlineData("{\n\"message\":x}", "not valid JSON, at line 2, byte 11")]
    [InlineData("""{"message":"x"} {}""", "not valid JSON")]
    [InlineData("""{"message":1}""", "message must be a string")]
    [InlineData("""{"message":"x","users":{"a":1}}""", "users must be a list")]
    [InlineData("""{"message":"x","channels":[1]}""", "channels must be a list")]
    public async Task RefusesWhatIsNoSuchJson_WithAReason(string json, string reason)
    {
        await using var host = await DoorHost.StartAsync();
        var answer = await host.PostJsonAsync(Path, json);
        Assert.Equal(400, answer.Code);
        Assert.Contains(reason, answer.Body, StringComparison.Ordinal);
        Assert.Empty(await host.AcceptedAsync());
    }

    [Theory]
    [InlineData("[1]")]
    [InlineData("\"x\"")]
    [InlineData("")]
    public async Task RefusesJsonThatIsNoObject(string json)
    {
        await using var host = await DoorHost.StartAsync();
        Assert.Equal(400, (await host.PostJsonAsync(Path, json)).Code);
    }

    [Fact]
    public async Task ReadsWhatIsNoUnicode_AsTheLineDoorsDo()
    {
        await using var host = await DoorHost.StartAsync();
        var bytes = new ByteArrayContent([.. "{\"channels\":[],\"message\":\"gr"u8, 0xfc, .. "n \\ud800\"}"u8]);
        Assert.Equal(202, (await host.SendAsync(HttpMethod.Post, Path, bytes)).Code);
        Assert.Equal(["net/alice|grün \uFFFD"], await host.AcceptedAsync());
    }

    [Fact]
    public async Task RefusesDeepNesting()
    {
        await using var host = await DoorHost.StartAsync();
        Assert.Equal(400, (await host.PostJsonAsync(Path, "{\"message\":" + new string('[', 60_000))).Code);
    }

    [Fact]
    public async Task ServesTheGoodDestinations_AndLogsTheBadOne()
    {
        await using var host = await DoorHost.StartAsync();
        Assert.Equal(202, (await host.GetAsync(Path + "?message=x&users=&channels=%23ops,%23nope")).Code);
        Assert.Equal(["net/#ops|x"], await host.AcceptedAsync());
        Assert.Contains("#nope", Assert.Single(host.Log.Of(2010)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task RefusesWithReason_WhenNoDestinationIsKnown()
    {
        await using var host = await DoorHost.StartAsync();
        var answer = await host.GetAsync(Path + "?message=x&users=&channels=%23nope,irc://joe:pw4714@unknown.example/chan");
        Assert.Equal(400, answer.Code);
        Assert.Contains("#nope: ", answer.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("pw4714", answer.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("pw4714", host.Log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnswersRetryLater_WhenTheOutboxIsFullOrFailing()
    {
        await using var host = await DoorHost.StartAsync();
        host.Outbox.MaxQueuedPerSession = 0;
        var full = await host.GetAsync(Path + "?message=x");
        Assert.Equal((503, "10"), (full.Code, full.Headers["Retry-After"]));
        host.Outbox.Fault = "disk full";
        var failing = await host.GetAsync(Path + "?message=x");
        Assert.Equal((503, "5"), (failing.Code, failing.Headers["Retry-After"]));
    }

    [Fact]
    public async Task RefusesWhatIsTooLarge()
    {
        await using var host = await DoorHost.StartAsync(o => o with { MaxMessageBytes = 1000 });
        var message = new string('ä', 501);
        Assert.Equal(413, (await host.PostJsonAsync(Path, $$"""{"message":"{{message}}"}""")).Code);
        Assert.Equal(413, (await host.PostJsonAsync(Path, $$"""{"message":"{{new string('x', 200_000)}}"}""")).Code);
        Assert.Equal(413, (await host.SendAsync(HttpMethod.Post, Path, Multipart("message=" + new string('x', 200_000)))).Code);
        Assert.Equal(202, (await host.PostJsonAsync(Path, $$"""{"message":"{{message[1..]}}"}""")).Code);
    }

    [Fact]
    public async Task RefusesALargeBody_BeforeItWasSent()
    {
        await using var host = await DoorHost.StartAsync(o => o with { MaxMessageBytes = 1000 });
        using var socket = new TcpClient();
        await socket.ConnectAsync("127.0.0.1", host.Client.BaseAddress!.Port, TestContext.Current.CancellationToken);
        await socket.GetStream().WriteAsync(
            Encoding.ASCII.GetBytes("POST /notification/send HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000000\r\n\r\n"), TestContext.Current.CancellationToken);
        using var reader = new StreamReader(socket.GetStream());
        Assert.Equal("HTTP/1.1 413 Payload Too Large", await reader.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public async Task RefusesAnEndlessChunkedBody()
    {
        await using var host = await DoorHost.StartAsync(o => o with { MaxMessageBytes = 1000 });
        var content = new StreamContent(new MemoryStream(new byte[300_000]));
        using var request = new HttpRequestMessage(HttpMethod.Post, Path) { Content = content };
        request.Headers.TransferEncodingChunked = true;
        using var response = await host.Client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(413, (int)response.StatusCode);
    }

    [Fact]
    public async Task RefusesMultipartThatIsNoForm()
    {
        await using var host = await DoorHost.StartAsync();
        foreach (var type in new[] { "multipart/mixed; boundary=abc", "multipart/x" })
        {
            var answer = await host.PostAsync(Path, "--abc\r\n\r\nx\r\n--abc--\r\n", type);
            Assert.Equal((400, "malformed form"), (answer.Code, answer.Body));
        }
    }

    [Fact]
    public async Task RefusesAMalformedForm()
    {
        await using var host = await DoorHost.StartAsync();
        var content = new StringContent("no boundary here");
        content.Headers.ContentType = MediaTypeHeaderValue.Parse("multipart/form-data; boundary=abc");
        var answer = await host.SendAsync(HttpMethod.Post, Path, content);
        Assert.Equal((400, "malformed form"), (answer.Code, answer.Body));
    }

    [Theory]
    [InlineData("client=ci&secret=" + DoorHost.CiSecret, 202)]
    [InlineData("secret=" + DoorHost.CiSecret, 202)]
    [InlineData("client=other&secret=" + DoorHost.CiSecret, 401)]
    [InlineData("client=gone&secret=gone-secret", 401)]
    [InlineData("secret=wrong", 401)]
    [InlineData("secret=", 401)]
    [InlineData("client=ci", 401)]
    [InlineData("", 401)]
    public async Task ReadsCredentials_FromQueryFormAndJson(string credentials, int expected)
    {
        await using var host = await DoorHost.StartAsync(o => o with { Anonymous = Core.Configuration.AnonymousAccess.None });
        var pairs = "message=x&" + credentials;
        var json = "{" + string.Join(',', pairs.Split('&', StringSplitOptions.RemoveEmptyEntries).Select(p => $"\"{p.Split('=')[0]}\":\"{p.Split('=')[1]}\"")) + "}";
        Answer[] answers =
        [
            await host.GetAsync($"{Path}?{pairs}"),
            await host.SendAsync(HttpMethod.Post, Path, new StringContent(pairs, Encoding.UTF8, "application/x-www-form-urlencoded")),
            await host.SendAsync(HttpMethod.Post, Path, Multipart(pairs)),
            await host.PostJsonAsync(Path, json),
        ];
        Assert.All(answers, a => Assert.Equal(expected, a.Code));
        Assert.All(answers, a => Assert.Equal(expected == 401, a.Headers.ContainsKey("WWW-Authenticate")));
        Assert.Equal(expected == 202 ? 8 : 0, (await host.AcceptedAsync()).Length);
    }

    [Fact]
    public async Task RecordsWhoSent()
    {
        await using var host = await DoorHost.StartAsync();
        await host.GetAsync(Path + "?message=x", $"X-Api-Key: {DoorHost.CiSecret}");
        await host.GetAsync(Path + "?message=y");
        var page = await host.Outbox.ListAsync(new Core.Outbox.ReceiptQuery(), TestContext.Current.CancellationToken);
        Assert.Equal(["anonymous", "ci"], page.Items.Select(m => m.Notification.Client).ToArray());
        Assert.All(page.Items, m => Assert.Equal(MessageStatus.Queued, m.Status));
    }

    private static MultipartFormDataContent Multipart(string pairs)
    {
        var content = new MultipartFormDataContent();
        foreach (var pair in pairs.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = pair.Split('=', 2);
            content.Add(new StringContent(parts.Length == 1 ? "" : Uri.UnescapeDataString(parts[1])), parts[0]);
        }

        return content;
    }

    private static async Task AssertEachWentToAsync(DoorHost host, string expected, int messages)
    {
        var page = await host.Outbox.ListAsync(new Core.Outbox.ReceiptQuery(), TestContext.Current.CancellationToken);
        Assert.Equal(messages, page.Items.Count);
        Assert.All(page.Items, m => Assert.Equal(
            expected.Split(' ', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal),
            m.Deliveries.Select(d => d.To).Order(StringComparer.Ordinal),
            StringComparer.Ordinal));
    }
}
