namespace NotifyGateway.Core.Configuration;

/// <summary>How messages go out: as PRIVMSG or as NOTICE.</summary>
public enum IrcMessageType { Privmsg, Notice }

/// <summary>How we log in with SASL; <c>Auto</c> takes the strongest that the server offers and the configuration has the means for.</summary>
public enum SaslMechanism { Auto, Plain, External, ScramSha256 }

/// <summary>Login by SASL.</summary>
public sealed record SaslOptions
{
    /// <summary>How we log in.</summary>
    public SaslMechanism Mechanism { get; init; } = SaslMechanism.Auto;

    /// <summary>The account's name; null: the nick. For <c>External</c> the certificate says who we are, and this is optional.</summary>
    public string? Account { get; init; }

    /// <summary>Its password; none for <c>External</c>.</summary>
    public string? Password { get; init; }

    /// <summary>True: without a successful login the session is faulted, and joins nothing.</summary>
    public bool Required { get; init; } = true;

    /// <summary>Without its values: a record's own text would show the password.</summary>
    public override string ToString() => nameof(SaslOptions);
}

/// <summary>Login by the network's services, where there is no SASL.</summary>
public sealed record NickServOptions
{
    /// <summary>The password. Required.</summary>
    public string Password { get; init; } = "";

    /// <summary>The account's name; null: services take the nick's.</summary>
    public string? Account { get; init; }

    /// <summary>The nick of the service; the password goes to nobody else.</summary>
    public string Service { get; init; } = "NickServ";

    /// <summary>Whether our nick is taken back from whoever has it.</summary>
    public bool Regain { get; init; } = true;

    /// <summary>Without its values: a record's own text would show the password.</summary>
    public override string ToString() => nameof(NickServOptions);
}

/// <summary>What every IRC session has, configured or made on demand.</summary>
public abstract record IrcSessionOptions
{
    /// <summary>Whether TLS certificates are checked against this file (PEM) instead of the system's store.</summary>
    public string? TlsCaFile { get; init; }

    /// <summary>SHA-256 of the server's certificate, in hex: the certificate must be this one.</summary>
    public string? TlsFingerprint { get; init; }

    /// <summary>True accepts any certificate. For tests.</summary>
    public bool TlsAllowInvalid { get; init; }

    /// <summary>Sent as PASS.</summary>
    public string? ServerPassword { get; init; }

    /// <summary>Our certificate (PEM), shown to the server: it can be the login (SASL EXTERNAL, CertFP).</summary>
    public string? ClientCertificate { get; init; }

    /// <summary>Its key (PEM); null: stands in the same file.</summary>
    public string? ClientCertificateKey { get; init; }

    /// <summary>Login by SASL; null: none.</summary>
    public SaslOptions? Sasl { get; init; }

    /// <summary>Login by services; null: none.</summary>
    public NickServOptions? NickServ { get; init; }

    /// <summary>What is tried when the nick is taken: <c>%03d</c> (or <c>%d</c>) stands for a number; null: the nick and a number.</summary>
    public string? NickFallback { get; init; }

    /// <summary>The ident; null: the nick.</summary>
    public string? User { get; init; }

    /// <summary>What <c>WHOIS</c> shows of us.</summary>
    public string RealName { get; init; } = "Notify gateway";

    /// <summary>Raw lines after login; <c>{nick}</c> is our nick.</summary>
    public IReadOnlyList<string> OnConnect { get; init; } = [];

    /// <summary>Refused JOINs before a channel waits for <see cref="JoinRetryAfter"/>.</summary>
    public int JoinAttempts { get; init; } = 10;

