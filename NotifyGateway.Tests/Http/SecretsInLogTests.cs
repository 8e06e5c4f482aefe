using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using NotifyGateway.Api.Http;
using Xunit;

namespace NotifyGateway.Tests.Http;

public sealed class SecretsInLogTests
{
    private const string Wrong = "wrong-secret-4799";

    private static readonly string[] Secrets =
        [DoorHost.CiSecret, DoorHost.OtherSecret, DoorHost.AdminSecret, Wrong, Convert.ToBase64String(Encoding.UTF8.GetBytes("ci:" + DoorHost.CiSecret))];

    [Fact]
    public async Task NoSecretReachesTheLog_AtAnyLevel()
    {
        // Rules that ask for the framework's own request log, of this very provider: they must not win.
        await using var host = await DoorHost.StartAsync(configure: c => c.AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["Logging:LogLevel:Default"] = "Trace",
            ["Logging:LogLevel:Microsoft.AspNetCore.Hosting.Diagnostics"] = "Trace",
            ["Logging:MemoryLog:LogLevel:Default"] = "Trace",
            ["Logging:MemoryLog:LogLevel:Microsoft.AspNetCore.Hosting.Diagnostics"] = "Trace",
        }));
        foreach (var secret in new[] { DoorHost.CiSecret, Wrong })
        {
            await UseEverywhereAsync(host, secret);
        }

        await SendRawAsync(host, $"GET /notification/send?secret={Wrong} HTTP/1.1 junk\r\n\r\n");
        await SendRawAsync(host, $"GET /x HTTP/1.1\r\nHost: localhost\r\nX-Api-Key {Wrong}\r\n\r\n");
        Assert.Contains("GET /notification/send?message=…&secret=… -> 202", host.Log.Text, StringComparison.Ordinal);
        Assert.Contains(host.Log.Lines.Entries, l => l.Level <= LogLevel.Debug);
        Assert.All([.. Secrets, "very private words"], s => Assert.DoesNotContain(s, host.Log.Text, StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData("/", "/")]
    [InlineData("/ui/app.js", "/ui/app.js")]
    [InlineData("/docs/irc.md", "/docs/irc.md")]
    [InlineData("/api/v1/messages", "/api/v1/messages")]
    [InlineData("/hooks/hunter2", "/hooks/…")]
    [InlineData("/uix/hunter2", "/…")]
    [InlineData("//docs/hunter2", "/…")]
    public void APath_IsShown_WhereNoSecretCanStandInIt(string path, string shown) => Assert.Equal(shown, RequestLog.Path(path));

    private static async Task UseEverywhereAsync(DoorHost host, string secret)
    {
        foreach (var path in new[] { "/notification/send", "/api/v1/messages" })
        {
            var query = $"{path}?message=very+private+words&secret={secret}&{secret}=1&SECRET={secret}";
            await host.GetAsync($"{path}?message=very+private+words&secret={secret}");
            await host.GetAsync(query);
            await host.GetAsync(path + "/none?secret=" + secret);
            await host.GetAsync(path, $"X-Api-Key: {secret}");
            await host.GetAsync(path, $"Authorization: Bearer {secret}");
            await host.GetAsync(path, $"Authorization: Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes("ci:" + secret))}");
            await host.PostJsonAsync(path, $$"""{"message":"very private words","text":"very private words","secret":"{{secret}}"}""");
            await host.PostJsonAsync(path, $$"""{"message":"very private words","secret":"{{secret}}" """);
            await host.PostJsonAsync(path, $$"""{"message":"very private words","secret":{{secret}}}""");
            await host.SendAsync(HttpMethod.Post, path, new StringContent($"message=very private words&secret={secret}", Encoding.UTF8, "application/x-www-form-urlencoded"));
            await host.SendAsync(HttpMethod.Post, path, new MultipartFormDataContent { { new StringContent("very private words"), "message" }, { new StringContent(secret), "secret" } });
        }

        foreach (var path in new[] { "/hooks/", "/api/hooks/", "/hook/", "/hooks%2F", "/ntfy%2f", "/" })
        {
            await host.GetAsync(path + secret);
        }
    }

    private static async Task SendRawAsync(DoorHost host, string request)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync("127.0.0.1", host.Client.BaseAddress!.Port, TestContext.Current.CancellationToken);
        await socket.GetStream().WriteAsync(Encoding.ASCII.GetBytes(request), TestContext.Current.CancellationToken);
        using var reader = new StreamReader(socket.GetStream());
        Assert.StartsWith("HTTP/1.1 400", await reader.ReadToEndAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(10)), StringComparison.Ordinal);
    }
}
