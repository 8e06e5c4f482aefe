using NotifyGateway.Core.Configuration;
using NotifyGateway.Core.Protocols.Xmpp;

namespace NotifyGateway.Core.Routing;

/// <summary>Resolves XMPP addresses: what stands there, and which account delivers.</summary>
internal sealed class XmppAccounts
{
    private const int MaxSuggestions = 5;
    private const string Scheme = "xmpp:";

    private readonly Dictionary<string, XmppAccount> _byName = new(StringComparer.OrdinalIgnoreCase);

    public XmppAccounts(GatewayOptions options)
    {
        All = [.. options.Xmpp.Select(entry => new XmppAccount(entry.Key, entry.Value))];
        foreach (var account in All)
        {
            _byName.TryAdd(account.Name, account);
        }
    }

    public IReadOnlyList<XmppAccount> All { get; }

    public XmppAccount? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary><c>local@domain[/resource]</c>: no network name holds an <c>@</c>.</summary>
    public static bool IsMeant(string name)
    {
        var at = name.IndexOf('@', StringComparison.Ordinal);
        return at > 0 && at < name.Length - 1 && !name.AsSpan(0, at).Contains('/');
    }

    /// <summary>Adds what a URI names.</summary>
    public void AddUri(string name, BareWord bareWord, RouteBuilder route)
    {
        if (XmppUri.Parse(name, out var fault) is not { } uri)
        {
            route.Refuse(name, fault!);
        }
        else if (uri.Account is null)
        {
            Add(name, uri.Address, bareWord, All, route);
        }
        else if (All.FirstOrDefault(a => a.Jid == uri.Account) is { } account)
        {
            Add(name, uri.Address, bareWord, [account], route);
        }
        else
        {
            route.Refuse(name, All.Count == 0 ? "no XMPP account is configured"
                : $"no account is {uri.Account}; there is {string.Join(", ", All.Take(MaxSuggestions).Select(a => a.Jid))}");
        }
    }

    /// <summary>Adds an address without any mark of what it is.</summary>
    public void AddJid(string name, BareWord bareWord, RouteBuilder route)
    {
        if (Jid.Parse(name, out var fault) is { } jid)
        {
            Add(name, new XmppAddress(jid, XmppPlace.Unknown), bareWord, All, route);
        }
        else
        {
            route.Refuse(name, $"it is no XMPP address: {fault}{(name.Contains('?', StringComparison.Ordinal) ? $"; with a query it begins with {Scheme}" : "")}");
        }
    }

    /// <summary>Adds what <c>account/address</c> names.</summary>
    /// <param name="place">What stands behind the slash.</param>
    public void AddOnAccount(string name, XmppAccount account, string place, BareWord bareWord, RouteBuilder route)
    {
        if (XmppUri.ParsePlace(place, out var fault) is { } address)
        {
            Add(name, address, bareWord, [account], route);
        }
        else
        {
            route.Refuse(name, fault!);
        }
    }

    /// <summary>Adds the defaults of one account.</summary>
    public void AddDefaults(XmppAccount account, bool users, bool rooms, RouteBuilder route)
    {
        foreach (var user in users ? account.DefaultUsers : [])
        {
            Add(user.ToString(), new XmppAddress(user, XmppPlace.User), BareWord.Alias, [account], route);
        }

        foreach (var room in rooms ? account.DefaultRooms : [])
        {
            Add(room.ToString(), new XmppAddress(room, XmppPlace.Room), BareWord.Alias, [account], route);
        }
    }

    /// <summary>The same route, speaking under another nick in each room for which no nick was named, and in what may turn out to be one.</summary>
    public Route Under(string nick, Route route)
    {
        var changed = new RouteBuilder();
        foreach (var destination in route.Destinations)
        {
            changed.Add(Under(nick, destination));
        }

        changed.Add(new Route([], route.Unknown));
        return changed.Build();
    }

    private Destination Under(string nick, Destination destination) =>
        Find(destination.Session.Value) is not { } account || XmppAddress.Parse(destination.Address, out _) is not { } address || !XmppAccount.IsUnderUsualNick(destination, address) ? destination
        : address.Place switch
        {
            XmppPlace.Room => account.Room(address.Jid, nick, address.Password, Prefix(account, address)),
            XmppPlace.Unknown => account.Undecided(address.Jid, nick, Prefix(account, address)),
            _ => destination,
        };

    /// <param name="among">The accounts that may deliver it.</param>
    private void Add(string name, XmppAddress address, BareWord bareWord, IReadOnlyList<XmppAccount> among, RouteBuilder route)
    {
        if (All.Count == 0)
        {
            route.Refuse(name, "no XMPP account is configured");
            return;
        }

        address = address with { Place = PlaceOf(address, bareWord, among) };
        if (Choose(address, among) is not { } account)
        {
            route.Refuse(name, Closed(address.Jid, among));
            return;
        }

        var prefix = Prefix(account, address);
        route.Add(address.Place == XmppPlace.Room
            ? account.Room(address.Jid, address.Nick, address.Password, prefix)
            : account.Other(address.Jid, address.Place, prefix));
    }

    /// <summary>
    /// What stands at an address that does not say so: what some account lists it as, else what its list in the request or its domain
    /// tells. Where nothing does, and a room could be joined, the server will be asked.
    /// </summary>
    private static XmppPlace PlaceOf(XmppAddress address, BareWord bareWord, IReadOnlyList<XmppAccount> among)
    {
        var jid = address.Jid;
        return address.Place != XmppPlace.Unknown ? address.Place
            : jid is { Local: null } or { Resource: not null } ? XmppPlace.User
            : among.Any(a => a.ListsRoom(jid)) ? XmppPlace.Room
            : bareWord == BareWord.AliasOrNick || among.Any(a => a.ListsUser(jid)) ? XmppPlace.User
            : bareWord == BareWord.AliasOrRoom || among.Any(a => a.HasRoomsOn(jid.Domain)) ? XmppPlace.Room
            : among.Any(a => a.MayJoin(jid)) && !among.Any(a => string.Equals(a.Jid.Domain, jid.Domain, StringComparison.Ordinal)) ? XmppPlace.Unknown
            : XmppPlace.User;
    }

    /// <summary>The account that lists it, else one of its domain, else the first; for a room only those that may join it.</summary>
    private static XmppAccount? Choose(XmppAddress address, IReadOnlyList<XmppAccount> among)
    {
        var jid = address.Jid;
        return address.Place == XmppPlace.User
            ? among.FirstOrDefault(a => a.ListsUser(jid)) ?? among.FirstOrDefault(a => a.IsNear(jid)) ?? among[0]
            : among.FirstOrDefault(a => a.ListsRoom(jid)) ?? among.FirstOrDefault(a => a.MayJoin(jid) && a.IsNear(jid)) ?? among.FirstOrDefault(a => a.MayJoin(jid));
    }

    /// <summary>The public name names the account only where it would not be chosen anyway.</summary>
    private string Prefix(XmppAccount account, XmppAddress address) =>
        Choose(address, All) == account ? Scheme
        : All.First(a => a.Jid == account.Jid) == account ? $"{Scheme}//{account.Jid}/"
        : $"{account.Name}/";

    private static string Closed(Jid room, IReadOnlyList<XmppAccount> among)
    {
        var why = among.Count == 1
            ? $"account {among[0].Name} does not list {room}, and joins no room that it does not list"
            : $"no account lists {room}, and none joins rooms that it does not list";
        return NearestName.To(room.ToString(), among.SelectMany(a => a.Listed).Select(r => r.ToString())) is { } near ? $"{why}; did you mean {near}?" : why;
    }
}
