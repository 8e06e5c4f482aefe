using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using NotifyGateway.Api;
using NotifyGateway.Api.Cli;
using NotifyGateway.Api.Reload;
using NotifyGateway.Core;
using NotifyGateway.Core.Sessions;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Reload;

/// <summary>A change that is valid and cannot be brought to all parts of the gateway: it is told as long as that is so, and done as soon as it can be.</summary>
public sealed class ConfigurationReloadTests
{
    private const string Format = """{ "Gateway": { "Irc": { "net": { "Server": "127.0.0.1", "Port": 1, "Tls": false, "Nick": "NICK" } }, "Outbox": { "Path": "OUTBOX" } } }""";

    [Fact]
    public async Task AChangeThatFailsHalfway_IsTold_AndTriedUntilItSucceeds()
    {
        using var folder = new TempFolder();
        Write(folder, "one");
        var arguments = ServeArguments.None with { ConfigFiles = [folder["gateway.json"]] };
        var reading = ConfigurationReading.Of(arguments);
        Assert.Empty(reading.Errors);
        // Not started: there is no outbox, so that no session can be changed.
        await using var app = GatewayHost.Build(reading, arguments);
        var configuration = app.Services.GetRequiredService<CurrentConfiguration>();
        using var reload = ActivatorUtilities.CreateInstance<ConfigurationReload>(app.Services, arguments, reading, new Started());
        await reload.StartAsync(TestContext.Current.CancellationToken);

        Write(folder, "two");
        await Deadline.Poll(() => configuration.Report.Problems.Count > 0);
        Assert.Equal("two", configuration.State.Options.Irc["net"].Nick);
        var (problem, refused) = (Assert.Single(configuration.Report.Problems), configuration.Report.RefusedAt);
        Assert.Contains("in force in part", problem.Message, StringComparison.Ordinal);
        Assert.NotNull(refused);

        // Tried again every two seconds, and told all the while.
        var clock = System.Diagnostics.Stopwatch.StartNew();
        await Deadline.Poll(() =>
        {
            Assert.Equal(problem, Assert.Single(configuration.Report.Problems));
            return clock.Elapsed > TimeSpan.FromSeconds(5);
        });
        await app.Services.GetRequiredService<CorridorService>().StartingAsync(TestContext.Current.CancellationToken);
        await Deadline.Poll(() => configuration.Report.Problems.Count == 0);

        Assert.Null(configuration.Report.RefusedAt);
        Assert.Equal("net", Assert.Single(app.Services.GetRequiredService<Multiplexer>().Snapshot()).Name);
        await reload.StopAsync(TestContext.Current.CancellationToken);
    }

    private static void Write(TempFolder folder, string nick) =>
        folder.Write("gateway.json", Format.Replace("NICK", nick, StringComparison.Ordinal).Replace("OUTBOX", folder["outbox.db"], StringComparison.Ordinal));

    /// <summary>A life that has begun.</summary>
    private sealed class Started : IHostApplicationLifetime
    {
        public CancellationToken ApplicationStarted { get; } = new(canceled: true);

        public CancellationToken ApplicationStopping => CancellationToken.None;

        public CancellationToken ApplicationStopped => CancellationToken.None;

        public void StopApplication()
        {
        }
    }
}
