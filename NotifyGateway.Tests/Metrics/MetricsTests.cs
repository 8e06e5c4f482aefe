using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using NotifyGateway.Api.Http;
using NotifyGateway.Api.Metrics;
using NotifyGateway.Core;
using NotifyGateway.Core.Configuration;
using NotifyGateway.Core.Outbox;
using NotifyGateway.Core.Sessions;
using NotifyGateway.Tests.Http;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Metrics;

/// <summary><c>GET /metrics</c>, over a real Kestrel and an outbox in memory.</summary>
public sealed class MetricsTests
{
    private const string Path = "/metrics";
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly DateTimeOffset Since = new(2025, 8, 20, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Answers_InPrometheusFormat_WithoutASecret()
    {
        await using var host = await DoorHost.StartAsync(o => o with { Anonymous = AnonymousAccess.None });
        var answer = await host.GetAsync(Path);
        Assert.Equal((200, PrometheusText.ContentType), (answer.Code, answer.ContentType));
        Assert.Equal("no-store", answer.Headers["Cache-Control"]);
        Assert.Equal(200, (await host.SendAsync(HttpMethod.Head, Path)).Code);
        Assert.Equal(405, (await host.SendAsync(HttpMethod.Post, Path)).Code);
    }

    [Fact]
    public async Task NeedsASecret_WhereTheConfigurationSaysSo()
    {
        await using var host = await DoorHost.StartAsync(o => o with { MetricsNeedSecret = true });
        var refused = await host.GetAsync(Path);
        Assert.Equal((401, "application/problem+json"), (refused.Code, refused.ContentType));
        Assert.Equal(401, (await host.GetAsync(Path, "Authorization: Bearer wrong")).Code);
        Assert.Equal(401, (await host.GetAsync(Path, "X-Api-Key: gone-secret")).Code);
        Assert.Equal(200, (await host.GetAsync(Path, $"Authorization: Bearer {DoorHost.CiSecret}")).Code);
        Assert.Equal(200, (await host.GetAsync(Path, $"Authorization: Bearer {DoorHost.AdminSecret}")).Code);
    }

    [Fact]
    public async Task Counts_WhatTheDoorsAcceptAndRefuse()
    {
        await using var host = await DoorHost.StartAsync();
        Assert.Equal(0, (await ScrapeAsync(host))["notify_messages_accepted_total{input=\"http\"}"]);
        await host.PostJsonAsync("/api/v1/messages", """{"text":"x"}""");
        await host.PostJsonAsync("/api/v1/messages", """{"text":"x"}""");
        await host.PostJsonAsync("/api/v1/messages", """{"text":"x","to":["#nope"]}""");
        var samples = await ScrapeAsync(host);
        Assert.Equal(2, samples["notify_messages_accepted_total{input=\"http\"}"]);
        Assert.Equal(1, samples["notify_messages_refused_total{input=\"http\",reason=\"unknown_destination\"}"]);
    }

    [Fact]
    public async Task Counts_HowDeliveriesEnd_AndHowLongTheyTook()
    {
        await using var host = await DoorHost.StartAsync();
        await ScrapeAsync(host);
        await using var owner = await OpenAsync(host.Outbox, "net");
        await SettleAsync(host, owner, Outcome.Delivered(Proof.Pong));
        await SettleAsync(host, owner, Outcome.Failed("404 no"));
        await SettleAsync(host, owner, new Outcome(DeliveryStatus.Expired));
        var samples = await ScrapeAsync(host);
        Assert.Equal(1, samples["notify_deliveries_total{session=\"net\",outcome=\"delivered\"}"]);
        Assert.Equal(1, samples["notify_deliveries_total{session=\"net\",outcome=\"failed\"}"]);
        Assert.Equal(1, samples["notify_deliveries_total{session=\"net\",outcome=\"expired\"}"]);
        Assert.Equal(1, samples["notify_delivery_seconds_count"]);
        Assert.Equal(1, samples["notify_delivery_seconds_bucket{le=\"+Inf\"}"]);
        Assert.InRange(samples["notify_delivery_seconds_sum"], 0, 60);
        var buckets = samples.Of("notify_delivery_seconds_bucket").ToList();
        Assert.Equal(17, buckets.Count);
    }

    [Fact]
    public async Task Counts_ABounceAsOneFailureMore_AndSaysThatItWasADelivery()
    {
        await using var host = await DoorHost.StartAsync();
        await ScrapeAsync(host);
        await using var owner = await OpenAsync(host.Outbox, "net");
        var id = await SettleAsync(host, owner, Outcome.Delivered(Proof.Ack));
        owner.Bounce(id, 0, _ => true, "gone");
        owner.Bounce(id, 0, _ => true, "gone");
        var samples = await ScrapeAsync(host);
        Assert.Equal(1, samples["notify_deliveries_total{session=\"net\",outcome=\"delivered\"}"]);
        Assert.Equal(1, samples["notify_deliveries_total{session=\"net\",outcome=\"failed\"}"]);
        Assert.Equal(1, samples["notify_deliveries_total{session=\"net\",outcome=\"bounced\"}"]);
        Assert.Equal(1, samples["notify_delivery_seconds_count"]);
    }

    [Fact]
    public async Task Shows_WhatWaits_AndHowLong()
    {
        var time = new ManualTime();
        await using var host = await DoorHost.StartAsync(sessions: Board(() => [Session("net", SessionState.Waiting), Session("other", SessionState.Online)]), time: time);
        await host.PostJsonAsync("/api/v1/messages", """{"text":"x","to":["#ops","#dev"]}""");
        time.Advance(TimeSpan.FromSeconds(90));
        var samples = await ScrapeAsync(host);
        Assert.Equal(2, samples["notify_queue_depth{session=\"net\"}"]);
        Assert.Equal(90, samples["notify_queue_oldest_seconds{session=\"net\"}"], tolerance: 1);
        Assert.Equal(0, samples["notify_queue_depth{session=\"other\"}"]);
        Assert.Equal(0, samples["notify_queue_oldest_seconds{session=\"other\"}"]);
        Assert.Equal(0, samples["notify_session_up{session=\"net\"}"]);
        Assert.Equal(1, samples["notify_session_up{session=\"other\"}"]);
    }

    [Fact]
    public async Task Forgets_SessionsThatAreNoMore_ButNotWhatWasCounted()
    {
        var time = new ManualTime();
        IReadOnlyList<SessionStatus> sessions = [Session("a", SessionState.Online), Session("b", SessionState.Online)];
        await using var host = await DoorHost.StartAsync(sessions: Board(() => sessions), time: time);
        Assert.Equal(2, (await ScrapeAsync(host)).Of("notify_session_up").Count());
        sessions = [Session("a", SessionState.Faulted)];
        time.Advance(TimeSpan.FromSeconds(1));
        var samples = await ScrapeAsync(host);
        Assert.Equal(["notify_session_up{session=\"a\"}"], samples.Of("notify_session_up"));
        Assert.Equal(0, samples["notify_session_up{session=\"a\"}"]);
        Assert.Contains("notify_deliveries_total{session=\"b\",outcome=\"failed\"}", samples.Of("notify_deliveries_total"));
    }

    [Fact]
    public async Task Groups_SessionsThatStrangersName_AndShowsNoCredentials()
    {
        const string Secret = "hunter2";
        var strangers = Enumerable.Range(0, 200).Select(i => Session(string.Create(CultureInfo.InvariantCulture, $"irc://h{i}.example:6667"), i % 2 == 0 ? SessionState.Online : SessionState.Waiting, "#x"));
        await using var host = await DoorHost.StartAsync(sessions: Board(() => [.. strangers, Session("net", SessionState.Online)]));
        for (var i = 0; i < 3; i++)
        {
            var key = new SessionKey(string.Create(CultureInfo.InvariantCulture, $"irc://me:{Secret}@h{i}.example:6667"));
            await AppendAsync(host.Outbox, new Destination(key, "#x", $"#x {Secret}", $"irc://h{i}.example/#x"));
        }

        var samples = await ScrapeAsync(host);
        Assert.DoesNotContain(Secret, samples.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(".example", samples.Text, StringComparison.Ordinal);
        Assert.Equal(["notify_session_up{session=\"net\"}"], samples.Of("notify_session_up"));
        Assert.Equal(3, samples["notify_queue_depth{session=\"irc://*\"}"]);
        Assert.Equal(100, samples["notify_sessions_on_demand{state=\"online\"}"]);
        Assert.Equal(100, samples["notify_sessions_on_demand{state=\"waiting\"}"]);
    }

    [Fact]
    public async Task Shows_EveryListedChannel_AndNotMoreThanAHundredOthers()
    {
        var channels = Enumerable.Range(0, 5000).Select(i => new ChannelStatus(string.Create(CultureInfo.InvariantCulture, $"#made{i:D4}"), ChannelState.Parked, "473"))
            .Append(new ChannelStatus("#zlisted", ChannelState.Joined, null) { Listed = true })
            .Append(new ChannelStatus("ops@conference.example.org", ChannelState.Parked, null) { Listed = true })
            .Append(new ChannelStatus("ops@conference.example.org", ChannelState.Joined, null) { Listed = true });
        await using var host = await DoorHost.StartAsync(sessions: Board(() => [Session("net", SessionState.Online) with { Channels = [.. channels] }]));
        var samples = await ScrapeAsync(host);
        Assert.Equal(102, samples.Of("notify_channel_joined").Count());
        Assert.Equal(1, samples["notify_channel_joined{session=\"net\",channel=\"#zlisted\"}"]);
        Assert.Equal(1, samples["notify_channel_joined{session=\"net\",channel=\"ops@conference.example.org\"}"]);
        Assert.Equal(0, samples["notify_channel_joined{session=\"net\",channel=\"#made0000\"}"]);
        Assert.Equal(5001, samples["notify_channels{session=\"net\",state=\"parked\"}"]);
    }

    [Fact]
    public async Task Says_WhetherTheOutboxStores_AndWhetherAReloadWasTakenOver()
    {
        await using var host = await DoorHost.StartAsync();
        host.Services.GetRequiredService<Readiness>().MarkStarted();
        var good = await ScrapeAsync(host);
        Assert.Equal((1, 1, 1), (good["notify_ready"], good["notify_outbox_up"], good["notify_config_last_reload_successful"]));
        host.Outbox.Fault = "disk full";
        host.Services.GetRequiredService<ReloadMeter>().Reloaded(successful: false);
        var bad = await ScrapeAsync(host);
        Assert.Equal((0, 0, 0), (bad["notify_ready"], bad["notify_outbox_up"], bad["notify_config_last_reload_successful"]));
        host.Services.GetRequiredService<ReloadMeter>().Reloaded(successful: true);
        Assert.Equal(1, (await ScrapeAsync(host))["notify_config_last_reload_successful"]);
    }

    [Fact]
    public async Task Programs_AreUpUnlessTheyCannotRun()
    {
        await using var host = await DoorHost.StartAsync(sessions: Board(() =>
            [Session("program:mail", SessionState.Idle) with { Protocol = "program" }, Session("program:none", SessionState.Faulted) with { Protocol = "program" }]));
        var samples = await ScrapeAsync(host);
        Assert.Equal((1, 0), (samples["notify_session_up{session=\"program:mail\"}"], samples["notify_session_up{session=\"program:none\"}"]));
        Assert.Empty(samples.Of("notify_session_reconnects_total"));
    }

    [Fact]
    public async Task Scrape_OfTwoThousandSessions_IsQuick()
    {
        var sessions = Enumerable.Range(0, 2000).Select(i => Session(string.Create(CultureInfo.InvariantCulture, $"net{i}"), SessionState.Online, "#ops")).ToArray();
        await using var host = await DoorHost.StartAsync(sessions: Board(() => sessions));
        var store = host.Services.GetRequiredService<MetricStore>();
        await ScrapeAsync(host);
        var clock = Stopwatch.StartNew();
        var length = store.Scrape().Length;
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(2));
        Assert.InRange(length, 500_000, 5_000_000);
    }

    [Fact]
    public async Task Scrapes_AtTheSameTime_EachAnswerWhole()
    {
        await using var host = await DoorHost.StartAsync(sessions: Board(() => [Session("a", SessionState.Online, "#x"), Session("b", SessionState.Online, "#x")]));
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => ScrapeAsync(host)));
        Assert.All(answers, a => Assert.Equal(2, a.Of("notify_channel_joined").Count()));
    }

    [Fact]
    public async Task Counting_AllocatesNothing()
    {
        await using var host = await DoorHost.StartAsync();
        await ScrapeAsync(host);
        var counters = host.Services.GetRequiredService<DoorCounters>();
        host.Counts.Dispose(); // the tests' own listener allocates
        counters.Accepted("http");
        counters.Refused("http", RefusalReason.Full);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            counters.Accepted("http");
            counters.Refused("http", RefusalReason.Full);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        Assert.Equal(1001, (await ScrapeAsync(host))["notify_messages_accepted_total{input=\"http\"}"]);
    }

    private static async Task<Samples> ScrapeAsync(DoorHost host) => new((await host.GetAsync(Path)).Body);

    private static SessionBoard Board(Func<IReadOnlyList<SessionStatus>> sessions) => new(sessions, _ => false);

    private static SessionStatus Session(string name, SessionState state, params string[] channels) =>
        new(name, "irc", state, "bot", "irc.example.org:6697", Since, [.. channels.Select(c => new ChannelStatus(c, ChannelState.Joined, null))], 0, null, null);

    private static async Task<IOutboxReader> OpenAsync(MemoryOutbox outbox, string session) => await outbox.OpenAsync(new SessionKey(session), () => { }, None);

    private static async Task<Guid> SettleAsync(DoorHost host, IOutboxReader owner, Outcome outcome)
    {
        var id = await AppendAsync(host.Outbox, new Destination(new SessionKey("net"), "#ops", "#ops", "net/#ops"));
        owner.Collect([]);
        Assert.True(owner.TryTake("#ops", out var delivery));
        owner.Settle(delivery, outcome);
        return id;
    }

    private static async Task<Guid> AppendAsync(MemoryOutbox outbox, Destination destination)
    {
        var now = TimeProvider.System.GetUtcNow();
        var notification = new Notification { Id = Guid.CreateVersion7(), Client = "ci", Input = "http", Text = "x", AcceptedAt = now, ExpiresAt = now.AddDays(1) };
        return (await outbox.AppendAsync([new OutboxEntry(notification, [destination])], None))[0].MessageId;
    }
}
