namespace NotifyGateway.Core.Configuration;

/// <summary>How the body that a hook receives becomes a message.</summary>
public enum HookFormat
{
    /// <summary>By its sender. Not supported yet.</summary>
    Auto,

    /// <summary>Slack's. Not supported yet.</summary>
    Slack,

    /// <summary>The body as it is.</summary>
    Text,

    /// <summary>JSON, indented by two spaces, keys in the sender's order, everything but ASCII as <c>\uXXXX</c>.</summary>
    Json,

    /// <summary>YAML, keys sorted, Unicode as it is.</summary>
    Yaml,

    /// <summary>By a template. Not supported yet.</summary>
    Template,
}

/// <summary>One hook: a URL with a token in it, for senders that can do nothing but POST.</summary>
public sealed record HookOptions
{
    /// <summary>The last part of the URL. Whoever knows it may send.</summary>
    public string? Token { get; init; }

    /// <summary>The token's SHA-256 in hex, instead of <see cref="Token"/>.</summary>
    public string? TokenSha256 { get; init; }

    /// <summary>Where its messages go. Required.</summary>
    public IReadOnlyList<string> To { get; init; } = [];

    /// <summary>The nick that its messages come from in XMPP rooms; null: the account's own there.</summary>
    public string? Nick { get; init; }

    /// <summary>Null: what its door is for, at <c>/post</c> <see cref="HookFormat.Json"/>.</summary>
    public HookFormat? Format { get; init; }

    /// <summary>Without its values: a record's own text would show the token.</summary>
    public override string ToString() => nameof(HookOptions);
}
