using System.Text.Json;
using NotifyGateway.Api;
using NotifyGateway.Api.Cli.Import;
using NotifyGateway.Core;
using NotifyGateway.Core.Configuration;
using NotifyGateway.Core.Routing;
using NotifyGateway.Fuzz;
using NotifyGateway.Tests.Support;
using static NotifyGateway.Tests.Fuzzing.Inputs;

namespace NotifyGateway.Tests.Fuzzing;

/// <summary>Configurations: ours as JSON and as pairs, and those of the older systems.</summary>
internal static class ConfigurationTargets
{
    private const string Configuration = "NotifyGateway.Core.Configuration.";

    private static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    private static readonly string[] Keys =
    [
        "{\"Gateway\":{", "\"Irc\":{\"a\":{\"Server\":\"s.example\",\"Nick\":\"n\"", "\"Xmpp\":{\"x\":{\"Jid\":\"bot@example.org\",\"Password\":\"p\"", "\"Clients\":{\"c\":{\"Secret\":\"" + Secret + "\"", "\"Hooks\":{\"h\":{\"Token\":\"" + Secret + "\"",
        "\"Programs\":{\"p\":{\"Command\":[\"/bin/true\"]", "\"Listeners\":{\"Tcp\":{\"t\":{\"Endpoint\":\"127.0.0.1:1\",\"Dialect\":\"Auto\"", "\"Aliases\":{\"a\":[\"#x\"]}", "\"To\":[\"#a\"]", "\"PublicUrl\":\"https://e.test\"", "\"Proxy\":\"socks5://u:" + Secret + "@h\"",
        "\"Channels\":[{\"Name\":\"#a\",\"Key\":\"k\"}]", "\"Timeout\":\"00:00:01\"", "\"KnownProxies\":[\"10.0.0.0/8\"]", "\"Anonymous\":\"Any\"", "\"Template\":\"{{x}}\"", "null", "\"00:00:00\"", "\"-1\"", "\"1.00:00:00\"", "// x\n", "}}", "}", "]",
    ];

    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        new("configuration", [Configuration], input => Loaded(ConfigurationSource.Json("f.json", Text(input)), KeysOf(Text(input))))
        {
            MaxLength = 4096,
            AllocatedPerByte = 64 * 1024,
            StepsPerByte = 50_000,
            Words = Keys,
            Samples = () => Inputs.All([
                File.ReadAllText(Path.Combine(RepositoryFiles.Root, "appsettings.json")),
                """{ "Gateway": { "Admin": { "Secret": "SECRET0" }, "Clients": { "a": { "Secret": "SECRET1", "To": ["#x", "libera/*"], "PerMinute": 5, "Expires": "2030-01-01" } }, "Irc": { "libera": { "Server": "s.example", "Nick": "n%02d", "Sasl": { "Password": "SECRET" }, "Proxy": "socks5://u:SECRET@h", "Channels": [ { "Name": "#a", "Key": "k" } ] } }, "Hooks": { "h": { "Token": "SECRET2", "To": ["#a"], "Template": "{{x}}" } } } }""".Replace("SECRET", Secret, StringComparison.Ordinal),
                """{ "Gateway": { "Xmpp": { "x": { "Jid": "bot@example.org", "Password": "p", "Rooms": [ { "Jid": "a@c.example" } ] } }, "Programs": { "m": { "Command": ["/bin/mail", "{{title}}"], "Environment": { "A": "b" } } }, "Escalate": { "To": ["program:m"], "After": "00:10:00" }, "Listeners": { "Tcp": { "t": { "Endpoint": "[::1]:6659", "Dialect": "Irker", "AllowFrom": ["10.0.0.0/8"] } } }, "Otlp": { "Endpoint": "http://c.example", "Headers": { "x": "y" } } } }""",
                """{ "Gateway": { "Irk": {}, "DefaultTo": ["#a"], "defaultto": [], /* twice */ "Aliases": { "a": ["b"], "b": ["a"] }, "Outbox": { "ExpireAfter": "x" }, }, "Gateway:Irc": 1, "Irc": {} }""",
            ]),
        },
        new("settings", [Configuration + "Reading.", Configuration + "Binding."], input =>
        {
            var pairs = Text(input).Split('\n').Select(line => line.Split('=', 2)).Select(p => KeyValuePair.Create(p[0], p.Length > 1 ? p[1] : null)).ToList();
            Loaded(ConfigurationSource.Pairs("environment", pairs), pairs.Select(p => p.Key));
        })
        {
            AllocatedPerByte = 64 * 1024,
            StepsPerByte = 50_000,
            Words = ["Gateway:Irc:libera:", "Gateway:Irc:libera:Nick=bot\n", "Gateway:Irc:libera:Server=s.example\n", "Gateway:DefaultTo:0=#a\n", "Gateway:Clients:a:Secret=" + Secret + "\n", ":0", ":1", "::", "=", "\n", "Gateway:Listeners:Tcp:t:Endpoint=127.0.0.1:5\n"],
            Samples = () => Inputs.All("Gateway:Irc:libera:Server=s.example\nGateway:Irc:libera:Nick=bot\nGateway:Irc:libera:Channels:0:Name=#a", "Gateway:DefaultTo:0=#a\nGateway:DefaultTo:2=#b\nGateway:DefaultTo=\nGateway=x", "Gateway:Admin:Secret=" + Secret + "\nUrls=http://*:1\n::=\n="),
        },
        new("import", ["NotifyGateway.Api.Cli.Import."], Import)
        {
            MaxLength = 4096,
            AllocatedPerByte = 64 * 1024,
            StepsPerByte = 50_000,
            Words = ["irkerd\n", "isso\n", "kaoz\n", "twistedprism\n", "xmpp-muc-gateway\n", "[irc]", "[listener]", "[syscall]", "password = " + Secret + "\n", "export ", "${A:-b}", "\"\"\"", "nargs = 2", "-n irker%03d", "-c #chan", "-H 0.0.0.0", "xmpp:", "irc:", "  - ", "key: value", "&a ", "*a", "!!x ", "<<: *a", "lineRate: 0.0000001"],
            Samples = () =>
            [
                .. Directory.EnumerateFiles(Path.Combine(RepositoryFiles.Root, "NotifyGateway.Tests/Cli/Import/Cases"), "*.txt").Order(StringComparer.Ordinal).Select(f => Bytes(Path.GetFileNameWithoutExtension(f).Split('-')[0] + "\n" + File.ReadAllText(f).ReplaceLineEndings("\n").Split("\n=== ")[0])),
                .. Inputs.All("xmpp-muc-gateway\nexport JID_FROM_USER=\"bot@example.org\"\nJID_FROM_PASS='" + Secret + "'\nKNOWN_ROOMS='[{\"room\":\"a@b\",\"token\":\"t\"}]'\nMESSAGE_FORMAT=json # x\nA=${B:-c}\n", "irkerd\nExecStart=/usr/bin/irkerd -n x -p " + Secret + " \"a b\" \\\n -l f"),
            ],
        },
        new("endpoints", ["NotifyGateway.Api.HttpEndpoint", Configuration + "AddressRanges", Configuration + "ListenerEndpoint", Configuration + "ProxyAddress"], Endpoints)
        {
            MaxLength = 200,
            Words = ["http://", "https://", "[::1]", ":8080", "*", "+", "unix:/", ";", "localhost", "/path", "socks5://", "socks4://", "u:" + Secret + "@", "10.0.0.0/8", "fd00::/8", "::ffff:10.0.0.1"],
            Samples = () => Inputs.All("http://127.0.0.1:8080;https://[::1]:0", "http://unix:/a/b.sock", "http://*:80;http://+", "x;;http://localhost:99999", "127.0.0.1:6659", "[::1]:0", "10.0.0.0/8", "fd00::/8", "socks5://u:" + Secret + "@proxy.test:1080", "socks4://u@[::1]", "http://p:80"),
        },
    ];

    private static void Loaded(ConfigurationSource source, IEnumerable<string>? keys)
    {
        var (options, errors, _) = GatewayConfiguration.Load([source]);
        Holds(options is null == errors.Count > 0, "options and errors, or neither");
        Holds(keys is not null && keys.Any(k => k.Contains(Secret, StringComparison.OrdinalIgnoreCase)) || errors.All(e => !e.ToString().Contains(Secret, StringComparison.OrdinalIgnoreCase)), "an error repeats a secret");
        if (options is not null)
        {
            var state = new GatewayState(options, TimeProvider.System);
            _ = state.Destinations;
            _ = state.Router.Resolve(Addressing.Defaults);
            _ = state.Hooks.Identify(Secret);
        }
    }

    private static void Endpoints(byte[] input)
    {
        var text = Text(input);
        var (endpoints, errors) = HttpEndpoint.ParseAll(text);
        Holds(endpoints.Count + errors.Count <= text.Split(';').Length, "more addresses than there are");
        foreach (var endpoint in endpoints.Where(e => e.ToString().Trim().Length == e.ToString().Length))
        {
            Holds(HttpEndpoint.ParseAll(endpoint.ToString()) is ({ Count: 1 } again, { Count: 0 }) && string.Equals(again[0].ToString(), endpoint.ToString(), StringComparison.Ordinal), $"{endpoint} is another address when it is read again");
            _ = endpoint.FromHere;
        }

        Holds(ListenerEndpoint.Parse(text) is not { } door || door.Equals(ListenerEndpoint.Parse(door.ToString())), "an endpoint is another one when it is read again");
        if (AddressRanges.Wrong(text) is null)
        {
            Holds(new AddressRanges([text]) is { Networks: [var network] } ranges && (network.BaseAddress.IsIPv4MappedToIPv6 || ranges.Contain(network.BaseAddress)), "a network does not hold its own address");
        }

        if (Uri.TryCreate(text, UriKind.Absolute, out var url) && ProxyAddress.Wrong(url) is null)
        {
            var proxy = ProxyAddress.Parse(url);
            Holds(proxy.Port is > 0 and <= 65535 && proxy.Host.Length > 0 && !proxy.ToString().Contains(Secret, StringComparison.Ordinal) | proxy.Host.Contains(Secret, StringComparison.Ordinal), "a proxy that is none, or tells its password");
        }
    }

    /// <summary>All keys; null where it is no JSON.</summary>
    private static List<string>? KeysOf(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, Lenient);
            var keys = new List<string>();
            Walk(document.RootElement);
            return keys;

            void Walk(JsonElement at)
            {
                foreach (var property in at.ValueKind == JsonValueKind.Object ? at.EnumerateObject().ToList() : [])
                {
                    keys.Add(property.Name);
                    Walk(property.Value);
                }

                foreach (var item in at.ValueKind == JsonValueKind.Array ? at.EnumerateArray().ToList() : [])
                {
                    Walk(item);
                }
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static void Import(byte[] input)
    {
        var (name, rest) = Headed(input);
        var text = Text(rest);
        if (ImportFormat.All.FirstOrDefault(f => string.Equals(f.Name, name, StringComparison.Ordinal))?.Read(text) is not { } imported)
        {
            return;
        }

        var json = imported.Configuration.ToJsonString();
        _ = GatewayConfiguration.Load([ConfigurationSource.Json("imported", json)]);
        Holds(imported.Notes.All(n => n.AsSpan().IndexOfAny('\n', '\r') < 0), "a note of several lines");
    }
}
