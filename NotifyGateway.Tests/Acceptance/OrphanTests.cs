using System.Text.Json.Nodes;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Acceptance;

/// <summary>A network that is taken out of the configuration while messages wait for it.</summary>
public sealed class OrphanTests
{
    [Fact]
    public async Task Orphans_AreTold_AndGoOutWhenTheirNetworkIsBack()
    {
        await using var server = NgircdServer.Prepare();
        var with = Configuration(new JsonObject { ["net"] = Installation.Network(server.Port, "#a") });
        await using var gateway = new GatewayProcess(with);
        await gateway.StartAsync();
        using var answer = await gateway.Http.PostAsync(
            new Uri("/api/v1/messages", UriKind.Relative), new StringContent("""{ "to": ["net/#a"], "text": "left behind" }""", null, "application/json"), TestContext.Current.CancellationToken);
        Assert.Equal(202, (int)answer.StatusCode);
        Assert.Equal(0, await gateway.TerminateAsync());

        gateway.Configure(Configuration([]));
        await gateway.StartAsync();
        await gateway.Process.Output.FirstAsync(l => l.Contains("[5013] net: 1 deliveries wait", StringComparison.Ordinal), "the log tells it");
        using (var report = await gateway.Http.GetAsync(new Uri("/api/v1/configuration?secret=admin-secret", UriKind.Relative), TestContext.Current.CancellationToken))
        {
            Assert.Contains("\"unserved\":[{\"session\":\"net\",\"queued\":1,", await report.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        }

        Assert.Equal(0, await gateway.TerminateAsync());

        await server.StartAgainAsync();
        await using var watcher = await IrcWatcher.ConnectAsync(server.Port, "watcher", "#a");
        gateway.Configure(with);
        await gateway.StartAsync();
        Assert.Equal("left behind", Assert.Single(await watcher.MessagesAsync("#a", 1)).Text);
    }

    private static string Configuration(JsonObject networks) =>
        new JsonObject { ["Gateway"] = new JsonObject { ["Anonymous"] = "Loopback", ["Admin"] = new JsonObject { ["Secret"] = "admin-secret" }, ["Irc"] = networks } }.ToJsonString();
}
