using NotifyGateway.Core.Configuration;
using NotifyGateway.Core.Configuration.Changes;

namespace NotifyGateway.Core.Sessions;

/// <content>Another configuration while sessions run: each goes on as far as its settings allow.</content>
public sealed partial class Multiplexer
{
    /// <summary>Sessions that the last change could not be brought to.</summary>
    private readonly HashSet<SessionKey> _behind = [];

    /// <summary>How long what is in flight may take to be proved before a session logs in anew, or leaves.</summary>
    private static readonly TimeSpan SettleTime = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Opens, changes and ends sessions as another configuration says; one whose settings are the same is not touched. Sessions on demand that are open keep what
    /// they were made with. What waits for a session that goes stays in the outbox.
    /// </summary>
    /// <param name="options">Validated.</param>
    /// <exception cref="AggregateException">Some sessions could not be changed. The others were; another call, with the same options, too, tries those again.</exception>
    public void Change(GatewayOptions options)
    {
        var faults = new List<Exception>();
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
                Attempt(faults, () => Change(key, make, before, options), () => _behind.Add(key));
            }
        }

        Attempt(faults, () => _local.Change(options), () => { });
        if (faults.Count > 0)
        {
            throw new AggregateException(faults);
        }
    }

    /// <summary>One session that cannot be changed must not keep the others from it.</summary>
    private static void Attempt(List<Exception> faults, Action change, Action failed)
    {
        try
        {
            change();
        }
        catch (Exception e)
        {
            faults.Add(e);
            failed();
        }
    }

    private void Change(SessionKey key, Func<object?, SessionSettings> make, GatewayOptions before, GatewayOptions after)
    {
        if (_entries.TryGetValue(key, out var entry))
        {
            Change(entry, make, entry.Removed || _behind.Contains(key) ? SessionChangeKind.Anew : Kind(key.Value, before, after));
        }
        else
        {
            Open(key, () => make(null));
        }

        _behind.Remove(key);
    }

    private void Change(Entry entry, Func<object?, SessionSettings> make, SessionChangeKind kind)
    {
        if (kind == SessionChangeKind.None)
        {
            return;
        }

        // Made first: where that fails all stays as it was.
        var live = kind == SessionChangeKind.Live ? Equipped(make(entry.Session.Kept)) : null;
        _ = live ?? make(null);
        entry.Removed = false;
        entry.Settings = () => make(null);
        entry.Session.PostAside(live is not null
            ? new SessionEvent.Changed(live)
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
