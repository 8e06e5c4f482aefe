using System.Text.Json;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Documents;

/// <summary>
/// A gateway configured as the documents' examples have it, and a shell in which their commands do what their reader means: the
/// program is <c>notify-gateway</c>, the placeholders have values, and the places of the examples are served by the sandbox.
/// </summary>
public sealed class ReaderDesk : IAsyncLifetime
{
    private const string Configuration = """
        {
          "Gateway": {
            "PublicUrl": "http://127.0.0.1:8080",
            "Anonymous": "Loopback",
            "Admin": { "Secret": "ADMIN-of-the-reader" },
            "Clients": { "ci": { "Secret": "SECRET-of-the-reader" } },
            "Aliases": { "oncall": ["libera/alice", "libera/#ops"] },
            "DynamicServers": ["127.0.0.1"],
            "Irc": {
              "libera": {
                "Server": "127.0.0.1", "Port": 6667, "Tls": false, "Nick": "alertbot", "LinesPerSecond": 0, "ConnectSpacing": "00:00:00",
                "Channels": [{ "Name": "#ops" }, { "Name": "#dev" }], "DefaultChannels": ["#ops"]
              }
            },
            "Hooks": { "reader": { "Token": "TOKEN-of-the-reader", "To": ["libera/#ops"], "Repeat": "00:00:00" } },
            "Listeners": {
              "Tcp": {
                "irker": { "Endpoint": "127.0.0.1:6659", "Dialect": "Irker" },
                "prism": { "Endpoint": "127.0.0.1:1079", "Dialect": "TwistedPrism" },
                "kaoz": { "Endpoint": "127.0.0.1:9010", "Dialect": "Kaoz" },
                "netcat": { "Endpoint": "127.0.0.1:1080", "Dialect": "Auto", "CloseAfter": "00:00:00.250" }
              },
              "Udp": { "irker": { "Endpoint": "127.0.0.1:6659", "Dialect": "Irker" } }
            }
          }
        }
        """;

    /// <summary>Who is called by name in the examples, and reads along: a client of IRC with as little as the sandbox asks for.</summary>
    private const string Alice = """
        exec 3<>/dev/tcp/127.0.0.1/6667
        printf 'NICK alice\r\nUSER alice 0 * :Alice\r\nJOIN #ops\r\n' >&3
        while read -r line <&3; do
          printf '%s\n' "$line"
          case $line in PING*) printf 'PONG%s\n' "${line#PING}" >&3 ;; esac
        done
        """;

    private static readonly (string Written, string Meant)[] Stands =
    [
        ("dotnet run --project NotifyGateway.Api --", "notify-gateway"),
        ("https://notify.example.org", "http://127.0.0.1:8080"),
        ("ircs://irc.example.org", "irc://127.0.0.1"),
        ("irc.libera.chat", "127.0.0.1"),
    ];

    private (string Written, string Meant)[] _stands = Stands;
    private Desk? _desk;
    private ChildProcess? _alice;
    private string _id = "";

    /// <summary>What the examples call a message's id.</summary>
    internal const string ExampleId = "0198c1f0-6a5e-7cc1-9d3f-5b8a1c2d3e4f";

    internal ChildProcess Gateway => _desk!.Gateway;

    public async ValueTask InitializeAsync()
    {
        var folder = new TempFolder();
        folder.Write("gateway.json", Configuration);
        var bin = Directory.CreateDirectory(folder["bin"]).FullName;
        Script(bin, "notify-gateway", $"exec {Desk.Program} \"$@\"");
        // An answer that is no success fails the command, and a stream without an end is read for two seconds.
        Script(bin, "curl", "PATH=${PATH#*:}; case \" $* \" in *' -N '*) curl -sS --fail-with-body --max-time 2 \"$@\"; (($? == 28)) ;; *) exec curl -sS --fail-with-body \"$@\" ;; esac");
        Script(bin, "xdg-open", "curl -L \"$@\"");
        Script(bin, "make", "echo built");
        _stands = [.. Stands, ("/etc/notify-gateway/gateway.json", folder["gateway.json"])];
        _desk = await Desk.OpenAsync("--sandbox --config gateway.json", folder);
        await Gateway.Output.FirstAsync(l => l.Contains("/swagger", StringComparison.Ordinal), "the greeting", TimeSpan.FromSeconds(30));
        _alice = _desk.Shell(Alice);
        await _alice.Output.FirstAsync(l => l.Contains(" 366 ", StringComparison.Ordinal), "alice has joined");
        var (_, answer, _) = await RunAsync($$"""curl '127.0.0.1:8080/api/v1/messages?wait=10' -H 'Content-Type: application/json' -d '{"to": ["libera/#ops"], "text": "first"}'""", folder.Path);
        _id = JsonDocument.Parse(answer).RootElement.GetProperty("id").GetString()!;
    }

    public async ValueTask DisposeAsync()
    {
        if (_alice is not null)
        {
            await _alice.DisposeAsync();
        }

        if (_desk is not null)
        {
            await _desk.DisposeAsync();
        }
    }

    /// <summary>A folder for the files of one page.</summary>
    internal string FolderOf(string page) => Directory.CreateDirectory(_desk!.Folder[$"pages/{page}"]).FullName;

    /// <summary>Runs commands of a page, which end at the first failure.</summary>
    internal async Task<(int Exit, string Output, string Error)> RunAsync(string commands, string folder)
    {
        await using var shell = _desk!.Shell($"set -euo pipefail; export PATH='{_desk.Folder["bin"]}':\"$PATH\"\n{Meant(commands)}", folder);
        var exit = await shell.ExitAsync(TimeSpan.FromSeconds(120));
        return (exit, Lines(shell.Output), Lines(shell.Error));
    }

    /// <summary>How many messages the gateway has accepted.</summary>
    internal async Task<int> AcceptedAsync()
    {
        var (_, answer, _) = await RunAsync("curl -H 'X-Api-Key: ADMIN' '127.0.0.1:8080/api/v1/messages?limit=500'", _desk!.Folder.Path);
        return JsonDocument.Parse(answer).RootElement.GetProperty("items").GetArrayLength();
    }

    private string Meant(string commands)
    {
        var meant = _stands.Aggregate(commands, (text, stand) => text.Replace(stand.Written, stand.Meant, StringComparison.Ordinal)).Replace(ExampleId, _id, StringComparison.Ordinal);
        foreach (var secret in new[] { "SECRET", "TOKEN", "ADMIN" })
        {
            meant = System.Text.RegularExpressions.Regex.Replace(meant, $@"\b{secret}\b", $"{secret}-of-the-reader", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1));
        }

        return meant;
    }

    private static string Lines(Journal<string> journal) => string.Concat(journal.Entries.Select(l => l + "\n"));

    private static void Script(string folder, string name, string text)
    {
        var path = Path.Combine(folder, name);
        File.WriteAllText(path, $"#!/usr/bin/env bash\n{text}\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, (UnixFileMode)0b111_101_101);
        }
    }
}
