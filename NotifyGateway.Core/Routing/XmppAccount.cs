using NotifyGateway.Core.Configuration;
using NotifyGateway.Core.Protocols.Xmpp;

namespace NotifyGateway.Core.Routing;

/// <summary>A configured account, as the router asks it.</summary>
internal sealed class XmppAccount
{
    private readonly bool _joinsUnlisted;
    private readonly Dictionary<Jid, XmppRoomOptions?> _rooms = [];
    private readonly HashSet<string> _services = new(StringComparer.Ordinal);
    private readonly HashSet<Jid> _users;

    /// <exception cref="FormatException">An address is none: the configuration was not validated.</exception>
    public XmppAccount(string name, XmppOptions options)
    {
        Name = name;
        Session = new SessionKey(name);
        Jid = Parse(options.Jid).Bare;
        _joinsUnlisted = options.JoinUnlisted;
        Listed = [.. options.Rooms.Select(r => Parse(r.Jid))];
        DefaultRooms = [.. options.DefaultRooms.Select(Parse)];
        DefaultUsers = [.. options.DefaultUsers.Select(Parse)];
        foreach (var room in options.Rooms)
        {
            _rooms[Parse(room.Jid)] = room;
        }

        foreach (var room in DefaultRooms)
        {
            _rooms.TryAdd(room, null);
        }

        _services.UnionWith(_rooms.Keys.Select(r => r.Domain));
        _users = [.. options.Users.Select(Parse), .. DefaultUsers];
    }

    public string Name { get; }

    public SessionKey Session { get; }

    /// <summary>Without the resource.</summary>
    public Jid Jid { get; }

    /// <summary>The rooms of <c>Rooms</c>, in their order.</summary>
    public IReadOnlyList<Jid> Listed { get; }

    public IReadOnlyList<Jid> DefaultRooms { get; }

    public IReadOnlyList<Jid> DefaultUsers { get; }

    public bool ListsRoom(Jid room) => _rooms.ContainsKey(room);

    public bool MayJoin(Jid room) => _joinsUnlisted || ListsRoom(room);

    /// <summary>Whether this user is listed, with this resource or without any.</summary>
    public bool ListsUser(Jid user) => _users.Contains(user) || _users.Contains(user.Bare);

    /// <summary>Whether a room is listed on this service, so that any name there is a room's.</summary>
    public bool HasRoomsOn(string domain) => _services.Contains(domain);

    /// <summary>Whether the address is on the account's own domain or below it (<c>conference.example.org</c>).</summary>
    public bool IsNear(Jid jid) => jid.Domain.EndsWith(Jid.Domain, StringComparison.Ordinal)
        && (jid.Domain.Length == Jid.Domain.Length || jid.Domain[^(Jid.Domain.Length + 1)] == '.');

    /// <summary>A room; with the configured nick and password if the request brings none.</summary>
    /// <param name="prefix">What the public name begins with, up to the address.</param>
    /// <remarks>A nick that is not our usual one there is a lane of its own: each nick is a connection.</remarks>
    public Destination Room(Jid room, string? nick, string? password, string prefix)
    {
        var listed = _rooms.GetValueOrDefault(room);
        var usual = listed?.Nick ?? Jid.Local;
        var special = string.Equals(nick, usual, StringComparison.Ordinal) ? null : nick;
        var address = new XmppAddress(room, XmppPlace.Room, nick ?? listed?.Nick, password ?? listed?.Password);
        return special is null
            ? new Destination(Session, room.ToString(), address.Format(), $"{prefix}{Shown(room)}?join")
            : new Destination(Session, Lane(room, special), address.Format(), $"{prefix}{Shown(room)}?join;nick={Uri.EscapeDataString(special)}");
    }

    /// <summary>A user, or somebody of whom it is not known whether it is one.</summary>
    /// <inheritdoc cref="Room"/>
    public Destination Other(Jid jid, XmppPlace place, string prefix) =>
        new(Session, jid.ToString(), new XmppAddress(jid, place).Format(), prefix + Shown(jid));

    /// <summary>Somebody of whom it is not known whether it is a room, in which we would have this nick.</summary>
    /// <inheritdoc cref="Room"/>
    public Destination Undecided(Jid jid, string nick, string prefix) => string.Equals(nick, Jid.Local, StringComparison.Ordinal)
        ? Other(jid, XmppPlace.Unknown, prefix)
        : new(Session, Lane(jid, nick), new XmppAddress(jid, XmppPlace.Unknown, nick).Format(), prefix + Shown(jid));

    /// <summary>Whether a room is addressed under the nick that the account has there anyway.</summary>
    public static bool IsUnderUsualNick(Destination destination, XmppAddress room) => string.Equals(destination.Lane, room.Jid.ToString(), StringComparison.Ordinal);

    private static string Lane(Jid room, string nick) => $"{room};nick={nick}";

    /// <summary>As it stands in a URI.</summary>
    private static string Shown(Jid jid) => new XmppAddress(jid, XmppPlace.Unknown).Format();

    private static Jid Parse(string text) => Jid.Parse(text, out var fault) ?? throw new FormatException($"an XMPP address of the configuration is none: {fault}");
}
