using NotifyGateway.Core.Routing;

namespace NotifyGateway.Core;

/// <summary>What a door has understood of one request: not yet routed, not yet accepted.</summary>
public sealed record Submission
{
    /// <summary>The door, for metrics and logs: <c>http</c>, <c>tcp:NAME</c>, <c>udp:NAME</c>.</summary>
    public required string Input { get; init; }

    /// <summary>The authenticated client, or <c>anonymous</c>.</summary>
    public required string Client { get; init; }

    public required Addressing To { get; init; }

    public string? Title { get; init; }

    public required string Text { get; init; }

    public Severity? Severity { get; init; }

    public Markup Markup { get; init; }

    /// <summary>How long it may wait; null: <c>Gateway:Outbox:ExpireAfter</c>.</summary>
    public TimeSpan? ExpiresIn { get; init; }

    /// <summary>True: one unknown destination refuses the whole (native API). False: the good ones are served and the bad ones logged (the older systems).</summary>
    public bool Strict { get; init; }

    /// <summary>The sender's Idempotency-Key and the SHA-256 of the request's body.</summary>
    public (string Key, byte[] Fingerprint)? Repeat { get; init; }

    /// <summary>How long <see cref="Repeat"/> is remembered; null: 24 hours.</summary>
    public TimeSpan? RepeatFor { get; init; }

    /// <summary>A place that is left out, by whatever name it is reached.</summary>
    internal (SessionKey Session, string Lane)? Except { get; init; }

    /// <inheritdoc cref="Outbox.OutboxEntry.Tells"/>
    internal IReadOnlyList<Concern> Tells { get; init; } = [];

    /// <summary>What the sender was let in by, which decides where it may send to as well; null: what is in force.</summary>
    public GatewayState? Under { get; init; }
}

/// <summary>Whom a request names.</summary>
/// <param name="To">Destinations in any form of the contract; null where the door has no such list.</param>
/// <param name="Users">TwistedPrism's users: null means the defaults, empty means nobody.</param>
/// <param name="Channels">TwistedPrism's channels: null means the defaults, empty means nobody.</param>
public sealed record Addressing(IReadOnlyList<string>? To, IReadOnlyList<string>? Users, IReadOnlyList<string>? Channels)
{
    /// <summary>The nick that speaks in XMPP rooms for which no other is named; null: the account's own.</summary>
    public string? Nick { get; init; }

    /// <summary>A name that the payload asks for: where the others mean it too, it alone is served; else it counts for nothing.</summary>
    public string? Preferred { get; init; }

    /// <summary>All defaults, of users and of channels.</summary>
    public static Addressing Defaults { get; } = new(null, null, null);

    /// <summary>Exactly these destinations.</summary>
    public static Addressing Named(params IReadOnlyList<string> to) => new(to, [], []);

    /// <summary>TwistedPrism's pair of lists, each with its own default.</summary>
    public static Addressing Prism(IReadOnlyList<string>? users, IReadOnlyList<string>? channels) => new(null, users, channels);
}

/// <summary>What became of a submission.</summary>
public enum IntakeStatus
{
    Accepted,

    /// <summary>Accepted before.</summary>
    Repeated,

    /// <summary>The Idempotency-Key came before with another request.</summary>
    KeyReused,

    UnknownDestination,

    /// <summary>A destination is not among those that the client may send to.</summary>
    Forbidden,

    /// <summary>The client has sent as many messages as it may for now: <see cref="IntakeResult.RetryAfter"/> says when it may send the next.</summary>
    Limited,

    TooLarge,

    /// <summary>More destinations than <see cref="Intake.MaxDestinations"/>.</summary>
    TooMany,

    /// <summary>The outbox has too much waiting for one of the destinations. Worth another try.</summary>
    Full,

    /// <summary>No session on demand can be made at the moment for a server that is named by a URL; others are served.</summary>
    NoSession,

    /// <summary>The outbox cannot store. Worth another try.</summary>
    Failing,
}

/// <summary>A destination that cannot be served, and why, in words for the sender.</summary>
/// <param name="Name">As the sender wrote it; kept without credentials, key and control characters.</param>
/// <param name="Reason">Holds no secret.</param>
public readonly record struct UnknownDestination(string Name, string Reason)
{
    public string Name { get; } = PublicName.Of(Name);

    public override string ToString() => $"{Name}: {Reason}";
}

/// <summary>The intake's answer. <see cref="MessageId"/> is set when <see cref="IsAccepted"/>.</summary>
public sealed record IntakeResult(IntakeStatus Status, Guid MessageId, IReadOnlyList<UnknownDestination> Unknown, string? Reason = null)
{
    /// <summary>Where an accepted message goes; index is the delivery's ordinal. Empty for a repeated one, whose outcome must be looked up.</summary>
    public IReadOnlyList<Destination> Destinations { get; init; } = [];

    /// <summary>When another try is worth it, where that is known.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>On disk.</summary>
    public bool IsAccepted => Status is IntakeStatus.Accepted or IntakeStatus.Repeated;
}
