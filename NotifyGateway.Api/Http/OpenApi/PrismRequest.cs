using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace NotifyGateway.Api.Http.OpenApi;

/// <summary>TwistedPrism's request for the OpenAPI document; it is read as <see cref="Core.Dialects.TwistedPrismRequest"/>.</summary>
[Description("A message in TwistedPrism's form.")]
internal sealed record PrismRequest
{
    [Description("The message. Newlines make several lines.")]
    [Required]
    public string? Message { get; init; }

    [Description("Nicks (a list, or one string with commas). Absent: the configured users; empty: nobody.")]
    public IReadOnlyList<string>? Users { get; init; }

    [Description("Channels (a list, or one string with commas). Absent: the configured channels; empty: none.")]
    public IReadOnlyList<string>? Channels { get; init; }

    [Description("The client's name, where the credentials are not in a header.")]
    public string? Client { get; init; }

    [Description("The client's secret, where the credentials are not in a header.")]
    public string? Secret { get; init; }
}
