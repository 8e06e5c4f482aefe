namespace NotifyGateway.Tests.Support.Servers;

/// <summary>How a test wants its server, whichever it is.</summary>
internal sealed record ServerOptions
{
    /// <summary>Whether the server slows clients down, or ends them, as its defaults say. Off, as tests of anything else want it, there is no limit.</summary>
    public bool FloodLimits { get; init; }

    /// <summary>What clients must show (PASS), if anything.</summary>
    public string? Password { get; init; }

    /// <summary>Channels that one client may be in. ircd-irc2 has its own number.</summary>
    public int MaxChannels { get; init; } = 100;

    /// <summary>Serves TLS too, with this certificate. ircd-irc2 knows none.</summary>
    public TestCertificate? Certificate { get; init; }
}
