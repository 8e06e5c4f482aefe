using System.Text;
using System.Text.Json;
using NotifyGateway.Core;
using NotifyGateway.Core.Outbox;
using NotifyGateway.Core.Sessions;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Http;

public sealed class MessagesTests
{
    private const string Path = "/api/v1/messages";
    private const string ToOps = """{"to":["net/#ops"],"text":"hello"}""";
    private static readonly string Ci = $"Authorization: Bearer {DoorHost.CiSecret}";
    private static readonly string Other = $"Authorization: Bearer {DoorHost.OtherSecret}";
    private static readonly string Admin = $"Authorization: Bearer {DoorHost.AdminSecret}";

    [Fact]
    public async Task AnswersWithTheContractsReceipt()
    {
        await using var host = await DoorHost.StartAsync();
        var answer = await host.PostJsonAsync(Path, """{"to":["net/#ops","net/bob"],"text":"hello"}""");
        var id = answer.Json.GetProperty("id").GetString()!;
        Assert.Equal(202, answer.Code);
        Assert.Equal($"{Path}/{id}", answer.Headers["Location"]);
        Assert.Equal("application/json; charset=utf-8", answer.ContentType);
        Assert.Equal(
            $$"""{"id":"{{id}}","status":"queued","deliveries":[{"id":"{{id}}-0","to":"net/#ops","status":"queued","attempts":0,"reason":null,"proof":null,"settledAt":null},{"id":"{{id}}-1","to":"net/bob","status":"queued","attempts":0,"reason":null,"proof":null,"settledAt":null}]}""",
            answer.Body);
        Assert.StartsWith(answer.Body[..^1] + ",", (await host.GetAsync($"{Path}/{id}")).Body, StringComparison.Ordinal);
        Assert.Equal(7, Guid.Parse(id).Version);
    }

    [Fact]
    public async Task CarriesEveryField()
    {
        await using var host = await DoorHost.StartAsync();
        var answer = await host.PostJsonAsync(
            Path, """{"to":["#dev"],"text":"a\nb ü","title":"T","severity":"error","markup":"slack","expiresIn":60,"repeatKey":null}""", Ci);
        var receipt = await host.Outbox.FindAsync(Guid.Parse(answer.Json.GetProperty("id").GetString()!), TestContext.Current.CancellationToken);
        var sent = receipt!.Notification;
        Assert.Equal(("ci", "http", "T", "a\nb ü", Severity.Error, Markup.Slack), (sent.Client, sent.Input, sent.Title, sent.Text, sent.Severity, sent.Markup));
        Assert.Equal(TimeSpan.FromSeconds(60), sent.ExpiresAt - sent.AcceptedAt);
    }

    [Theory]
    [InlineData("""{"text":"x"}""")]
    [InlineData("""{"to":null,"text":"x"}""")]
    public async Task ReachesTheDefaults_WhenNobodyIsNamed(string json)
    {
        await using var host = await DoorHost.StartAsync();
        Assert.Equal(202, (await host.PostJsonAsync(Path, json)).Code);
        Assert.Equal(["net/#ops|x", "net/alice|x"], (await host.AcceptedAsync()).Order(StringComparer.Ordinal).ToArray());
    }

