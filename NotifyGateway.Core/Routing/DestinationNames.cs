using NotifyGateway.Core.Configuration;

namespace NotifyGateway.Core.Routing;

/// <summary>How a name without any mark of its kind is read, by the list that it stands in.</summary>
internal enum BareWord
{
    /// <summary>An alias; an XMPP address may be a user or a room.</summary>
    Alias,

    /// <summary>In a list of users: also a nick, and an XMPP address is a user's.</summary>
    AliasOrNick,

    /// <summary>In a list of channels: an XMPP address is a room's.</summary>
    AliasOrRoom,
}

/// <summary>Resolves one name at a time, in every form that a destination has.</summary>
internal sealed class DestinationNames
{
    private const int MaxSuggestions = 5;

    private readonly Dictionary<string, IReadOnlyList<string>> _aliases = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, IrcNetwork> _byName = new(StringComparer.OrdinalIgnoreCase);
    private readonly LocalDestinations _local;
    private readonly IReadOnlyList<string> _dynamicServers;
    private readonly DynamicOptions _dynamic;

    public DestinationNames(GatewayOptions options)
    {
        Networks = [.. options.Irc.Select(entry => new IrcNetwork(entry.Key, entry.Value))];
        foreach (var network in Networks)
        {
            _byName.TryAdd(network.Name, network);
        }

        Accounts = new XmppAccounts(options);
        _local = new LocalDestinations(options);
        foreach (var (name, names) in options.Aliases)
        {
            _aliases.TryAdd(name, names);
        }

        _dynamicServers = options.DynamicServers;
        _dynamic = options.Dynamic;
    }

    public IReadOnlyList<IrcNetwork> Networks { get; }

    public XmppAccounts Accounts { get; }

    public Route Resolve(string name, BareWord bareWord)
    {
        var route = new RouteBuilder();
        Resolve(name, bareWord, route, []);
        return route.Build();
    }

    /// <param name="aliases">Aliases met on the way: true while their names are being resolved, false afterwards.</param>
    private void Resolve(string name, BareWord bareWord, RouteBuilder route, Dictionary<string, bool> aliases)
    {
        if (name.Length == 0)
        {
            route.Refuse(name, "the destination's name is empty");
        }
        else if (_local.TryAdd(name, bareWord, route))
        {
            return;
        }
        else if (IrcTarget.IsChannel(name))
        {
            AddChannel(name, route);
        }
        else if (IrcUrl.IsMeant(name))
        {
            AddUrl(name, route);
        }
        else if (XmppUri.IsMeant(name))
        {
            Accounts.AddUri(name, bareWord, route);
        }
        else if (XmppAccounts.IsMeant(name))
        {
            Accounts.AddJid(name, bareWord, route);
        }
        else if (name.IndexOf('/', StringComparison.Ordinal) is >= 0 and var slash)
        {
            AddBehindSlash(name, name[..slash], name[(slash + 1)..], bareWord, route);
        }
        else if (_aliases.TryGetValue(name, out var names))
        {
            AddAlias(name, names, route, aliases);
        }
        else if (bareWord == BareWord.AliasOrNick)
        {
            AddNick(name, route);
        }
        else
        {
            route.Refuse(name, BareWordFault(name));
        }
    }

    private void AddChannel(string name, RouteBuilder route)
    {
        if (IrcTarget.ChannelFault(name) is { } fault)
        {
            route.Refuse(name, fault);
            return;
        }

        var listing = Networks.Where(n => n.ListsChannel(name)).ToArray();
        var joining = Networks.Where(n => n.JoinsUnlisted).ToArray();
        if (listing.Length == 0 && joining.Length != 1)
        {
            route.Refuse(name, Networks.Count == 0 ? "no IRC network is configured"
                : joining.Length == 0 ? $"no network lists {name}, and none joins channels that it does not list"
                : $"no network lists {name}; name one: {Suggest(joining, name)}");
            return;
        }

        foreach (var network in listing.Length > 0 ? listing : joining)
        {
            AddTarget(name, network, name, null, route);
        }
    }

    private void AddNick(string name, RouteBuilder route)
    {
        if (IrcTarget.NickFault(name) is { } fault)
        {
            route.Refuse(name, fault);
            return;
        }

        if (Networks.Count == 0)
        {
            route.Refuse(name, Accounts.All.Count == 0 ? "no IRC network is configured" : $"no IRC network is configured; {AsAddress(name)}");
            return;
        }

        var listing = Networks.Where(n => n.ListsNick(name)).ToArray();
        foreach (var network in listing.Length > 0 ? listing : Networks)
        {
            route.Add(network.Nick(name));
        }
    }

