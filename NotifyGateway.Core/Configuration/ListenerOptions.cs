namespace NotifyGateway.Core.Configuration;

/// <summary>The doors besides HTTP, by name.</summary>
public sealed record ListenersOptions
{
    /// <summary>TCP doors, by name.</summary>
    public IReadOnlyDictionary<string, TcpListenerOptions> Tcp { get; init; } = new Dictionary<string, TcpListenerOptions>(StringComparer.OrdinalIgnoreCase);

    /// <summary>UDP doors, by name.</summary>
    public IReadOnlyDictionary<string, UdpListenerOptions> Udp { get; init; } = new Dictionary<string, UdpListenerOptions>(StringComparer.OrdinalIgnoreCase);
}

/// <summary>The language of a line door.</summary>
public enum Dialect { Irker, TwistedPrism, Kaoz, Auto }

/// <summary>A TCP door.</summary>
public sealed record TcpListenerOptions
{
    /// <summary><c>address:port</c>; IPv6 in brackets.</summary>
    public string Endpoint { get; init; } = "";

    /// <summary>The language of the lines; <c>Auto</c> looks at each line.</summary>
    public Dialect Dialect { get; init; } = Dialect.Auto;

    /// <summary>
    /// Closes a connection so long after its last line, so that <c>nc</c> returns. Null: never, except in the dialect
    /// <see cref="Dialect.TwistedPrism"/>, whose default is 250 ms unless the key is present and null.
    /// </summary>
    public TimeSpan? CloseAfter { get; init; }

    /// <summary>Serves TLS when set.</summary>
    public ListenerTlsOptions? Tls { get; init; }

    /// <summary>A connection without a line for so long is closed.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Connections at a time; one more is closed at once.</summary>
    public int MaxConnections { get; init; } = 1000;

    /// <summary>Addresses and networks (<c>10.0.0.0/8</c>) that may connect. Empty: all.</summary>
    public IReadOnlyList<string> AllowFrom { get; init; } = [];
}

/// <summary>Certificate and key, as PEM files; read again when they change.</summary>
public sealed record ListenerTlsOptions
{
    /// <summary>The certificate, with its chain (PEM). Required.</summary>
    public string Certificate { get; init; } = "";

    /// <summary>Its private key (PEM). Required.</summary>
    public string Key { get; init; } = "";
}

/// <summary>A UDP door.</summary>
public sealed record UdpListenerOptions
{
    /// <summary><c>address:port</c>; IPv6 in brackets.</summary>
    public string Endpoint { get; init; } = "";

    /// <summary>Only <see cref="Dialect.Irker"/> is spoken over UDP.</summary>
    public Dialect Dialect { get; init; } = Dialect.Irker;
}
