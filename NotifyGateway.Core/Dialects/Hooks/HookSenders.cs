namespace NotifyGateway.Core.Dialects.Hooks;

/// <summary>Every sender that the format <c>Auto</c> knows, in the order in which they are asked: those with headers of their own come first, the vaguest shape last.</summary>
internal static class HookSenders
{
    public static IReadOnlyList<HookSender> All { get; } =
    [
    ];

    /// <summary>Whose request it is; null: nobody's that is known.</summary>
    public static HookSender? Of(HookRequest request) => request.Door switch
    {
        HookDoors.Ntfy => Find("ntfy"),
        HookDoors.Gotify when Find("gotify") is { } gotify => gotify,
        _ => All.FirstOrDefault(s => s.Sent(request)),
    };

    /// <summary>The sender of that name.</summary>
    public static HookSender? Find(string name) => All.FirstOrDefault(s => string.Equals(s.Name, name, StringComparison.Ordinal));
}
