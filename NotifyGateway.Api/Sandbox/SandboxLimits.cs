namespace NotifyGateway.Api.Sandbox;

/// <summary>What one peer may cost. The defaults are for a demonstration on one machine.</summary>
internal sealed record SandboxLimits
{
    /// <summary>Bytes of a line with its CR LF (RFC 2812 section 2.3).</summary>
    public const int Line = 512;

    public const int Nick = 30;

    public const int ChannelName = 50;

    public const int ChannelsPerClient = 50;

    /// <summary>Connections at a time; one more is told so and closed.</summary>
    public int Clients { get; init; } = 100;

    /// <summary>Bytes that may wait for one client; a reader slower than that is closed.</summary>
    public int SendQueue { get; init; } = 1024 * 1024;

    /// <summary>Silence before a client is asked for a sign of life, and before an unregistered one is closed.</summary>
    public TimeSpan PingAfter { get; init; } = TimeSpan.FromSeconds(90);

    /// <summary>How long the client may take to give it.</summary>
    public TimeSpan PongWithin { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a closed connection may take to read its last lines.</summary>
    public TimeSpan Linger { get; init; } = TimeSpan.FromSeconds(5);
}
