using System.Security.Cryptography;

namespace NotifyGateway.Core.Dialects.Hooks;

/// <summary>GitLab's webhooks (docs.gitlab.com, "Webhook events"). The payload names its kind, which is the same for projects, groups and confidential matters.</summary>
internal static class GitLab
{
    private static readonly Dictionary<string, Func<Payload, HookReading>> Kinds = new(StringComparer.Ordinal)
    {
        ["push"] = GitLabPush.Read,
        ["tag_push"] = GitLabPush.Read,
        ["merge_request"] = GitLabTalk.MergeRequest,
        ["issue"] = GitLabTalk.Issue,
        ["work_item"] = GitLabTalk.Issue,
        ["note"] = GitLabTalk.Note,
        ["release"] = GitLabTalk.Release,
        ["pipeline"] = GitLabRuns.Pipeline,
        ["build"] = GitLabRuns.Job,
        ["deployment"] = GitLabRuns.Deployment,
    };

    public static HookSender Sender { get; } = new("gitlab", r => r.Header("X-Gitlab-Event") is not null, Read);

    /// <summary>The payload, with <c>repo</c> and <c>who</c>.</summary>
    public static EventModel Model(Payload payload) => new EventModel(payload)
        .Name("repo", payload.TextAt("project", "path_with_namespace") ?? payload.TextAt("project_name") ?? payload.TextAt("repository", "name"), "a project")
        .Name("who", payload.TextAt("user", "username") ?? payload.TextAt("user", "name") ?? payload.TextAt("user_username") ?? payload.TextAt("user_name"), "somebody");

    private static HookReading Read(HookRequest request) =>
        request.Payload is not PayloadObject payload ? new HookReading.Refused(HookFault.InvalidPayload, request.Fault ?? "it is no JSON object")
            : !Kinds.TryGetValue(payload.TextAt("object_kind") ?? "", out var read) ? new HookReading.Silence("an event of GitLab that is not told")
            : GitHub.Once(read(payload), Delivery(request));

    /// <summary>
    /// The key that a delivery and its retries have in common. Before 17.4 there is only the event's id, which hooks that set off each other share: there the body tells them apart.
    /// </summary>
    private static string? Delivery(HookRequest request) =>
        request.Header("Idempotency-Key") is { Length: > 0 } key ? key
            : request.Header("X-Gitlab-Event-UUID") is { Length: > 0 } id ? $"{id} {Convert.ToHexStringLower(SHA256.HashData(request.Body.Span))}" : null;
}
