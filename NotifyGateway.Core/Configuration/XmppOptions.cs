namespace NotifyGateway.Core.Configuration;

/// <summary>How a connection to an XMPP server is encrypted. There is no third way.</summary>
public enum XmppTls
{
    /// <summary>In the stream, before anything is said (RFC 6120, section 5).</summary>
    StartTls,

    /// <summary>From the first byte (XEP-0368).</summary>
    Direct,
}

/// <summary>One XMPP account.</summary>
public sealed record XmppOptions
{
    /// <summary>The account, <c>bot@example.org</c>, without a resource. Required.</summary>
    public string Jid { get; init; } = "";

    /// <summary>The password. Required.</summary>
    public string Password { get; init; } = "";

    /// <summary>The server; null: what DNS says of the JID's domain (SRV), else the domain itself.</summary>
    public string? Host { get; init; }

    /// <summary>Null: what DNS says, else 5222 (with <see cref="XmppTls.Direct"/> 5223). With a port, no SRV record is asked for.</summary>
    public int? Port { get; init; }

    /// <summary>Where in the connection TLS begins.</summary>
    public XmppTls Tls { get; init; } = XmppTls.StartTls;

    /// <summary>TLS certificates are checked against this file (PEM) instead of the system's store.</summary>
    public string? TlsCaFile { get; init; }

    /// <summary>SHA-256 of the server's certificate, in hex: the certificate must be this one.</summary>
    public string? TlsFingerprint { get; init; }

    /// <summary>True accepts any certificate. For tests.</summary>
    public bool TlsAllowInvalid { get; init; }

    /// <summary>Names this connection among those of the account.</summary>
    public string Resource { get; init; } = "notify";

    /// <summary>Joined at start, and kept joined.</summary>
    public IReadOnlyList<XmppRoomOptions> Rooms { get; init; } = [];

    /// <summary>Who is addressed from this account.</summary>
    public IReadOnlyList<string> Users { get; init; } = [];

    /// <summary>Rooms for messages that name none.</summary>
    public IReadOnlyList<string> DefaultRooms { get; init; } = [];

    /// <summary>Users for messages that name none.</summary>
    public IReadOnlyList<string> DefaultUsers { get; init; } = [];

    /// <summary>Whether rooms that are not listed may be addressed, and are then joined.</summary>
    public bool JoinUnlisted { get; init; } = true;

    /// <summary>Refused joins before a room waits for <see cref="JoinRetryAfter"/>.</summary>
    public int JoinAttempts { get; init; } = 10;

    /// <summary>Wait after the first refused join; doubles, at most 5 minutes.</summary>
    public TimeSpan JoinRetry { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a room rests after <see cref="JoinAttempts"/>.</summary>
    public TimeSpan JoinRetryAfter { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How many connections (resources) the account may hold when a room must see several nicks. 1 to 50.</summary>
    public int MaxLinks { get; init; } = 4;

    /// <summary>Messages per second and connection; 0: only the window paces.</summary>
    public double MessagesPerSecond { get; init; } = 5;

    /// <summary>Messages that may go out at once after a pause. 1 to 1,000.</summary>
    public int Burst { get; init; } = 10;

    /// <summary>Deliveries on the wire and not yet confirmed, per connection. 1 to 1,024.</summary>
    public int Window { get; init; } = 32;

    /// <summary>
    /// When more messages wait for one destination than ten times <see cref="Window"/>, and the oldest for so long, they are told in one that counts them;
    /// those of severity <c>error</c> never are. Null: each is delivered.
    /// </summary>
    public TimeSpan? FoldAfter { get; init; } = TimeSpan.FromMinutes(5);

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

    /// <summary>Without its values: a record's own text would show passwords.</summary>
    public override string ToString() => nameof(XmppOptions);
}

/// <summary>A room that is joined at start.</summary>
public sealed record XmppRoomOptions
{
    /// <summary>The room, <c>ops@conference.example.org</c>.</summary>
    public string Jid { get; init; } = "";

    /// <summary>Our nick there; null: the local part of the account's JID.</summary>
    public string? Nick { get; init; }

    /// <summary>The room's password; null: none.</summary>
    public string? Password { get; init; }

    /// <summary>Without its password: a record's own text would show it.</summary>
    public override string ToString() => Jid;
}
