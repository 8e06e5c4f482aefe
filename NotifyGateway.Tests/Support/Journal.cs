using Xunit;

namespace NotifyGateway.Tests.Support;

/// <summary>
/// What has happened, in order, to be waited for. Everything is kept; waiting looks at the past too, so that no test depends on
/// being quick.
/// </summary>
/// <remarks>Locked: written by one thread and read by the test's.</remarks>
internal sealed class Journal<T>(string name)
{
    private readonly Lock _lock = new();
    private readonly List<T> _entries = [];
    private TaskCompletionSource _changed = New();
    private string? _ended;

    /// <summary>All entries so far.</summary>
    public IReadOnlyList<T> Entries
    {
        get
        {
            lock (_lock)
            {
                return [.. _entries];
            }
        }
    }

    public void Add(T entry)
    {
        lock (_lock)
        {
            if (_ended is null)
            {
                _entries.Add(entry);
                Change();
            }
        }
    }

    /// <summary>No more will come: who waits for more fails now.</summary>
    public void End(string reason)
    {
        lock (_lock)
        {
            _ended ??= reason;
            Change();
        }
    }

    /// <summary>The first entry, from index <paramref name="from"/> on, that matches.</summary>
    public async Task<T> FirstAsync(Func<T, bool> matches, string what, TimeSpan? limit = null, int from = 0) =>
        (await CollectAsync(matches, 1, what, limit, from))[0];

    /// <summary>The first <paramref name="count"/> entries that match; fails with the whole journal when there are fewer at the deadline.</summary>
    public async Task<IReadOnlyList<T>> CollectAsync(Func<T, bool> matches, int count, string what, TimeSpan? limit = null, int from = 0)
    {
        using var over = new CancellationTokenSource(limit ?? Deadline.Default);
        var found = new List<T>();
        for (var at = from; ; at++)
        {
            var (entry, missing) = await AtAsync(at, over.Token);
            if (missing is not null)
            {
                Assert.Fail($"{name}: {missing}: {what} ({found.Count} of {count}). It holds:\n{this}");
            }

            if (matches(entry!))
            {
                found.Add(entry!);
                if (found.Count == count)
                {
                    return found;
                }
            }
        }
    }

    /// <summary>The entry at that index as soon as it is there; fails with <paramref name="what"/>.</summary>
    public async Task<T> AtAsync(int index, string what, TimeSpan? limit = null)
    {
        using var over = new CancellationTokenSource(limit ?? Deadline.Default);
        var (entry, missing) = await AtAsync(index, over.Token);
        if (missing is not null)
        {
            Assert.Fail($"{name}: {missing}: {what}. It holds:\n{this}");
        }

        return entry!;
    }

    public override string ToString() => string.Join('\n', Entries.TakeLast(200).Select(entry => "  " + entry));

    private async Task<(T? Entry, string? Missing)> AtAsync(int index, CancellationToken over)
    {
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                if (index < _entries.Count)
                {
                    return (_entries[index], null);
                }

                if (_ended is not null)
                {
                    return (default, _ended);
                }

                changed = _changed.Task;
            }

            try
            {
                await changed.WaitAsync(over);
            }
            catch (OperationCanceledException)
            {
                return (default, "not in time");
            }
        }
    }

    private void Change()
    {
        _changed.SetResult();
        _changed = New();
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
