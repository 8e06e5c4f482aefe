using System.Globalization;
using System.Text;
using NotifyGateway.Api.Http;
using NotifyGateway.Core.Sessions;
using NotifyGateway.Tests.Http;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Metrics;

/// <summary>The table of metrics in docs/operations.md, and everything in contrib/ that names metrics, against what a running gateway prints.</summary>
public sealed class OperationsDocumentTests
{
    [Fact]
    public async Task Table_NamesWhatIsPrinted()
    {
        await using var gateway = await RunningAsync();
        var printed = (await ScrapeAsync(gateway)).Metrics.Select(m => $"{m.Name} | {m.Type} | {m.Labels}");
        var documented = RepositoryFiles.Read("docs/operations.md").Split('\n').Where(l => l.StartsWith("| `", StringComparison.Ordinal) && l.Contains('_', StringComparison.Ordinal) && l.Count(c => c == '|') == 5)
            .Select(l => l.Split('|', StringSplitOptions.TrimEntries)).Where(c => c[2] is "counter" or "gauge" or "histogram")
            .Select(c => $"{c[1].Trim('`')} | {c[2]} | {c[3].Replace("`", "", StringComparison.Ordinal).Replace("–", "", StringComparison.Ordinal)}");
        Assert.Equal(printed.Order(StringComparer.Ordinal), documented.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Promtool_FindsNothingWrong()
    {
        await using var gateway = await RunningAsync();
        Assert.Equal((0, ""), await PromtoolAsync((await ScrapeAsync(gateway)).Text, "check", "metrics"));
    }

    [Fact]
    public async Task Promtool_FindsNothingWrong_WithNamesThatNeedEscaping()
    {
        var evil = new SessionStatus("a \"b\" \\ ü", "irc", SessionState.Online, null, null, default, [new ChannelStatus("#\"\\\\\n", ChannelState.Joined, null)], 0, null, null);
        await using var host = await DoorHost.StartAsync(sessions: new SessionBoard(() => [evil], _ => false));
        var text = (await host.GetAsync("/metrics")).Body;
        Assert.Contains("""{session="a \"b\" \\ ü",channel="#\"\\\\\n"} 1""", text, StringComparison.Ordinal);
        Assert.Equal((0, ""), await PromtoolAsync(text, "check", "metrics"));
    }

    /// <summary>The tool notices what is wrong: were it blind, the tests above would hold for nothing.</summary>
    [Fact]
    public async Task Promtool_FindsWhatIsWrong()
    {
        var (exit, words) = await PromtoolAsync("# TYPE a counter\na 1\n", "check", "metrics");
        Assert.NotEqual(0, exit);
        Assert.Contains("_total", words, StringComparison.Ordinal);
    }

    internal static async Task<(int Exit, string Words)> PromtoolAsync(string input, params string[] arguments)
    {
        await using var promtool = ChildProcess.Start("promtool", arguments, RepositoryFiles.Root, null, input);
        var exit = await promtool.ExitAsync();
        return (exit, string.Join('\n', promtool.Output.Entries.Concat(promtool.Error.Entries)).Trim());
    }

    /// <summary>A gateway with all that has metrics: a network (that does not answer), a door of each kind, something refused, an outbox on disk.</summary>
    internal static async Task<GatewayProcess> RunningAsync()
    {
        var gateway = await GatewayProcess.StartAsync(string.Create(CultureInfo.InvariantCulture, $$"""
            { "Gateway": { "Anonymous": "Loopback", "Irc": { "net": { "Server": "127.0.0.1", "Port": {{FreePort.Next()}}, "Tls": false, "Nick": "gateway", "Channels": [{ "Name": "#ops" }] } },
              "Listeners": { "Tcp": { "lines": { "Endpoint": "127.0.0.1:0", "Dialect": "Auto" } }, "Udp": { "irker": { "Endpoint": "127.0.0.1:0", "Dialect": "Irker" } } } } }
            """));
        using var refused = await gateway.Http.PostAsync(new Uri("api/v1/messages", UriKind.Relative), new StringContent("{", Encoding.UTF8, "application/json"));
        Assert.Equal(400, (int)refused.StatusCode);
        return gateway;
    }

    internal static async Task<Samples> ScrapeAsync(GatewayProcess gateway) => new(await gateway.Http.GetStringAsync(new Uri("metrics", UriKind.Relative)));
}
