using System.Globalization;
using System.Xml.Linq;

namespace NotifyGateway.Core.Protocols.Xmpp;

/// <summary>The rooms that we are in (XEP-0045): joining, staying, and noticing that we are out.</summary>
internal sealed class XmppRooms(XmppState state, XmppQueries queries)
{
    private const int MaxNicks = 10;

    /// <summary>A room that gives no answer is given up at the second time.</summary>
    private const int MaxUnanswered = 2;

    private static readonly TimeSpan JoinTimeout = TimeSpan.FromSeconds(60);

    private readonly Dictionary<Jid, XmppRoom> _rooms = [];
    private readonly XmppFormerRooms _former = new(state, queries);
    private long _joins;

    public TimeSpan WakeAt => _rooms.Count == 0 || _rooms.Values.Min(Due) is var due && due > _former.WakeAt ? _former.WakeAt : due;

    /// <summary>The stream of the connection before goes on.</summary>
    public void OnResumed() => _former.OnResumed();

    public XmppRoom? Find(Jid bare) => _rooms.GetValueOrDefault(bare);

    /// <summary>The nick that an address asks for.</summary>
    public string Nick(XmppAddress address) => (address.Nick is { Length: > 0 } nick ? nick : null) ?? state.Options.Nick ?? state.Options.Jid.Local ?? state.Options.Resource;

    /// <summary>Makes a lane lead to a room.</summary>
    /// <returns>Null when the room shows another nick of ours: it was refused.</returns>
    public XmppRoom? Enter(string lane, XmppAddress address)
    {
        var nick = Nick(address);
        if (Find(address.Jid) is not { } room)
        {
            room = new XmppRoom(address.Jid, nick) { Password = address.Password };
            _rooms[address.Jid] = room;
            room.Lanes.Add(lane);
            room.JoinDeadline = state.Now + JoinTimeout;
            _former.Ask(room.Jid, () => BeginJoin(room), why => Refuse(room, why, RefusalKind.Later));
            return room;
        }

        if (!string.Equals(room.Wanted, nick, StringComparison.Ordinal))
        {
            state.Raise(new ProtocolEvent.Refused(lane, $"we are in the room as {room.Nick} already", RefusalKind.Later));
            return null;
        }

        if (!room.Lanes.Contains(lane, StringComparer.Ordinal))
        {
            room.Lanes.Add(lane);
        }

        if (room.State == RoomState.Open)
        {
            state.Raise(new ProtocolEvent.Opened(lane));
        }

        return room;
    }

    public void Leave(XmppRoom room, string lane)
    {
        room.Lanes.Remove(lane);
        if (room.Lanes.Count == 0 && room.State != RoomState.Left)
        {
            SayGoodbye(room);
            Forget(room);
        }
    }

    public void OnPresence(XElement presence)
    {
        if (XmppState.Address(presence, "from") is not { } from || Find(from.Bare) is not { } room)
        {
            return;
        }

        OnHeard(room);
        var user = presence.Element(XmppNames.RoomUser + "x");
        switch ((string?)presence.Attribute("type"))
        {
            case null:
                OnAvailable(room, from, XmppRoomReasons.Codes(user));
                break;
            case "error" when room.State == RoomState.Joining && (string?)presence.Attribute("id") is null:
                OnRefused(room, XmppError.OfStanza(presence));
                break;
            case "error" when room.State == RoomState.Joining && string.Equals((string?)presence.Attribute("id"), room.JoinId, StringComparison.Ordinal):
                OnRefused(room, XmppError.OfStanza(presence));
                break;
            // While we are joining it is of the time before.
            case "unavailable" when room.State is RoomState.Open or RoomState.Unlocking:
                OnUnavailable(room, from, user ?? presence);
                break;
        }
    }

    /// <summary>Something has come from a room.</summary>
    public void OnHeard(XmppRoom room) => (room.HeardAt, room.Unanswered) = (state.Now, 0);

    /// <summary>We are out of a room.</summary>
    public void OnGone(XmppRoom room, string reason)
    {
        if (room.State != RoomState.Left)
        {
            Forget(room);
            room.Lanes.ForEach(lane => state.Raise(new ProtocolEvent.Closed(lane, state.Shown(reason, room.Password))));
        }
    }

    public void Tick()
    {
        if (state.Now < WakeAt)
        {
            return;
        }

        _former.Tick(_rooms.ContainsKey);
        foreach (var room in _rooms.Values.Where(r => state.Now >= Due(r)).ToList())
        {
            if (room.State == RoomState.Open)
            {
                Check(room);
            }
            else
            {
                SayGoodbye(room);
                Refuse(room, string.Create(CultureInfo.InvariantCulture, $"no answer from the room within {JoinTimeout.TotalSeconds:0} s"), RefusalKind.Later);
            }
        }
    }

    private TimeSpan Due(XmppRoom room) => room.State != RoomState.Open ? room.JoinDeadline
        : room.Checking ? TimeSpan.MaxValue : room.HeardAt + state.Options.RoomCheck;

    /// <summary>It may have been left, or given up, while we asked.</summary>
    private void BeginJoin(XmppRoom room)
    {
        if (room.State == RoomState.Joining)
        {
            Join(room);
        }
    }

