using System.Collections.Frozen;

namespace NotifyGateway.Core.Protocols.Irc;

/// <summary>What one IRC connection needs to know.</summary>
public sealed record IrcClientOptions
{
    /// <summary>The wanted nick, or a template with <c>%03d</c>.</summary>
    public required string Nick { get; init; }

    /// <summary>See <see cref="NickCandidates"/>.</summary>
    public string? NickFallback { get; init; }

    /// <summary>The first number for the templates.</summary>
    public int FirstNumber { get; init; } = 1;

    public required string User { get; init; }

    public required string RealName { get; init; }

    /// <summary>Sent as PASS; null: none.</summary>
    public string? Password { get; init; }

    /// <summary>Null: no SASL.</summary>
    internal IrcSaslOptions? Sasl { get; init; }

    /// <summary>Null: no login by services.</summary>
    internal IrcNickServOptions? NickServ { get; init; }

    /// <summary>Whether <see cref="Nick"/> itself is wanted, and taken back when we have another one.</summary>
    public bool Reclaim { get; init; }

    /// <summary>Raw lines after login; <c>{nick}</c> is our nick.</summary>
    public IReadOnlyList<string> OnConnect { get; init; } = [];

    /// <summary>What is said in a channel after each JOIN, by the name of its lane.</summary>
    public IReadOnlyDictionary<string, string> Greetings { get; init; } = FrozenDictionary<string, string>.Empty;

    /// <summary>Asks the server, where it can, not to send us what others say in channels.</summary>
    public bool Deaf { get; init; } = true;

    public int Burst { get; init; } = 5;

    /// <summary>0: no bound but what the server is seen to bear.</summary>
    public double LinesPerSecond { get; init; } = 1;

    /// <summary>What the session's connections learn for those after them.</summary>
    public IrcFloodHistory Floods { get; init; } = new();

    /// <summary>Deliveries sent and not proved, at most.</summary>
    public int Window { get; init; } = 32;

    public int MaxLines { get; init; } = 10;

    public bool Colors { get; init; } = true;

    /// <summary><c>PRIVMSG</c> or <c>NOTICE</c>.</summary>
    public string Command { get; init; } = "PRIVMSG";

    public Uri? PublicUrl { get; init; }

    /// <summary>Channels on this connection; null: what the server says, else 18.</summary>
    public int? ChannelLimit { get; init; }

    public TimeSpan PingInterval { get; init; } = TimeSpan.FromMinutes(1);

    public TimeSpan PingTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>From the connection to the end of login.</summary>
    public TimeSpan LoginTimeout { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Without its values: a record's own text would show the password.</summary>
    public override string ToString() => nameof(IrcClientOptions);
}
