namespace NotifyGateway.Api.Sandbox;

/// <summary>A connected client as the owner loop sees it. Only the owner loop touches it.</summary>
internal sealed class SandboxClient(SandboxLink link, string host)
{
    public SandboxLink Link { get; } = link;

    public string Host { get; } = host;

    public string? Nick { get; set; }

    public string? User { get; set; }

    public string RealName { get; set; } = "";

    /// <summary>Set while a client negotiates capabilities: registration waits for its <c>CAP END</c>.</summary>
    public bool IsNegotiating { get; set; }

    public bool IsRegistered { get; set; }

    /// <summary>No longer part of the network; what still arrives from it is ignored.</summary>
    public bool IsGone { get; set; }

    public HashSet<SandboxChannel> Channels { get; } = [];

    /// <summary>Timestamp of the last line.</summary>
    public long HeardAt { get; set; }

    /// <summary>Timestamp of the unanswered PING, or null.</summary>
    public long? PingedAt { get; set; }

    /// <summary><c>nick!user@host</c>.</summary>
    public string Prefix => $"{Nick}!{User}@{Host}";

    /// <summary>How numerics address it: <c>*</c> until it has a nick.</summary>
    public string Addressee => Nick ?? "*";
}

/// <summary>A channel: its members in the order of joining, and a topic. There are no operators and no modes but <c>+n</c>.</summary>
internal sealed class SandboxChannel(string name)
{
    public string Name { get; } = name;

    public string Topic { get; set; } = "";

    public List<SandboxClient> Members { get; } = [];
}
