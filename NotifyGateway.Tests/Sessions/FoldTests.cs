using System.Globalization;
using System.Text.RegularExpressions;
using NotifyGateway.Core;
using NotifyGateway.Core.Configuration;
using NotifyGateway.Core.Routing;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Sessions;

/// <summary>More waits for a channel than people will read, after an outage: the outbox and the sessions are real, the server is scripted.</summary>
public sealed partial class FoldTests : IDisposable
{
    private static readonly TimeSpan Outage = TimeSpan.FromMinutes(6);

    private readonly ManualTime _time = new();
    private readonly ScriptedPeer _peer = ScriptedPeer.Start();

    public void Dispose() => _peer.DisposeAsync().AsTask().GetAwaiter().GetResult();

    /// <summary>More than four messages are a storm.</summary>
    private IrcOptions Network => SessionWorld.Irc(_peer.Port) with { Window = 2, MaxLines = 2, FoldAfter = TimeSpan.FromMinutes(5) };

    private static GatewayOptions Options(IrcOptions network) => new()
    {
        PublicUrl = new Uri("https://notify.example/"),
        Irc = new Dictionary<string, IrcOptions>(StringComparer.Ordinal) { [SessionWorld.Network] = network },
    };

    private Task<SessionWorld> PrepareAsync(IrcOptions? network = null, TempFolder? folder = null) => SessionWorld.PrepareAsync(Options(network ?? Network), _time, folder);

    private static async Task<Guid> SayAsync(SessionWorld world, string text, Severity? severity = null, string client = "ci", string to = "net/#ops")
    {
        var result = await world.Intake.AcceptAsync(new Submission { Input = "test", Client = client, To = Addressing.Named(to), Text = text, Severity = severity }, CancellationToken.None);
        Assert.True(result.IsAccepted, result.ToString());
        return result.MessageId;
    }

    private static async Task<List<Guid>> SayManyAsync(SessionWorld world, int count, string what = "m")
    {
        var results = await world.Intake.AcceptAsync(
            [.. Enumerable.Range(0, count).Select(i => SessionWorld.Message("net/#ops", string.Create(CultureInfo.InvariantCulture, $"{what}{i}")) with { Client = "ci" })], CancellationToken.None);
        Assert.All(results, r => Assert.True(r.IsAccepted, r.ToString()));
        return [.. results.Select(r => r.MessageId)];
    }

    private async Task<PeerConnection> ConnectAsync(SessionWorld world, TimeSpan? after = null)
    {
        _time.Advance(after ?? Outage);
        world.Sessions.Start();
        var server = await _peer.WelcomeAsync();
        await server.JoinAsync("#ops");
        return server;
    }

    /// <summary>The one line, its list and the barrier's token.</summary>
    private static async Task<(string Line, Guid List, string Token)> FoldAsync(PeerConnection server, string target = "#ops")
    {
        var line = await server.ExpectAsync(l => l.StartsWith($"PRIVMSG {target} :", StringComparison.Ordinal) && ListLink().IsMatch(l), "the line that folds");
        var ping = await server.ExpectAsync(l => l.StartsWith("PING ", StringComparison.Ordinal), "the barrier");
        return (line[$"PRIVMSG {target} :".Length..], Guid.Parse(ListLink().Match(line).Groups["id"].Value), ping[5..]);
    }

    private static async Task<DeliveryReceipt> ReceiptAsync(SessionWorld world, Guid id) => (await world.Outbox.FindAsync(id, default))!.Deliveries[0];