    private void Join(XmppRoom room)
    {
        state.Resumption.Occupied[room.Jid] = room.Occupant;
        room.JoinId = string.Create(CultureInfo.InvariantCulture, $"j{++_joins}");
        room.JoinDeadline = state.Now + JoinTimeout;
        var join = state.Stanza().Raw("<presence"u8).Attribute("id"u8, room.JoinId).Attribute("to"u8, room.Occupant.ToString())
            .Raw("><x xmlns='http://jabber.org/protocol/muc'><history maxchars='0'/>"u8);
        if (room.Password is { } password)
        {
            join.Raw("<password>"u8).Text(password).Raw("</password>"u8);
        }

        join.Raw("</x></presence>"u8);
    }

    /// <summary>110: it is about us. The nick is what the room says it is (210).</summary>
    private void OnAvailable(XmppRoom room, Jid from, HashSet<int> codes)
    {
        if (!codes.Contains(110) || from.Resource is null)
        {
            return;
        }

        room.Nick = from.Resource;
        state.Resumption.Occupied[room.Jid] = room.Occupant;
        if (room.State == RoomState.Joining && codes.Contains(201))
        {
            Unlock(room);
        }
        else if (room.State == RoomState.Joining)
        {
            Open(room);
        }
    }

    /// <summary>201: the room is new and locked until its owner, which we are, has accepted what the service makes of it (section 10.1.2).</summary>
    private void Unlock(XmppRoom room)
    {
        room.State = RoomState.Unlocking;
        queries.Ask(
            room.Jid,
            "set"u8,
            "<query xmlns='http://jabber.org/protocol/muc#owner'><x xmlns='jabber:x:data' type='submit'/></query>"u8,
            answer =>
            {
                if (room.State == RoomState.Unlocking && answer.Error is { } error)
                {
                    SayGoodbye(room);
                    Refuse(room, $"the room is new and could not be unlocked: {error}", RefusalKind.Later);
                }
                else if (room.State == RoomState.Unlocking)
                {
                    Open(room);
                }
            });
    }

    private void OnRefused(XmppRoom room, XmppError error)
    {
        if (error.Condition is "conflict" && ++room.Taken < MaxNicks)
        {
            room.Nick = string.Create(CultureInfo.InvariantCulture, $"{room.Wanted}{room.Taken + 1}");
            Join(room);
            return;
        }

        var (reason, kind) = XmppRoomReasons.Refused(error);
        Refuse(room, reason, kind);
    }

    private void OnUnavailable(XmppRoom room, Jid from, XElement user)
    {
        var codes = XmppRoomReasons.Codes(user);
        var nick = (string?)user.Element(XmppNames.RoomUser + "item")?.Attribute("nick");
        if (!codes.Contains(110) && !string.Equals(from.Resource, room.Nick, StringComparison.Ordinal))
        {
            return;
        }

        if (codes.Contains(303) && nick is { Length: > 0 })
        {
            room.Nick = nick;
        }
        else
        {
            var reason = XmppRoomReasons.Closed(user);
            if (user.Element(XmppNames.RoomUser + "destroy") is not null)
            {
                _former.OnDestroyed(room.Jid, reason);
            }

            OnGone(room, reason);
        }
    }

    /// <summary>XEP-0410: what we say to our own address in the room comes back, or the room says that we are not in it.</summary>
    private void Check(XmppRoom room)
    {
        room.Checking = true;
        queries.Ask(room.Occupant, "get"u8, "<ping xmlns='urn:xmpp:ping'/>"u8, answer =>
        {
            room.Checking = false;
            switch (answer.Error?.Condition)
            {
                // What can be sent to us there is answered by us; the nick may have been changed meanwhile.
                case null or "service-unavailable" or "feature-not-implemented" or "item-not-found":
                    OnHeard(room);
                    break;
                case XmppError.Timeout or "remote-server-not-found":
                    room.HeardAt = state.Now;
                    if (++room.Unanswered >= MaxUnanswered)
                    {
                        OnGone(room, "the room does not answer");
                    }

                    break;
                default:
                    OnGone(room, $"the room says that we are not in it: {answer.Error}");
                    break;
            }
        });
    }

    private void SayGoodbye(XmppRoom room)
    {
        if (room.JoinId.Length > 0)
        {
            state.Stanza().Raw("<presence type='unavailable'"u8).Attribute("to"u8, room.Occupant.ToString()).Raw("/>"u8);
        }
    }

    private void Open(XmppRoom room)
    {
        room.State = RoomState.Open;
        OnHeard(room);
        room.Lanes.ForEach(lane => state.Raise(new ProtocolEvent.Opened(lane)));
    }

    private void Refuse(XmppRoom room, string reason, RefusalKind kind)
    {
        if (room.State == RoomState.Left)
        {
            return;
        }

        Forget(room);
        room.Lanes.ForEach(lane => state.Raise(new ProtocolEvent.Refused(lane, state.Shown(reason, room.Password), kind)));
    }

    private void Forget(XmppRoom room)
    {
        room.State = RoomState.Left;
        _rooms.Remove(room.Jid);
        state.Resumption.Occupied.Remove(room.Jid);
    }
}
