using System.Globalization;
using System.Text.Json.Nodes;
using NotifyGateway.Core.Configuration;
using NotifyGateway.Core.Protocols.Xmpp;

namespace NotifyGateway.Api.Cli.Import;

/// <summary>The configuration of the XMPP MUC Message Gateway: its <c>.pyenv</c> file.</summary>
internal sealed class MucGatewayImport
{
    /// <summary>The name of the account in our configuration.</summary>
    private const string Account = "xmpp";

    private static readonly char[] White = [' ', '\t', '\r', '\n'];

    private readonly List<string> _notes = [];
    private readonly JsonObject _hooks = [];
    private readonly Dictionary<string, JsonObject> _rooms = new(StringComparer.Ordinal);

    /// <summary>Null when the text has none of that system's variables.</summary>
    public static Imported? Read(string text)
    {
        var file = EnvironmentFile.Parse(text);
        return file.Values.ContainsKey("KNOWN_ROOMS") || file.Values.ContainsKey("JID_FROM_USER") ? new MucGatewayImport().Convert(file) : null;
    }

    private Imported Convert(EnvironmentFile file)
    {
        _notes.AddRange(file.Faults);
        var format = Format(file.Values.GetValueOrDefault("MESSAGE_FORMAT"));
        var number = 0;
        foreach (var room in file.Values.GetValueOrDefault("KNOWN_ROOMS", "").Split(White, StringSplitOptions.RemoveEmptyEntries))
        {
            AddHook(room.Split(':', 3), format, ++number);
        }

        if (number == 0)
        {
            _notes.Add("KNOWN_ROOMS: names no room, so there is no hook");
        }

        var configuration = new JsonObject
        {
            ["Gateway"] = new JsonObject { ["Xmpp"] = new JsonObject { [Account] = ReadAccount(file.Values) }, ["Hooks"] = _hooks },
        };
        if (LogLevel(file.Values) is { } level)
        {
            configuration["Logging"] = new JsonObject { ["LogLevel"] = new JsonObject { ["Default"] = level } };
        }

        _notes.AddRange(file.Values.Keys.Except(["JID_FROM_USER", "JID_FROM_PASS", "KNOWN_ROOMS", "MESSAGE_FORMAT", "LOG_LEVEL", "XMPP_LOG_LEVEL"], StringComparer.Ordinal)
            .Select(name => $"{name}: is no variable of the XMPP MUC Message Gateway"));
        _notes.Add("the address: that gateway listened to port 5000 of every address (Docker: 10080); start this one with --urls http://*:5000, or change the senders' URLs");
        _notes.Add("certificates: that gateway checked none; here the XMPP server's must be valid, or named with TlsCaFile or TlsFingerprint");
        return new Imported(configuration, _notes);
    }

    private JsonObject ReadAccount(IReadOnlyDictionary<string, string> values)
    {
        var jid = values.GetValueOrDefault("JID_FROM_USER", "").Trim();
        var slash = jid.IndexOf('/', StringComparison.Ordinal);
        var account = new JsonObject { ["Jid"] = slash < 0 ? jid : jid[..slash], ["Password"] = values.GetValueOrDefault("JID_FROM_PASS", "") };
        if (slash >= 0)
        {
            account["Resource"] = jid[(slash + 1)..];
        }

        account["Rooms"] = new JsonArray([.. _rooms.Values]);
        return account;
    }

    /// <param name="parts">Token, room, nick.</param>
    private void AddHook(string[] parts, string format, int number)
    {
        var where = string.Create(CultureInfo.InvariantCulture, $"KNOWN_ROOMS, entry {number}");
        if (parts is not [{ Length: > 0 } token, var room, { Length: > 0 } nick])
        {
            _notes.Add($"{where}: is no token:room:nick");
            return;
        }

        if (Jid.Parse(room, out var fault) is not { Local: not null, Resource: null } jid)
        {
            _notes.Add($"{where}: the room is no address like ops@conference.example.org{(fault is null ? "" : $": {fault}")}");
            return;
        }

        // The first nick is the one that stays in the room; hooks with others speak by a connection of their own.
        _rooms.TryAdd(jid.ToString(), new JsonObject { ["Jid"] = jid.ToString(), ["Nick"] = nick });
        var name = HookName(nick);
        var hook = new JsonObject();
        hook.SetSecret("Token", token, $"{where}: the token", _notes);
        hook["To"] = new JsonArray($"xmpp:{new XmppAddress(jid, XmppPlace.Unknown).Format()}?join");
        hook["Nick"] = nick;
        hook["Format"] = format;
        _hooks[name] = hook;
    }

    /// <summary>The nick as the name of a hook: without what no name may hold, and not twice.</summary>
    private string HookName(string nick)
    {
        var bare = string.Concat(nick.Select(c => c is ':' or '/' or ',' || char.IsControl(c) ? '-' : c)).Replace("__", "_", StringComparison.Ordinal);
        var name = bare;
        for (var n = 2; _hooks.Any(h => h.Key.Equals(name, StringComparison.OrdinalIgnoreCase)); n++)
        {
            name = string.Create(CultureInfo.InvariantCulture, $"{bare}-{n}");
        }

        return name;
    }

    private string Format(string? format)
    {
        switch (format?.Trim())
        {
            case "json":
                return nameof(HookFormat.Json);
            case "yaml":
                return nameof(HookFormat.Yaml);
            default:
                _notes.Add($"MESSAGE_FORMAT: {(format is null ? "is missing" : "is neither json nor yaml")}, which that gateway answered with 415; Json is taken");
                return nameof(HookFormat.Json);
        }
    }

    private string? LogLevel(IReadOnlyDictionary<string, string> values)
    {
        if (values.GetValueOrDefault("XMPP_LOG_LEVEL") is { Length: > 0 })
        {
            _notes.Add("XMPP_LOG_LEVEL: there is one log; its level is Logging:LogLevel:Default");
        }

        return values.GetValueOrDefault("LOG_LEVEL", "").ToUpperInvariant() switch
        {
            "DEBUG" => "Debug",
            "INFO" => "Information",
            "WARNING" or "WARN" => "Warning",
            "ERROR" => "Error",
            "CRITICAL" => "Critical",
            _ => null,
        };
    }
}