    [GeneratedRegex("/m/(?<id>[0-9a-f-]{36})$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ListLink();

    [Fact]
    public async Task Tells_AStormInOneLine_ThatCountsAndLinks_AndSettlesAllByItsProof()
    {
        await using var world = await PrepareAsync();
        var ids = new List<Guid> { await SayAsync(world, "first\nsecond line", Severity.Warning), await SayAsync(world, "plain", client: "grafana") };
        ids.AddRange(await SayManyAsync(world, 1100));
        ids.Add(await SayAsync(world, "good", Severity.Success));
        var server = await ConnectAsync(world);
        var (line, list, token) = await FoldAsync(server);

        Assert.Equal($"1,103 messages folded (ci: 1,100, 1 success, 1 warning; grafana: 1) since 12:00 UTC: https://notify.example/m/{list}", line);
        Assert.Equal(DeliveryStatus.Queued, (await ReceiptAsync(world, ids[0])).Status);
        await server.PongAsync(token);
        foreach (var id in ids)
        {
            await world.OutcomeAsync(id);
        }

        var receipt = await ReceiptAsync(world, ids[500]);
        Assert.Equal((DeliveryStatus.Delivered, $"folded into {list}", Proof.Pong, 1), (receipt.Status, receipt.Reason, receipt.Proof, receipt.Attempts));
        var stored = (await world.Outbox.FindAsync(list, default))!;
        var texts = stored.Notification.Text.Split('\n');
        Assert.Equal("1,103 messages for net/#ops", stored.Notification.Title);
        Assert.Equal(["2026-03-01 12:00:00Z ci warning: first", "    second line", "2026-03-01 12:00:00Z grafana: plain", "2026-03-01 12:00:00Z ci: m0"], texts[..4]);
        Assert.Equal(["2026-03-01 12:00:00Z ci success: good", ""], texts[^2..]);
        Assert.Equal(1105, texts.Length);
        Assert.Empty(world.Outbox.Backlog());

        var next = await world.SayAsync("net/#ops", "calm again");
        await server.ProveAsync("#ops", "calm again");
        await world.OutcomeAsync(next);
    }

    [Fact]
    public async Task Tells_ErrorsOneByOne_InTheirOrder_BehindTheLine()
    {
        await using var world = await PrepareAsync();
        await SayManyAsync(world, 3);
        var one = await SayAsync(world, "error one", Severity.Error);
        await SayManyAsync(world, 3);
        var two = await SayAsync(world, "error two", Severity.Error);
        var server = await ConnectAsync(world);
        var (line, _, token) = await FoldAsync(server);
        Assert.StartsWith("6 messages folded (ci: 6) since", line, StringComparison.Ordinal);
        await server.ProveAsync("#ops", Shown("error one"));
        await server.PongAsync(token);
        Assert.Null((await world.OutcomeAsync(one)).Outcome.Reason);
        await server.ProveAsync("#ops", Shown("error two"));
        await world.OutcomeAsync(two);
    }

    [Fact]
    public async Task Tells_OnlyErrors_OneByOne()
    {
        await using var world = await PrepareAsync();
        for (var i = 0; i < 8; i++)
        {
            await SayAsync(world, $"error {i}", Severity.Error);
        }

        await SayAsync(world, "the only other one");
        var server = await ConnectAsync(world);
        for (var i = 0; i < 8; i++)
        {
            await server.ProveAsync("#ops", Shown($"error {i}"));
        }

        await server.ProveAsync("#ops", "the only other one");
    }

    [Theory]
    [InlineData(4, 6, true)]
    [InlineData(5, 4, true)]
    [InlineData(5, 6, false)]
    public async Task Leaves_WhatIsLittle_OrFresh_OrNotToBeFolded(int count, int minutes, bool configured)
    {
        await using var world = await PrepareAsync(configured ? null : Network with { FoldAfter = null });
        await SayManyAsync(world, count);
        var server = await ConnectAsync(world, TimeSpan.FromMinutes(minutes));
        for (var i = 0; i < count; i++)
        {
            await server.ProveAsync("#ops", $"m{i}");
        }
    }

    [Fact]
    public async Task Folds_EachChannelForItself()
    {
        await using var world = await PrepareAsync(Network with { Channels = [new() { Name = "#ops" }, new() { Name = "#quiet" }] });
        await SayManyAsync(world, 6);
        await SayAsync(world, "alone", to: "net/#quiet");
        var server = await ConnectAsync(world);
        await server.JoinAsync("#quiet");
        var lines = new List<string>();
        while (lines.Count < 2)
        {
            lines.Add(await server.ExpectEventuallyAsync(l => l.StartsWith("PRIVMSG", StringComparison.Ordinal), "two messages"));
        }

        Assert.Contains("PRIVMSG #quiet :alone", lines);
        Assert.Contains(lines, l => l.StartsWith("PRIVMSG #ops :6 messages folded", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Folds_AFloodThatTheServerCannotKeepUpWith()
    {
        await using var world = await PrepareAsync(Network with { PingInterval = TimeSpan.FromHours(1) });
        var server = await ConnectAsync(world);
        await SayManyAsync(world, 10);
        var first = await server.MessageAsync("#ops", "m0");
        var second = await server.MessageAsync("#ops", "m1");
        _time.Advance(Outage);
        await server.PongAsync(first);
        await server.PongAsync(second);
        var line = await server.ExpectEventuallyAsync(l => l.Contains("messages folded", StringComparison.Ordinal), "the line");
        Assert.StartsWith("PRIVMSG #ops :8 messages folded", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fails_WhatWasFolded_WhenTheLineIsRefused()
    {
        await using var world = await PrepareAsync();
        var ids = await SayManyAsync(world, 6);
        var server = await ConnectAsync(world);
        var (line, list, token) = await FoldAsync(server);
        await server.SendAsync(":srv 404 gateway #ops :Cannot send to channel (+m)");
        await server.PongAsync(token);

        // Once it may only mean that we are not in; then it is told again under the same link.
        await server.ExpectAsync("JOIN #ops");
        var ping = await server.ExpectAsync(l => l.StartsWith("PING ", StringComparison.Ordinal), "the JOIN's barrier");
        await server.PongAsync(ping[5..]);
        var (again, same, next) = await FoldAsync(server);
        Assert.Equal((line, list), (again, same));
        await server.SendAsync(":srv 404 gateway #ops :Cannot send to channel (+m)");
        await server.PongAsync(next);
        foreach (var id in ids)
        {
            Assert.Equal(Outcome.Failed("404 Cannot send to channel (+m)"), (await world.OutcomeAsync(id)).Outcome);
        }
    }

    [Fact]
    public async Task Repeats_TheSameLine_WhenTheLinkIsLostBeforeTheProof()
    {
        await using var world = await PrepareAsync();
        var ids = await SayManyAsync(world, 6);
        var server = await ConnectAsync(world);
        var (line, list, _) = await FoldAsync(server);
        await SayManyAsync(world, 2, "later");
        await server.ResetAsync();
        var reconnected = _peer.AcceptAsync();
        await Deadline.Poll(() =>
        {
            _time.Advance(TimeSpan.FromMilliseconds(100));
            return reconnected.IsCompleted;
        });

        var next = await reconnected;
        await next.ExpectEventuallyAsync(l => l.StartsWith("USER ", StringComparison.Ordinal), "USER");
        await next.SendAsync(":srv 001 gateway :Welcome", ":srv 376 gateway :End");
        await next.ExpectEventuallyAsync(l => l == "JOIN #ops", "JOIN");
        await next.SendAsync($":gateway!gateway@{IrcScript.Host} JOIN #ops");
        var (again, same, token) = await FoldAsync(next);
        Assert.Equal((line, list), (again, same));
        await next.PongAsync(token);
        await world.OutcomeAsync(ids[^1]);
        await next.ProveAsync("#ops", "later0");
    }

    [Fact]
    public async Task Tells_EverythingOnceMore_AfterACrashBeforeTheProof_AndKeepsTheFirstList()
    {
        var folder = new TempFolder();
        var crashed = await PrepareAsync(folder: folder);
        var ids = await SayManyAsync(crashed, 6);
        var server = await ConnectAsync(crashed);
        var (_, first, _) = await FoldAsync(server);
        await crashed.EndAsync();

        await using var restarted = await PrepareAsync(folder: folder);
        var next = await ConnectAsync(restarted, TimeSpan.Zero);
        var (_, second, token) = await FoldAsync(next);
        await next.PongAsync(token);
        foreach (var id in ids)
        {
            Assert.Equal($"folded into {second}", (await restarted.OutcomeAsync(id)).Outcome.Reason);
        }

        Assert.NotEqual(first, second);
        Assert.Equal((await restarted.Outbox.FindAsync(first, default))!.Notification.Text, (await restarted.Outbox.FindAsync(second, default))!.Notification.Text);
    }

    [Fact]
    public async Task Folds_IntoTheFallback_Too()
    {
        await using var world = await PrepareAsync(Network with { FallbackChannel = "#ops", JoinAttempts = 1 });
        var ids = new List<Guid>();
        for (var i = 0; i < 6; i++)
        {
            ids.Add(await SayAsync(world, $"m{i}", to: "net/#closed"));
        }

        var server = await ConnectAsync(world);
        await server.ExpectAsync("JOIN #closed");
        await server.SendAsync(":srv 473 gateway #closed :Cannot join channel (+i)");
        var (line, list, token) = await FoldAsync(server);
        Assert.StartsWith("[#closed] 6 messages folded (ci: 6)", line, StringComparison.Ordinal);
        await server.PongAsync(token);
        Assert.Equal($"told in #ops: 473 Cannot join channel (+i); folded into {list}", (await world.OutcomeAsync(ids[0])).Outcome.Reason);
    }

    [Fact]
    public async Task Tells_ALargeStormInSeveralLines_AndListsEveryMessageOnce()
    {
        const int Count = 5000;
        await using var world = await PrepareAsync();
        foreach (var chunk in Enumerable.Range(0, Count).Chunk(1000))
        {
            await world.Intake.AcceptAsync([.. chunk.Select(i => SessionWorld.Message("net/#ops", $"message {i}."))], CancellationToken.None);
        }

        var server = await ConnectAsync(world);
        var listed = new List<string>();
        var lines = 0;
        while (listed.Count < Count)
        {
            var (_, list, token) = await FoldAsync(server);
            lines++;
            listed.AddRange((await world.Outbox.FindAsync(list, default))!.Notification.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries));
            await server.PongAsync(token);
        }

        Assert.Equal(Enumerable.Range(0, Count).Select(i => $"2026-03-01 12:00:00Z test: message {i}."), listed);
        Assert.Equal(3, lines);
        await Deadline.Poll(() => world.Outbox.Backlog().Count == 0);
    }

    private static string Shown(string error) => $"\u000304\u0002ERROR\u000f {error}";
}
