namespace NotifyGateway.Core;

/// <summary>
/// Deliveries that did not arrive in time and that nobody has been told of yet: those of one destination that share what became of them and why. A delivery is
/// counted once in its life. Kept until a message that tells of it is stored (<see cref="Outbox.OutboxEntry.Tells"/>).
/// </summary>
/// <param name="Session">Whose they are; an empty key: several sessions, since there were too many concerns.</param>
/// <param name="Lane">Of the destination; empty: several destinations of the session, since there were too many concerns.</param>
/// <param name="To">The destination's public name, or the session's.</param>
/// <param name="Status"><c>Failed</c>, <c>Expired</c>, or <c>Queued</c> for what still waits.</param>
/// <param name="Reason">The other side's words, or why it waits; null: not known, or several.</param>
/// <param name="Count">How many deliveries; at least 1.</param>
/// <param name="Latest">The message of the last one; empty: not known.</param>
/// <param name="Line">That message's first line.</param>
public sealed record Concern(SessionKey Session, string Lane, string To, DeliveryStatus Status, string? Reason, long Count, Guid Latest, string Line)
{
    /// <summary>What tells it from others.</summary>
    internal (string, string, DeliveryStatus, string?) Key => (Session.Value, Lane, Status, Reason);
}
