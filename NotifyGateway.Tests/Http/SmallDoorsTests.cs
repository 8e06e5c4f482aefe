using NotifyGateway.Api.Http;
using NotifyGateway.Core;
using NotifyGateway.Core.Outbox;
using NotifyGateway.Core.Sessions;
using Xunit;

namespace NotifyGateway.Tests.Http;

public sealed class SmallDoorsTests
{
    private static readonly DateTimeOffset Since = new(2025, 8, 20, 12, 0, 0, TimeSpan.Zero);

    private static readonly SessionStatus[] Two =
    [
        new("net", "irc", SessionState.Online, "bot", "irc.example.org:6697", Since,
            [new ChannelStatus("#ops", ChannelState.Joined, null), new ChannelStatus("#dev", ChannelState.Parked, "473 invite only")], 3, null, null),
        new("irc://other.example:6667", "irc", SessionState.Waiting, null, null, Since, [], 0, "connection refused", Since.AddMinutes(1)),
    ];

    private static readonly string Admin = $"X-Api-Key: {DoorHost.AdminSecret}";

    [Fact]
    public async Task ShowsSessions_InTheContractsShape()
    {
        SessionBacklog[] waiting = [new(new SessionKey("net"), 3, Since.AddMinutes(-2)), new(new SessionKey("gone"), 1, Since.AddHours(-1))];
        await using var host = await DoorHost.StartAsync(sessions: new SessionBoard(() => Two, _ => false) { Backlog = () => waiting });
        Assert.Equal(
            """[{"name":"net","protocol":"irc","state":"online","nick":"bot","server":"irc.example.org:6697","since":"2025-08-20T12:00:00+00:00","channels":[{"name":"#ops","state":"joined","reason":null},{"name":"#dev","state":"parked","reason":"473 invite only"}],"queued":3,"lastError":null,"nextAttemptAt":null,"oldestQueuedAt":"2025-08-20T11:58:00+00:00"},{"name":"irc://other.example:6667","protocol":"irc","state":"waiting","nick":null,"server":null,"since":"2025-08-20T12:00:00+00:00","channels":[],"queued":0,"lastError":"connection refused","nextAttemptAt":"2025-08-20T12:01:00+00:00","oldestQueuedAt":null}]""",
            (await host.GetAsync("/api/v1/sessions")).Body);
    }

    [Theory]
    [InlineData("net", "net")]
    [InlineData("irc%3A%2F%2Fother.example%3A6667", "irc://other.example:6667")]
    [InlineData("irc://other.example:6667", "irc://other.example:6667")]
    public async Task ConnectsASessionAnew(string path, string name)
    {
        var asked = new List<string>();
        await using var host = await DoorHost.StartAsync(sessions: new SessionBoard(() => Two, n =>
        {
            asked.Add(n);
            return Two.Any(s => string.Equals(s.Name, n, StringComparison.Ordinal));
        }));
        Assert.Equal(403, (await host.SendAsync(HttpMethod.Post, $"/api/v1/sessions/{path}/reconnect")).Code);
        Assert.Equal(403, (await host.SendAsync(HttpMethod.Post, $"/api/v1/sessions/{path}/reconnect", null, $"X-Api-Key: {DoorHost.CiSecret}")).Code);
        Assert.Empty(asked);
        Assert.Equal(202, (await host.SendAsync(HttpMethod.Post, $"/api/v1/sessions/{path}/reconnect", null, Admin)).Code);
        Assert.Equal([name], asked);
        Assert.Equal(404, (await host.SendAsync(HttpMethod.Post, $"/api/v1/sessions/{path}x/reconnect", null, Admin)).Code);
        Assert.Equal(404, (await host.SendAsync(HttpMethod.Post, $"/api/v1/sessions/{path}/other", null, Admin)).Code);
        Assert.Equal(405, (await host.GetAsync($"/api/v1/sessions/{path}/reconnect", Admin)).Code);
    }