    [Theory]
    [InlineData("""{"to":[],"text":"x"}""", "to", "names nobody")]
    [InlineData("""{"to":"#ops","text":"x"}""", "to", "list of strings")]
    [InlineData("""{"to":[1],"text":"x"}""", "to", "list of strings")]
    [InlineData("""{"to":["#ops",["#dev"]],"text":"x"}""", "to", "list of strings")]
    [InlineData("""{"to":[" "],"text":"x"}""", "to", "empty destination")]
    [InlineData("""{"to":["#ops","#nope"],"text":"x"}""", "to", "#nope: ")]
    [InlineData("{}", "text", "is required")]
    [InlineData("""{"text":null}""", "text", "is required")]
    [InlineData("""{"text":""}""", "text", "may not be empty")]
    [InlineData("""{"text":5}""", "text", "must be a string")]
    [InlineData("""{"text":"x","title":{}}""", "title", "must be a string")]
    [InlineData("""{"text":"x","severity":"fatal"}""", "severity", "info, success, warning or error")]
    [InlineData("""{"text":"x","markup":"html"}""", "markup", "plain, slack or markdown")]
    [InlineData("""{"text":"x","expiresIn":0}""", "expiresIn", "1 to 604800")]
    [InlineData("""{"text":"x","expiresIn":604801}""", "expiresIn", "1 to 604800")]
    [InlineData("""{"text":"x","expiresIn":1.5}""", "expiresIn", "1 to 604800")]
    [InlineData("""{"text":"x","expiresIn":"60"}""", "expiresIn", "1 to 604800")]
    [InlineData("""{"text":"x","repeatKey":""}""", "repeatKey", "1 to 255 characters")]
    [InlineData("""{"text":"x","repeatKey":5}""", "repeatKey", "must be a string")]
    [InlineData("""{"txt":"x","text":"y"}""", "txt", "did you mean \"text\"?")]
    [InlineData("""{"serverity":"info","text":"y"}""", "serverity", "did you mean \"severity\"?")]
    [InlineData("""{"somethingElse":{"a":[1]},"text":"y"}""", "somethingElse", "is no property of a message")]
    public async Task NamesTheFieldThatIsWrong(string json, string field, string error)
    {
        await using var host = await DoorHost.StartAsync();
        var answer = await host.PostJsonAsync(Path, json);
        Assert.Equal(422, answer.Code);
        Assert.Contains(error, answer.Error(field), StringComparison.Ordinal);
        Assert.Empty(await host.AcceptedAsync());
    }

    [Fact]
    public async Task NamesEveryWrongFieldAtOnce()
    {
        await using var host = await DoorHost.StartAsync();
        var answer = await host.PostJsonAsync(Path + "?wait=99&wiat=1", """{"to":[],"severity":1,"x":2}""");
        Assert.Equal("severity text to wait wiat x", string.Join(' ', answer.Json.GetProperty("errors").EnumerateObject().Select(e => e.Name)));
    }

