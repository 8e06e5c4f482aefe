using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using NotifyGateway.Api.Http;
using NotifyGateway.Api.Metrics;
using NotifyGateway.Api.Sandbox;
using NotifyGateway.Core;
using NotifyGateway.Core.Configuration;
using NotifyGateway.Core.Outbox;
using NotifyGateway.Core.Sessions;

namespace NotifyGateway.Api;

/// <summary>
/// The order of a gateway's life: the outbox opens before any door does; sessions connect when every door is open; at the end the
/// doors close first, then sessions settle what is in flight, and the outbox closes last (the container disposes it).
/// </summary>
internal sealed class CorridorService(IServiceProvider services, CurrentConfiguration configuration, SandboxSwitch sandbox, StartLog log, TimeProvider time, ILoggerFactory loggers) : IHostedLifecycleService
{
    /// <summary>How long sessions may settle what is in flight when the gateway stops.</summary>
    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(10);

    /// <summary>What the gateway starts with: the outbox and the sandbox stay as they began.</summary>
    private readonly GatewayOptions _options = configuration.State.Options;
    private IOutbox? _outbox;
    private SandboxServer? _server;
    private Multiplexer? _sessions;
    private Escalation? _escalation;

    /// <summary>The open outbox.</summary>
    public IOutbox Outbox => _outbox ?? throw new InvalidOperationException("The outbox is not open yet.");

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        if (sandbox.On)
        {
            _server = await StartSandboxAsync();
        }

        _outbox = await SqliteOutbox.OpenAsync(_options.Outbox, time, loggers.CreateLogger<SqliteOutbox>(), cancellationToken, services.GetRequiredService<OutboxMeter>());
        _escalation = services.GetRequiredService<Escalation>();
        _escalation.Watch();
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        services.GetRequiredService<GatewayMeters>();
        // Reading the configuration and building the host leave more behind than an idle gateway would collect in days.
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        _sessions = services.GetRequiredService<Multiplexer>();
        _sessions.Start();
        _escalation!.Start();
        services.GetRequiredService<Readiness>().MarkStarted();
        var urls = log.Ready(services.GetRequiredService<IServer>());
        if (sandbox.On)
        {
            SandboxGreeting.Print(Console.Out, _options, urls);
        }

        return Task.CompletedTask;
    }

    public Task StoppingAsync(CancellationToken cancellationToken)
    {
        log.Stopping();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        await (_escalation?.StopAsync() ?? Task.CompletedTask);
        using var drain = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        drain.CancelAfter(DrainTime);
        await (_sessions?.StopAsync(drain.Token) ?? Task.CompletedTask);
        await (_server?.DisposeAsync() ?? ValueTask.CompletedTask);
        log.Stopped();
    }

    private async Task<SandboxServer> StartSandboxAsync()
    {
        var endpoint = new IPEndPoint(IPAddress.Loopback, SandboxConfiguration.Port(_options));
        try
        {
            return await SandboxServer.StartAsync(endpoint, loggers.CreateLogger<SandboxServer>(), time);
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            throw new IOException($"Failed to bind the sandbox's IRC server to {endpoint}: address already in use.", new AddressInUseException(e.Message, e));
        }
    }
}

/// <summary>Whether the gateway runs with the small IRC server of <c>--sandbox</c>.</summary>
internal sealed record SandboxSwitch(bool On);
