using System.Globalization;
using NotifyGateway.Core.Outbox;

namespace NotifyGateway.Api.Http;

/// <summary>Whether the gateway can accept messages. The composition root says when everything has been started.</summary>
public sealed class Readiness(IOutbox outbox, IHostApplicationLifetime lifetime)
{
    /// <summary>No write takes so long on a disk that works.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

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
        else if (outbox.BusyFor is var busy && busy > Patience)
        {
            reasons.Add(string.Create(CultureInfo.InvariantCulture, $"outbox: the disk has not answered for {busy.TotalSeconds:F0} s"));
        }

        return reasons;
    }
}
