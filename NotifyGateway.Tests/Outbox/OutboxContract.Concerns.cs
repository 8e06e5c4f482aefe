using NotifyGateway.Core;
using NotifyGateway.Core.Outbox;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Outbox;

/// <content>The account of what did not arrive in time.</content>
public abstract partial class OutboxContract
{
    private static readonly TimeSpan After = TimeSpan.FromMinutes(10);
    private static readonly WatchTerms All = new(After, null, "teller");

    private async Task<Concern> ConcernAsync(Predicate<Concern> what) => (await ConcernsAsync(c => c.Exists(what))).Find(what)!;

    private async Task<List<Concern>> ConcernsAsync(Predicate<List<Concern>> until)
    {
        List<Concern> found = [];
        await Deadline.Poll(async _ => until(found = [.. await Outbox.ConcernsAsync(None)]), "the concerns that are expected");
        return found;
    }

    private async Task FailAsync(string lane, string reason, params IReadOnlyList<string> texts)
    {
        foreach (var text in texts)
        {
            await AppendAsync(text, To(lane));
        }

        await using var owner = await OutboxOwner.OpenAsync(Outbox, Libera);
        foreach (var delivery in await owner.TakeAsync(lane, texts.Count))
        {
            owner.Reader.Settle(delivery, Outcome.Failed(reason));
        }

        await Deadline.Poll(() => owner.Reader.Depth == 0);
    }

    private async Task<AppendStatus> TellAsync(params IReadOnlyList<Concern> concerns) =>
        (await Outbox.AppendAsync([Entry("told", To("#told")) with { Tells = concerns }], None))[0].Status;

    [Fact]
    public async Task Failures_AreConcerns_CountedByDestinationAndReason_UntilAMessageTellsThem()
    {
        var news = 0;
        Outbox.Concerned += () => Interlocked.Increment(ref news);
        Outbox.Watch(All);
        await FailAsync("#a", "404 no", "one", "two\nmore");
        await FailAsync("#b", "404 no", "three");

        var concerns = await ConcernsAsync(c => c.Sum(x => x.Count) == 3);

        Assert.Equal([("libera/#a", DeliveryStatus.Failed, "404 no", 2L, "two"), ("libera/#b", DeliveryStatus.Failed, "404 no", 1L, "three")],
            concerns.Select(c => (c.To, c.Status, c.Reason, c.Count, c.Line)));
        Assert.NotEqual(0, Volatile.Read(ref news));
        await FailAsync("#a", "404 no", "four");
        Assert.Equal(AppendStatus.Stored, await TellAsync(concerns[0], concerns[1]));
        Assert.Equal([("libera/#a", 1L, "four")], (await Outbox.ConcernsAsync(None)).Select(c => (c.To, c.Count, c.Line)));
    }

    [Fact]
    public async Task Concerns_SurviveAReopening_AndAMessageThatIsRefusedTellsNone()
    {
        Outbox.Watch(All);
        await FailAsync("#a", "no", "one");
        await ReopenAsync();

        var concern = await ConcernAsync(c => c.Count == 1);

        Options = Options with { MaxQueuedPerSession = 1 };
        await ReopenAsync();
        await AppendAsync("fills it", To("#x"));
        Assert.Equal(AppendStatus.Full, await TellAsync(concern));
        Assert.Equal([concern], await Outbox.ConcernsAsync(None));
    }

    [Fact]
    public async Task WhatExpires_IsAConcern_AndWhatIsCancelledIsNone()
    {
        Outbox.Watch(All);
        var cancelled = await AppendAsync("cancelled", To("#a"));
        await Outbox.CancelAsync(cancelled, None);
        var entry = Entry("expired", To("#a"));
        await AppendAsync(entry with { Notification = entry.Notification with { ExpiresAt = Time.GetUtcNow() + TimeSpan.FromMinutes(1) } });
        Time.Advance(TimeSpan.FromMinutes(2));

        var concern = Assert.Single(await ConcernsAsync(c => c.Count > 0));

        Assert.Equal((DeliveryStatus.Expired, "expired", 1L), (concern.Status, concern.Line, concern.Count));
    }

    [Fact]
    public async Task WhatStillWaits_IsAConcernOnce_HoweverItEnds()
    {
        Outbox.Watch(All);
        await using var owner = await OutboxOwner.OpenAsync(Outbox, Libera);
        await AppendAsync("in time", To("#a"));
        owner.Reader.Settle(await owner.TakeAsync("#a"), Outcome.Delivered(Proof.Pong));
        await AppendManyAsync(300, i => To(i % 2 == 0 ? "#a" : "#b"));
        owner.Reader.Explain("#b", "473 invite only");
        Time.Advance(After - TimeSpan.FromSeconds(1));
        await AppendAsync("young", To("#a"));
        Assert.Empty(await Outbox.ConcernsAsync(None));
        Time.Advance(TimeSpan.FromSeconds(2));

        var concerns = await ConcernsAsync(c => c.Sum(x => x.Count) == 300);

        Assert.Equal([("libera/#a", DeliveryStatus.Queued, null, 150L), ("libera/#b", DeliveryStatus.Queued, "473 invite only", 150L)],
            concerns.Select(c => (c.To, c.Status, c.Reason, c.Count)).Order());
        owner.Reader.Explain("#b", null);
        owner.Reader.Settle(await owner.TakeAsync("#a"), Outcome.Failed("404"));
        owner.Reader.Settle(await owner.TakeAsync("#b"), Outcome.Failed("404"));
        await ReopenAsync();
        Outbox.Watch(All);
        Time.Advance(TimeSpan.FromMinutes(20));
        Assert.Equal(301, (await ConcernsAsync(c => c.Sum(x => x.Count) > 300)).Sum(c => c.Count));
        Time.Advance(TimeSpan.FromHours(2));
        Assert.Equal(301, (await Outbox.ConcernsAsync(None)).Sum(c => c.Count));
    }

