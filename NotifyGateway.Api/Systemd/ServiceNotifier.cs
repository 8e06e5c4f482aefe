using System.Diagnostics;
using System.Globalization;
using NotifyGateway.Api.Http;
using NotifyGateway.Core.Sessions;

namespace NotifyGateway.Api.Systemd;

/// <summary>
/// Tells a service manager (systemd) how the gateway stands: READY when the doors are open, STOPPING, RELOADING, a line of status, and signs of life
/// for its watchdog as long as the work goes on. Without a manager it does nothing.
/// </summary>
internal sealed partial class ServiceNotifier : IHostedLifecycleService, IDisposable
{
    private static readonly TimeSpan LongestInterval = TimeSpan.FromSeconds(10);

    private readonly NotifySocket? _socket;
    private readonly TimeSpan? _watchdog;
    private readonly IServiceProvider _services;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _stop = new();
    private Task _beating = Task.CompletedTask;
    private string _status = "";

    public ServiceNotifier(NotifyVariables variables, IServiceProvider services, TimeProvider time, ILogger<ServiceNotifier> log)
    {
        _socket = NotifySocket.Of(variables.Socket, log);
        _watchdog = variables.Watchdog;
        _services = services;
        _time = time;
        _log = log;
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Every hosted service has started: the doors are open, and so is the outbox.</summary>
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        if (_socket is not null)
        {
            Ready();
            _beating = BeatAsync(_services.GetRequiredService<Heartbeat>());
        }

        return Task.CompletedTask;
    }

    public Task StoppingAsync(CancellationToken cancellationToken)
    {
        _socket?.Send($"STOPPING=1\nSTATUS={_status = Status()}");
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync();
        await _beating;
    }

    /// <summary>Said at the start, and at the end of what <see cref="Reloading"/> began.</summary>
    public void Ready() => _socket?.Send($"READY=1\nSTATUS={_status = Status()}");

    /// <summary>A changed configuration is being taken over; <see cref="Ready"/> ends it. The manager wants the moment on the clock that it waits by (CLOCK_MONOTONIC).</summary>
    public void Reloading()
    {
        var micros = (Int128)Stopwatch.GetTimestamp() * 1_000_000 / Stopwatch.Frequency;
        _socket?.Send(string.Create(CultureInfo.InvariantCulture, $"RELOADING=1\nMONOTONIC_USEC={micros}\nSTATUS=reading the configuration"));
    }

    public void Dispose()
    {
        _stop.Dispose();
        _socket?.Dispose();
    }

    private async Task BeatAsync(Heartbeat heart)
    {
        // Twice within the time that the watchdog grants, as sd_watchdog_enabled(3) advises.
        var half = _watchdog / 2;
        var interval = half < LongestInterval ? half.Value : LongestInterval;
        try
        {
            using var timer = new PeriodicTimer(interval, _time);
            do
            {
                try
                {
                    Beat(heart, half);
                }
                // A bug in what is asked must not end the signs of life for ever; this one is missing, and the log says why.
                catch (Exception e)
                {
                    LogMissed(e);
                }
            }
            while (await timer.WaitForNextTickAsync(_stop.Token));
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
        }
    }

    [LoggerMessage(1031, LogLevel.Error, "a sign of life for the service manager was missed")]
    private partial void LogMissed(Exception exception);

    private void Beat(Heartbeat heart, TimeSpan? limit)
    {
        if (limit is { } patience && heart.BusyFor() < patience)
        {
            _socket!.Send("WATCHDOG=1");
        }

        var status = Status();
        if (!string.Equals(status, _status, StringComparison.Ordinal))
        {
            _socket!.Send($"STATUS={_status = status}");
        }
    }

    /// <summary>One line: what keeps messages out, else how many sessions are online and how much waits.</summary>
    private string Status()
    {
        if (_services.GetRequiredService<Readiness>().Reasons() is { Count: > 0 } reasons)
        {
            return string.Join("; ", reasons).ReplaceLineEndings(" ");
        }

        var sessions = _services.GetRequiredService<SessionBoard>().Snapshot();
        var connections = sessions.Where(s => s.Protocol is not "program").ToList();
        return string.Create(
            CultureInfo.InvariantCulture, $"{connections.Count(s => s.State == SessionState.Online)} of {connections.Count} sessions online, {sessions.Sum(s => s.Queued)} deliveries queued");
    }
}
