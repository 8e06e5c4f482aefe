namespace NotifyGateway.Core.Outbox;

/// <summary>Which deliveries somebody wants to hear of.</summary>
/// <param name="After">What is still queued so long after it was accepted; what fails or expires, at once.</param>
/// <param name="Least">Only messages of at least this severity; one without is <see cref="Severity.Info"/>. Null: all.</param>
/// <param name="Never">A client whose messages are left out: the one that tells of all others.</param>
public sealed record WatchTerms(TimeSpan After, Severity? Least, string Never)
{
    internal bool Cover(Notification notification) =>
        (notification.Severity ?? Severity.Info) >= (Least ?? Severity.Info) && !string.Equals(notification.Client, Never, StringComparison.OrdinalIgnoreCase);
}
