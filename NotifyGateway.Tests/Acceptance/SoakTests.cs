using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using NotifyGateway.Tests.Support;
using NotifyGateway.Tests.Support.Servers;
using Xunit;

namespace NotifyGateway.Tests.Acceptance;

/// <summary>
/// Streams to IRC, XMPP and a program while the gateway is killed, its links are cut, black holes swallow them and it is kicked from everywhere: whatever was
/// accepted arrives, in order.
/// A few seconds of it here; <c>bench/soak</c> makes it minutes, by the variable <c>NOTIFY_SOAK_SECONDS</c>.
/// </summary>
public sealed class SoakTests(ITestOutputHelper output)
{
    private const int Window = 32;
    private const int Seed = 20;
    private const string Room = "soak@conference.localhost";

    private static readonly string[] Channels = [.. Enumerable.Range(0, 8).Select(n => string.Create(CultureInfo.InvariantCulture, $"#s{n}"))];
    private static readonly TimeSpan Catching = TimeSpan.FromMinutes(2);

    private readonly Dictionary<string, int> _faults = new(StringComparer.Ordinal);

    [Fact]
    public async Task Kills_Cuts_Kicks_AndBlackHoles_LoseNothing()
    {
        var length = TimeSpan.FromSeconds(int.Parse(Environment.GetEnvironmentVariable("NOTIFY_SOAK_SECONDS") ?? "12", CultureInfo.InvariantCulture));
        using var certificates = new TestCertificates();
        await using var irc = await NgircdServer.StartAsync();
        await using var xmpp = await XmppServer.StartAsync(ProsodyServer.Name, new XmppServerOptions(certificates.Server) { Accounts = [("bot", "botpw"), ("watcher", "watcherpw")] });
        await using var ircWire = new Wire(irc.Port);
        await using var xmppWire = new Wire(xmpp.Port);
        ircWire.Plug();
        xmppWire.Plug();
        await using var channels = await IrcWatcher.ConnectAsync(irc.Port, "watcher", Channels);
        await using var people = await XmppWatcher.ConnectAsync(xmpp, "watcher", "watcherpw", Room);
        using var folder = new TempFolder();
        await using var gateway = await Installation.StartAsync(
            new JsonObject { ["net"] = Watchful(Installation.Network(ircWire.Port, Channels)) },
            settings => Configure(settings["Gateway"]!.AsObject(), xmppWire.Port, certificates, folder["program.txt"]));
        await gateway.JoinedAsync("net", Channels);

        SoakStream[] streams =
        [
            .. Channels.Select(c => new SoakStream(c, "net/" + c, TimeSpan.FromMilliseconds(40))),
            new("room", $"xmpp:{Room}?join", TimeSpan.FromMilliseconds(50)), new("user", "xmpp:watcher@localhost?message", TimeSpan.FromMilliseconds(50)),
            new("program", "program:write", TimeSpan.FromMilliseconds(125)),
        ];
        using var stop = new CancellationTokenSource();
        var running = streams.Select(s => s.RunAsync(gateway.Http, stop.Token)).ToArray();
        await FaultsAsync(length, gateway, ircWire, xmppWire, () => KickAsync(channels, people));
        await stop.CancelAsync();
        await Task.WhenAll(running).Within(Catching);
        foreach (var session in new[] { "net", "chat", "program:write" })
        {
            await gateway.SessionAsync(session, s => s.Text("queued") == "0", "has nothing queued", Catching);
        }

        await channels.SettleAsync();
        await people.Messages.FirstAsync(m => m.Body == Last(streams, "user"), "the last message to the user", Catching);
        string[] seen =
        [
            .. channels.Messages.Entries.Select(m => m.Text), .. people.Messages.Entries.Select(m => m.Body), .. await File.ReadAllLinesAsync(folder["program.txt"]),
        ];
        var repeats = streams.Sum(s => s.Check(seen));

        var faults = _faults.Values.Sum();
        var told = string.Create(CultureInfo.InvariantCulture, $"{streams.Sum(s => s.Accepted)} accepted ({streams.Sum(s => s.Repeated)} posts repeated), lost 0, in order, {repeats} came again; ")
            + string.Join(", ", _faults.Select(f => string.Create(CultureInfo.InvariantCulture, $"{f.Value} {f.Key}")));
        output.WriteLine(told);
        TestContext.Current.SendDiagnosticMessage(told);
        Assert.All(streams, s => Assert.NotEqual(0, s.Accepted));
        Assert.InRange(repeats, 0, faults * Window);
    }

