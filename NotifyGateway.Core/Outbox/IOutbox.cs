namespace NotifyGateway.Core.Outbox;

/// <summary>
/// The only queue of the gateway. What <see cref="AppendAsync"/> has answered <see cref="AppendStatus.Stored"/> survives a crash
/// of the process or the machine.
/// </summary>
public interface IOutbox : IAsyncDisposable
{
    /// <summary>Stores the entries in their order and answers for each, after the commit.</summary>
    /// <returns>One result per entry, at the same index.</returns>
    Task<AppendResult[]> AppendAsync(IReadOnlyList<OutboxEntry> entries, CancellationToken cancellationToken);

    /// <summary>
    /// Opens the part of the outbox that belongs to one session. A session has one owner: opening it twice at a time is an
    /// <see cref="InvalidOperationException"/>. Disposing the reader releases what it had handed out, in order.
    /// </summary>
    /// <param name="session">Whose part.</param>
    /// <param name="available">Called, on any thread and never twice before the next <see cref="IOutboxReader.Collect"/>, when there may be something new to collect.</param>
    ValueTask<IOutboxReader> OpenAsync(SessionKey session, Action available, CancellationToken cancellationToken);

    /// <summary>The state of a message, or null when it is unknown or has been cleaned up.</summary>
    ValueTask<Receipt?> FindAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>Messages, newest first.</summary>
    ValueTask<ReceiptPage> ListAsync(ReceiptQuery query, CancellationToken cancellationToken);

    /// <summary>Cancels what is queued of a message. What is on the wire at this moment still settles as it ends there.</summary>
    /// <returns>The state afterwards, or null when the message is unknown.</returns>
    ValueTask<Receipt?> CancelAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>Queues what failed, expired or was cancelled of a message once more, at the end of its lanes and with a fresh life time of <paramref name="life"/>.</summary>
    ValueTask<Receipt?> RetryAsync(Guid id, TimeSpan life, CancellationToken cancellationToken);

    /// <summary>What waits, by session: every session with a queued delivery.</summary>
    IReadOnlyList<SessionBacklog> Backlog();

    /// <summary>From now on keeps account of deliveries that do not arrive in time. Null: not any more, and what nobody was told of is forgotten.</summary>
    void Watch(WatchTerms? terms);

    /// <summary>What nobody has been told of yet, oldest first: a few hundred at most, however many deliveries they count.</summary>
    Task<IReadOnlyList<Concern>> ConcernsAsync(CancellationToken cancellationToken);

    /// <summary>Raised after a commit that has made or grown a <see cref="Concern"/>, on the outbox's own thread: handlers must be quick and must not throw.</summary>
    event Action? Concerned;

    /// <summary>Null while the outbox works; else why it cannot store anything at the moment.</summary>
    string? Fault { get; }

    /// <summary>For how long the write that is under way has gone on; zero while none is. A disk that never answers shows here and not in <see cref="Fault"/>. Any thread.</summary>
    TimeSpan BusyFor { get; }

    /// <summary>
    /// Raised for every settled delivery, after the commit, on the outbox's own thread: handlers must be quick and must not throw. Raised once more for
    /// one that came back after it was delivered (<see cref="IOutboxReader.Bounce"/>).
    /// </summary>
    event Action<Settlement>? Settled;
}

/// <summary>
/// A session's view of its part: lanes, each a FIFO of one destination. All members but <see cref="Depth"/> belong to the one
/// owner loop. A lane that its owner does not ask for (a parked destination) costs no memory beyond its name.
/// </summary>
public interface IOutboxReader : IAsyncDisposable
{
    /// <summary>Takes over what was committed or loaded since the last call and names each lane that now has something to take.</summary>
    void Collect(ICollection<string> lanes);

    /// <summary>
    /// Hands out the next delivery of a lane, or false when none is in memory. If the disk holds more, loading starts by itself and
    /// <c>available</c> is called when it is there. Never hands out an expired or cancelled delivery.
    /// </summary>
    bool TryTake(string lane, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Delivery? delivery);

    /// <summary>Gives deliveries back to the front of their lanes (a link was lost before the proof), which are named once more. They keep their order.</summary>
    void Release(IReadOnlyCollection<Delivery> deliveries);

    /// <summary>Ends a delivery that was handed out. Stored with the next transaction; kept and tried again while the disk refuses.</summary>
    void Settle(Delivery delivery, Outcome outcome);

