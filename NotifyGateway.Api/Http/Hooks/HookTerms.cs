using NotifyGateway.Core.Configuration;
using NotifyGateway.Core.Dialects.Hooks;

namespace NotifyGateway.Api.Http.Hooks;

/// <summary>What differs from door to door.</summary>
/// <param name="Format">Of a hook that names none.</param>
/// <param name="Door">Whom the door is for.</param>
internal sealed record HookTerms(HookFormat Format, HookDoors Door)
{
    public static HookTerms Hooks { get; } = new(HookFormat.Auto, HookDoors.Any);

    public static HookTerms Ntfy { get; } = new(HookFormat.Auto, HookDoors.Ntfy);

    public static HookTerms Gotify { get; } = new(HookFormat.Auto, HookDoors.Gotify);

    /// <summary>The XMPP MUC Message Gateway's: a form is an object of its fields, whatever they are called.</summary>
    public static HookTerms Post { get; } = new(HookFormat.Json, HookDoors.MucGateway) { IsSeed = true };

    /// <summary>With a format that the older system had, what it did not take is refused: a text that is too long, a form without a sign of one.</summary>
    private bool IsSeed { get; init; }

    /// <summary>Whether a hook of that format behaves as the older system did.</summary>
    public bool IsAsBefore(HookFormat format) => IsSeed && format is (HookFormat.Json or HookFormat.Yaml or HookFormat.Text);
}
