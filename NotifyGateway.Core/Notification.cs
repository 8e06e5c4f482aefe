namespace NotifyGateway.Core;

/// <summary>How grave a sender says its message is. Shown as colour where the wire has any.</summary>
public enum Severity { Info, Success, Warning, Error }

/// <summary>How the text of a message is to be read.</summary>
public enum Markup { Plain, Slack, Markdown }

/// <summary>What a sender said, once a door has understood it and the gateway has given it an identity. Never changes.</summary>
public sealed record Notification
{
    /// <summary>A UUIDv7: an identity that nobody can guess, not an order.</summary>
    public required Guid Id { get; init; }

    /// <summary>Who sent it: a name of <c>Gateway:Clients</c>, or <c>anonymous</c>.</summary>
    public required string Client { get; init; }

    /// <summary>The door it came through (<c>http</c>, <c>tcp:irker</c>, <c>udp:irker</c> …), for metrics and logs.</summary>
    public required string Input { get; init; }

    public string? Title { get; init; }

    /// <summary>The text as sent; may hold newlines, may be empty (an irker request that only joins).</summary>
    public required string Text { get; init; }

    public Severity? Severity { get; init; }

    public Markup Markup { get; init; }

    /// <summary>The span of its acceptance, as W3C's <c>traceparent</c>; null: it is not traced.</summary>
    public string? Trace { get; init; }

    public required DateTimeOffset AcceptedAt { get; init; }

    /// <summary>After this moment nobody wants it any more: what is still queued becomes <see cref="DeliveryStatus.Expired"/>.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }
}
