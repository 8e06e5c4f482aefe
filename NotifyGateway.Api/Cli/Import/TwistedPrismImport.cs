using System.Text.Json.Nodes;
using NotifyGateway.Core.Protocols.Xmpp;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace NotifyGateway.Api.Cli.Import;

/// <summary>The configuration of TwistedPrism: one YAML file.</summary>
internal sealed class TwistedPrismImport
{
    private const int MaxDepth = 64;

    private readonly List<string> _notes = [];

    /// <summary>Null when the text has none of that system's keys.</summary>
    public static Imported? Read(string text) => Root(text) is { } root && (Node(root, "irc") ?? Node(root, "xmpp")) is not null ? new TwistedPrismImport().Convert(root) : null;

    /// <summary>Null when it is no YAML, no mapping, or nested so deep that reading it on would overflow the stack.</summary>
    private static YamlMappingNode? Root(string text)
    {
        try
        {
            var depth = 0;
            for (var events = new Parser(new StringReader(text)); events.MoveNext(); depth += events.Current!.NestingIncrease)
            {
                if (depth > MaxDepth)
                {
                    return null;
                }
            }

            var yaml = new YamlStream();
            yaml.Load(new StringReader(text));
            return yaml.Documents is [{ RootNode: YamlMappingNode root }, ..] ? root : null;
        }
        catch (Exception e) when (e is YamlException or ArgumentException or InvalidOperationException)
        {
            // The reader says in all these ways that it cannot read on.
            return null;
        }
    }

    private Imported Convert(YamlMappingNode root)
    {
        var networks = new JsonObject();
        foreach (var (name, settings) in Entries(Node(root, "irc")))
        {
            networks[PlainName(name)] = Network(name, settings);
        }

        var accounts = new JsonObject();
        foreach (var (jid, settings) in Entries(Node(root, "xmpp")))
        {
            AddAccount(accounts, jid, settings);
        }

        var gateway = new JsonObject { ["Anonymous"] = "Loopback", ["Irc"] = networks };
        if (accounts.Count > 0)
        {
            gateway["Xmpp"] = accounts;
        }

        var configuration = new JsonObject();
        if (Text(root, "http", "port") is { } http)
        {
            configuration["Urls"] = $"http://127.0.0.1:{http}";
        }

        if (Text(root, "netcat", "port") is { } netcat)
        {
            gateway["Listeners"] = new JsonObject { ["Tcp"] = new JsonObject { ["netcat"] = new JsonObject { ["Endpoint"] = $"127.0.0.1:{netcat}", ["Dialect"] = "TwistedPrism", ["CloseAfter"] = "00:00:00.250" } } };
        }

        configuration["Gateway"] = gateway;
        SetLevel(configuration, Text(root, "logging", "verbosity"));
        Unknown("", root, ["logging", "irc", "xmpp", "netcat", "http"]);
        _notes.Add("the doors: TwistedPrism listened to every address and asked nobody for a secret; here they listen to this machine alone. For senders elsewhere change Urls and Endpoint, and give them a secret (Gateway:Clients) or set Anonymous to Any");
        return new Imported(configuration, _notes);
    }

    private JsonObject Network(string name, YamlMappingNode settings)
    {
        var where = $"irc.{name}";
        var network = new JsonObject { ["Server"] = Text(settings, "server") ?? name };
        network.SetNumber("Port", Text(settings, "port"), $"{where}.port", _notes);
        var tls = IsTrue(Text(settings, "ssl"));
        network["Tls"] = tls;
        if (tls)
        {
            _notes.Add($"{where}.ssl: TwistedPrism checked no certificate; here the server's must be valid, or named with TlsCaFile or TlsFingerprint");
        }

        network["Nick"] = Text(settings, "nick") ?? "twistedprism";
        network.SetText("User", Text(settings, "user"));
        network.SetText("RealName", Text(settings, "realname"));
        network.SetText("ServerPassword", Text(settings, "pass"));
        network.SetPace(Text(settings, "lineRate"), $"{where}.lineRate", _notes);
        if (network.ContainsKey("LinesPerSecond"))
        {
            _notes.Add($"{where}.lineRate: is taken as TwistedPrism took it, seconds between lines, although its manual says lines per second");
        }

        network.SetSeconds("PingInterval", Text(settings, "heartbeatInterval"), $"{where}.heartbeatInterval", _notes);
        network["Channels"] = new JsonArray([.. Items(settings, "channels").Select(c => Channel(where, c)).OfType<JsonNode>()]);
        SetNames(network, "Users", settings, "users");
        SetNames(network, "DefaultChannels", settings, "default_channels");
        SetNames(network, "DefaultUsers", settings, "default_users");
        Unknown(where, settings, ["server", "port", "ssl", "nick", "user", "realname", "pass", "lineRate", "heartbeatInterval", "channels", "users", "default_channels", "default_users"]);
        return network;
    }

