using System.Runtime.CompilerServices;
using Xunit;

namespace NotifyGateway.Tests.Support;

/// <summary>Waiting for events with a deadline, and with words for the case that they do not come.</summary>
internal static class Deadline
{
    /// <summary>Generous, since test machines are slow at times; a test that holds never waits so long.</summary>
    public static readonly TimeSpan Default = TimeSpan.FromSeconds(30);

    /// <summary>Awaits the task, or fails the test naming what was waited for.</summary>
    public static async Task<T> Within<T>(this Task<T> task, TimeSpan? limit = null, [CallerArgumentExpression(nameof(task))] string what = "")
    {
        await ((Task)task).Within(limit, what);
        return await task;
    }

    /// <inheritdoc cref="Within{T}"/>
    public static async Task Within(this Task task, TimeSpan? limit = null, [CallerArgumentExpression(nameof(task))] string what = "")
    {
        try
        {
            await task.WaitAsync(limit ?? Default);
        }
        catch (TimeoutException) when (!task.IsCompleted)
        {
            Assert.Fail($"not within {(limit ?? Default).TotalSeconds} s: {what}");
        }
    }

    /// <inheritdoc cref="Poll(Func{CancellationToken, Task{bool}}, string, TimeSpan?)"/>
    public static Task Poll(Func<bool> condition, [CallerArgumentExpression(nameof(condition))] string what = "") => Poll(_ => Task.FromResult(condition()), what);

    /// <summary>For what gives no event (another process's port, a file): asks again and again, at most until the deadline.</summary>
    public static async Task Poll(Func<CancellationToken, Task<bool>> condition, string what, TimeSpan? limit = null)
    {
        using var over = new CancellationTokenSource(limit ?? Default);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        try
        {
            while (!await condition(over.Token))
            {
                await timer.WaitForNextTickAsync(over.Token);
            }
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            Assert.Fail($"not within {(limit ?? Default).TotalSeconds} s: {what}");
        }
    }
}
