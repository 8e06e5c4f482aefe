using System.Collections.Frozen;

namespace NotifyGateway.Core.Configuration.Changes;

/// <summary>What a change of its settings means for a session that runs.</summary>
internal enum SessionChangeKind
{
    /// <summary>Nothing of it has changed.</summary>
    None,

    /// <summary>Its connections stay: channels are joined and left, rates change, the nick does.</summary>
    Live,

    /// <summary>It has to log in anew: with another address, account or certificate, or as something that is only said at login.</summary>
    Anew,
}

/// <summary>Decides what a change means for a session. A key that is not named here, as a new one may be, needs a new login: that is always right. Pure.</summary>
internal static class SessionChange
{
    private static readonly FrozenSet<string> LiveOnIrc = FrozenSet.ToFrozenSet(
        [
            nameof(IrcOptions.Channels), nameof(IrcOptions.Users), nameof(IrcOptions.DefaultChannels), nameof(IrcOptions.DefaultUsers), nameof(IrcOptions.JoinUnlisted),
            nameof(IrcOptions.NickFallback), nameof(IrcOptions.JoinAttempts), nameof(IrcOptions.JoinRetry), nameof(IrcOptions.JoinRetryAfter), nameof(IrcOptions.FallbackChannel),
            nameof(IrcOptions.ChannelsPerLink), nameof(IrcOptions.Burst), nameof(IrcOptions.LinesPerSecond), nameof(IrcOptions.Window), nameof(IrcOptions.MaxLines),
            nameof(IrcOptions.FoldAfter), nameof(IrcOptions.Colors), nameof(IrcOptions.AllowPlaintextLogin), nameof(IrcOptions.ReconnectMin), nameof(IrcOptions.ReconnectMax),
            nameof(IrcOptions.ConnectSpacing), nameof(IrcOptions.ConnectTimeout), nameof(IrcOptions.PingInterval), nameof(IrcOptions.PingTimeout),
        ],
        StringComparer.Ordinal);

    private static readonly FrozenSet<string> LiveOnXmpp = FrozenSet.ToFrozenSet(
        [
            nameof(XmppOptions.Rooms), nameof(XmppOptions.Users), nameof(XmppOptions.DefaultRooms), nameof(XmppOptions.DefaultUsers), nameof(XmppOptions.JoinUnlisted),
            nameof(XmppOptions.JoinAttempts), nameof(XmppOptions.JoinRetry), nameof(XmppOptions.JoinRetryAfter), nameof(XmppOptions.MessagesPerSecond), nameof(XmppOptions.Burst),
            nameof(XmppOptions.Window), nameof(XmppOptions.FoldAfter), nameof(XmppOptions.ReconnectMin), nameof(XmppOptions.ReconnectMax), nameof(XmppOptions.ConnectSpacing),
            nameof(XmppOptions.ConnectTimeout), nameof(XmppOptions.PingInterval), nameof(XmppOptions.PingTimeout),
        ],
        StringComparer.Ordinal);

    /// <param name="before">Null: there was no such network.</param>
    public static SessionChangeKind Of(IrcOptions? before, IrcOptions after) => before is null ? SessionChangeKind.Anew : Worst(OptionDifference.Between(before, after), key =>
        (LiveOnIrc.Contains(key) && (key is not nameof(IrcOptions.Channels) || KeepsToItself(before, after)))
        || (key is nameof(IrcOptions.MaxLinks) && after.MaxLinks > before.MaxLinks)
        || (key is nameof(IrcOptions.Nick) && IsOnlyANick(before) && IsOnlyANick(after)));

    /// <param name="before">Null: there was no such account.</param>
    public static SessionChangeKind Of(XmppOptions? before, XmppOptions after) => before is null ? SessionChangeKind.Anew : Worst(OptionDifference.Between(before, after), key =>
        (LiveOnXmpp.Contains(key) && (key is not nameof(XmppOptions.Rooms) || KeepsNicks(before, after)))
        || (key is nameof(XmppOptions.MaxLinks) && after.MaxLinks > before.MaxLinks));

    private static SessionChangeKind Worst(IReadOnlyList<string> keys, Func<string, bool> isLive) =>
        keys.Count == 0 ? SessionChangeKind.None : keys.All(isLive) ? SessionChangeKind.Live : SessionChangeKind.Anew;

    /// <summary>Where no account is named the nick is one, and a template's number is chosen at login.</summary>
    private static bool IsOnlyANick(IrcOptions network) =>
        network.Sasl is null or { Account: not null } && network.NickServ is null or { Account: not null } && !network.Nick.Contains('%', StringComparison.Ordinal);

    /// <summary>A traffic log leaves out the keys that it knew when the connection began.</summary>
    private static bool KeepsToItself(IrcOptions before, IrcOptions after) =>
        after.TrafficLog is null || after.Channels.All(c => c.Key is null || before.Channels.Any(b => string.Equals(b.Key, c.Key, StringComparison.Ordinal)));

    /// <summary>A room that we are in as somebody would have to be left and entered again.</summary>
    private static bool KeepsNicks(XmppOptions before, XmppOptions after) => after.Rooms.All(room =>
        before.Rooms.Where(r => string.Equals(r.Jid, room.Jid, StringComparison.OrdinalIgnoreCase)).All(r => string.Equals(r.Nick, room.Nick, StringComparison.Ordinal)));
}
