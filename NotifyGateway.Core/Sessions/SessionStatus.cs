namespace NotifyGateway.Core.Sessions;

/// <summary>Where a session stands. <c>Waiting</c>: the next attempt has a time. <c>Faulted</c>: only a long pause or a command tries again. <c>Idle</c>: nothing to do.</summary>
public enum SessionState { Idle, Connecting, Online, Waiting, Faulted }

/// <summary>Where a channel stands. <c>Parked</c>: refused, and tried again later.</summary>
public enum ChannelState { Joining, Joined, Parked }

/// <summary>A session as users see it. Made anew at each change; holds no secret.</summary>
/// <param name="Protocol"><c>irc</c>, <c>xmpp</c> or <c>program</c>.</param>
/// <param name="Nick">Our nick on the first link, once known. XMPP: our address, with the resource.</param>
/// <param name="Server"><c>host:port</c>; the host is a domain where its servers are found by DNS.</param>
/// <param name="Since">When it came to this state; connecting and waiting between attempts are one.</param>
/// <param name="NextAttemptAt">When it connects again, while waiting or faulted.</param>
public sealed record SessionStatus(
    string Name, string Protocol, SessionState State, string? Nick, string? Server, DateTimeOffset Since,
    IReadOnlyList<ChannelStatus> Channels, long Queued, string? LastError, DateTimeOffset? NextAttemptAt);

/// <summary>A channel or room of a session. <paramref name="Reason"/> is the server's own words when it is parked.</summary>
public sealed record ChannelStatus(string Name, ChannelState State, string? Reason)
{
    /// <summary>The configuration names it: it is kept joined whether or not there is anything to say.</summary>
    public bool Listed { get; init; }
}
