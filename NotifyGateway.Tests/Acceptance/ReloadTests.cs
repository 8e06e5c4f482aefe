using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Acceptance;

/// <summary>The built gateway, whose files are changed while it runs.</summary>
public sealed class ReloadTests(ITestOutputHelper output)
{
    private const string CiSecret = "ci-secret-4711";
    private const string OtherSecret = "other-secret-4712";

    [Fact]
    public async Task AddedChannel_WhileAThousandMessagesFlow_LosesNoneAndReconnectsNothing()
    {
        await using var server = await NgircdServer.StartAsync();
        await using var watcher = await IrcWatcher.ConnectAsync(server.Port, "watcher", "#flow", "#new");
        var networks = Networks(server.Port, "#flow");
        networks["net"]!["LinesPerSecond"] = 400;
        await using var gateway = await Installation.StartAsync(networks);
        await gateway.JoinedAsync("net", "#flow");
        var since = await SinceAsync(gateway, "net");
        var flow = new Numbered(gateway, "#flow");
        var pouring = Numbered.PourAsync(gateway, [flow], Url(server), 1000);
        await watcher.Messages.CollectAsync(_ => true, 100, "the stream flows");

        await gateway.ChangeAsync(g => Channels(g, "#flow", "#new"));
        var seen = watcher.Messages.Entries.Count;
        await gateway.JoinedAsync("net", "#flow", "#new");
        Assert.Equal("delivered", (await gateway.PostAsync("#new", "welcome", wait: 30)).Text("status"));
        await pouring;

        Assert.Equal(0, await flow.AllSeenAsync(() => watcher.Messages.Entries));
        Assert.Equal(since, await SinceAsync(gateway, "net"));
        Assert.DoesNotContain(watcher.Lines.Entries, l => l.StartsWith(":gateway", StringComparison.Ordinal) && l.Contains(" QUIT", StringComparison.Ordinal));
        Assert.InRange(seen, 100, 999);
        output.WriteLine($"in force after {seen} messages");
    }

    [Fact]
    public async Task RemovedChannel_IsLeft_AndARemovedNetworkToo_AndAnAddedOneConnects()
    {
        await using var server = await NgircdServer.StartAsync();
        await using var watcher = await IrcWatcher.ConnectAsync(server.Port, "watcher", "#a", "#b");
        await using var gateway = await Installation.StartAsync(Networks(server.Port, "#a", "#b"));
        await gateway.JoinedAsync("net", "#a", "#b");
        var since = await SinceAsync(gateway, "net");

        gateway.Change(g => Channels(g, "#a"));
        await watcher.Lines.FirstAsync(l => l.StartsWith(":gateway!", StringComparison.Ordinal) && l.EndsWith("PART #b :", StringComparison.Ordinal), "the PART");
        Assert.Equal(since, await SinceAsync(gateway, "net"));

        gateway.Change(g =>
        {
            g["Irc"]!.AsObject().Remove("net");
            g["Irc"]!["second"] = Installation.Network(server.Port, "#b");
            g["Irc"]!["second"]!["Nick"] = "second";
        });
        await watcher.Lines.FirstAsync(l => l.StartsWith(":gateway!", StringComparison.Ordinal) && l.Contains(" QUIT ", StringComparison.Ordinal), "the QUIT");
        await gateway.JoinedAsync("second", "#b");
        Assert.Equal("delivered", (await gateway.PostAsync("second/#b", "hello", wait: 30)).Text("status"));
        await Deadline.Poll(async token => (await gateway.SessionsAsync(token)).Count == 1, "the removed network is gone");
    }

    [Fact]
    public async Task ClientThatIsDisabled_IsRefusedAtOnce_AlsoOnWhatIsOpen_AndOthersAreServed()
    {
        await using var server = await NgircdServer.StartAsync();
        await using var gateway = await Installation.StartAsync(Networks(server.Port, "#ops"), s =>
        {
            s["Gateway"]!["Clients"]!["ci"] = new JsonObject { ["Secret"] = CiSecret };
            s["Gateway"]!["Clients"]!["other"] = new JsonObject { ["Secret"] = OtherSecret };
        });
        await using var line = await LineClient.ConnectAsync(gateway.NetcatPort);
        Assert.Contains("queued", await SayAsync(line, CiSecret), StringComparison.Ordinal);
        using var events = await EventsAsync(gateway, CiSecret);
        var began = Stopwatch.StartNew();

        gateway.Change(g => g["Clients"]!["ci"]!["Disabled"] = true);
        await Deadline.Poll(async _ => await StatusAsync(gateway, CiSecret) == HttpStatusCode.Unauthorized, "the client is refused");
        output.WriteLine($"refused after {began.ElapsedMilliseconds} ms");

        Assert.Contains("error", await SayAsync(line, CiSecret), StringComparison.Ordinal);
        Assert.Contains("queued", await SayAsync(line, OtherSecret), StringComparison.Ordinal);
        await events.ReadToEndAsync(TestContext.Current.CancellationToken).Within(what: "the event stream ends");
        Assert.Equal(HttpStatusCode.Accepted, await StatusAsync(gateway, OtherSecret));
    }

