using NotifyGateway.Core.Protocols;

namespace NotifyGateway.Core.Sessions;

/// <summary>What a session needs to know, whatever protocol it speaks.</summary>
internal sealed record SessionSettings
{
    public required SessionKey Key { get; init; }

    /// <summary>As users see it: <c>irc</c> or <c>xmpp</c>.</summary>
    public required string Protocol { get; init; }

    public required LinkSettings Link { get; init; }

    /// <summary>Makes the state machine of a link; the links of a session are numbered from 1.</summary>
    public required Func<int, IProtocol> CreateProtocol { get; init; }

    /// <summary>Has the state machine of a link, which <see cref="CreateProtocol"/> of earlier settings has made, go on with these.</summary>
    public Action<int, IProtocol, TimeSpan> ChangeProtocol { get; init; } = static (_, _, _) => { };

    /// <summary>What the connections of a session have learnt for those after them. Handed on when settings change and the session stays; null: nothing.</summary>
    public object? Kept { get; init; }

    /// <summary>Lanes that are open whether or not there is anything to say: (lane, address).</summary>
    public IReadOnlyList<(string Lane, string Address)> Standing { get; init; } = [];

    /// <summary>Whether an address is that of a channel or room, which users see in the session's state.</summary>
    public Func<string, bool> IsChannel { get; init; } = static _ => false;

    public int MaxLinks { get; init; } = 1;

    /// <summary>Refusals of a lane before it rests for <see cref="EnterRetryAfter"/>.</summary>
    public int EnterAttempts { get; init; } = 10;

    public TimeSpan EnterRetry { get; init; } = TimeSpan.FromSeconds(5);

    public TimeSpan EnterRetryAfter { get; init; } = TimeSpan.FromHours(1);

    /// <summary>The lane, and its address, that carries what waits for a lane which is refused for long; null: that waits.</summary>
    public (string Lane, string Address)? Fallback { get; init; }

    /// <summary>What is refused fails at once, with the other side's words, and so does everything when the login is: somebody waits for the outcome.</summary>
    public bool Impatient { get; init; }

    /// <summary>What has waited in a lane for so long is folded if it is more than <see cref="FoldAbove"/>; null: never.</summary>
    public TimeSpan? FoldAfter { get; init; }

    public int FoldAbove { get; init; }

    /// <summary>A larger storm is folded into several lines: what is gathered stays in memory, and is a part of what the outbox hands out at a time.</summary>
    public int FoldAtOnce { get; init; } = 2000;

    /// <summary>What is handed out later than this after it was accepted begins with its age; null: nothing does.</summary>
    public TimeSpan? LateAfter { get; init; }

    /// <summary>Where people reach the gateway; null: not known.</summary>
    public Uri? PublicUrl { get; init; }

    /// <summary>Where it counts; null: nowhere.</summary>
    public SessionMeter? Meter { get; init; }

    /// <summary>Null for a configured session, which lives as long as the gateway.</summary>
    public OnDemandSettings? OnDemand { get; init; }
}

/// <summary>How a session that was made on demand ends.</summary>
/// <param name="IdleAfter">Without a message for so long it is closed.</param>
/// <param name="LaneIdleAfter">A channel without a message for so long is left.</param>
/// <param name="NeverSeenAfter">Not reached at all within this time: what waits fails. Null: it was made for messages of an earlier run, which are given all their time.</param>
internal sealed record OnDemandSettings(TimeSpan IdleAfter, TimeSpan LaneIdleAfter, TimeSpan? NeverSeenAfter);
