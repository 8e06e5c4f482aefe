namespace NotifyGateway.Core.Configuration;

/// <summary>How the body that a hook receives becomes a message.</summary>
public enum HookFormat
{
    /// <summary>By its sender, who is known by a header or by the shape of what it sends.</summary>
    Auto,

    /// <summary>Slack's, and that of programs that speak like it.</summary>
    Slack,

    /// <summary>The body as it is.</summary>
    Text,

    /// <summary>JSON, indented by two spaces, keys in the sender's order, everything but ASCII as <c>\uXXXX</c>.</summary>
    Json,

    /// <summary>YAML, keys sorted, Unicode as it is.</summary>
    Yaml,

    /// <summary>By <see cref="HookOptions.Template"/>, whoever sends.</summary>
    Template,
}

/// <summary>What a hook answers when all went well.</summary>
public enum HookAnswer
{
    /// <summary><c>ok</c>, or what the sender is used to.</summary>
    Ok,

    /// <summary><c>{"success":true}</c>.</summary>
    Success,
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

    /// <summary>Null: what its door is for, at <c>/post</c> <see cref="HookFormat.Json"/>, else <see cref="HookFormat.Auto"/>.</summary>
    public HookFormat? Format { get; init; }

    /// <summary>A template's name, or the text itself if it holds <c>{{</c>: words for every event, instead of the built-in ones.</summary>
    public string? Template { get; init; }

    /// <summary>What the sender signs its requests with; null: nothing is checked but the token. A request without a right signature is refused.</summary>
    public string? SigningSecret { get; init; }

    /// <summary>Whether a GET with the fields in the query sends, too.</summary>
    public bool AllowGet { get; init; }

    /// <summary>How many requests it takes a minute, on average; that many may come at once. 1 to 1,000,000.</summary>
    public int PerMinute { get; init; } = 600;

    /// <summary>How long the same event with the same status is not sent again; zero: each is sent.</summary>
    public TimeSpan Repeat { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>What it answers on the routes <c>/hooks</c> and <c>/services</c>.</summary>
    public HookAnswer Answer { get; init; } = HookAnswer.Ok;

    /// <summary>Without its values: a record's own text would show the token.</summary>
    public override string ToString() => nameof(HookOptions);
}
