using System.Net;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Http;

/// <summary>Which host names requests may carry: behind a known proxy, the name that was asked for.</summary>
public sealed class AllowedHostsTests
{
    [Fact]
    public async Task BehindAKnownProxy_TheNameThatWasAskedForCounts()
    {
        await using var gateway = await GatewayProcess.StartAsync(Configuration("127.0.0.1"));
        Assert.Equal(HttpStatusCode.OK, await AskAsync(gateway, "notify.example.org", null));
        Assert.Equal(HttpStatusCode.OK, await AskAsync(gateway, "inner.example", "notify.example.org"));
        Assert.Equal(HttpStatusCode.BadRequest, await AskAsync(gateway, "inner.example", null));
        Assert.Equal(HttpStatusCode.BadRequest, await AskAsync(gateway, "notify.example.org", "evil.example"));
    }

    [Fact]
    public async Task NobodyElse_IsBelieved()
    {
        await using var gateway = await GatewayProcess.StartAsync(Configuration("192.0.2.1"));
        Assert.Equal(HttpStatusCode.BadRequest, await AskAsync(gateway, "inner.example", "notify.example.org"));
        Assert.Equal(HttpStatusCode.OK, await AskAsync(gateway, "notify.example.org", "evil.example"));
    }

    /// <summary>The address is for the test itself, which asks whether the gateway is ready.</summary>
    private static string Configuration(string proxy) =>
        $$"""{ "AllowedHosts": "notify.example.org;127.0.0.1", "Gateway": { "KnownProxies": ["{{proxy}}"], "Listeners": null } }""";

    private static async Task<HttpStatusCode> AskAsync(GatewayProcess gateway, string host, string? forwarded)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/health/live");
        request.Headers.Host = host;
        if (forwarded is not null)
        {
            request.Headers.Add("X-Forwarded-For", "203.0.113.9");
            request.Headers.Add("X-Forwarded-Host", forwarded);
        }

        using var answer = await gateway.Http.SendAsync(request, TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }
}
