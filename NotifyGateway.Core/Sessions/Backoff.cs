using NotifyGateway.Core.Protocols;
using Polly;
using Polly.Retry;

namespace NotifyGateway.Core.Sessions;

/// <summary>
/// The waits between attempts to connect: from the shortest, doubling up to the longest, each with up to half of itself on top at
/// random, so that a thousand clients of a restarted server do not come back together. Never ends by itself.
/// </summary>
internal static class Backoff
{
    /// <param name="settings">As they are when a wait begins.</param>
    /// <param name="waiting">Told of each wait before it begins.</param>
    /// <param name="random">0 ≤ value &lt; 1.</param>
    public static ResiliencePipeline<LinkEnd> Create(Func<LinkSettings> settings, TimeProvider time, Action<LinkEnd, TimeSpan> waiting, Func<double> random) =>
        new ResiliencePipelineBuilder<LinkEnd> { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions<LinkEnd>
            {
                // A link that had proved itself is no failed attempt: its end leaves the pipeline, and the next attempt starts afresh.
                ShouldHandle = arguments => ValueTask.FromResult(arguments.Outcome.Exception is null && !arguments.Outcome.Result.Proven),
                MaxRetryAttempts = int.MaxValue,
                DelayGenerator = arguments => ValueTask.FromResult<TimeSpan?>(Next(settings(), arguments.Outcome.Result.Kind, arguments.AttemptNumber, random())),
                OnRetry = arguments =>
                {
                    waiting(arguments.Outcome.Result, arguments.RetryDelay);
                    return ValueTask.CompletedTask;
                },
            })
            .Build();

    /// <summary>The wait after the given number of failures in a row, counted from 0.</summary>
    public static TimeSpan Next(LinkSettings settings, CloseKind kind, int failures, double random)
    {
        var floor = kind switch
        {
            CloseKind.Refused => LinkSettings.FaultedPause,
            CloseKind.Throttled => LinkSettings.ThrottledPause,
            _ => settings.ReconnectMin,
        };
        var cap = floor > settings.ReconnectMax ? floor : settings.ReconnectMax;
        var exponential = floor.TotalSeconds * Math.Pow(2, Math.Min(failures, 30));
        return TimeSpan.FromSeconds(Math.Min(exponential * (1 + (random / 2)), cap.TotalSeconds));
    }
}
