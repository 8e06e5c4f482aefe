using System.Text;
using NotifyGateway.Core.Configuration;
using Xunit;

namespace NotifyGateway.Tests.Http;

public sealed class DoorkeeperTests
{
    private const string Sessions = "/api/v1/sessions";

    public static TheoryData<string, int> Credentials => new()
    {
        { $"Authorization: Bearer {DoorHost.CiSecret}", 200 },
        { $"authorization: bearer {DoorHost.CiSecret}", 200 },
        { $"Authorization: Basic {Base64("ci:" + DoorHost.CiSecret)}", 200 },
        { $"Authorization: Basic {Base64(":" + DoorHost.CiSecret)}", 200 },
        { $"X-Api-Key: {DoorHost.CiSecret}", 200 },
        { $"Authorization: Bearer {DoorHost.AdminSecret}", 200 },
        { $"Authorization: Basic {Base64("other:" + DoorHost.CiSecret)}", 401 },
        { $"Authorization: Basic {Base64("ci")}", 401 },
        { "Authorization: Basic !!!", 401 },
        { $"Authorization: Digest {DoorHost.CiSecret}", 401 },
        { "Authorization: Bearer wrong", 401 },
        { "Authorization: Bearer", 401 },
        { "X-Api-Key: wrong", 401 },
        { "X-Api-Key: gone-secret", 401 },
        { "Accept: */*", 401 },
    };

    [Theory]
    [MemberData(nameof(Credentials))]
    public async Task KnowsAClientByItsSecret(string header, int status)
    {
        await using var host = await DoorHost.StartAsync(o => o with { Anonymous = AnonymousAccess.None });
        var answer = await host.GetAsync(Sessions, header);
        Assert.Equal(status, answer.Code);
        Assert.Equal(status == 401 ? "Bearer realm=\"notify-gateway\"" : "", answer.Headers.GetValueOrDefault("WWW-Authenticate", ""));
    }

    [Theory]
    [InlineData("X-Api-Key: wrong", "")]
    [InlineData("Authorization: Bearer wrong", "")]
    [InlineData("Accept: */*", "?secret=wrong")]
    [InlineData("Accept: */*", "?client=ci")]
    public async Task RefusesAWrongSecret_EvenWhereNoneIsNeeded(string header, string query)
    {
        await using var host = await DoorHost.StartAsync(o => o with { Anonymous = AnonymousAccess.Any });
        Assert.Equal(401, (await host.GetAsync(Sessions + query, header)).Code);
        Assert.Equal(401, (await host.GetAsync("/notification/send" + (query.Length == 0 ? "?" : query + "&") + "message=x", header)).Code);
        Assert.Empty(await host.AcceptedAsync());
    }

    [Theory]
    [InlineData("X-Forwarded-For: 127.0.0.1")]
    [InlineData("X-Forwarded-Proto: https")]
    [InlineData("Forwarded: for=127.0.0.1")]
    [InlineData("X-Real-IP: 127.0.0.1")]
    public async Task TakesAForwardedRequestForAStranger(string header)
    {
        await using var host = await DoorHost.StartAsync();
        Assert.Equal(200, (await host.GetAsync(Sessions)).Code);
        Assert.Equal(401, (await host.GetAsync(Sessions, header)).Code);
        Assert.Equal(200, (await host.GetAsync(Sessions, header, $"X-Api-Key: {DoorHost.CiSecret}")).Code);
    }

    [Theory]
    [InlineData("localhost", 200)]
    [InlineData("localhost:8080", 200)]
    [InlineData("app.localhost", 200)]
    [InlineData("127.0.0.1:1", 200)]
    [InlineData("[::1]:8080", 200)]
    [InlineData("notify.example.org", 200)]
    [InlineData("evil.example", 403)]
    [InlineData("localhost.evil.example", 403)]
    [InlineData("127.0.0.1.evil.example", 403)]
    public async Task RefusesAnAnonymousRequestUnderAStrangeName(string name, int status)
    {
        await using var host = await DoorHost.StartAsync();
        Assert.Equal(status, (await host.GetAsync(Sessions, $"Host: {name}")).Code);
        Assert.Equal(status == 200 ? 202 : 403, (await host.GetAsync("/notification/send?message=x", $"Host: {name}")).Code);
        Assert.Equal(200, (await host.GetAsync(Sessions, $"Host: {name}", $"X-Api-Key: {DoorHost.CiSecret}")).Code);
    }

    [Theory]
    [InlineData("Sec-Fetch-Site: cross-site", 403)]
    [InlineData("Sec-Fetch-Site: same-site", 403)]
    [InlineData("Sec-Fetch-Site: same-origin", 200)]
    [InlineData("Sec-Fetch-Site: none", 200)]
    [InlineData("Origin: https://evil.example", 403)]
    [InlineData("Origin: http://localhost:1", 403)]
    [InlineData("Origin: null", 403)]
    [InlineData("Origin: http://localhost", 200)]
    [InlineData("Origin: https://notify.example.org", 200)]
    [InlineData("Origin: https://notify.example.org:8443", 403)]
    public async Task RefusesAPageOfAnotherSite_UnlessASecretIsInAHeader(string header, int status)
    {
        await using var host = await DoorHost.StartAsync();
        Assert.Equal(status, (await host.GetAsync(Sessions, header, "Host: localhost")).Code);
        Assert.Equal(status, (await host.GetAsync($"{Sessions}?secret={DoorHost.CiSecret}", header, "Host: localhost")).Code);
        Assert.Equal(200, (await host.GetAsync(Sessions, header, $"X-Api-Key: {DoorHost.CiSecret}", "Host: localhost")).Code);
        Assert.Equal(status == 403 ? 403 : 202, (await host.PostJsonAsync("/api/v1/messages", """{"text":"x"}""", header, "Host: localhost")).Code);
        var form = new StringContent($"message=x&secret={DoorHost.CiSecret}", Encoding.UTF8, "application/x-www-form-urlencoded");
        Assert.Equal(status == 403 ? 403 : 202, (await host.SendAsync(HttpMethod.Post, "/notification/send", form, header, "Host: localhost")).Code);
    }

    [Fact]
    public async Task LetsNobodyInWithoutSecret_WhereAnonymousIsNone()
    {
        await using var host = await DoorHost.StartAsync(o => o with { Anonymous = AnonymousAccess.None });
        foreach (var path in new[] { Sessions, "/api/v1/messages", "/api/v1/messages/x", "/api/v1/events", "/notification/send?message=x" })
        {
            Assert.Equal(401, (await host.GetAsync(path)).Code);
        }

        Assert.Equal(401, (await host.PostJsonAsync("/api/v1/messages", """{"text":"x"}""")).Code);
        Assert.Equal(202, (await host.PostJsonAsync("/api/v1/messages", $$"""{"text":"x","client":"CI","secret":"{{DoorHost.CiSecret}}"}""")).Code);
        Assert.Equal(401, (await host.PostJsonAsync("/api/v1/messages", """{"text":"x","secret":"wrong"}""")).Code);
        foreach (var path in new[] { "/health/live", "/openapi/v1.json" })
        {
            Assert.Equal(200, (await host.GetAsync(path)).Code);
        }
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