    [Theory]
    [InlineData("{\"text\":\"x\"", "line 1, byte")]
    [InlineData("{\n  \"text\": secret-word}", "line 2, byte 11")]
    [InlineData("", "JSON")]
    [InlineData("[]", "not a JSON object")]
    [InlineData("{\"text\":\"x\"}garbage", "line 1, byte 13")]
    [InlineData("{\"text\":\"x\",}", "line 1, byte")]
    public async Task SaysWhereABodyIsMalformed_WithoutEchoingIt(string json, string place)
    {
        await using var host = await DoorHost.StartAsync();
        var answer = await host.PostJsonAsync(Path, json);
        Assert.Equal((400, "application/problem+json"), (answer.Code, answer.ContentType));
        Assert.Contains(place, answer.Json.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain("secret-word", answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RefusesDeepNesting()
    {
        await using var host = await DoorHost.StartAsync();
        Assert.Equal(400, (await host.PostJsonAsync(Path, "{\"a\":" + new string('[', 60_000))).Code);
    }

    [Theory]
    [InlineData("text/plain", 415)]
    [InlineData("application/xml", 415)]
    [InlineData("application/json; charset=iso-8859-1", 415)]
    [InlineData("application/json; charset=UTF-8", 202)]
    [InlineData("application/vnd.x+json", 202)]
    [InlineData(null, 202)]
    public async Task ReadsJsonOnly(string? type, int status)
    {
        await using var host = await DoorHost.StartAsync();
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(ToOps));
        Assert.True(type is null || content.Headers.TryAddWithoutValidation("Content-Type", type));
        Assert.Equal(status, (await host.SendAsync(HttpMethod.Post, Path, content)).Code);
    }

    [Fact]
    public async Task RefusesACompressedBody()
    {
        await using var host = await DoorHost.StartAsync();
        var content = new StringContent(ToOps, Encoding.UTF8, "application/json");
        content.Headers.ContentEncoding.Add("gzip");
        Assert.Equal(415, (await host.SendAsync(HttpMethod.Post, Path, content)).Code);
    }

    [Fact]
    public async Task CountsTheTextInBytes()
    {
        await using var host = await DoorHost.StartAsync(o => o with { MaxMessageBytes = 1000 });
        Assert.Equal(413, (await host.PostJsonAsync(Path, $$"""{"title":"t","text":"{{new string('ä', 500)}}"}""")).Code);
        Assert.Equal(202, (await host.PostJsonAsync(Path, $$"""{"text":"{{new string('ä', 500)}}"}""")).Code);
        Assert.Equal(413, (await host.PostJsonAsync(Path, new string(' ', 100_000))).Code);
    }

    [Fact]
    public async Task RefusesWithRetryAfter_WhenTheOutboxIsFullOrFailing()
    {
        await using var host = await DoorHost.StartAsync();
        host.Outbox.MaxQueuedPerSession = 0;
        var full = await host.PostJsonAsync(Path, ToOps);
        Assert.Equal((503, "10", "application/problem+json"), (full.Code, full.Headers["Retry-After"], full.ContentType));
        host.Outbox.Fault = "disk full";
        var failing = await host.PostJsonAsync(Path, ToOps);
        Assert.Equal((503, "5"), (failing.Code, failing.Headers["Retry-After"]));
    }

    [Fact]
    public async Task RefusesWithRetryAfter_WhenNoSessionOnDemandCanBeMade()
    {
        await using var host = await DoorHost.StartAsync(o => o with { DynamicServers = ["*"], Dynamic = o.Dynamic with { MaxSessions = 1 } });
        var closed = FreePort.Next();
        Assert.Equal(202, (await host.PostJsonAsync(Path, $$"""{"to":["irc://127.0.0.1:{{closed}}/a"],"text":"waits"}""")).Code);
        var sessions = (Multiplexer)host.Services.GetService(typeof(Multiplexer))!;
        await Deadline.Poll(() => sessions.Snapshot() is [{ Queued: 1 }]);
        var second = await host.PostJsonAsync(Path, """{"to":["irc://localhost:1/b","net/#ops"],"text":"x"}""");
        Assert.Equal((503, "10"), (second.Code, second.Headers["Retry-After"]));
        Assert.Contains("irc://localhost:1/#b: 1 sessions on demand are open", second.Body, StringComparison.Ordinal);
        Assert.Equal("accepted=1 refused:no_session=1", host.Counts.ToString());
    }

    [Fact]
    public async Task RefusesTooManyDestinations()
    {
        await using var host = await DoorHost.StartAsync(o => o with { Irc = new Dictionary<string, Core.Configuration.IrcOptions>(StringComparer.Ordinal) { ["net"] = o.Irc["net"] with { JoinUnlisted = true } } });
        var to = string.Join(',', Enumerable.Range(0, 1001).Select(i => $"\"net/#c{i}\""));
        var answer = await host.PostJsonAsync(Path, $$"""{"to":[{{to}}],"text":"x"}""");
        Assert.Equal(422, answer.Code);
        Assert.Contains("1000", answer.Error("to"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task WaitsUntilEveryDeliveryHasSettled()
    {
        await using var host = await DoorHost.StartAsync();
        var answer = host.PostJsonAsync(Path + "?wait=30", """{"to":["net/#ops","net/bob"],"text":"x"}""");
        await QueuedAsync(host, 2);
        await host.Outbox.SettleAllAsync("net", new Outcome(DeliveryStatus.Failed, Proof.None, "404 Cannot send to channel"));
        var settled = await answer;
        Assert.Equal(200, settled.Code);
        Assert.Equal("failed", settled.Json.GetProperty("status").GetString());
        var delivery = settled.Json.GetProperty("deliveries")[0];
        Assert.Equal("404 Cannot send to channel", delivery.GetProperty("reason").GetString());
        Assert.Equal(1, delivery.GetProperty("attempts").GetInt32());
        Assert.Equal(JsonValueKind.Null, delivery.GetProperty("proof").ValueKind);
        Assert.NotEqual(default, delivery.GetProperty("settledAt").GetDateTimeOffset());
    }

    [Fact]
    public async Task ShowsTheProof()
    {
        await using var host = await DoorHost.StartAsync();
        var answer = host.PostJsonAsync(Path + "?wait=30", ToOps);
        await QueuedAsync(host, 1);
        await host.Outbox.SettleAllAsync("net", Outcome.Delivered(Proof.Pong));
        Assert.Equal("pong", (await answer).Json.GetProperty("deliveries")[0].GetProperty("proof").GetString());
        Assert.Equal("delivered", (await answer).Json.GetProperty("status").GetString());
    }

    [Fact]
    public async Task AnswersQueued_WhenTheTimeIsOver()
    {
        await using var host = await DoorHost.StartAsync();
        var answer = await host.PostJsonAsync(Path + "?wait=1", ToOps);
        Assert.Equal((202, "queued"), (answer.Code, answer.Json.GetProperty("status").GetString()));
        Assert.Equal(0, Waiters(host).Count);
    }

    [Fact]
    public async Task AnswersQueued_WhenTheGatewayStops()
    {
        await using var host = await DoorHost.StartAsync();
        var answer = host.PostJsonAsync(Path + "?wait=60", ToOps);
        await WaitersAsync(host, 1);
        host.Stop();
        Assert.Equal(202, (await answer).Code);
    }

    [Fact]
    public async Task StopsWaiting_WhenTheSenderGoesAway()
    {
        await using var host = await DoorHost.StartAsync();
        using var gone = new CancellationTokenSource();
        using var content = new StringContent(ToOps, Encoding.UTF8, "application/json");
        var answer = host.Client.PostAsync(Path + "?wait=60", content, gone.Token);
        await WaitersAsync(host, 1);
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answer);
        await WaitersAsync(host, 0);
        Assert.Equal(["net/#ops|hello"], await host.AcceptedAsync());
    }

    [Theory]
    [InlineData("0")]
    [InlineData("61")]
    [InlineData("-1")]
    [InlineData("")]
    [InlineData("1.5")]
    [InlineData("ten")]
    public async Task RefusesAWaitOutsideOneToSixty(string wait)
    {
        await using var host = await DoorHost.StartAsync();
        var answer = await host.PostJsonAsync($"{Path}?wait={wait}", ToOps);
        Assert.Equal(422, answer.Code);
        Assert.Contains("1 to 60", answer.Error("wait"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task GivesTheFirstAnswer_ToTheSameIdempotencyKey()
    {
        await using var host = await DoorHost.StartAsync();
        var first = await host.PostJsonAsync(Path, ToOps, Ci, "Idempotency-Key: k1");
        var again = await host.PostJsonAsync(Path, ToOps, Ci, "Idempotency-Key: k1");
        Assert.Equal((202, first.Body), (again.Code, again.Body));
        Assert.Equal(first.Headers["Location"], again.Headers["Location"]);
        var stranger = await host.PostJsonAsync(Path, ToOps, Other, "Idempotency-Key: k1");
        Assert.NotEqual(first.Headers["Location"], stranger.Headers["Location"], StringComparer.Ordinal);
        var changed = await host.PostJsonAsync(Path, ToOps.Replace("hello", "bye", StringComparison.Ordinal), Ci, "Idempotency-Key: k1");
        Assert.Equal(422, changed.Code);
        Assert.Contains("another request", changed.Error("Idempotency-Key"), StringComparison.Ordinal);
        await host.Outbox.SettleAllAsync("net", Outcome.Delivered(Proof.Pong));
        Assert.Equal(200, (await host.PostJsonAsync(Path + "?wait=1", ToOps, Ci, "Idempotency-Key: k1")).Code);
        Assert.Equal(2, (await host.AcceptedAsync()).Length);
    }

    [Fact]
    public async Task MakesOneMessage_OfSimultaneousRequestsWithOneKey()
    {
        await using var host = await DoorHost.StartAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => host.PostJsonAsync(Path, ToOps, "Idempotency-Key: same")));
        Assert.All(answers, a => Assert.Equal(202, a.Code));
        Assert.Single(answers.Select(a => a.Body).Distinct(StringComparer.Ordinal));
        Assert.Single(await host.AcceptedAsync());
    }

    [Theory]
    [InlineData("")]
    [InlineData("with space")]
    [InlineData("256")]
    public async Task RefusesAnIdempotencyKeyThatIsNone(string key)
    {
        await using var host = await DoorHost.StartAsync();
        var answer = await host.PostJsonAsync(Path, ToOps, "Idempotency-Key: " + (key is "256" ? new string('k', 256) : key));
        Assert.Equal(422, answer.Code);
        Assert.Contains("visible ASCII", answer.Error("Idempotency-Key"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ShowsAClientItsOwnMessagesOnly_AndTheAdministratorAll()
    {
        await using var host = await DoorHost.StartAsync();
        var own = (await host.PostJsonAsync(Path, ToOps, Ci)).Headers["Location"];
        foreach (var (who, status) in new[] { (Ci, 200), (Admin, 200), (Other, 404), ("Accept: */*", 404) })
        {
            Assert.Equal(status, (await host.GetAsync(own, who)).Code);
            Assert.Equal(status == 200 ? 1 : 0, (await host.GetAsync(Path, who)).Json.GetProperty("items").GetArrayLength());
            Assert.Equal(status == 200 ? 202 : 404, (await host.SendAsync(HttpMethod.Post, own + "/retry", null, who)).Code);
        }

        Assert.Equal(404, (await host.SendAsync(HttpMethod.Delete, own, null, Other)).Code);
        Assert.Equal(["net/#ops|hello"], await host.AcceptedAsync());
    }

    [Theory]
    [InlineData("/0198c1f0-6a5e-7cc1-9d3f-5b8a1c2d3e4f")]
    [InlineData("/nonsense")]
    public async Task KnowsNoOtherIds(string id)
    {
        await using var host = await DoorHost.StartAsync();
        var answer = await host.GetAsync(Path + id);
        Assert.Equal((404, "application/problem+json"), (answer.Code, answer.ContentType));
    }

    [Fact]
    public async Task CancelsWhatIsQueued_AndQueuesItOnceMore()
    {
        await using var host = await DoorHost.StartAsync();
        var own = (await host.PostJsonAsync(Path, ToOps)).Headers["Location"];
        var cancelled = await host.SendAsync(HttpMethod.Delete, own);
        Assert.Equal((200, "cancelled"), (cancelled.Code, cancelled.Json.GetProperty("status").GetString()));
        var again = await host.SendAsync(HttpMethod.Post, own + "/retry");
        Assert.Equal((202, "queued", own), (again.Code, again.Json.GetProperty("status").GetString(), again.Headers["Location"]));
        Assert.Equal(1, await host.Outbox.SettleAllAsync("net", Outcome.Delivered(Proof.Echo)));
        host.Outbox.Fault = "disk full";
        var failing = await host.SendAsync(HttpMethod.Delete, own);
        Assert.Equal((503, "5"), (failing.Code, failing.Headers["Retry-After"]));
    }

    [Fact]
    public async Task ListsPageByPage_NewestFirst()
    {
        await using var host = await DoorHost.StartAsync();
        for (var i = 0; i < 5; i++)
        {
            await host.PostJsonAsync(Path, $$"""{"to":["{{(i % 2 == 0 ? "net/#ops" : "net/#dev")}}"],"text":"m{{i}}"}""");
        }

        var first = await host.GetAsync(Path + "?limit=3");
        var second = await host.GetAsync($"{Path}?limit=3&before={first.Json.GetProperty("next").GetString()}");
        Assert.Equal((3, 2), (first.Json.GetProperty("items").GetArrayLength(), second.Json.GetProperty("items").GetArrayLength()));
        Assert.Equal(JsonValueKind.Null, second.Json.GetProperty("next").ValueKind);
        Assert.Equal(2, (await host.GetAsync(Path + "?to=net/%23dev")).Json.GetProperty("items").GetArrayLength());
        foreach (var (status, count) in new[] { ("delivered", 0), ("queued", 5), ("failed,queued", 5), ("failed,expired", 0) })
        {
            Assert.Equal(count, (await host.GetAsync($"{Path}?status={status}")).Json.GetProperty("items").GetArrayLength());
        }
    }

    [Theory]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=501", "limit")]
    [InlineData("limit=x", "limit")]
    [InlineData("status=failed,done", "status")]
    [InlineData("limt=5", "limt")]
    [InlineData("before=yesterday", "before")]
    [InlineData("limit=5&limit=6", "limit")]
    public async Task RefusesAListThatItDoesNotUnderstand(string query, string field)
    {
        await using var host = await DoorHost.StartAsync();
        var answer = await host.GetAsync($"{Path}?{query}");
        Assert.Equal(422, answer.Code);
        Assert.NotEmpty(answer.Error(field));
    }

    [Theory]
    [InlineData("PUT", "/api/v1/messages", 405)]
    [InlineData("HEAD", "/api/v1/messages", 405)]
    [InlineData("GET", "/api/v1/nothing", 404)]
    [InlineData("GET", "/api", 404)]
    public async Task AnswersProblems_WhereThereIsNothing(string method, string path, int status)
    {
        await using var host = await DoorHost.StartAsync();
        var answer = await host.SendAsync(new HttpMethod(method), path);
        Assert.Equal((status, "application/problem+json"), (answer.Code, answer.ContentType));
    }

    private static ReceiptWaiters Waiters(DoorHost host) => (ReceiptWaiters)host.Services.GetService(typeof(ReceiptWaiters))!;

    private static Task WaitersAsync(DoorHost host, int count) => Deadline.Poll(() => Waiters(host).Count == count);

    private static Task QueuedAsync(DoorHost host, int count) => Deadline.Poll(() => host.Outbox.Backlog().Sum(b => b.Queued) == count);
}
