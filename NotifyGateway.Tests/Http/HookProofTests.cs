using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using NotifyGateway.Core.Configuration;
using NotifyGateway.Core.Outbox;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Http;

/// <summary>Who may send by a hook that has a secret, and what came before.</summary>
public sealed class HookProofTests
{
    private const string Body = """{"a":"ü"}""";

    [Fact]
    public async Task Signed_IsTheBodyAsItCame()
    {
        await using var host = await HookHost.StartAsync();
        foreach (var body in new[] { Encoding.UTF8.GetBytes(Body), Encoding.Latin1.GetBytes(Body), Encoding.Unicode.GetBytes(Body), Encoding.UTF8.GetBytes($" {Body}\n") })
        {
            Assert.Equal("ok", (await host.PostAsync($"/hooks/{HookHost.Token("signed")}", body, "application/json", $"X-Hub-Signature-256: sha256={Sum(body)}")).Body);
        }

        Assert.Equal(4, (await host.AcceptedAsync()).Length);
    }

    [Theory]
    [InlineData("multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--b--\r\n")]
    [InlineData("application/x-www-form-urlencoded", "payload=%7B%22a%22%3A1%7D")]
    public async Task Signed_IsAForm(string type, string body)
    {
        await using var host = await HookHost.StartAsync();
        Assert.Equal("ok", (await host.PostAsync($"/hooks/{HookHost.Token("signed")}", body, type, $"X-Gitea-Signature: {Sum(Encoding.UTF8.GetBytes(body))}")).Body);
    }

    [Theory]
    [InlineData("X-Hub-Signature-256: sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17")]
    [InlineData("X-Hub-Signature-256: sha256=")]
    [InlineData("X-Gitlab-Token: wrong")]
    [InlineData("webhook-signature: v1,AAAA")]
    [InlineData("X-Other: y")]
    public async Task WithoutARightSignature_NothingIsSent(string header)
    {
        await using var host = await HookHost.StartAsync();
        foreach (var path in new[] { "/hooks/", "/services/a/b/" })
        {
            var answer = await host.PostJsonAsync(path + HookHost.Token("signed"), Body, header);
            Assert.Equal((403, "invalid_token"), (answer.Code, answer.Body));
        }

        Assert.Equal(403, (await host.PostJsonAsync($"/ntfy/{HookHost.Token("signed")}", Body, header)).Code);
        Assert.Equal(403, (await host.PostJsonAsync($"/message?token={HookHost.Token("signed")}", Body, header)).Code);
        Assert.InRange((await host.PostJsonAsync($"/post/{HookHost.Token("signed")}", Body, header)).Code, 403, 404);
        Assert.Equal(405, (await host.GetAsync($"/hooks/{HookHost.Token("signed")}?a=1", $"X-Gitlab-Token: {HookHost.Secret}")).Code);
        Assert.Empty(await host.AcceptedAsync());
        Assert.Equal(5, host.Log.Of(2012).Count());
    }

    [Fact]
    public async Task RefusedSignatures_DoNotUseUpTheRate()
    {
        await using var host = await HookHost.StartAsync(o => o with { Hooks = o.Hooks.ToDictionary(h => h.Key, h => h.Value with { PerMinute = 1 }, StringComparer.OrdinalIgnoreCase) });
        await host.PostJsonAsync($"/hooks/{HookHost.Token("signed")}", Body);
        Assert.Equal("ok", (await host.PostJsonAsync($"/hooks/{HookHost.Token("signed")}", Body, $"X-Gitlab-Token: {HookHost.Secret}")).Body);
    }

    [Theory]
    [InlineData("Idempotency-Key: 1")]
    [InlineData("X-GitHub-Delivery: 72d3162e-cc78-11e3-81ab-4c9367dc0958")]
    [InlineData("X-Gitea-Delivery: f6266f16-1bf3-46a5-9ea4-602e06ead473")]
    [InlineData("X-Gitlab-Event-UUID: 13792a34-cac6-4fda-95a8-c58e00a3954e")]
    public async Task Repeated_IsSentOnce(string header)
    {
        await using var host = await HookHost.StartAsync();
        var first = await host.PostJsonAsync($"/hooks/{HookHost.Token("auto")}", Body, header);
        var second = await host.PostJsonAsync($"/hooks/{HookHost.Token("auto")}", Body, header);

        Assert.Equal(("ok", "ok"), (first.Body, second.Body));
        Assert.Equal(first.Headers["X-Notification-Id"], second.Headers["X-Notification-Id"]);
        Assert.Single(await host.AcceptedAsync());
        Assert.Equal("ok", (await host.PostJsonAsync($"/hooks/{HookHost.Token("auto")}", Body, header + "x")).Body);
        Assert.Equal("ok", (await host.PostJsonAsync($"/hooks/{HookHost.Token("success")}", Body, header)).Body.Replace("""{"success":true}""", "ok", StringComparison.Ordinal));
        Assert.Equal(3, (await host.AcceptedAsync()).Length);
    }

    [Fact]
    public async Task TwoKindsOfOneEventOfGitLab_AreTwo()
    {
        await using var host = await HookHost.StartAsync();
        await host.PostJsonAsync($"/hooks/{HookHost.Token("auto")}", """{"a":1}""", "X-Gitlab-Event-UUID: u");
        await host.PostJsonAsync($"/hooks/{HookHost.Token("auto")}", """{"a":2}""", "X-Gitlab-Event-UUID: u");
        Assert.Equal(2, (await host.AcceptedAsync()).Length);
    }

    [Fact]
    public async Task Repeats_AreKnownForADay_AndAfterARestart()
    {
        using var folder = new TempFolder();
        var time = new ManualTime();
        for (var run = 0; run < 2; run++)
        {
            await using var outbox = await OpenAsync(folder, time);
            await using var host = await HookHost.StartAsync(outbox: outbox, time: time);
            await host.PostJsonAsync($"/hooks/{HookHost.Token("auto")}", Body, "X-GitHub-Delivery: d");
            Assert.Equal(1, await CountAsync(outbox));
        }

        await using var later = await OpenAsync(folder, time);
        await using var last = await HookHost.StartAsync(outbox: later, time: time);
        time.Advance(TimeSpan.FromHours(24) - TimeSpan.FromSeconds(1));
        await last.PostJsonAsync($"/hooks/{HookHost.Token("auto")}", Body, "X-GitHub-Delivery: d");
        Assert.Equal(1, await CountAsync(later));
        time.Advance(TimeSpan.FromSeconds(2));
        await last.PostJsonAsync($"/hooks/{HookHost.Token("auto")}", Body, "X-GitHub-Delivery: d");
        Assert.Equal(2, await CountAsync(later));
    }

    private static Task<SqliteOutbox> OpenAsync(TempFolder folder, TimeProvider time) =>
        SqliteOutbox.OpenAsync(new OutboxOptions { Path = folder["outbox.db"] }, time, NullLogger<SqliteOutbox>.Instance, CancellationToken.None);

    private static async Task<int> CountAsync(SqliteOutbox outbox) => (await outbox.ListAsync(new ReceiptQuery(Limit: 500), TestContext.Current.CancellationToken)).Items.Count;

    private static string Sum(byte[] body) => Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(HookHost.Secret), body));
}
