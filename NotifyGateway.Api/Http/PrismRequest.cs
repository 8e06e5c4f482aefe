using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace NotifyGateway.Api.Http;

/// <summary>What a TwistedPrism client says, in whichever of its forms.</summary>
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

    /// <summary>What this request leaves open is taken from another place of the same HTTP request.</summary>
    public PrismRequest Or(PrismRequest other) => new()
    {
        Message = Message ?? other.Message,
        Users = Users ?? other.Users,
        Channels = Channels ?? other.Channels,
        Client = Client ?? other.Client,
        Secret = Secret ?? other.Secret,
    };

    /// <summary>A record prints its members: this one holds a secret.</summary>
    public override string ToString() => nameof(PrismRequest);
}