    [Fact]
    public async Task InvalidChange_IsRefusedWhole_Told_AndTheOldOneGoesOn()
    {
        await using var server = await NgircdServer.StartAsync();
        await using var gateway = await Installation.StartAsync(Networks(server.Port, "#ops"));
        await gateway.JoinedAsync("net", "#ops");

        gateway.Change(g =>
        {
            g["Clients"]!["new"] = new JsonObject { ["Secret"] = CiSecret };
            g["Irc"]!["net"]!["ServerPassword"] = "hunter2-geheim";
            g["Irc"]!["net"]!["Nick"] = "no nick";
            g["Irc"]!["net"]!["Chanels"] = new JsonArray();
        });
        var told = await gateway.ConfigurationAsync(c => c["problems"]!.AsArray().Count > 0, "has problems");

        Assert.Equal(["Gateway:Irc:net:Chanels", "Gateway:Irc:net:Nick"], told["problems"]!.AsArray().Select(p => p!.Text("path")).Order(StringComparer.Ordinal));
        Assert.NotNull(told.Text("refusedAt"));
        Assert.DoesNotContain("geheim", told.ToJsonString() + gateway.Log, StringComparison.Ordinal);
        await Deadline.Poll(() => gateway.Log.Contains("Gateway:Irc:net:Chanels: is unknown; did you mean Channels?", StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(gateway, CiSecret));
        Assert.Equal("delivered", (await gateway.PostAsync("#ops", "goes on", wait: 30)).Text("status"));

        gateway.Change(g =>
        {
            g["Irc"]!["net"]!.AsObject().Remove("Chanels");
            g["Irc"]!["net"]!.AsObject().Remove("ServerPassword");
            g["Irc"]!["net"]!["Nick"] = "gateway";
        });
        await gateway.ConfigurationAsync(c => c["problems"]!.AsArray().Count == 0 && c.Text("refusedAt") is null, "has no problems any more");
        Assert.Equal(HttpStatusCode.Accepted, await StatusAsync(gateway, CiSecret));
    }

    [Fact]
    public async Task WhatIsMendedElsewhere_IsAppliedByItself()
    {
        await using var gateway = await Installation.StartAsync([]);
        var templates = gateway.Process.Folder["templates"];
        gateway.Change(g =>
        {
            g["TemplatesDirectory"] = templates;
            g["Anonymous"] = "Any";
        });
        await gateway.ConfigurationAsync(c => c["problems"]!.AsArray().Any(p => p!.Text("path") == "Gateway:TemplatesDirectory"), "misses the directory");

        Directory.CreateDirectory(templates);

        await gateway.ConfigurationAsync(c => c["problems"]!.AsArray().Count == 0, "is in force");
        await Deadline.Poll(() => gateway.Log.Contains("is in force: Gateway:Anonymous, Gateway:TemplatesDirectory", StringComparison.Ordinal) || gateway.Log.Contains("is in force: Gateway:TemplatesDirectory, Gateway:Anonymous", StringComparison.Ordinal));
    }

    [Fact]
    public async Task FileThatIsWrittenInPieces_OrReplaced_OrGoneForAMoment_IsNeverReadHalf()
    {
        await using var gateway = await Installation.StartAsync([]);
        var file = gateway.Process.Folder["gateway.json"];
        var text = (await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)).Replace("\"Loopback\"", "\"Any\"", StringComparison.Ordinal);

        File.Delete(file);
        await File.WriteAllTextAsync(file, text[..(text.Length / 2)], TestContext.Current.CancellationToken);
        await File.AppendAllTextAsync(file, text[(text.Length / 2)..], TestContext.Current.CancellationToken);
        await Deadline.Poll(() => gateway.Log.Contains("is in force: Gateway:Anonymous", StringComparison.Ordinal));

        Assert.DoesNotContain("is refused", gateway.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Secrets_AreReadAgain_ByTheExchangeOfALink_AndFilesThatComeAndGo()
    {
        using var volume = new TempFolder();
        await MountAsync(volume, "day1", ("Gateway__Hooks__h__Token", "first-token-1"), ("Gateway__Clients__ci__Secret", CiSecret));
        await using var gateway = await Installation.StartAsync([], s =>
        {
            s["Gateway"]!["SecretsDirectory"] = volume.Path;
            s["Gateway"]!["Hooks"] = new JsonObject { ["h"] = new JsonObject { ["To"] = new JsonArray("log") } };
        });
        Assert.Equal("ok", await HookAsync(gateway, "first-token-1"));
        Assert.Equal(HttpStatusCode.Accepted, await StatusAsync(gateway, CiSecret, "log"));

        await MountAsync(volume, "day2", ("Gateway__Hooks__h__Token", "second-token-2"), ("Gateway__Clients__ci__Secret", CiSecret), ("Gateway__Clients__other__Secret", OtherSecret));

        await Deadline.Poll(async _ => await HookAsync(gateway, "second-token-2") == "ok", "the new token is in force");
        Assert.Equal("invalid_token", await HookAsync(gateway, "first-token-1"));
        Assert.Equal(HttpStatusCode.Accepted, await StatusAsync(gateway, OtherSecret, "log"));
        await MountAsync(volume, "day3", ("Gateway__Hooks__h__Token", "second-token-2"), ("Gateway__Clients__other__Secret", OtherSecret));
        await Deadline.Poll(async _ => await StatusAsync(gateway, CiSecret, "log") == HttpStatusCode.Unauthorized, "the client is gone with its file");
        Assert.Contains((await gateway.ConfigurationAsync(_ => true, "is told"))["files"]!.AsArray(), f => f!.ToString() == volume.Path);
    }

    [Fact]
    public async Task WhatIsOpenedOnce_WaitsForARestart_AndIsSaid_AndTheRestIsApplied()
    {
        await using var gateway = await Installation.StartAsync([]);
        await gateway.ChangeAsync(g =>
        {
            g["Outbox"]!["Path"] = "data/other.db";
            g["Listeners"]!["Tcp"]!["kaoz"]!["Endpoint"] = "127.0.0.1:1";
            g["Listeners"]!["Tcp"]!["netcat"]!["AllowFrom"] = new JsonArray("192.0.2.0/24");
            g["Listeners"]!["Udp"]!.AsObject().Remove("irker");
        });
        var told = await gateway.ConfigurationAsync(_ => true, "is told");

        Assert.Equal(["Gateway:Listeners:Tcp:kaoz:Endpoint", "Gateway:Listeners:Udp:irker", "Gateway:Outbox:Path"], told["needsRestart"]!.AsArray().Select(k => k!.ToString()).Order(StringComparer.Ordinal));
        await Deadline.Poll(() => gateway.Log.Contains("Gateway:Outbox:Path has changed, which counts only after a restart", StringComparison.Ordinal));
        await using var turnedAway = await LineClient.ConnectAsync(gateway.NetcatPort);
        Assert.Null(await turnedAway.ReadLineAsync());
        await using var old = await LineClient.ConnectAsync(gateway.KaozPort);

        await gateway.ChangeAsync(g =>
        {
            g["Outbox"]!["Path"] = "data/outbox.db";
            g["Listeners"]!["Tcp"]!["kaoz"]!["Endpoint"] = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{gateway.KaozPort}");
        });
        Assert.Equal(["Gateway:Listeners:Udp:irker"], (await gateway.ConfigurationAsync(_ => true, "is told"))["needsRestart"]!.AsArray().Select(k => k!.ToString()));
    }

    [Fact]
    public async Task Hangup_ReadsTheFilesAgain_AndEndsNothing()
    {
        await using var gateway = await Installation.StartAsync([]);

        gateway.Process.Process.Signal("HUP");

        await Deadline.Poll(() => gateway.Log.Contains("The configuration was read again: it is what is in force", StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.Accepted, await StatusAsync(gateway, null, "log"));
    }

    [Fact]
    public async Task Program_RunsToItsEndAsItWasBegun_AndTheNextRunIsAnother()
    {
        await using var gateway = await Installation.StartAsync([], s => s["Gateway"]!["Programs"] = new JsonObject { ["p"] = Program("echo first > begun; while [ ! -e gate ]; do sleep 0.05; done; echo first >> runs") });
        var first = await gateway.PostAsync("program:p", "x");
        var folder = gateway.Process.Folder;
        await Deadline.Poll(() => File.Exists(folder["begun"]));

        await gateway.ChangeAsync(g => g["Programs"]!["p"] = Program("echo second >> runs"));
        var second = await gateway.PostAsync("program:p", "y");
        folder.Write("gate", "");

        Assert.Equal("delivered", (await gateway.SettledAsync(first.Text("id")!)).Text("status"));
        Assert.Equal("delivered", (await gateway.SettledAsync(second.Text("id")!)).Text("status"));
        Assert.Equal(["first", "second"], await File.ReadAllLinesAsync(folder["runs"], TestContext.Current.CancellationToken));
        await gateway.ChangeAsync(g => g["Programs"] = new JsonObject());
        Assert.Equal(HttpStatusCode.UnprocessableEntity, await StatusAsync(gateway, null, "program:p"));
        await Deadline.Poll(async token => (await gateway.SessionsAsync(token)).Count == 0, "the program is gone");
    }

    private static JsonObject Networks(int port, params string[] channels) => new() { ["net"] = Installation.Network(port, channels) };

    private static JsonObject Program(string script) => new() { ["Command"] = new JsonArray("/bin/sh", "-c", script) };

    private static void Channels(JsonObject gateway, params string[] names) =>
        gateway["Irc"]!["net"]!["Channels"] = new JsonArray([.. names.Select(n => new JsonObject { ["Name"] = n })]);

    private static string Url(NgircdServer server) => string.Create(CultureInfo.InvariantCulture, $"irc://127.0.0.1:{server.Port}/");

    private static async Task<string?> SinceAsync(Installation gateway, string session) => (await gateway.SessionAsync(session, s => s.Text("state") == "online", "is online")).Text("since");

    private static async Task<string?> SayAsync(LineClient line, string secret)
    {
        await line.SendAsync($$"""{"to":["net/#ops"],"text":"x","reply":true,"secret":"{{secret}}"}""" + "\n");
        return await line.ReadLineAsync();
    }

    private static async Task<HttpStatusCode> StatusAsync(Installation gateway, string? secret, string to = "#ops")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/messages") { Content = JsonContent.Create(new { to = new[] { to }, text = "x" }) };
        if (secret is not null)
        {
            request.Headers.Add("X-Api-Key", secret);
        }

        using var answer = await gateway.Http.SendAsync(request, TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }

    private static async Task<string> HookAsync(Installation gateway, string token)
    {
        using var answer = await gateway.Http.PostAsJsonAsync($"/hooks/{token}", new { text = "x" }, TestContext.Current.CancellationToken);
        return await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }

    private static async Task<StreamReader> EventsAsync(Installation gateway, string secret)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/events") { Headers = { { "X-Api-Key", secret } } };
        var answer = await gateway.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        return new StreamReader(await answer.EnsureSuccessStatusCode().Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>A volume as Kubernetes mounts it: each file is a link into <c>..data</c>, which is a link that is exchanged in one step.</summary>
    private static async Task MountAsync(TempFolder volume, string day, params (string Name, string Value)[] files)
    {
        Directory.CreateDirectory(volume[day]);
        foreach (var (name, value) in files)
        {
            volume.Write($"{day}/{name}", value);
        }

        // .NET does not rename a link to a folder.
        using var exchange = Process.Start("sh", ["-c", """ln -s "$1" "$0/..tmp" && mv -T "$0/..tmp" "$0/..data" """, volume.Path, day]);
        await exchange.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, exchange.ExitCode);
        foreach (var (name, _) in files.Where(f => !File.Exists(volume[f.Name])))
        {
            File.CreateSymbolicLink(volume[name], $"..data/{name}");
        }

        // What is no more has a link that leads nowhere until it is tidied away.
        foreach (var link in Directory.EnumerateFiles(volume.Path, "Gateway__*").Where(l => File.ResolveLinkTarget(l, returnFinalTarget: true) is { Exists: false }))
        {
            File.Delete(link);
        }
    }
}
