using Xunit;
using Xunit.Sdk;

namespace NotifyGateway.Tests.Support;

public sealed class JournalTests
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(30);

    [Fact]
    public async Task Finds_WhatHasHappenedAndWhatWillHappen()
    {
        var journal = new Journal<int>("j");
        journal.Add(1);
        journal.Add(2);
        var three = journal.CollectAsync(n => n % 2 == 1, 2, "odd numbers");
        Assert.False(three.IsCompleted);
        journal.Add(3);

        Assert.Equal([1, 3], await three.Within());
        Assert.Equal(3, await journal.FirstAsync(n => n > 1, "more than one", from: 2));
        Assert.Equal(2, await journal.AtAsync(1, "the second"));
    }

    [Fact]
    public async Task Fails_AtTheDeadline_WithWhatItHolds()
    {
        var journal = new Journal<string>("lines");
        journal.Add("seen");

        var failed = await Assert.ThrowsAsync<FailException>(() => journal.FirstAsync(line => line == "missing", "the missing line", Short));
        Assert.Contains("lines: not in time: the missing line (0 of 1)", failed.Message, StringComparison.Ordinal);
        Assert.Contains("  seen", failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fails_AtOnce_WhenNoMoreCanCome()
    {
        var journal = new Journal<string>("lines");
        var waiting = journal.AtAsync(0, "a line", TimeSpan.FromMinutes(5));
        journal.End("the process has ended");
        journal.Add("too late");

        var failed = await Assert.ThrowsAsync<FailException>(() => waiting.Within());
        Assert.Contains("the process has ended", failed.Message, StringComparison.Ordinal);
        Assert.Empty(journal.Entries);
    }

    [Fact]
    public async Task LosesNothing_BetweenThreads()
    {
        var journal = new Journal<int>("numbers");
        var all = journal.CollectAsync(_ => true, 20_000, "all numbers");
        await Task.WhenAll(Enumerable.Range(0, 4).Select(part => Task.Run(() =>
        {
            for (var i = 0; i < 5_000; i++)
            {
                journal.Add((part * 5_000) + i);
            }
        })));

        Assert.Equal(Enumerable.Range(0, 20_000), (await all).Order());
    }

    [Fact]
    public async Task Within_NamesWhatDidNotHappen_AndPassesExceptionsOn()
    {
        var never = new TaskCompletionSource().Task;
        var failed = await Assert.ThrowsAsync<FailException>(() => never.Within(Short));
        Assert.Contains("never", failed.Message, StringComparison.Ordinal);

        // A task's own TimeoutException is its own affair.
        await Assert.ThrowsAsync<TimeoutException>(() => Task.FromException(new TimeoutException()).Within());
        Assert.Equal(7, await Task.FromResult(7).Within());
    }

    [Fact]
    public async Task Poll_AsksAgain_UntilTheDeadline()
    {
        var asked = 0;
        await Deadline.Poll(_ => Task.FromResult(++asked == 3), "the third time");
        Assert.Equal(3, asked);

        var failed = await Assert.ThrowsAsync<FailException>(() => Deadline.Poll(_ => Task.FromResult(false), "rain", Short));
        Assert.Contains("rain", failed.Message, StringComparison.Ordinal);
    }
}
