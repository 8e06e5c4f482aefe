namespace NotifyGateway.Core.Outbox.Sqlite;

/// <summary>
/// How long ago it was made, by the clock that runs evenly. Pauses and periods go by it; what a message's life and age are about goes by the wall clock, which somebody may
/// move at any time.
/// </summary>
internal sealed class Uptime(TimeProvider time)
{
    /// <summary>Less is the two clocks' own unevenness.</summary>
    private static readonly TimeSpan Least = TimeSpan.FromSeconds(1);

    /// <summary>Two looks further apart say nothing of what was between them.</summary>
    private static readonly TimeSpan AtOnce = TimeSpan.FromMilliseconds(100);

    private readonly long _start = time.GetTimestamp();
    private (TimeSpan Uptime, DateTimeOffset Wall)? _seen;

    public TimeSpan Now => time.GetElapsedTime(_start);

    /// <summary>Whether the wall clock was set back since this was asked last. For one thread.</summary>
    public bool WasSetBack()
    {
        var uptime = Now;
        var wall = time.GetUtcNow();
        if (Now - uptime > AtOnce)
        {
            // Somebody else had the processor in between: another time.
            return false;
        }

        var back = _seen is { } seen ? uptime - seen.Uptime - (wall - seen.Wall) : TimeSpan.Zero;
        _seen = (uptime, wall);
        return back > Least;
    }
}
