using NotifyGateway.Core.Configuration;

namespace NotifyGateway.Core.Routing;

/// <summary>A configured network, as the router asks it.</summary>
internal sealed class IrcNetwork
{
    private readonly IrcOptions _options;
    private readonly Dictionary<string, string?> _keys = new(StringComparer.Ordinal);
    private readonly HashSet<string> _nicks;

    public IrcNetwork(string name, IrcOptions options)
    {
        Name = name;
        Session = new SessionKey(name);
        _options = options;
        foreach (var channel in options.Channels)
        {
            _keys[IrcTarget.Fold(channel.Name)] = channel.Key;
        }

        foreach (var channel in options.DefaultChannels)
        {
            _keys.TryAdd(IrcTarget.Fold(channel), null);
        }

        _nicks = new HashSet<string>(options.Users.Concat(options.DefaultUsers).Select(IrcTarget.Fold), StringComparer.Ordinal);
    }

    public string Name { get; }

    public SessionKey Session { get; }

    public bool JoinsUnlisted => _options.JoinUnlisted;

    public IReadOnlyList<string> DefaultChannels => _options.DefaultChannels;

    public IReadOnlyList<string> DefaultUsers => _options.DefaultUsers;

    public int Port => _options.Port ?? DynamicServer.DefaultPort(_options.Tls);

    public bool HasHost(string host) => _options.Server.TrimEnd('.').Equals(host, StringComparison.OrdinalIgnoreCase);

    public bool ListsChannel(string name) => _keys.ContainsKey(IrcTarget.Fold(name));

    public bool ListsNick(string name) => _nicks.Contains(IrcTarget.Fold(name));

    /// <summary>Whether a URL asks for nothing else than what this network logs in with.</summary>
    public bool HasCredentials(DynamicServer server) =>
        (server.User is null || string.Equals(server.User, _options.User ?? _options.Nick, StringComparison.Ordinal))
        && (server.Password is null || string.Equals(server.Password, _options.ServerPassword, StringComparison.Ordinal));

    /// <summary>The key that is configured for a channel.</summary>
    public string? KeyOf(string channel) => _keys.GetValueOrDefault(IrcTarget.Fold(channel));

    /// <summary>The channel here; with the configured key if the request brings none.</summary>
    public Destination Channel(string name, string? key) =>
        Destination(name, IrcTarget.Address(name, key ?? KeyOf(name)));

    public Destination Nick(string name) => Destination(name, name);

    private Destination Destination(string target, string address) => new(Session, IrcTarget.Fold(target), address, $"{Name}/{target}");
}
