namespace NotifyGateway.Core.Dialects.Hooks;

/// <summary>Every sender that the format <c>Auto</c> knows, in the order in which they are asked: those with headers of their own come first, the vaguest shape last.</summary>
internal static class HookSenders
{
    public static IReadOnlyList<HookSender> All { get; } =
    [
        Gitea.Sender,
        GitLab.Sender,
        GitHub.Sender,
        GrafanaSender.Sender,
        AlertmanagerSender.Sender,
        CircleCi.Sender,
        Sentry.Sender,
        Ntfy.Sender,
        Jenkins.Sender,
        UptimeKuma.Sender,
        Apprise.Sender,
        Healthchecks.Sender,
        SlackHook.Sender,
        Gotify.Sender,
    ];

    /// <summary>Whose request it is; null: nobody's that is known.</summary>
    public static HookSender? Of(HookRequest request) => request.Door switch
    {
        HookDoors.Ntfy => Ntfy.Sender,
        HookDoors.Gotify => Gotify.Sender,
        _ => All.FirstOrDefault(s => s.Sent(request)),
    };
}
