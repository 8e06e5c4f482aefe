namespace NotifyGateway.Core.Sessions.Programs;

/// <summary>What a <see cref="LocalSession"/> delivers to: a program, or the gateway's own log.</summary>
internal interface ILocalDestination
{
    SessionKey Key { get; }

    /// <summary>As users see it.</summary>
    string Protocol { get; }

    /// <summary>How many deliveries there may be at a time.</summary>
    int MaxConcurrent { get; }

    /// <summary>Why nothing can be delivered at this moment; null when it seems that it can.</summary>
    string? Fault { get; }

    /// <summary>What of a message is read there: the lines of a program's standard input, or that of the log.</summary>
    /// <param name="notification">The message.</param>
    /// <param name="lead">See <see cref="Delivery.Lead"/>.</param>
    IReadOnlyList<string> Preview(Notification notification, string lead);

    /// <summary>Delivers, however often it takes.</summary>
    /// <param name="paused">Told of each wait before another attempt, and until when; null: the attempt begins.</param>
    /// <param name="leaving">Cancelled: nothing more begins.</param>
    /// <param name="killed">Cancelled: what runs is ended.</param>
    /// <exception cref="OperationCanceledException">The delivery is not settled: it stays queued.</exception>
    Task<Outcome> DeliverAsync(Delivery delivery, Action<DateTimeOffset?> paused, CancellationToken leaving, CancellationToken killed);
}