    /// <summary>
    /// A delivery that was settled as delivered came back after all: it has failed. Stored and told as an end is; what is unknown, cleaned up, has
    /// not ended so, or is no delivery of this session, stays as it is.
    /// </summary>
    /// <param name="message">The message's id.</param>
    /// <param name="ordinal">Which of its deliveries.</param>
    /// <param name="wentTo">Whether it can come back from where it went, by what was stored of it: only that is sure. Asked on the outbox's own thread: it must be quick and must not throw.</param>
    /// <param name="reason">The other side's words.</param>
    void Bounce(Guid message, int ordinal, Predicate<Destination> wentTo, string reason);

    /// <summary>Says why a lane's deliveries wait (<paramref name="lane"/> null: all of the session's); shown as their reason, and kept when they expire. Null clears.</summary>
    void Explain(string? lane, string? reason);

    /// <summary>How many deliveries of a lane are queued and not handed out, in memory or on disk. What has expired counts until it is settled as such.</summary>
    long Waiting(string lane);

    /// <summary>How many deliveries of the session are queued, handed out ones included. May be read from any thread.</summary>
    long Depth { get; }
}

/// <summary>A notification on its way into the outbox.</summary>
/// <param name="Destinations">At most 1,000. Empty: stored as a message to nobody.</param>
/// <param name="Guard">Set when the sender gave an Idempotency-Key.</param>
public sealed record OutboxEntry(Notification Notification, IReadOnlyList<Destination> Destinations, RepeatGuard? Guard = null)
{
    /// <summary>What this message tells somebody: with its commit it is told, neither sooner nor later.</summary>
    public IReadOnlyList<Concern> Tells { get; init; } = [];
}

/// <summary>Makes a repeated request the same request.</summary>
/// <param name="Key">The sender's key, already scoped by client.</param>
/// <param name="Fingerprint">SHA-256 of the request's body.</param>
/// <param name="Until">When the key is forgotten.</param>
public sealed record RepeatGuard(string Key, byte[] Fingerprint, DateTimeOffset Until);

/// <summary>What became of an entry.</summary>
public enum AppendStatus
{
    /// <summary>On disk.</summary>
    Stored,

    /// <summary>The same key with the same body was stored before: <see cref="AppendResult.MessageId"/> is that first message.</summary>
    Repeated,

    /// <summary>The same key came before with another body. Nothing was stored.</summary>
    KeyReused,

    /// <summary>A session of its destinations has <c>MaxQueuedPerSession</c> deliveries waiting. Nothing was stored.</summary>
    Full,

    /// <summary>The disk refused; see <see cref="IOutbox.Fault"/>. Nothing was stored.</summary>
    Failing,
}

/// <summary>The outbox's answer to one entry.</summary>
public readonly record struct AppendResult(AppendStatus Status, Guid MessageId);

/// <summary>A delivery that ended.</summary>
/// <param name="Client">Whose message it was.</param>
public readonly record struct Settlement(
    Guid MessageId, int Ordinal, string Client, SessionKey Session, string To, Outcome Outcome, int Attempts, DateTimeOffset AcceptedAt, DateTimeOffset SettledAt)
{
    /// <summary>It had been told as delivered before, and came back (<see cref="IOutboxReader.Bounce"/>).</summary>
    public bool CameBack { get; init; }

    /// <inheritdoc cref="Notification.Trace"/>
    public string? Trace { get; init; }
}

/// <summary>What waits for one session.</summary>
public readonly record struct SessionBacklog(SessionKey Session, long Queued, DateTimeOffset? OldestAcceptedAt);

/// <summary>Which messages to list.</summary>
/// <param name="Client">Only those of this client; null: all.</param>
/// <param name="Status">Only messages that stand in one of these ways; null: in any.</param>
/// <param name="To">Only messages with a destination of this public name.</param>
/// <param name="Before">A cursor from <see cref="ReceiptPage.Next"/>.</param>
/// <param name="Limit">1 to 500.</param>
public sealed record ReceiptQuery(string? Client = null, IReadOnlyCollection<MessageStatus>? Status = null, string? To = null, string? Before = null, int Limit = 50);

/// <summary>A page of messages; <paramref name="Next"/> is null on the last one.</summary>
public sealed record ReceiptPage(IReadOnlyList<Receipt> Items, string? Next);
