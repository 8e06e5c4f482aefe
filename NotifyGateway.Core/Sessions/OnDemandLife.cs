using System.Globalization;

namespace NotifyGateway.Core.Sessions;

/// <summary>When a session that was made on demand ends: idle for long, or never reached at all. Belongs to the session's loop.</summary>
internal sealed class OnDemandLife(OnDemandSettings? settings)
{
    private static readonly TimeSpan LongestInterval = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan GiveUpInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>The next moment to look; never for a configured session.</summary>
    public TimeSpan WakeAt { get; private set; } = settings is null ? TimeSpan.MaxValue : Interval(settings);

    /// <summary>True from the first connection on.</summary>
    public bool Seen { get; set; }

    /// <summary>Null: lives on. Else why it ends now.</summary>
    /// <param name="giveUp">Called when the server was never reached: everything that waits has to fail.</param>
    public string? Check(TimeSpan now, long queued, TimeSpan lastUsed, Action giveUp)
    {
        if (settings is null || now < WakeAt)
        {
            return null;
        }

        WakeAt = now + Interval(settings);
        if (!Seen && now >= settings.NeverSeenAfter)
        {
            // What waits on the disk is loaded and fails piece by piece.
            WakeAt = now + GiveUpInterval;
            giveUp();
            return queued == 0 ? "never reached" : null;
        }

        return queued == 0 && now - lastUsed >= settings.IdleAfter
            ? string.Create(CultureInfo.InvariantCulture, $"idle for {settings.IdleAfter}")
            : null;
    }

    private static TimeSpan Interval(OnDemandSettings settings) =>
        Earlier(LongestInterval, Earlier(settings.IdleAfter, settings.NeverSeenAfter ?? settings.IdleAfter));

    private static TimeSpan Earlier(TimeSpan left, TimeSpan right) => left < right ? left : right;
}
