using NotifyGateway.Api.Http;
using NotifyGateway.Core.Configuration;
using NotifyGateway.Core.Sessions;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Http;

/// <summary>What the status page is made of, and what it asks for; how it behaves is in <see cref="Page"/>.</summary>
public sealed class StatusPageTests
{
    private static readonly string Admin = $"X-Api-Key: {DoorHost.AdminSecret}";
    private static readonly string Ci = $"X-Api-Key: {DoorHost.CiSecret}";

    [Theory]
    [InlineData("/", "text/html; charset=utf-8")]
    [InlineData("/ui/app.js", "text/javascript; charset=utf-8")]
    [InlineData("/ui/style.css", "text/css; charset=utf-8")]
    [InlineData("/ui/icon-ok.svg", "image/svg+xml")]
    [InlineData("/docs/", "text/html; charset=utf-8")]
    [InlineData("/docs/status-page.md", "text/plain; charset=utf-8")]
    public async Task ServesThePage_ToEverybody_UnderAStrictPolicy(string path, string type)
    {
        await using var host = await DoorHost.StartAsync(o => o with { Anonymous = AnonymousAccess.None });
        var answer = await host.GetAsync(path);
        Assert.Equal((200, type), (answer.Code, answer.ContentType));
        var policy = answer.Headers["Content-Security-Policy"];
        Assert.StartsWith("default-src 'none'; script-src 'self'; style-src 'self';", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.Contains("require-trusted-types-for 'script'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Equal(("nosniff", "no-referrer", "DENY"), (answer.Headers["X-Content-Type-Options"], answer.Headers["Referrer-Policy"], answer.Headers["X-Frame-Options"]));
        Assert.Equal(304, (await host.GetAsync(path, $"If-None-Match: {answer.Headers["ETag"]}")).Code);
        Assert.Equal(200, (await host.GetAsync(path, "If-None-Match: \"another\"")).Code);
        var head = await host.SendAsync(HttpMethod.Head, path);
        Assert.Equal((200, "", answer.Headers["Content-Length"]), (head.Code, head.Body, head.Headers["Content-Length"]));
        Assert.Equal(405, (await host.SendAsync(HttpMethod.Post, path)).Code);
    }

    [Fact]
    public async Task NamesNothingElsewhere_AndOnlyWhatThereIs()
    {
        await using var host = await DoorHost.StartAsync();
        var html = (await host.GetAsync("/")).Body;
        Assert.DoesNotContain("://", html, StringComparison.Ordinal);
        Assert.DoesNotContain("style=", html, StringComparison.Ordinal);
        Assert.Equal(1, html.Split("<script").Length - 1);
        var parts = html.Split('"').Where(p => p.StartsWith("ui/", StringComparison.Ordinal)).ToList();
        Assert.InRange(parts.Count, 10, 40);
        foreach (var part in parts)
        {
            Assert.Equal(200, (await host.GetAsync("/" + part)).Code);
        }

        Assert.Equal(404, (await host.GetAsync("/ui/nothing.js")).Code);
        Assert.Equal("docs/", (await host.GetAsync("/docs")).Headers["Location"]);
        Assert.Contains("href=\"irc.md\"", (await host.GetAsync("/docs/")).Body, StringComparison.Ordinal);
    }

    /// <summary>The program's folder has no page, and the working directory is another one.</summary>
    [Fact]
    public async Task IsThere_WhereverTheProgramIsStarted()
    {
        Assert.False(Directory.Exists(Path.Combine(AppContext.BaseDirectory, "wwwroot")));
        await using var gateway = await GatewayProcess.StartAsync("""{ "Gateway": { "Anonymous": "Loopback" } }""");
        using var page = await gateway.Http.GetAsync(new Uri("/", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal("text/html", page.Content.Headers.ContentType?.MediaType);
        Assert.Contains("ui/app.js", await page.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task SaysWhoTheCallerIs()
    {
        await using var open = await DoorHost.StartAsync();
        var anonymous = await open.GetAsync("/api/v1/whoami");
        Assert.StartsWith("""{"client":"anonymous","admin":false,"reason":null,"version":""", anonymous.Body, StringComparison.Ordinal);
        Assert.StartsWith("""{"client":"ci","admin":false,""", (await open.GetAsync("/api/v1/whoami", Ci)).Body, StringComparison.Ordinal);
        Assert.StartsWith("""{"client":"admin","admin":true,""", (await open.GetAsync("/api/v1/whoami", Admin)).Body, StringComparison.Ordinal);
        Assert.Equal(401, (await open.GetAsync("/api/v1/whoami", "X-Api-Key: wrong")).Code);
        Assert.Equal(401, (await open.GetAsync("/api/v1/whoami?client=ci")).Code);
        await using var closed = await DoorHost.StartAsync(o => o with { Anonymous = AnonymousAccess.None });
        var nobody = await closed.GetAsync("/api/v1/whoami");
        Assert.Equal((200, """{"client":null,"admin":false,"reason":"A secret is needed.","version":null}"""), (nobody.Code, nobody.Body));
    }

    [Fact]
    public async Task ShowsHooksToTheAdministrator_AndATokenOnlyByName()
    {
        await using var host = await DoorHost.StartAsync(o => o with
        {
            Hooks = new Dictionary<string, HookOptions>(StringComparer.OrdinalIgnoreCase)
            {
                ["sealed"] = new() { TokenSha256 = new string('a', 64), To = ["#dev"], SigningSecret = "signing-secret", Template = "{{title}}", PerMinute = 5 },
                ["grafana"] = new() { Token = "token-of-grafana", To = ["#ops"], Nick = "Grafana" },
            },
        });
        foreach (var path in new[] { "/api/v1/hooks", "/api/v1/hooks/grafana/token" })
        {
            Assert.Equal(403, (await host.GetAsync(path)).Code);
            Assert.Equal(403, (await host.GetAsync(path, Ci)).Code);
            Assert.Equal(401, (await host.GetAsync(path, "X-Api-Key: wrong")).Code);
        }

        var list = await host.GetAsync("/api/v1/hooks", Admin);
        Assert.Equal(
            """[{"name":"grafana","to":["#ops"],"format":null,"template":null,"nick":"Grafana","allowGet":false,"signed":false,"perMinute":600,"token":"plain"},{"name":"sealed","to":["#dev"],"format":null,"template":"inline","nick":null,"allowGet":false,"signed":true,"perMinute":5,"token":"sha256"}]""",
            list.Body);
        var token = await host.GetAsync("/api/v1/hooks/GRAFANA/token", Admin);
        Assert.Equal(("""{"token":"token-of-grafana"}""", "no-store"), (token.Body, token.Headers["Cache-Control"]));
        var line = Assert.Single(host.Log.Lines.Entries, l => l.Id.Id == 2030).ToString();
        Assert.Contains("grafana", line, StringComparison.Ordinal);
        var hashed = await host.GetAsync("/api/v1/hooks/sealed/token", Admin);
        Assert.Equal(404, hashed.Code);
        Assert.Contains("only the SHA-256 of this token", hashed.Body, StringComparison.Ordinal);
        Assert.Equal(404, (await host.GetAsync("/api/v1/hooks/none/token", Admin)).Code);
        Assert.DoesNotContain(host.Log.Lines.Entries, l => l.ToString().Contains("token-of-grafana", StringComparison.Ordinal));
    }

    [Fact]
    public async Task TellsWhatAMessageSays_ShortenedInAList()
    {
        await using var host = await DoorHost.StartAsync();
        var text = new string('x', 239) + "\U0001F600 and more";
        var sent = await host.PostJsonAsync("/api/v1/messages", System.Text.Json.JsonSerializer.Serialize(new { to = new[] { "net/#ops" }, text, title = "T", severity = "warning", markup = "slack" }), Ci);
        var whole = (await host.GetAsync(sent.Headers["Location"], Ci)).Json;
        Assert.Equal(("ci", "http", "warning", "slack", "T", text, false), (
            whole.GetProperty("client").GetString(), whole.GetProperty("input").GetString(), whole.GetProperty("severity").GetString(), whole.GetProperty("markup").GetString(),
            whole.GetProperty("title").GetString(), whole.GetProperty("text").GetString(), whole.GetProperty("cut").GetBoolean()));
        var listed = (await host.GetAsync("/api/v1/messages", Ci)).Json.GetProperty("items")[0];
        Assert.Equal((new string('x', 239), true), (listed.GetProperty("text").GetString(), listed.GetProperty("cut").GetBoolean()));
    }

    [Fact]
    public async Task ListsTheMessagesOfOneClient_ForTheAdministratorOnly()
    {
        await using var host = await DoorHost.StartAsync();
        await host.PostJsonAsync("/api/v1/messages", """{"text":"by ci"}""", Ci);
        await host.PostJsonAsync("/api/v1/messages", """{"text":"by other"}""", $"X-Api-Key: {DoorHost.OtherSecret}");
        async Task<string> Texts(string query, string who) =>
            string.Join('|', (await host.GetAsync("/api/v1/messages" + query, who)).Json.GetProperty("items").EnumerateArray().Select(m => m.GetProperty("text").GetString()));
        Assert.Equal("by other|by ci", await Texts("", Admin));
        Assert.Equal("by ci", await Texts("?from=ci", Admin));
        Assert.Equal("by ci", await Texts("?from=CI", Ci));
        Assert.Equal("", await Texts("?from=other", Ci));
    }

    [Fact]
    public async Task ShowsHowAMessageIsWritten_ToWhoMaySeeIt()
    {
        var ends = new List<DateTimeOffset?>();
        var board = new SessionBoard(() => [], _ => false)
        {
            Preview = (message, place, ended, _) =>
            {
                ends.Add(ended);
                return new(place.Name is "net/#ops" ? new MessagePreview([$"PRIVMSG {place.Address} :{message.Text}"], Connected: false) : null);
            },
        };
        await using var host = await DoorHost.StartAsync(sessions: board);
        var sent = await host.PostJsonAsync("/api/v1/messages", """{"to":["net/#ops","net/bob"],"text":"x"}""", Ci);
        var id = sent.Json.GetProperty("id").GetString();
        Assert.Equal(
            $$"""[{"id":"{{id}}-0","to":"net/#ops","lines":["PRIVMSG #ops :x"],"basis":"configuration"},{"id":"{{id}}-1","to":"net/bob","lines":null,"basis":null}]""",
            (await host.GetAsync($"/api/v1/messages/{id}/lines", Ci)).Body);
        Assert.Equal([null, null], ends);

        // What is ended is as old as it was then.
        var cancelled = (await host.SendAsync(HttpMethod.Delete, $"/api/v1/messages/{id}", null, Ci)).Json.GetProperty("deliveries").EnumerateArray().Select(d => d.GetProperty("settledAt").GetDateTimeOffset());
        await host.GetAsync($"/api/v1/messages/{id}/lines", Ci);
        Assert.Equal([null, null, .. cancelled], ends);
        Assert.Equal(404, (await host.GetAsync($"/api/v1/messages/{id}/lines")).Code);
    }
}