    /// <summary>Adds <c>network/target</c> or <c>account/address</c>.</summary>
    private void AddBehindSlash(string name, string owner, string target, BareWord bareWord, RouteBuilder route)
    {
        if (_byName.TryGetValue(owner, out var network))
        {
            AddTarget(name, network, target, null, route);
        }
        else if (Accounts.Find(owner) is { } account)
        {
            Accounts.AddOnAccount(name, account, target, bareWord, route);
        }
        else
        {
            string[] owners = [.. Networks.Select(n => n.Name), .. Accounts.All.Select(a => a.Name)];
            route.Refuse(name, name.Contains("://", StringComparison.Ordinal) ? "of URLs only irc://, ircs:// and xmpp: are destinations"
                : owners.Length == 0 ? "no IRC network and no XMPP account is configured"
                : $"no network has this name; there is {string.Join(", ", owners.Take(MaxSuggestions))}");
        }
    }

    private void AddUrl(string name, RouteBuilder route)
    {
        if (!IrcUrl.TryParse(name, out var url, out var fault))
        {
            route.Refuse(name, fault!);
            return;
        }

        var ofHost = Networks.Where(n => n.HasHost(url.Server.Host)).ToArray();
        var network = ofHost.Where(n => n.Port == url.Server.Port && n.HasCredentials(url.Server))
            .OrderByDescending(n => url.IsNick || n.ListsChannel(url.Target)).ThenByDescending(n => n.JoinsUnlisted).FirstOrDefault();
        if (network is not null)
        {
            AddTarget(name, network, url.Target, url.Key, route);
        }
        else if (_dynamicServers.Any(pattern => HostPattern.Matches(pattern, url.Server.Host)))
        {
            if (url.Server.PlaintextFault(_dynamic) is { } plaintext)
            {
                route.Refuse(name, plaintext);
                return;
            }

            route.Add(new Destination(url.Server.Key, IrcTarget.Fold(url.Target), IrcTarget.Address(url.Target, url.Key), url.PublicName));
        }
        else
        {
            var why = ofHost.Length == 0 ? ""
                : ofHost.FirstOrDefault(n => n.Port == url.Server.Port) is { } same ? $", and the URL's credentials are not those of network {same.Name}"
                : $", and network {ofHost[0].Name} is on port {ofHost[0].Port}";
            route.Refuse(name, $"host {url.Server.Host} is not in DynamicServers{why}");
        }
    }

    private void AddAlias(string name, IReadOnlyList<string> names, RouteBuilder route, Dictionary<string, bool> aliases)
    {
        // An alias met again beside its first use has added everything already; one met inside itself is a cycle.
        name = name.ToUpperInvariant();
        if (aliases.TryGetValue(name, out var open))
        {
            if (open)
            {
                route.Refuse(name, "the alias names itself");
            }

            return;
        }

        aliases[name] = true;
        foreach (var next in names)
        {
            Resolve(next, BareWord.Alias, route, aliases);
        }

        aliases[name] = false;
    }

    /// <summary>Adds a channel or a nick of one network.</summary>
    /// <param name="name">The whole name, for the refusal.</param>
    public static void AddTarget(string name, IrcNetwork network, string target, string? key, RouteBuilder route)
    {
        if (!IrcTarget.IsChannel(target))
        {
            if (IrcTarget.NickFault(target) is { } fault)
            {
                route.Refuse(name, fault);
                return;
            }

            route.Add(network.Nick(target));
        }
        else if (IrcTarget.ChannelFault(target) is { } fault)
        {
            route.Refuse(name, fault);
        }
        else if (!network.JoinsUnlisted && !network.ListsChannel(target))
        {
            route.Refuse(name, $"network {network.Name} does not list {target}, and joins no channel that it does not list");
        }
        else if ((key ?? network.KeyOf(target)) is { Length: > 0 } used && IrcTarget.KeyFault(used) is { } keyFault)
        {
            route.Refuse(name, keyFault);
        }
        else
        {
            route.Add(network.Channel(target, key));
        }
    }

    private static string Suggest(IEnumerable<IrcNetwork> networks, string target) =>
        string.Join(", ", networks.Take(MaxSuggestions).Select(n => $"{n.Name}/{target}"));

    private string BareWordFault(string name) =>
        IrcTarget.NickFault(name) is not null || Networks.Count + Accounts.All.Count == 0 ? "unknown destination"
            : Networks.Count == 0 ? $"unknown destination; {AsAddress(name)}"
            : $"unknown destination; a channel begins with #, and a nick with its network: {Suggest(Networks, name)}";

    private string AsAddress(string name) => $"an XMPP user is named by address, like {name}@{Accounts.All[0].Jid.Domain}";
}