    /// <summary>Wait after the first refused JOIN; doubles, at most 5 minutes.</summary>
    public TimeSpan JoinRetry { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a channel rests after <see cref="JoinAttempts"/>.</summary>
    public TimeSpan JoinRetryAfter { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Where messages go that wait for a channel which refuses us, after <see cref="JoinAttempts"/>; each names its channel. Null: they wait.</summary>
    public string? FallbackChannel { get; init; }

    /// <summary>How many connections one session may hold when the server limits channels per connection. 1 to 50.</summary>
    public int MaxLinks { get; init; } = 4;

    /// <summary>Channels on one connection; null: what the server's ISUPPORT says, else 18.</summary>
    public int? ChannelsPerLink { get; init; }

    /// <summary>Lines that may go out at once after a pause. 1 to 1,000.</summary>
    public int Burst { get; init; } = 5;

    /// <summary>PRIVMSG and NOTICE lines per second and connection; 0: as fast as the server is seen to take them.</summary>
    public double LinesPerSecond { get; init; } = 1.0;

    /// <summary>Deliveries on the wire and not yet confirmed, per connection. 1 to 1,024.</summary>
    public int Window { get; init; } = 32;

    /// <summary>Lines of one message before the rest becomes a link. 1 to 1,000.</summary>
    public int MaxLines { get; init; } = 10;

    /// <summary>
    /// When more messages than <see cref="MaxLines"/> times <see cref="Window"/> wait for one destination and the oldest for so long, they are told in
    /// one line that counts them; those of severity error are never. Null: each is delivered.
    /// </summary>
    public TimeSpan? FoldAfter { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>False shows no severity in colour, and strips colour and format codes that a sender put into its text.</summary>
    public bool Colors { get; init; } = true;

    /// <summary>As what messages go out.</summary>
    public IrcMessageType MessageType { get; init; } = IrcMessageType.Privmsg;

    /// <summary>True lets a password go over an unencrypted connection to another machine.</summary>
    public bool AllowPlaintextLogin { get; init; }

    /// <summary>The shortest wait between two attempts to connect.</summary>
    public TimeSpan ReconnectMin { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The longest one.</summary>
    public TimeSpan ReconnectMax { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The least time between two attempts to one server (host and port), over all sessions.</summary>
    public TimeSpan ConnectSpacing { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>For TCP and TLS together; login has six times as long.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>After this long without a byte from the server it is asked for a sign of life.</summary>
    public TimeSpan PingInterval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long the server may take to give it.</summary>
    public TimeSpan PingTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Connects through this: <c>socks5://</c>, <c>socks4://</c> or <c>http://</c>, with <c>user:password@</c> where it wants them. Null: directly.</summary>
    public Uri? Proxy { get; init; }

    /// <summary>The local address that connections come from. Null: the system chooses.</summary>
    public string? LocalAddress { get; init; }

    /// <summary>A file to which every line that the server sends is appended, as <c>unixtime|server|line</c>. Null: none.</summary>
    public string? TrafficLog { get; init; }

    /// <summary>Without its values: a record's own text would show passwords and keys.</summary>
    public sealed override string ToString() => GetType().Name;
}

/// <summary>One configured IRC network.</summary>
public sealed record IrcOptions : IrcSessionOptions
{
    /// <summary>A host name or address. Required.</summary>
    public string Server { get; init; } = "";

    /// <summary>Null: 6697 with TLS, 6667 without.</summary>
    public int? Port { get; init; }

    /// <summary>Whether the connection is encrypted, and the certificate checked.</summary>
    public bool Tls { get; init; } = true;

    /// <summary>Our nick. Required.</summary>
    public string Nick { get; init; } = "";

    /// <summary>Joined at start, and kept joined.</summary>
    public IReadOnlyList<IrcChannelOptions> Channels { get; init; } = [];

    /// <summary>Nicks that are addressed on this network.</summary>
    public IReadOnlyList<string> Users { get; init; } = [];

    /// <summary>Channels for messages that name none.</summary>
    public IReadOnlyList<string> DefaultChannels { get; init; } = [];

    /// <summary>Nicks for messages that name none.</summary>
    public IReadOnlyList<string> DefaultUsers { get; init; } = [];

    /// <summary>Whether channels that are not listed may be addressed, and are then joined.</summary>
    public bool JoinUnlisted { get; init; } = true;
}

/// <summary>A channel that is joined at start.</summary>
public sealed record IrcChannelOptions
{
    /// <summary>The channel, with its prefix. Required.</summary>
    public string Name { get; init; } = "";

    /// <summary>The channel's key (mode +k); null: none.</summary>
    public string? Key { get; init; }

    /// <summary>Said in the channel when we have joined it; null: nothing.</summary>
    public string? Greeting { get; init; }

    /// <summary>Without its key: a record's own text would show it.</summary>
    public override string ToString() => Name;
}

/// <summary>Sessions made on demand for servers that are named only by a URL.</summary>
public sealed record DynamicOptions : IrcSessionOptions
{
    /// <summary>How many there may be; when full the longest idle one with nothing queued goes, else the request is refused.</summary>
    public int MaxSessions { get; init; } = 200;

    /// <summary>A session without a message for so long is closed.</summary>
    public TimeSpan IdleAfter { get; init; } = TimeSpan.FromHours(3);

    /// <summary>A channel without a message for so long is left.</summary>
    public TimeSpan ChannelIdleAfter { get; init; } = TimeSpan.FromHours(3);

    /// <summary>A server that was never reached within this time is given up: what waits for it fails.</summary>
    public TimeSpan NeverSeenAfter { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>The nick; <c>%03d</c> stands for a number.</summary>
    public string Nick { get; init; } = "irker%03d";
}
