using FluentValidation;

namespace NotifyGateway.Core.Configuration.Validation;

/// <summary>What may stand as a destination's name, whether or not it resolves.</summary>
internal static class DestinationRules
{
    public static string? Wrong(string destination) =>
        string.IsNullOrWhiteSpace(destination) ? "must not be empty"
        : destination.Any(c => char.IsControl(c) || char.IsWhiteSpace(c)) ? "a destination must not hold spaces or control characters"
        : null;

    public static void AliasMembersAreDestinations(GatewayOptions options, ValidationContext<GatewayOptions> context)
    {
        foreach (var (name, members) in options.Aliases)
        {
            for (var i = 0; i < members.Count; i++)
            {
                context.Fail($"{nameof(GatewayOptions.Aliases)}:{name}:{i}", Wrong(members[i]));
            }
        }
    }
}
