using System.Globalization;
using System.Text.Json.Nodes;

namespace NotifyGateway.Api.Cli.Import;

/// <summary>The configuration of Kaoz: <c>/etc/kaoz.conf</c>.</summary>
internal sealed class KaozImport
{
    private const string Name = "kaoz";
    private const string DefaultPort = "9010";
    private const int PlainPort = 6667;

    private static readonly string[] IrcKeys =
    [
        "nickname", "username", "realname", "server", "port", "server_password", "ssl", "reconnection_interval", "line_sleep", "fallback_channel",
        "max_join_attempts", "memory_timeout", "channel_maxlen",
    ];

    private static readonly string[] ListenerKeys = ["host", "port", "password", "ssl", "ssl_cert", "ssl_key"];

    private readonly List<string> _notes = [];

    /// <summary>Null when the text has none of that system's sections.</summary>
    public static Imported? Read(string text)
    {
        var file = IniFile.Parse(text);
        return file.Sections.Intersect(["irc", "listener"], StringComparer.Ordinal).Any() ? new KaozImport().Convert(file) : null;
    }

    private Imported Convert(IniFile file)
    {
        _notes.AddRange(file.Faults);
        var irc = file.Section("irc");
        var listener = file.Section("listener");
        var gateway = new JsonObject { ["Irc"] = new JsonObject { [Name] = Network(irc, file.Section("automessages")) } };
        if (Text(listener, "password") is { Length: > 0 } password)
        {
            var client = new JsonObject();
            client.SetSecret("Secret", password, "[listener] password:", _notes);
            gateway["Clients"] = new JsonObject { [Name] = client };
        }
        else
        {
            _notes.Add("[listener] password: is missing, and nobody may send without one");
        }

        gateway["Listeners"] = new JsonObject { ["Tcp"] = new JsonObject { [Name] = Listener(listener) } };
        Unknown("irc", irc, IrcKeys);
        Unknown("listener", listener, ListenerKeys);
        _notes.AddRange(file.Sections.Except(["irc", "listener", "automessages"], StringComparer.Ordinal).Select(s => $"[{s}]: is no section of Kaoz"));
        return new Imported(new JsonObject { ["Gateway"] = gateway }, _notes);
    }

    private JsonObject Network(IReadOnlyDictionary<string, string> irc, IReadOnlyDictionary<string, string> greetings)
    {
        var network = new JsonObject { ["Server"] = Text(irc, "server") ?? "localhost" };
        network.SetNumber("Port", Text(irc, "port") ?? PlainPort.ToString(CultureInfo.InvariantCulture), "[irc] port", _notes);
        network["Tls"] = IsTrue(irc, "ssl");
        if (IsTrue(irc, "ssl"))
        {
            _notes.Add("[irc] ssl: Kaoz checked no certificate; here the server's must be valid, or named with TlsCaFile or TlsFingerprint");
        }

        network["Nick"] = Text(irc, "nickname") ?? "KaozNotifier";
        network.SetText("User", Text(irc, "username"));
        network.SetText("RealName", Text(irc, "realname"));
        network.SetText("ServerPassword", Text(irc, "server_password"));
        network.SetSeconds("ReconnectMin", Text(irc, "reconnection_interval"), "[irc] reconnection_interval", _notes);
        network.SetPace(Text(irc, "line_sleep"), "[irc] line_sleep", _notes);
        network.SetText("FallbackChannel", Text(irc, "fallback_channel"));
        network.SetNumber("JoinAttempts", Text(irc, "max_join_attempts"), "[irc] max_join_attempts", _notes);
        network.SetSeconds("JoinRetryAfter", Text(irc, "memory_timeout"), "[irc] memory_timeout", _notes);
        if (irc.ContainsKey("channel_maxlen"))
        {
            _notes.Add("[irc] channel_maxlen: nothing is dropped here; Gateway:Outbox:MaxQueuedPerSession says when senders have to wait");
        }

        if (greetings.Count > 0)
        {
            network["Channels"] = new JsonArray([.. greetings.Select(g => new JsonObject { ["Name"] = $"#{g.Key.TrimStart('#')}", ["Greeting"] = Unquoted(g.Value) })]);
        }

        return network;
    }

    private JsonObject Listener(IReadOnlyDictionary<string, string> listener)
    {
        var host = Text(listener, "host") ?? "";
        if (host.Length == 0)
        {
            // Kaoz listens to every address where none is named.
            host = "0.0.0.0";
            _notes.Add("[listener] host: is missing, so that Kaoz listened to every address; the endpoint does too. 127.0.0.1 is safer where no other machine sends");
        }

        var door = new JsonObject
        {
            ["Endpoint"] = $"{(host is "localhost" ? "127.0.0.1" : host.Contains(':', StringComparison.Ordinal) ? $"[{host}]" : host)}:{Text(listener, "port") ?? DefaultPort}",
            ["Dialect"] = "Kaoz",
        };
        if (IsTrue(listener, "ssl"))
        {
            var certificate = Text(listener, "ssl_cert") ?? "";
            door["Tls"] = new JsonObject { ["Certificate"] = certificate, ["Key"] = Text(listener, "ssl_key") ?? certificate };
        }

        return door;
    }

    private void Unknown(string section, IReadOnlyDictionary<string, string> keys, string[] known) =>
        _notes.AddRange(keys.Keys.Except(known, StringComparer.Ordinal).Select(k => $"[{section}] {k}: is no key of Kaoz"));

    private static bool IsTrue(IReadOnlyDictionary<string, string> section, string key) => Text(section, key)?.ToLowerInvariant() is "true" or "yes" or "on" or "1";

    private static string? Text(IReadOnlyDictionary<string, string> section, string key) => section.TryGetValue(key, out var value) ? Unquoted(value) : null;

    /// <summary>An older example of its authors has quotes around the values.</summary>
    private static string Unquoted(string value) => value is ['"', .. var inner, '"'] ? inner : value;
}