    /// <summary>A name; or a mapping with <c>name</c> and <c>key</c>; or the name as the key of a mapping of its own.</summary>
    private JsonObject? Channel(string where, YamlNode node)
    {
        var (name, key) = node switch
        {
            YamlScalarNode { Value: { } scalar } => (scalar, null),
            YamlMappingNode map when (Text(map, "name") ?? Text(map, "channel")) is { } named => (named, Text(map, "key")),
            YamlMappingNode { Children.Count: 1 } map when map.Children[0] is { Key: YamlScalarNode { Value: { } own }, Value: var inner } =>
                (own, inner is YamlMappingNode settings ? Text(settings, "key") : (inner as YamlScalarNode)?.Value),
            _ => (null, null),
        };
        if (name is null)
        {
            _notes.Add($"{where}.channels: an entry is no channel");
            return null;
        }

        var channel = new JsonObject { ["Name"] = name };
        channel.SetText("Key", key);
        return channel;
    }

    private void AddAccount(JsonObject accounts, string address, YamlMappingNode settings)
    {
        if (Jid.Parse(address, out var fault) is not { Local: { } local } jid)
        {
            _notes.Add($"xmpp: a name is no address like bot@example.org{(fault is null ? "" : $": {fault}")}");
            return;
        }

        var name = PlainName(local);
        for (var n = 2; accounts.ContainsKey(name); n++)
        {
            name = FormattableString.Invariant($"{PlainName(local)}-{n}");
        }

        var account = new JsonObject { ["Jid"] = jid.Bare.ToString(), ["Password"] = Text(settings, "pass") ?? "" };
        account.SetText("Resource", jid.Resource);
        SetNames(account, "Users", settings, "users");
        SetNames(account, "DefaultUsers", settings, "users");
        accounts[name] = account;
        Unknown($"xmpp.{name}", settings, ["pass", "users"]);
        _notes.Add($"xmpp.{name}: TwistedPrism sent each message to all its users, whomever it named; here a message that names users goes to those alone");
    }

    private void SetLevel(JsonObject configuration, string? verbosity)
    {
        var level = verbosity switch { "1" => "Warning", "2" => "Information", "3" => "Debug", _ => null };
        if (level is not null)
        {
            configuration["Logging"] = new JsonObject { ["LogLevel"] = new JsonObject { ["Default"] = level } };
        }
        else if (verbosity is not null)
        {
            _notes.Add("logging.verbosity: is none of 1, 2, 3");
        }
    }

    private void Unknown(string where, YamlMappingNode settings, string[] known) =>
        _notes.AddRange(settings.Children.Keys.OfType<YamlScalarNode>().Select(k => k.Value ?? "").Except(known, StringComparer.Ordinal)
            .Select(k => $"{(where.Length > 0 ? $"{where}." : "")}{k}: is no key of TwistedPrism"));

    private static void SetNames(JsonObject target, string key, YamlMappingNode settings, string from)
    {
        if (Node(settings, from) is not null)
        {
            target[key] = new JsonArray([.. Items(settings, from).OfType<YamlScalarNode>().Select(n => JsonValue.Create(n.Value))]);
        }
    }

    private static string PlainName(string name) => string.Concat(name.Select(c => c is ':' or '/' or ',' || char.IsControl(c) ? '-' : c)).Replace("__", "_", StringComparison.Ordinal);

    private static bool IsTrue(string? value) => value?.ToLowerInvariant() is "true" or "yes" or "on" or "1";

    private static YamlNode? Node(YamlMappingNode map, string key) => map.Children.TryGetValue(new YamlScalarNode(key), out var node) && node is not YamlScalarNode { Value: null or "" } ? node : null;

    private static string? Text(YamlMappingNode map, string key) => (Node(map, key) as YamlScalarNode)?.Value;

    private static string? Text(YamlMappingNode map, string section, string key) => Node(map, section) is YamlMappingNode inner ? Text(inner, key) : null;

    private static IEnumerable<YamlNode> Items(YamlMappingNode map, string key) => Node(map, key) switch
    {
        YamlSequenceNode list => list.Children,
        { } one => [one],
        null => [],
    };

    private static IEnumerable<(string Name, YamlMappingNode Settings)> Entries(YamlNode? node) =>
        (node as YamlMappingNode)?.Children.Select(c => ((c.Key as YamlScalarNode)?.Value ?? "", c.Value as YamlMappingNode ?? [])) ?? [];
}