    /// <summary>One fault after the other, drawn by a fixed seed; between two of them the streams flow.</summary>
    private async Task FaultsAsync(TimeSpan length, Installation gateway, Wire irc, Wire xmpp, Func<Task> kick)
    {
        (string Name, Func<Task> Happens)[] kinds =
        [
            ("kills", () => RestartAsync(gateway)),
            ("cuts of IRC", () => CutAsync(irc)), ("cuts of XMPP", () => CutAsync(xmpp)),
            ("black holes of IRC", () => SwallowAsync(irc)), ("cuts of both", async () => await Task.WhenAll(CutAsync(irc), CutAsync(xmpp))),
            ("black holes of XMPP", () => SwallowAsync(xmpp)),
        ];
#pragma warning disable CA5394 // the same faults in each run, not secrets
        var random = new Random(Seed);
        var pause = TimeSpan.FromSeconds(Math.Min(4, length.TotalSeconds / 8));
        using var timer = new PeriodicTimer(pause);
        for (var watch = Stopwatch.StartNew(); watch.Elapsed < length;)
        {
            // Every fourth one at least is a kill, and every fourth a kick.
            foreach (var (name, happens) in random.GetItems(kinds, 2).Prepend(kinds[0]).Append(("kicks from everywhere", kick)))
            {
                await timer.WaitForNextTickAsync();
                await happens();
                _faults[name] = _faults.GetValueOrDefault(name) + 1;
            }
        }
#pragma warning restore CA5394
    }

    private static async Task RestartAsync(Installation gateway)
    {
        await gateway.Process.Kill9Async();
        await gateway.StartAsync();
    }

    private static Task CutAsync(Wire wire)
    {
        wire.Cut();
        wire.Plug();
        return Task.CompletedTask;
    }

    private static Task SwallowAsync(Wire wire)
    {
        wire.Swallow();
        return Task.CompletedTask;
    }

    /// <summary>Whoever spoke last in a channel or in the room has to leave it. If that was a ghost, the server's refusal does not matter.</summary>
    private static async Task KickAsync(IrcWatcher channels, XmppWatcher people)
    {
        var spoke = channels.Messages.Entries;
        await channels.SendAsync([.. Channels.SelectMany(c => spoke.Where(m => m.Target == c).TakeLast(1)).Select(m => $"KICK {m.Target} {m.Nick} :out")]);
        if (people.Messages.Entries.LastOrDefault(m => m.From.StartsWith(Room + "/", StringComparison.Ordinal)) is { } last)
        {
            await people.SendAsync($"<iq type='set' id='kick' to='{Room}'><query xmlns='http://jabber.org/protocol/muc#admin'><item nick='{last.From[(Room.Length + 1)..]}' role='none'/></query></iq>");
        }
    }

    private static string Last(IEnumerable<SoakStream> streams, string place) =>
        streams.Where(s => s.Place == place).Select(s => string.Create(CultureInfo.InvariantCulture, $"{place} number {s.Accepted - 1}")).Single();

    /// <summary>Notices a silent link within a few seconds.</summary>
    private static JsonObject Watchful(JsonObject network)
    {
        network["PingInterval"] = "00:00:02";
        network["PingTimeout"] = "00:00:02";
        return network;
    }

    private static void Configure(JsonObject gateway, int port, TestCertificates certificates, string file)
    {
        gateway["Xmpp"] = new JsonObject
        {
            ["chat"] = Watchful(new JsonObject
            {
                ["Jid"] = "bot@localhost",
                ["Password"] = "botpw",
                ["Host"] = "127.0.0.1",
                ["Port"] = port,
                ["TlsCaFile"] = certificates.Authority.CertificateFile,
                ["MessagesPerSecond"] = 0,
                ["ConnectSpacing"] = "00:00:00",
                ["ReconnectMin"] = "00:00:00.050",
                ["ReconnectMax"] = "00:00:00.200",
                ["JoinRetry"] = "00:00:00.200",
                ["Rooms"] = new JsonArray(new JsonObject { ["Jid"] = Room }),
                ["Users"] = new JsonArray("watcher@localhost"),
            }),
        };
        gateway["Programs"] = new JsonObject
        {
            ["write"] = new JsonObject { ["Command"] = new JsonArray("/bin/sh", "-c", """printf '%s\n' "$1" >> "$0" """, file, "{{text}}") },
        };
    }
}
