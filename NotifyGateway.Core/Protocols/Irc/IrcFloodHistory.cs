namespace NotifyGateway.Core.Protocols.Irc;

/// <summary>
/// What a session remembers of being disconnected for flooding: each time, all of its further connections go slower, until the process ends. Belongs
/// to the session's loop, like the connections that share it.
/// </summary>
public sealed class IrcFloodHistory
{
    /// <summary>What servers let pass at once and in the long run, at the least that is known: ten lines, and one a second.</summary>
    private const int SafeBurst = 4;

    private const int MostHalvings = 6;

    /// <summary>What a JOIN costs where messages cost one second.</summary>
    private static readonly TimeSpan SafeSpacing = TimeSpan.FromSeconds(3);

    /// <summary>How often a server has ended a connection because of what we sent.</summary>
    public int Kills { get; private set; }

    /// <summary>The least time between two JOINs: none until it has happened.</summary>
    public TimeSpan JoinSpacing => Kills == 0 ? TimeSpan.Zero : SafeSpacing * (1 << (Math.Min(Kills, MostHalvings) - 1));

    /// <summary>Whether the server's last words mean this. No numeric says so, only words: "Excess Flood" everywhere, "RecvQ exceeded" too in InspIRCd.</summary>
    public static bool IsFlood(string words) =>
        words.Contains("flood", StringComparison.OrdinalIgnoreCase) || words.Contains("RecvQ", StringComparison.OrdinalIgnoreCase);

    /// <summary>It has happened again.</summary>
    public void OnKilled() => Kills++;

    /// <summary>Lines that may go out at once: as configured until it has happened.</summary>
    public int Burst(int configured) => Kills == 0 ? configured : Math.Min(configured, Math.Max(1, SafeBurst >> (Math.Min(Kills, MostHalvings) - 1)));

    /// <summary>Lines per second, 0 for no bound: as configured until it has happened, then at most 1, halved each further time.</summary>
    public double LinesPerSecond(double configured)
    {
        if (Kills == 0)
        {
            return configured;
        }

        var safe = Math.Pow(0.5, Math.Min(Kills, MostHalvings) - 1);
        return configured > 0 ? Math.Min(configured, safe) : safe;
    }
}
