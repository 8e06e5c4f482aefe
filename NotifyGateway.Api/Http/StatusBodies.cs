using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using NotifyGateway.Core.Configuration;

namespace NotifyGateway.Api.Http;

/// <summary>Who a caller is.</summary>
[Description("Who the caller is.")]
internal sealed record WhoamiBody(
    [property: Description("A client's name, anonymous or admin; null: nobody, a secret is needed.")] string? Client,
    [property: Description("Whether it is the administrator.")] bool Admin,
    [property: Description("Why it is nobody.")] string? Reason,
    [property: Description("The gateway's version; null to nobody.")] string? Version);

/// <summary>A hook as the API shows it: all but what is secret of it.</summary>
[Description("A hook of the configuration.")]
internal sealed record ConfiguredHookBody(
    [property: Description("The hook's name.")] string Name,
    [property: Description("Where its messages go.")] IReadOnlyList<string> To,
    [property: Description("How a body becomes a message; null: by the door that it comes through.")] string? Format,
    [property: Description("The template's name; inline where the configuration holds its text; null: the built-in ones.")] string? Template,
    [property: Description("The nick that its messages come from in XMPP rooms; null: the account's own.")] string? Nick,
    [property: Description("Whether a GET sends, too.")] bool AllowGet,
    [property: Description("Whether requests must be signed.")] bool Signed,
    [property: Description("How many requests it takes a minute.")] int PerMinute,
    [property: Description("plain: the administrator may be shown it; sha256: the configuration holds its hash alone, and nobody can be.")]
    [property: AllowedValues("plain", "sha256")] string Token)
{
    public static ConfiguredHookBody Of(string name, HookOptions hook) => new(
        name, hook.To, hook.Format?.ToString().ToLowerInvariant(), hook.Template?.Contains("{{", StringComparison.Ordinal) == true ? "inline" : hook.Template, hook.Nick,
        hook.AllowGet, hook.SigningSecret is not null, hook.PerMinute, string.IsNullOrEmpty(hook.Token) ? "sha256" : "plain");
}

/// <summary>A hook's token, for who asks for it by name.</summary>
[Description("A hook's token.")]
internal sealed record HookTokenBody([property: Description("The last part of the hook's URL. Whoever knows it may send.")] string Token)
{
    /// <summary>Without its value: a record's own text would show the token.</summary>
    public override string ToString() => nameof(HookTokenBody);
}

/// <summary>What did not arrive lately.</summary>
[Description("How many deliveries did not arrive lately.")]
internal sealed record SummaryBody(
    [property: Description("Since when the gateway counts: its start.")] DateTimeOffset Since,
    [property: Description("Within the last hour.")] LossesBody Hour,
    [property: Description("Within the last day.")] LossesBody Day);

/// <summary>Deliveries that did not arrive.</summary>
[Description("Deliveries that did not arrive.")]
internal sealed record LossesBody(
    [property: Description("How many failed, those that came back after they were delivered included.")] long Failed,
    [property: Description("How many expired.")] long Expired);
