using Microsoft.Extensions.Logging;
using NotifyGateway.Core.Configuration;
using NotifyGateway.Core.Routing;
using Polly;
using Polly.Retry;

namespace NotifyGateway.Core.Sessions.Programs;

/// <summary>A program as a destination: the exit status is the proof.</summary>
internal sealed class ProgramDestination(string name, ProgramOptions options, SecretMask mask, TimeProvider time, ILogger logger) : ILocalDestination
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestStartPause = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(5);

    private readonly ProgramRun _run = new(options, mask, time);

    public SessionKey Key { get; } = LocalDestinations.Session(name);

    public string Protocol => "program";

    public int MaxConcurrent => options.MaxConcurrent;

    public string? Fault => _run.Fault;

    public IReadOnlyList<string> Preview(Notification notification, string lead) => _run.Input(notification, lead).Split('\n');

    public async Task<Outcome> DeliverAsync(Delivery delivery, Action<DateTimeOffset?> paused, CancellationToken leaving, CancellationToken killed)
    {
        var result = await Retries(delivery, paused).ExecuteAsync(
            async _ =>
            {
                paused(null);
                delivery.Attempts++;
                return await StartedAsync(delivery, paused, leaving, killed);
            },
            leaving);
        if (!result.Success && leaving.IsCancellationRequested && delivery.Attempts < options.Attempts)
        {
            throw new OperationCanceledException("Another attempt is due, for the next run of the gateway.", leaving);
        }

        return new Outcome(result.Success ? DeliveryStatus.Delivered : DeliveryStatus.Failed, result.Success ? Proof.Exit : Proof.None, result.Reason);
    }

    /// <summary>One attempt. That it could not begin, for want of descriptors or processes, says nothing of the program: it is begun again until the message expires.</summary>
    private async Task<RunResult> StartedAsync(Delivery delivery, Action<DateTimeOffset?> paused, CancellationToken leaving, CancellationToken killed)
    {
        for (var pause = FirstPause; ; pause = pause * 2 < LongestStartPause ? pause * 2 : LongestStartPause)
        {
            var result = await AttemptAsync(delivery, killed);
            if (!result.IsPassing || time.GetUtcNow() + pause >= delivery.Notification.ExpiresAt)
            {
                return result;
            }

            paused(time.GetUtcNow() + pause);
            await Task.Delay(pause, time, leaving);
            paused(null);
        }
    }

    private async Task<RunResult> AttemptAsync(Delivery delivery, CancellationToken killed)
    {
        try
        {
            var result = await _run.RunAsync(delivery.Notification, delivery.Lead, killed);
            if (result.Success)
            {
                logger.Ran(Key, delivery.Id, result.How, result.Output, result.Error, result.Note ?? "");
            }
            else
            {
                logger.Failed(Key, delivery.Id, delivery.Attempts, options.Attempts, result.How, result.Output, result.Error, result.Note ?? "");
            }

            return result;
        }
        catch (OperationCanceledException) when (killed.IsCancellationRequested)
        {
            logger.Killed(Key, delivery.Id);
            throw;
        }
    }

    /// <summary>Doubling waits, with up to half of each on top at random. None that would outlast the message.</summary>
    private ResiliencePipeline<RunResult> Retries(Delivery delivery, Action<DateTimeOffset?> paused) => options.Attempts == 1
        ? ResiliencePipeline<RunResult>.Empty
        : new ResiliencePipelineBuilder<RunResult> { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions<RunResult>
            {
                ShouldHandle = arguments => ValueTask.FromResult(
                    arguments.Outcome.Result is { Success: false } && delivery.Attempts < options.Attempts && time.GetUtcNow() + FirstPause < delivery.Notification.ExpiresAt),
                MaxRetryAttempts = options.Attempts - 1,
                DelayGenerator = arguments => ValueTask.FromResult<TimeSpan?>(Pause(arguments.AttemptNumber, delivery)),
                OnRetry = arguments =>
                {
                    paused(time.GetUtcNow() + arguments.RetryDelay);
                    return ValueTask.CompletedTask;
                },
            })
            .Build();

    private TimeSpan Pause(int failures, Delivery delivery)
    {
        var pause = Math.Min(FirstPause.TotalSeconds * Math.Pow(2, Math.Min(failures, 30)) * (1 + (Random.Shared.NextDouble() / 2)), LongestPause.TotalSeconds);
        var left = delivery.Notification.ExpiresAt - time.GetUtcNow();
        return TimeSpan.FromSeconds(Math.Clamp(pause, 0, Math.Max(0, left.TotalSeconds)));
    }
}