    [Fact]
    public async Task WhatWaitedForTheGateway_IsGivenAMinute()
    {
        await AppendAsync("old", To("#a"));
        await AppendAsync("delivered at last", To("#b"));
        Time.Advance(TimeSpan.FromMinutes(30));
        await ReopenAsync();
        Outbox.Watch(All);
        await using var owner = await OutboxOwner.OpenAsync(Outbox, Libera);
        Assert.Empty(await Outbox.ConcernsAsync(None));
        await SettleAsync(owner, await owner.TakeAsync("#b"), Outcome.Delivered(Proof.Pong));
        Time.Advance(TimeSpan.FromSeconds(61));

        Assert.Equal(("old", 1L), await ConcernAsync(_ => true) is var concern ? (concern.Line, concern.Count) : default);
    }

    [Fact]
    public async Task OnlyWhatIsAskedFor_IsAConcern()
    {
        Outbox.Watch(All with { Least = Severity.Warning });
        var owner = await OutboxOwner.OpenAsync(Outbox, Libera);
        foreach (var (text, client, severity) in new (string, string, Severity?)[] { ("none", "ci", null), ("info", "ci", Severity.Info), ("warning", "ci", Severity.Warning), ("own", "teller", Severity.Error), ("error", "ci", Severity.Error) })
        {
            var entry = Entry(text, To("#a"));
            await AppendAsync(entry with { Notification = entry.Notification with { Severity = severity, Client = client } });
            owner.Reader.Settle(await owner.TakeAsync("#a"), Outcome.Failed(text));
        }

        Assert.Equal(["error", "warning"], (await ConcernsAsync(c => c.Count >= 2)).Select(c => c.Line).Order(StringComparer.Ordinal));
        await owner.DisposeAsync();
        Outbox.Watch(null);
        await FailAsync("#z", "unwatched", "x");
        Assert.Empty(await Outbox.ConcernsAsync(None));
    }

    [Fact]
    public async Task WhatNobodyWasToldOf_IsForgotten_WhenNobodyWantsToHearOfItAnyMore()
    {
        Outbox.Watch(All);
        await FailAsync("#a", "no", "one");
        Outbox.Watch(null);
        Outbox.Watch(All);
        Assert.Empty(await Outbox.ConcernsAsync(None));
        await FailAsync("#a", "no", "two");

        await ReopenAsync();
        Outbox.Watch(null);
        await Deadline.Poll(async _ => (await Outbox.ConcernsAsync(None)).Count == 0, "nothing is kept for nobody");
        Outbox.Watch(All);

        Assert.Empty(await Outbox.ConcernsAsync(None));
    }

    [Fact]
    public async Task FailuresOfAnyNumberOfSessions_AreFewConcerns()
    {
        Outbox.Watch(All);
        SessionKey[] sessions = [.. Enumerable.Range(0, 800).Select(i => new SessionKey($"irc://host{i}:6667"))];
        await AppendManyAsync(1600, i => To("#c", sessions[i % sessions.Length]));
        foreach (var session in sessions)
        {
            await using var owner = await OutboxOwner.OpenAsync(Outbox, session);
            foreach (var delivery in await owner.TakeAsync("#c", 2))
            {
                owner.Reader.Settle(delivery, Outcome.Failed("unreachable"));
            }
        }

        var concerns = await ConcernsAsync(c => c.Sum(x => x.Count) == 1600);

        Assert.InRange(concerns.Count, 1, 302);
        Assert.Contains(concerns, c => c is { To: "others", Lane: "", Count: > 500 });
        Assert.Equal(AppendStatus.Stored, await TellAsync(concerns));
        Assert.Empty(await Outbox.ConcernsAsync(None));
    }

    [Fact]
    public async Task WhatIsQueuedOnceMore_IsNotToldAgain_AndABounceIs()
    {
        Outbox.Watch(All);
        await using var owner = await OutboxOwner.OpenAsync(Outbox, Libera);
        var failed = await AppendAsync("again", To("#a"));
        await SettleAsync(owner, await owner.TakeAsync("#a"), Outcome.Failed("404"));
        await Outbox.RetryAsync(failed, TimeSpan.FromHours(1), None);
        await SettleAsync(owner, await owner.TakeAsync("#a"), Outcome.Failed("405"));
        var bounced = await AppendAsync("comes back", To("#b"));
        await SettleAsync(owner, await owner.TakeAsync("#b"), Outcome.Delivered(Proof.Ack));
        var before = Ends.Count;
        owner.Reader.Bounce(bounced, 0, _ => true, "service-unavailable");
        await Ends.WaitAsync(before + 1);

        Assert.Equal(["404", "service-unavailable"], (await Outbox.ConcernsAsync(None)).Select(c => c.Reason).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task AnyNumberOfFailures_AreFewConcerns()
    {
        Outbox.Watch(All);
        await AppendManyAsync(6000, i => To($"#c{i % 600}"));
        await using var owner = await OutboxOwner.OpenAsync(Outbox, Libera);
        for (var i = 0; i < 600; i++)
        {
            foreach (var delivery in await owner.TakeAsync($"#c{i}", 10))
            {
                owner.Reader.Settle(delivery, Outcome.Failed($"network unreachable {i}"));
            }
        }

        var concerns = await ConcernsAsync(c => c.Sum(x => x.Count) == 6000);

        Assert.InRange(concerns.Count, 1, 201);
        Assert.Contains(concerns, c => c is { Lane: "", To: "libera", Reason: null, Count: > 1000 });
    }
}
