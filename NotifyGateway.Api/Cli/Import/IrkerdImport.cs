using System.Net;
using System.Text.Json.Nodes;
using NotifyGateway.Core;

namespace NotifyGateway.Api.Cli.Import;

/// <summary>The command line of irkerd, from wherever it is kept: a script, a systemd unit, <c>/etc/default/irker</c>.</summary>
internal sealed class IrkerdImport
{
    private const string Name = "irker";
    private const int Port = 6659;

    /// <summary>Its options that take a value.</summary>
    private static readonly string[] Valued =
    [
        "-c", "--ca-file", "-e", "--cert-file", "-d", "--log-level", "-H", "--host", "-H6", "--host6", "-l", "--log-file", "-n", "--nick",
        "-p", "--password", "-P", "--password-file", "-t", "--timeout", "-i", "--immediate",
    ];

    private readonly List<string> _notes = [];
    private readonly JsonObject _dynamic = [];
    private string? _host;
    private string? _host6;
    private string? _level;

    /// <summary>Null when no line is a command line of irkerd.</summary>
    public static Imported? Read(string text)
    {
        var lines = text.TrimStart('\uFEFF').ReplaceLineEndings("\n").Replace("\\\n", " ", StringComparison.Ordinal).Split('\n')
            .Select(l => l.Trim()).Where(l => l.Length > 0 && l[0] is not ('#' or ';'));
        return lines.Select(Options).OfType<IReadOnlyList<string>>().FirstOrDefault() is { } options ? new IrkerdImport().Convert(options) : null;
    }

    /// <summary>The options of a line: behind <c>irkerd</c>, or the value of a variable such as IRKER_OPTIONS, or the line itself if it begins with one.</summary>
    private static IReadOnlyList<string>? Options(string line)
    {
        if (line.Contains("OPTIONS=", StringComparison.Ordinal))
        {
            var value = ShellWords.Split(line[(line.IndexOf('=', StringComparison.Ordinal) + 1)..]);
            return value is [var one] ? ShellWords.Split(one) : value;
        }

        var words = ShellWords.Split(line.StartsWith("ExecStart=", StringComparison.Ordinal) ? line["ExecStart=".Length..] : line);
        var program = words.FindIndex(w => w.Split('/')[^1] is "irkerd" or "irkerd.py");
        return program >= 0 ? words[(program + 1)..] : words is [['-', not '\0', ..], ..] ? words : null;
    }

    private Imported Convert(IReadOnlyList<string> options)
    {
        for (var i = 0; i < options.Count; i++)
        {
            var (name, value) = options[i].StartsWith("--", StringComparison.Ordinal) && options[i].Split('=', 2) is [var before, var after] ? (before, after) : (options[i], null);
            if (name is "-V" or "--version" or "-h" or "--help")
            {
                continue;
            }

            if (!name.StartsWith('-') || name.Length == 1)
            {
                _notes.Add("a message on the command line: notify-gateway send does that");
            }
            else if (!Valued.Contains(name, StringComparer.Ordinal))
            {
                _notes.Add($"{name}: unknown option of irkerd{(NearestName.To(name.TrimStart('-'), Valued.Where(o => o.StartsWith("--", StringComparison.Ordinal)).Select(o => o[2..])) is { } nearest ? $"; did you mean --{nearest}?" : "")}");
                i += value is null && i + 1 < options.Count && !options[i + 1].StartsWith('-') ? 1 : 0;
            }
            else if (value is null && i + 1 == options.Count)
            {
                _notes.Add($"{name}: has no value behind it");
            }
            else
            {
                Take(name, value ?? options[++i]);
            }
        }

        return new Imported(Configuration(), _notes);
    }

    private void Take(string name, string value)
    {
        switch (name)
        {
            case "-c" or "--ca-file":
                _dynamic["TlsCaFile"] = value;
                break;
            case "-e" or "--cert-file":
                _dynamic["ClientCertificate"] = value;
                break;
            case "-d" or "--log-level":
                _level = value;
                break;
            case "-H" or "--host":
                _host = value;
                break;
            case "-H6" or "--host6":
                _host6 = value;
                break;
            case "-l" or "--log-file":
                _dynamic["TrafficLog"] = value;
                break;
            case "-n" or "--nick":
                _dynamic["Nick"] = value;
                break;
            case "-p" or "--password":
                _dynamic["NickServ"] = new JsonObject { ["Password"] = value };
                break;
            case "-P" or "--password-file":
                _notes.Add($"{name}: put the password into a file Gateway__Dynamic__NickServ__Password of a directory that Gateway:SecretsDirectory names");
                break;
            case "-t" or "--timeout":
                _dynamic.SetSeconds("ConnectTimeout", value, name, _notes);
                break;
            case "-i" or "--immediate":
                _notes.Add($"{name}: notify-gateway send --to {value} does that");
                break;
        }
    }

    private JsonObject Configuration()
    {
        if (_dynamic["NickServ"] is JsonObject login)
        {
            var nick = (string?)_dynamic["Nick"] ?? "irker%03d";
            login["Account"] = nick.Split('%')[0];
            _notes.Add("-p: irkerd identified to the account of whatever nick it had; Gateway:Dynamic:NickServ:Account must name the one that the password belongs to");
        }

        var tcp = new JsonObject();
        var udp = new JsonObject();
        var isLocal = true;
        var wanted = new List<string>();
        if (_host is not null || _host6 is null)
        {
            wanted.Add(_host ?? "127.0.0.1");
        }

        if (_host6 is not null)
        {
            wanted.Add(_host6);
        }

        foreach (var host in wanted)
        {
            var address = host is "localhost" ? IPAddress.Loopback : IPAddress.TryParse(host, out var parsed) ? parsed : null;
            if (address is null)
            {
                _notes.Add($"-H: {host} is a name; an endpoint needs an address");
                continue;
            }

            isLocal &= IPAddress.IsLoopback(address);
            var name = tcp.Count == 0 ? Name : $"{Name}{(tcp.Count + 1).ToString(System.Globalization.CultureInfo.InvariantCulture)}";
            tcp[name] = Door(address);
            udp[name] = Door(address);
        }

        var gateway = new JsonObject { ["Anonymous"] = isLocal ? "Loopback" : "Any", ["DynamicServers"] = new JsonArray("*"), ["Dynamic"] = _dynamic, ["Listeners"] = new JsonObject { ["Tcp"] = tcp, ["Udp"] = udp } };
        _notes.Add(isLocal
            ? "DynamicServers: as with irkerd, whoever may send may name any IRC server; narrow the list if you know them"
            : "Anonymous: as with irkerd, whoever reaches the port may send to any IRC server. Narrow DynamicServers, and let a firewall stand in front");
        var configuration = new JsonObject { ["Gateway"] = gateway };
        if (Level(_level) is { } level)
        {
            configuration["Logging"] = new JsonObject { ["LogLevel"] = new JsonObject { ["Default"] = level } };
        }

        return configuration;
    }

    private static JsonObject Door(IPAddress address) => new() { ["Endpoint"] = new IPEndPoint(address, Port).ToString(), ["Dialect"] = "Irker" };

    private string? Level(string? level)
    {
        switch (level)
        {
            case null:
                return null;
            case "debug":
                return "Debug";
            case "info":
                return "Information";
            case "warning":
                return "Warning";
            case "error":
                return "Error";
            case "critical":
                return "Critical";
            default:
                _notes.Add("-d: is none of critical, error, warning, info, debug");
                return null;
        }
    }
}
