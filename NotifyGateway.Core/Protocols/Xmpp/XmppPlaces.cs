using System.Xml.Linq;

namespace NotifyGateway.Core.Protocols.Xmpp;

/// <summary>Where a lane leads.</summary>
/// <param name="Jid">Whom messages are addressed to.</param>
/// <param name="Room">Null: no room.</param>
internal sealed record XmppTarget(Jid Jid, XmppRoom? Room);

/// <summary>The lanes and where they lead: a user takes messages at once, a room has to be joined, and of the rest the server is asked what it is.</summary>
internal sealed class XmppPlaces(XmppState state, XmppQueries queries, XmppRooms rooms)
{
    /// <summary>No limit, but still a place to stay in, which int.MaxValue says of a user that it is not.</summary>
    private const int ManyRooms = int.MaxValue - 1;

    private const int MaxKnown = 10_000;

    private readonly Dictionary<string, XmppTarget?> _byLane = new(StringComparer.Ordinal);
    private readonly Dictionary<Jid, XmppPlace> _known = [];

    /// <exception cref="InvalidOperationException">The lane is not open: whatever is sent there would be refused.</exception>
    public XmppTarget OpenLane(string lane) => _byLane.GetValueOrDefault(lane) is { Room: null or { State: RoomState.Open } } target
        ? target
        : throw new InvalidOperationException($"the lane {lane} is not open");

    /// <summary>Rooms may be many, but each shows one nick of a connection.</summary>
    public int Limit(string text) => XmppAddress.Parse(text, out _) is not { } address ? ManyRooms : PlaceOf(address) switch
    {
        XmppPlace.User => int.MaxValue,
        XmppPlace.Room when rooms.Find(address.Jid) is { } room && !string.Equals(room.Wanted, rooms.Nick(address), StringComparison.Ordinal) => 0,
        _ => ManyRooms,
    };

    public void Enter(string lane, string text)
    {
        if (XmppAddress.Parse(text, out var fault) is { } address)
        {
            Enter(lane, address, PlaceOf(address));
        }
        else
        {
            state.Raise(new ProtocolEvent.Refused(lane, fault!, RefusalKind.Never));
        }
    }

    public void Leave(string lane)
    {
        if (_byLane.Remove(lane, out var target) && target?.Room is { } room)
        {
            rooms.Leave(room, lane);
        }
    }

    private XmppPlace PlaceOf(XmppAddress address) => address.Place != XmppPlace.Unknown ? address.Place : _known.GetValueOrDefault(address.Jid);

    private void Enter(string lane, XmppAddress address, XmppPlace place)
    {
        switch (place)
        {
            case XmppPlace.User:
                Learn(address.Jid, place);
                _byLane[lane] = new XmppTarget(address.Jid, null);
                state.Raise(new ProtocolEvent.Opened(lane));
                break;
            case XmppPlace.Room:
                Learn(address.Jid, place);
                _byLane[lane] = rooms.Enter(lane, address) is { } room ? new XmppTarget(address.Jid, room) : null;
                break;
            default:
                _byLane[lane] = null;
                Discover(lane, address);
                break;
        }
    }

    /// <summary>
    /// Asks the address what it is (XEP-0030). A room that does not exist yet cannot answer, and a user may not want to: then its domain is asked
    /// whether it is a service of rooms.
    /// </summary>
    private void Discover(string lane, XmppAddress address)
    {
        Ask(address.Jid, answer =>
        {
            if (IsRoom(answer) || answer.Result is not null || address.Jid is { Local: null } or { Resource: not null })
            {
                Decide(lane, address, answer);
            }
            else
            {
                Ask(new Jid(null, address.Jid.Domain, null), of => Decide(lane, address, of));
            }
        });
    }

    private void Ask(Jid jid, Action<XmppAnswer> onAnswer) => queries.Ask(jid, "get"u8, "<query xmlns='http://jabber.org/protocol/disco#info'/>"u8, onAnswer);

    private void Decide(string lane, XmppAddress address, XmppAnswer answer)
    {
        // Meanwhile the lane may have been left, or entered by another word.
        if (!_byLane.TryGetValue(lane, out var target) || target is not null)
        {
            return;
        }

        if (answer.Error is { Condition: XmppError.Timeout or "remote-server-not-found" } error)
        {
            _byLane.Remove(lane);
            state.Raise(new ProtocolEvent.Refused(lane, $"cannot find out whether this is a room: {error}", RefusalKind.Later));
        }
        else
        {
            Enter(lane, address, IsRoom(answer) && address.Jid is { Local: not null, Resource: null } ? XmppPlace.Room : XmppPlace.User);
        }
    }

    private static bool IsRoom(XmppAnswer answer) => answer.Result?.Elements(XmppNames.Info + "query").Elements(XmppNames.Info + "identity")
        .Any(i => (string?)i.Attribute("category") is "conference" && (string?)i.Attribute("type") is "text" or null) == true;

    private void Learn(Jid jid, XmppPlace place)
    {
        if (_known.Count >= MaxKnown)
        {
            _known.Clear();
        }

        _known[jid] = place;
    }
}
