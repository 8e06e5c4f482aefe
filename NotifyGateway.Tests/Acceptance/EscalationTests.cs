using System.Text.Json.Nodes;
using NotifyGateway.Tests.Sessions.Programs;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Acceptance;

/// <summary>The built gateway is killed before and after it tells of what did not arrive: it tells once.</summary>
public sealed class EscalationTests : IDisposable
{
    private readonly Shell _shell = new();

    public void Dispose() => _shell.Dispose();

    [Fact]
    public async Task Kill9_BeforeAndAfterItIsTold_NeitherLosesNorRepeatsIt()
    {
        await using var gateway = await Installation.StartAsync([], settings =>
        {
            settings["Gateway"]!["Escalate"] = new JsonObject { ["To"] = new JsonArray("program:mail"), ["Severity"] = "warning" };
            settings["Gateway"]!["Programs"] = new JsonObject
            {
                ["bad"] = Program("exit 3"),
                ["mail"] = Program("tr '\\n' '~' >> mail; echo >> mail"),
            };
        });
        Assert.Equal("failed", (await PostAsync(gateway, "nobody hears of this", "info")).Text("status"));
        Assert.Equal("failed", (await PostAsync(gateway, "disk full", "error")).Text("status"));

        // Two seconds are given for company: nothing is told yet.
        await gateway.Process.Kill9Async();
        Assert.Empty(_shell.Lines("mail"));
        await gateway.StartAsync();
        await Deadline.Poll(() => _shell.Lines("mail").Length == 1);
        Assert.StartsWith("1 message failed~program:bad: failed: exit 3: disk full", _shell.Lines("mail")[0], StringComparison.Ordinal);

        await gateway.Process.Kill9Async();
        await gateway.StartAsync();
        Assert.Equal("failed", (await PostAsync(gateway, "after the restart", "warning")).Text("status"));
        await Deadline.Poll(() => _shell.Lines("mail").Any(l => l.Contains("after the restart", StringComparison.Ordinal)));
        Assert.Single(_shell.Lines("mail"), l => l.StartsWith("1 message failed~program:bad: failed: exit 3: after the restart", StringComparison.Ordinal));
    }

    private JsonObject Program(string words) => new()
    {
        ["Command"] = new JsonArray("/bin/sh", "-c", words),
        ["WorkingDirectory"] = _shell.Folder,
    };

    private static async Task<JsonNode> PostAsync(Installation gateway, string text, string severity)
    {
        using var content = new StringContent(new JsonObject { ["to"] = new JsonArray("program:bad"), ["text"] = text, ["severity"] = severity }.ToJsonString(), System.Text.Encoding.UTF8, "application/json");
        using var answer = await gateway.Http.PostAsync(new Uri("/api/v1/messages?wait=30", UriKind.Relative), content);
        return JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
    }
}
