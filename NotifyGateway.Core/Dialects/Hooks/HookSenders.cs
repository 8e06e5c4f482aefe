namespace NotifyGateway.Core.Dialects.Hooks;

/// <summary>Every sender that the format <c>Auto</c> knows, in the order in which they are asked: those with headers of their own come first, the vaguest shape last.</summary>
internal static class HookSenders
{
    public static IReadOnlyList<HookSender> All { get; } =
    [
        GrafanaSender.Sender,
        AlertmanagerSender.Sender,
    ];

    /// <summary>Whose request it is; null: nobody's that is known.</summary>
    public static HookSender? Of(HookRequest request) => All.FirstOrDefault(s => s.Sent(request));
}