    [Theory]
    [InlineData("program:mail", 409)]
    [InlineData("Program:Mail", 409)]
    [InlineData("log", 409)]
    [InlineData("program:other", 404)]
    public async Task SaysWhy_WhatHasNoConnectionCannotConnectAnew(string name, int status)
    {
        SessionStatus[] local = [Two[0] with { Name = "program:mail", Protocol = "program" }];
        await using var host = await DoorHost.StartAsync(sessions: new SessionBoard(() => local, _ => false));
        var answer = await host.SendAsync(HttpMethod.Post, $"/api/v1/sessions/{name}/reconnect", null, Admin);
        Assert.Equal((status, "application/problem+json"), (answer.Code, answer.ContentType));
        Assert.Contains(status == 409 ? "no connection" : "no session", answer.Json.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task TellsNothingOfItsOwnFaults()
    {
        await using var host = await DoorHost.StartAsync(sessions: new SessionBoard(() => throw new InvalidOperationException("inner workings"), _ => false));
        var answer = await host.GetAsync("/api/v1/sessions");
        Assert.Equal((500, "application/problem+json"), (answer.Code, answer.ContentType));
        Assert.DoesNotContain("inner", answer.Body, StringComparison.OrdinalIgnoreCase);
        Assert.Contains(host.Log.Lines.Entries, l => l.Id.Id == 2002 && l.ToString().Contains("inner workings", StringComparison.Ordinal));
    }

    [Fact]
    public async Task SaysWhetherItIsAliveAndReady()
    {
        await using var host = await DoorHost.StartAsync();
        var live = await host.GetAsync("/health/live");
        Assert.Equal((200, "ok"), (live.Code, live.Body));
        var starting = await host.GetAsync("/health/ready");
        Assert.Equal((503, """{"status":"unready","reasons":["starting"],"sessions":{"online":0,"connecting":0,"waiting":0,"faulted":0,"idle":0}}"""), (starting.Code, starting.Body));
        ((Readiness)host.Services.GetService(typeof(Readiness))!).MarkStarted();
        var ready = await host.GetAsync("/health/ready");
        Assert.Equal((200, """{"status":"ready","reasons":[],"sessions":{"online":0,"connecting":0,"waiting":0,"faulted":0,"idle":0}}"""), (ready.Code, ready.Body));
        host.Outbox.Fault = "disk full";
        var failing = await host.GetAsync("/health/ready");
        Assert.Equal((503, """{"status":"unready","reasons":["outbox: disk full"],"sessions":{"online":0,"connecting":0,"waiting":0,"faulted":0,"idle":0}}"""), (failing.Code, failing.Body));
        Assert.Equal(200, (await host.SendAsync(HttpMethod.Head, "/health/live")).Code);
    }

    [Fact]
    public async Task TellsPeopleWhetherItIsReady_AndHowItsSessionsStand()
    {
        await using var host = await DoorHost.StartAsync(sessions: new SessionBoard(() => Two, _ => false));
        ((Readiness)host.Services.GetService(typeof(Readiness))!).MarkStarted();
        var ready = await host.GetAsync("/health/ready", "Accept: text/plain");
        Assert.Equal((200, "text/plain; charset=utf-8"), (ready.Code, ready.ContentType));
        Assert.Equal("ready\nsessions: 1 online, 0 connecting, 1 waiting, 0 faulted, 0 idle\n", ready.Body);
        host.Outbox.Fault = "disk full";
        var failing = await host.GetAsync("/health/ready", "Accept: text/plain");
        Assert.Equal((503, "unready: outbox: disk full"), (failing.Code, failing.Body.Split('\n')[0]));
    }

    [Fact]
    public async Task IsUnready_WhileTheDiskDoesNotAnswer()
    {
        await using var host = await DoorHost.StartAsync();
        ((Readiness)host.Services.GetService(typeof(Readiness))!).MarkStarted();
        host.Outbox.BusyFor = TimeSpan.FromSeconds(9);
        Assert.Equal(200, (await host.GetAsync("/health/ready")).Code);
        host.Outbox.BusyFor = TimeSpan.FromSeconds(12);
        var stuck = await host.GetAsync("/health/ready");
        Assert.Equal((503, "outbox: the disk has not answered for 12 s"), (stuck.Code, stuck.Json.GetProperty("reasons")[0].GetString()));
    }

    [Fact]
    public async Task ShowsAMessageInFull_AsTextAndToEverybody()
    {
        await using var host = await DoorHost.StartAsync(o => o with { Anonymous = Core.Configuration.AnonymousAccess.None });
        var sent = await host.PostJsonAsync("/api/v1/messages", """{"title":"<b>T</b>","text":"<script>alert(1)</script>\nzwei ü"}""", $"X-Api-Key: {DoorHost.CiSecret}");
        var id = sent.Json.GetProperty("id").GetString();
        var page = await host.GetAsync($"/m/{id}", "Sec-Fetch-Site: cross-site");
        Assert.Equal((200, "text/plain; charset=utf-8"), (page.Code, page.ContentType));
        Assert.Equal("<b>T</b>\n<script>alert(1)</script>\nzwei ü", page.Body);
        Assert.Equal("nosniff", page.Headers["X-Content-Type-Options"]);
        Assert.Equal((404, "no such message"), ((await host.GetAsync($"/m/{Guid.CreateVersion7()}")).Code, (await host.GetAsync("/m/x")).Body));
        Assert.Equal(405, (await host.SendAsync(HttpMethod.Delete, $"/m/{id}")).Code);

        var marked = await host.PostJsonAsync("/api/v1/messages", """{"text":"*a* <https://e.test|b> \u000304c","markup":"slack"}""", $"X-Api-Key: {DoorHost.CiSecret}");
        Assert.Equal("a b (https://e.test) c", (await host.GetAsync($"/m/{marked.Json.GetProperty("id").GetString()}")).Body);
    }

    [Fact]
    public async Task ShowsItsPages_WithoutForeignHosts()
    {
        await using var host = await DoorHost.StartAsync();
        var page = await host.GetAsync("/swagger/index.html");
        Assert.Equal(200, page.Code);
        Assert.DoesNotContain("://", page.Body, StringComparison.Ordinal);
        Assert.Contains("default-src 'none'", page.Headers["Content-Security-Policy"], StringComparison.Ordinal);
        var script = await host.GetAsync("/swagger/index.js");
        Assert.Equal(200, script.Code);
        Assert.Contains("/openapi/v1.json", script.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("validator.swagger.io", script.Body, StringComparison.Ordinal);
    }
}
