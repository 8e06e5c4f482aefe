namespace NotifyGateway.Core.Protocols.Xmpp;

/// <summary>
/// Rooms of before: those that the connection before was in on a stream that was taken up again, where we still stand though perhaps nobody wants to be
/// there any more; and those that were destroyed, which a mere join would make anew.
/// </summary>
internal sealed class XmppFormerRooms(XmppState state, XmppQueries queries)
{
    /// <summary>So long after the stream was taken up a room may be entered again before it is left.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);

    public TimeSpan WakeAt { get; private set; } = TimeSpan.MaxValue;

    /// <summary>The stream of the connection before goes on.</summary>
    public void OnResumed() => WakeAt = state.Resumption.Occupied.Count > 0 ? state.Now + Grace : TimeSpan.MaxValue;

    /// <summary>Leaves what nobody has entered since.</summary>
    public void Tick(Func<Jid, bool> isEntered)
    {
        if (state.Now < WakeAt)
        {
            return;
        }

        WakeAt = TimeSpan.MaxValue;
        foreach (var (room, occupant) in state.Resumption.Occupied.Where(r => !isEntered(r.Key)).ToList())
        {
            state.Resumption.Occupied.Remove(room);
            state.Stanza().Raw("<presence type='unavailable'"u8).Attribute("to"u8, occupant.ToString()).Raw("/>"u8);
        }
    }

    public void OnDestroyed(Jid room, string reason) => state.Resumption.OnDestroyed(room, reason);

    /// <summary>Asks first whether a room that was destroyed is there again. Any other may be joined at once, and made by that.</summary>
    public void Ask(Jid room, Action join, Action<string> refuse)
    {
        if (!state.Resumption.Destroyed.TryGetValue(room, out var why))
        {
            join();
            return;
        }

        queries.Ask(room, "get"u8, "<query xmlns='http://jabber.org/protocol/disco#info'/>"u8, answer =>
        {
            if (answer.Error is { } error)
            {
                refuse(error.Condition is "item-not-found" or "gone" ? why : $"{why} ({error})");
            }
            else
            {
                state.Resumption.Destroyed.Remove(room);
                join();
            }
        });
    }
}
