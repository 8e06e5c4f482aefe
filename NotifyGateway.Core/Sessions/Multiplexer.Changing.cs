using NotifyGateway.Core.Configuration;
using NotifyGateway.Core.Configuration.Changes;

namespace NotifyGateway.Core.Sessions;

/// <content>Another configuration while sessions run: each goes on as far as its settings allow.</content>
public sealed partial class Multiplexer
{
    /// <summary>How long what is in flight may take to be proved before a session logs in anew, or leaves.</summary>
    private static readonly TimeSpan SettleTime = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Opens, changes and ends sessions as another configuration says; one whose settings are the same is not touched. Sessions on demand that are open keep what
    /// they were made with. What waits for a session that goes stays in the outbox.
    /// </summary>
    /// <param name="options">Validated.</param>
    public void Change(GatewayOptions options)
    {
        lock (_lock)
        {
            if (_stopping)
            {
                return;
            }

            var before = _options;
            _options = options;
            var configured = Configured(options).ToDictionary(c => c.Key, c => c.Make);
            foreach (var entry in _entries.Values.Where(e => e is { OnDemand: false, Removed: false } && !configured.ContainsKey(e.Session.Key)))
            {
                entry.Removed = true;
                entry.Session.PostAside(Leave("it is configured no more", "leaving"));
            }

            foreach (var (key, make) in configured)
            {
                if (_entries.TryGetValue(key, out var entry))
                {
                    Change(entry, make, entry.Removed ? SessionChangeKind.Anew : Kind(key.Value, before, options));
                }
                else
                {
                    Open(key, () => make(null));
                }
            }
        }

        _local.Change(options);
    }

    private void Change(Entry entry, Func<object?, SessionSettings> make, SessionChangeKind kind)
    {
        if (kind == SessionChangeKind.None)
        {
            return;
        }

        entry.Removed = false;
        entry.Settings = () => make(null);
        entry.Session.PostAside(kind == SessionChangeKind.Live
            ? new SessionEvent.Changed(Equipped(make(entry.Session.Kept)))
            : Leave("its settings have changed, it logs in anew", "reconnecting"));
    }

    private static SessionEvent.Stop Leave(string reason, string goodbye) => new(AtOnce: false, reason) { Within = SettleTime, Goodbye = goodbye };

    private static SessionChangeKind Kind(string name, GatewayOptions before, GatewayOptions after)
    {
        var kind = after.Irc.TryGetValue(name, out var network)
            ? SessionChange.Of(before.Irc.GetValueOrDefault(name), network)
            : SessionChange.Of(before.Xmpp.GetValueOrDefault(name), after.Xmpp[name]);

        // Links in messages lead elsewhere, or other messages are late: every session has to know.
        var all = !Equals(before.PublicUrl, after.PublicUrl) || before.LateAfter != after.LateAfter;
        return kind == SessionChangeKind.None && all ? SessionChangeKind.Live : kind;
    }

    /// <summary>The configured sessions, and how each is made: with what an earlier one of the same settings has learnt, or null.</summary>
    private IEnumerable<(SessionKey Key, Func<object?, SessionSettings> Make)> Configured(GatewayOptions options) =>
    [
        .. options.Irc.Select(n => (new SessionKey(n.Key), (Func<object?, SessionSettings>)(kept => IrcSessions.Configured(n.Key, n.Value, options.PublicUrl, kept)))),
        .. options.Xmpp.Select(a => (new SessionKey(a.Key), (Func<object?, SessionSettings>)(kept => XmppSessions.Configured(a.Key, a.Value, options.PublicUrl, _servers, kept)))),
    ];
}
