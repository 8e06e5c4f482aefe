using NotifyGateway.Fuzz;

namespace NotifyGateway.Tests.Fuzzing;

/// <summary>Everything that reads what others have written, as <c>bench/fuzz</c> finds it.</summary>
public static class FuzzTargets
{
    /// <summary>Every target, from the wire inwards.</summary>
    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        .. IrcTargets.All, .. XmppTargets.All, .. NetworkTargets.All, .. LineTargets.All, .. RequestTargets.All, .. HookTargets.All, .. TextTargets.All, .. NameTargets.All,
        .. ConfigurationTargets.All, .. HttpTargets.All,
    ];
}
