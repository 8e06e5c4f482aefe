using NotifyGateway.Core.Outbox;

namespace NotifyGateway.Api.Http;

/// <summary>Whether the gateway can accept messages. The composition root says when everything has been started.</summary>
public sealed class Readiness(IOutbox outbox, IHostApplicationLifetime lifetime)
{
    private volatile bool _started;

    /// <summary>The sessions are open: from now on only the outbox or a stop makes the gateway unready.</summary>
    public void MarkStarted() => _started = true;

    /// <summary>Why messages cannot be accepted now; empty when they can.</summary>
    public IReadOnlyList<string> Reasons()
    {
        var reasons = new List<string>();
        if (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            reasons.Add("stopping");
        }
        else if (!_started)
        {
            reasons.Add("starting");
        }

        if (outbox.Fault is { } fault)
        {
            reasons.Add($"outbox: {fault}");
        }

        return reasons;
    }
}
