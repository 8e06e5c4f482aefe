namespace NotifyGateway.Core.Configuration;

/// <summary>The section <c>Gateway</c>. Immutable; a changed file makes a new value.</summary>
public sealed record GatewayOptions
{
    /// <summary>Where people reach this gateway, for links back to a full message. Null: no links.</summary>
    public Uri? PublicUrl { get; init; }

    /// <summary>Who gets a message that names nobody, when no network has defaults of its own.</summary>
    public IReadOnlyList<string> DefaultTo { get; init; } = [];

    /// <summary>Who may use the gateway without a secret.</summary>
    public AnonymousAccess Anonymous { get; init; } = AnonymousAccess.None;

    /// <summary>Addresses and networks (<c>10.0.0.0/8</c>) of proxies whose <c>X-Forwarded-*</c> is believed.</summary>
    public IReadOnlyList<string> KnownProxies { get; init; } = [];

    /// <summary>The secret that sees everything and may do everything.</summary>
    public AdminOptions Admin { get; init; } = new();

    /// <summary>Who may send, by name.</summary>
    public IReadOnlyDictionary<string, ClientOptions> Clients { get; init; } = new Dictionary<string, ClientOptions>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Names for lists of destinations.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Aliases { get; init; } = new Dictionary<string, IReadOnlyList<string>>(StringComparer.OrdinalIgnoreCase);

    /// <summary>IRC networks, by name.</summary>
    public IReadOnlyDictionary<string, IrcOptions> Irc { get; init; } = new Dictionary<string, IrcOptions>(StringComparer.OrdinalIgnoreCase);

    /// <summary>XMPP accounts, by name.</summary>
    public IReadOnlyDictionary<string, XmppOptions> Xmpp { get; init; } = new Dictionary<string, XmppOptions>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Programs of this machine, by name.</summary>
    public IReadOnlyDictionary<string, ProgramOptions> Programs { get; init; } = new Dictionary<string, ProgramOptions>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Hooks, by name.</summary>
    public IReadOnlyDictionary<string, HookOptions> Hooks { get; init; } = new Dictionary<string, HookOptions>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Who is told of what failed, expired or waits too long. Null: nobody.</summary>
    public EscalateOptions? Escalate { get; init; }

    /// <summary>A delivery that is handed out later than this after its message was accepted begins with its age. Null: none does.</summary>
    public TimeSpan? LateAfter { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Host patterns (<c>*</c> and <c>?</c>) of servers that may be named only by a URL.</summary>
    public IReadOnlyList<string> DynamicServers { get; init; } = [];

    /// <summary>How sessions made on demand behave: any key of an IRC network besides its own.</summary>
    public DynamicOptions Dynamic { get; init; } = new();

    /// <summary>The doors besides HTTP.</summary>
    public ListenersOptions Listeners { get; init; } = new();

    /// <summary>Where accepted messages live until they are delivered.</summary>
    public OutboxOptions Outbox { get; init; } = new();

    /// <summary>The largest request body, line or datagram, in bytes. 256 to 16 MiB.</summary>
    public int MaxMessageBytes { get; init; } = 65536;

    /// <summary>Whether <c>/metrics</c> wants a secret, that of any client.</summary>
    public bool MetricsNeedSecret { get; init; }

    /// <summary>Where metrics and traces are sent.</summary>
    public OtlpOptions Otlp { get; init; } = new();

    /// <summary>A directory of templates, <c>NAME.hbs</c>: each stands in for the built-in one of its name, or beside them. Null: the built-in ones alone.</summary>
    public string? TemplatesDirectory { get; init; }

    /// <summary>A directory with one value a file, named like <c>Gateway__Irc__libera__ServerPassword</c>.</summary>
    public string? SecretsDirectory { get; init; }
}

/// <summary>Who may do without a secret: nobody, requests from this machine, or everyone.</summary>
public enum AnonymousAccess { None, Loopback, Any }

/// <summary>The administrator's secret, in clear or as its SHA-256 in hex.</summary>
public sealed record AdminOptions
{
    /// <summary>The administrator's secret, 8 characters or more; null: nobody is administrator, unless <see cref="SecretSha256"/> stands instead.</summary>
    public string? Secret { get; init; }

    /// <summary>The secret's SHA-256 in hex, instead of <see cref="Secret"/>.</summary>
    public string? SecretSha256 { get; init; }

    /// <summary>Without its values: a record's own text would show the secret.</summary>
    public override string ToString() => nameof(AdminOptions);
}

/// <summary>One sender.</summary>
public sealed record ClientOptions
{
    /// <summary>The client's secret, 8 characters or more; it or <see cref="SecretSha256"/> is required.</summary>
    public string? Secret { get; init; }

    /// <summary>The secret's SHA-256 in hex, instead of <see cref="Secret"/>.</summary>
    public string? SecretSha256 { get; init; }

    /// <summary>What it may send to, whatever the name it uses: destinations, in which <c>*</c> is any text, and aliases. Null: every destination; empty: none.</summary>
    public IReadOnlyList<string>? To { get; init; }

    /// <summary>Messages a minute; as many may come at once after a pause. Null: no limit.</summary>
    public int? PerMinute { get; init; }

    /// <summary>True refuses this client from now on.</summary>
    public bool Disabled { get; init; }

    /// <summary>From this moment on the client is refused.</summary>
    public DateTimeOffset? Expires { get; init; }

    /// <summary>Without its values: a record's own text would show the secret.</summary>
    public override string ToString() => nameof(ClientOptions);
}

/// <summary>The outbox: where accepted messages live until they are delivered.</summary>
public sealed record OutboxOptions
{
    /// <summary><c>Sqlite</c>.</summary>
    public string Provider { get; init; } = "Sqlite";

    /// <summary>The database file; its folder is made when missing.</summary>
    public string Path { get; init; } = "data/outbox.db";

    /// <summary>How long a message may wait before nobody wants it any more.</summary>
    public TimeSpan ExpireAfter { get; init; } = TimeSpan.FromDays(1);

    /// <summary>How long the outcome of a message can be asked for.</summary>
    public TimeSpan KeepSettled { get; init; } = TimeSpan.FromDays(7);

    /// <summary>How many deliveries may wait for one session; beyond it requests are refused.</summary>
    public int MaxQueuedPerSession { get; init; } = 100_000;
}
