using NotifyGateway.Core;
using NotifyGateway.Core.Outbox.Sqlite;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Outbox;

/// <summary>The orders of events that threads bring about only now and then.</summary>
public sealed class SessionPartTests : ISessionPartSource
{
    private readonly ManualTime _time = new();
    private readonly List<LaneLoad> _loads = [];
    private readonly SessionPart _part;
    private readonly Lane _lane;

    public SessionPartTests()
    {
        _part = new SessionPart(new SessionKey("libera"), _time, this);
        _lane = _part.Lane("#a");
    }

    void ISessionPartSource.Load(LaneLoad load) => _loads.Add(load);

    private Appended Stored(long sequence) => new(
        _lane,
        sequence,
        new Notification { Id = Guid.NewGuid(), Client = "ci", Input = "http", Text = "text", AcceptedAt = _time.GetUtcNow(), ExpiresAt = _time.GetUtcNow().AddHours(1) },
        new Destination(_part.Key, "#a", "#a", "libera/#a"));

    private static Delivery Loaded(in Appended stored) => new(stored.Sequence, 0, stored.Notification, stored.Destination);

    private void Commit(params ReadOnlySpan<Appended> appended)
    {
        _part.Apply(new LaneChange(_lane, 1, 0, appended.Length));
        _part.Publish(appended);
    }

    private List<long> TakeAll()
    {
        var sequences = new List<long>();
        while (_part.TryTake("#a", out var delivery))
        {
            sequences.Add(delivery.Sequence);
        }

        return sequences;
    }

    [Fact]
    public void PartThatIsForgotten_TakesNoOtherWithIt()
    {
        var parts = new SessionParts(_time, this);
        var before = parts.Get(_part.Key);
        parts.Prune(before);
        var after = parts.Get(_part.Key);
        after.Apply(new LaneChange(after.Lane("#a"), 1, 0, 1));

        parts.Prune(before);

        Assert.Same(after, parts.Find(_part.Key));
    }

    [Fact]
    public void ADeliveryThatWasLoadedBeforeItsCommitWasTold_ComesOnce()
    {
        var (first, second) = (Stored(1), Stored(2));
        Commit(first);
        _part.Attach(() => { });
        Assert.Empty(TakeAll());
        // The load sees what is committed, also what the writer is only about to tell.
        _part.Loaded(_loads[0], [Loaded(first), Loaded(second)], 2, end: true);
        Commit(second);
        Assert.Equal([1, 2], TakeAll());
    }

    [Fact]
    public void ADeliveryCommittedDuringALoadThatDidNotSeeIt_IsLoadedNext()
    {
        var (first, second) = (Stored(1), Stored(2));
        Commit(first);
        _part.Attach(() => { });
        Assert.Empty(TakeAll());
        Commit(second);
        _part.Loaded(_loads[0], [Loaded(first)], 1, end: true);
        Assert.Equal([1], TakeAll());
        _part.Loaded(_loads[1], [Loaded(second)], 2, end: true);
        Assert.Equal([2], TakeAll());
        Assert.Equal(2, _loads.Count);
    }

    [Fact]
    public void WhatALoadReadBeforeARevoke_IsNotHandedOut()
    {
        var (first, second) = (Stored(1), Stored(2));
        Commit(first, second);
        _part.Attach(() => { });
        Assert.Empty(TakeAll());
        Assert.True(_part.TryRevoke(_lane, 1, out _));
        _part.Loaded(_loads[0], [Loaded(first), Loaded(second)], 2, end: true);
        Assert.Empty(TakeAll());
        // Only after the commit may the disk be read again.
        Assert.Single(_loads);
        _part.Unfreeze(_lane, committed: true);
        _part.Loaded(_loads[1], [Loaded(second)], 2, end: true);
        Assert.Equal([2], TakeAll());
    }

    [Fact]
    public void WhatWasRevokedInVain_ComesBackInOrder()
    {
        _part.Attach(() => { });
        var (first, second, third) = (Stored(1), Stored(2), Stored(3));
        Commit(first, second, third);
        Assert.True(_part.TryTake("#a", out _));
        Assert.True(_part.TryRevoke(_lane, 2, out _));
        _part.Unfreeze(_lane, committed: false);
        _part.Loaded(_loads[0], [Loaded(first), Loaded(second), Loaded(third)], 3, end: true);
        Assert.Equal([2, 3], TakeAll());
    }

    [Fact]
    public void ALoadForAnEarlierOwner_IsNotUsed()
    {
        var first = Stored(1);
        Commit(first);
        _part.Attach(() => { });
        Assert.Empty(TakeAll());
        _part.Detach();
        _part.Attach(() => { });
        _part.Loaded(_loads[0], [Loaded(first)], 1, end: true);
        Assert.Empty(TakeAll());
        _part.Loaded(_loads[1], [Loaded(first)], 1, end: true);
        Assert.Equal([1], TakeAll());
    }

    [Fact]
    public void WhatEndsDuringALoadThatReadIt_IsNotHandedOutAgain()
    {
        _part.Attach(() => { });
        var (first, second) = (Stored(1), Stored(2));
        Commit(first, second);
        Assert.True(_part.TryTake("#a", out var taken));
        _part.Explain("#a", "parked");
        Assert.False(_part.TryTake("#a", out _));
        Assert.True(_part.BeginSettle(taken));
        _part.Apply(new LaneChange(_lane, 1, 0, -1));
        _part.Settled([new Ended(_lane, 1)]);
        _part.Loaded(_loads[0], [Loaded(first), Loaded(second)], 2, end: true);
        Assert.Empty(TakeAll());
        _part.Loaded(_loads[1], [Loaded(second)], 2, end: true);
        Assert.Equal([2], TakeAll());
    }

    [Fact]
    public void WhatIsReleasedIntoAForgottenLane_IsLoadedInItsTurn()
    {
        _part.Attach(() => { });
        var (first, second) = (Stored(1), Stored(2));
        Commit(first, second);
        Assert.True(_part.TryTake("#a", out var taken));
        _part.Explain("#a", "parked");
        Assert.Equal([taken], _part.Release([taken]));
        Assert.Empty(TakeAll());
        _part.Loaded(_loads[0], [Loaded(first), Loaded(second)], 2, end: true);
        Assert.Equal([1, 2], TakeAll());
    }

    /// <summary>Kicked from the channel while the next piece of its queue was being read, a session would else take the queue for empty when it is back.</summary>
    [Fact]
    public void ALaneThatWaitsForAReason_IsNamed_WhenWhatWasAskedForCannotBeHandedOut()
    {
        var stored = Stored(1);
        Commit(stored);
        _part.Attach(() => { });
        _part.Collect([]);
        Assert.Empty(TakeAll());
        _part.Explain("#a", "kicked");

        _part.Loaded(_loads[0], [Loaded(stored)], 1, end: true);

        var lanes = new List<string>();
        _part.Collect(lanes);
        Assert.Equal(["#a"], lanes);
        Assert.Single(_loads);
        Assert.Empty(TakeAll());
        _part.Loaded(_loads[1], [Loaded(stored)], 1, end: true);
        Assert.Equal([1], TakeAll());
    }

    [Fact]
    public void CallsItsOwner_OnceUntilItCollects()
    {
        var calls = 0;
        _part.Attach(() => calls++);
        Commit(Stored(1));
        _part.Signal();
        Commit(Stored(2));
        _part.Signal();
        Assert.Equal(1, calls);
        var lanes = new List<string>();
        _part.Collect(lanes);
        Assert.Equal("#a", Assert.Single(lanes));
        Commit(Stored(3));
        _part.Signal();
        Assert.Equal(2, calls);
    }
}
