namespace NotifyGateway.Core;

/// <summary>How long a loop has been at what it does now, for those who watch whether it hangs. Written by the loop; <see cref="For"/> may be read from any thread.</summary>
internal sealed class BusyTime(TimeProvider time)
{
    private long _since;

    /// <summary>Zero while the loop waits for something to do.</summary>
    public TimeSpan For => Volatile.Read(ref _since) is var since and not 0 ? time.GetElapsedTime(since) : TimeSpan.Zero;

    public void Begin() => Volatile.Write(ref _since, time.GetTimestamp());

    public void End() => Volatile.Write(ref _since, 0);

    /// <summary>Does something between <see cref="Begin"/> and <see cref="End"/>.</summary>
    public void During(Action work)
    {
        Begin();
        try
        {
            work();
        }
        finally
        {
            End();
        }
    }
}
