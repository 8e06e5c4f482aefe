using System.Diagnostics.Tracing;
using NotifyGateway.Core.Routing;

namespace NotifyGateway.Api.Tracing;

/// <summary>
/// Tells in the log what the exporter tells only to its event source: that a collector cannot be reached, or refuses. At most once a minute, for each batch would be told.
/// </summary>
internal sealed partial class OtlpFaults(TimeProvider time, ILogger log) : EventListener
{
    private const string Sources = "OpenTelemetry-";

    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    // The exporters' threads report here, each its own; the lock is held for a comparison.
    private readonly Lock _gate = new();
    private readonly long _start = time.GetTimestamp();
    private TimeSpan _next;
    private long _untold;

    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name.StartsWith(Sources, StringComparison.Ordinal))
        {
            EnableEvents(eventSource, EventLevel.Warning);
        }
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        // The base class calls before this one is made.
        if (_gate is null)
        {
            return;
        }

        long untold;
        lock (_gate)
        {
            if (time.GetElapsedTime(_start) < _next)
            {
                _untold++;
                return;
            }

            _next = time.GetElapsedTime(_start) + Pause;
            (untold, _untold) = (_untold, 0);
        }

        // The last part of an event is the exception, whose first line is enough; the others are addresses and states.
        var words = string.Join("; ", eventData.Payload?.Select(p => PublicName.Of(p?.ToString()?.Split('\n')[0].Trim() ?? "")) ?? []);
        LogFault(eventData.EventName, words, untold);
    }

    [LoggerMessage(1021, LogLevel.Warning, "OTLP: {Event}: {Words} ({Untold} like it since the last that was told)")]
    private partial void LogFault(string? @event, string words, long untold);
}
