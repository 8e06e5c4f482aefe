using System.Text.Json;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Acceptance;

/// <summary>What the log looks like, as its readers are programs too.</summary>
public sealed class LogFormatTests
{
    [Fact]
    public async Task Simple_IsALineAnEvent_WithItsTime()
    {
        var lines = await LinesAsync();
        Assert.All(lines, l => Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z (info|warn): [\w.]+\[\d+\] \S", l));
    }

    [Fact]
    public async Task Json_IsAnObjectAnEvent()
    {
        var lines = await LinesAsync("--Logging:Console:FormatterName=json");
        var ready = lines.Select(l => JsonDocument.Parse(l).RootElement).Single(e => e.GetProperty("EventId").GetInt32() == 1003);
        Assert.Equal("Information", ready.GetProperty("LogLevel").GetString());
        Assert.Equal("0 hooks", ready.GetProperty("State").GetProperty("Hooks").GetString());
        Assert.EndsWith("Z", ready.GetProperty("Timestamp").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Systemd_HasTheLevelInFront() => Assert.All(await LinesAsync("--Logging:Console:FormatterName=systemd"), l => Assert.Matches(@"^<[46]>[\w.]+\[\d+\] \S", l));

    [Fact]
    public async Task Formatter_TakesItsOptionsFromTheConfiguration()
    {
        var lines = await LinesAsync("--Logging:Console:FormatterOptions:TimestampFormat=HH:mm ");
        Assert.All(lines, l => Assert.Matches(@"^\d\d:\d\d (info|warn): ", l));
    }

    [Fact]
    public async Task Level_IsThatOfTheConfiguration() => Assert.Empty(await LinesAsync("--Logging:LogLevel:Default=Error"));

    private static async Task<IReadOnlyList<string>> LinesAsync(params string[] arguments)
    {
        await using var gateway = await GatewayProcess.StartAsync("{}", arguments);
        Assert.Equal(0, await gateway.TerminateAsync());
        return gateway.Process.Output.Entries;
    }
}
