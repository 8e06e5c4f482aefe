using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace NotifyGateway.Api.Http.OpenApi;

/// <summary>The native request for the OpenAPI document; it is read as <see cref="Core.Dialects.NativeRequest"/>.</summary>
[Description("A message to send.")]
internal sealed record SendRequest
{
    [Description("Destinations: a channel (#ops), network/#channel, network/nick, a URL (ircs://host/channel) or an alias. Absent or null: the configured defaults.")]
    public IReadOnlyList<string>? To { get; init; }

    [Description("The message. Newlines make several lines. May be empty only with a title.")]
    [Required]
    public string? Text { get; init; }

    [Description("Shown before the text.")]
    public string? Title { get; init; }

    [Description("How grave it is; shown as colour where there is any.")]
    [AllowedValues("info", "success", "warning", "error", null)]
    public string? Severity { get; init; }

    [Description("How the text is to be read. Absent: plain.")]
    [AllowedValues("plain", "slack", "markdown", null)]
    public string? Markup { get; init; }

    [Description("Seconds after which nobody wants the message any more, 1 to 604800. Absent: the configured time.")]
    [Range(1, 604800)]
    public int? ExpiresIn { get; init; }

    [Description("What the message is about, 1 to 255 characters: one with the same key from the same client within 5 minutes is the same message, whatever it says. The header Idempotency-Key comes first.")]
    [MaxLength(255)]
    public string? RepeatKey { get; init; }

    [Description("For the line doors, where true asks for an answer; here there is always one.")]
    public bool? Reply { get; init; }

    [Description("The client's name, where the credentials are not in a header.")]
    public string? Client { get; init; }

    [Description("The client's secret, where the credentials are not in a header.")]
    public string? Secret { get; init; }
}
