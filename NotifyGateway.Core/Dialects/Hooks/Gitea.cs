namespace NotifyGateway.Core.Dialects.Hooks;

/// <summary>Gitea's and Forgejo's webhooks. They name their events as GitHub does, in a header of theirs and in GitHub's, and their payloads are like GitHub's.</summary>
internal static class Gitea
{
    /// <summary>
    /// What is told. A branch that is deleted is told by <c>delete</c> alone, a tag by a push too; whatever is created, by a push too. The reviews of a pull request
    /// have names of their own.
    /// </summary>
    private static readonly Dictionary<string, Func<Payload, HookReading>> Events = new(StringComparer.Ordinal)
    {
        ["push"] = GitHubPush.Read,
        ["delete"] = Delete,
        ["pull_request"] = GitHubTalk.PullRequest,
        ["pull_request_approved"] = GitHubTalk.Review,
        ["pull_request_rejected"] = GitHubTalk.Review,
        ["pull_request_comment"] = GitHubTalk.Review,
        ["issues"] = GitHubTalk.Issue,
        ["issue_comment"] = GitHubTalk.Comment,
        ["release"] = GitHubTalk.Release,
        ["workflow_run"] = GitHubRuns.Workflow,
        ["status"] = GitHubRuns.Status,
    };

    public static HookSender Sender { get; } = new("gitea", r => Header(r, "Event") is not null, Read);

    private static HookReading Read(HookRequest request) =>
        !Events.TryGetValue(Header(request, "Event") ?? "", out var read) ? new HookReading.Silence("an event of Gitea that is not told")
            : PayloadField.Of(request, "payload") is not { } payload ? new HookReading.Refused(HookFault.InvalidPayload, request.Fault ?? "it is no JSON object")
            : GitHub.Once(read(payload), Header(request, "Delivery"));

    private static string? Header(HookRequest request, string name) => request.Header($"X-Forgejo-{name}") ?? request.Header($"X-Gitea-{name}");

    private static HookReading Delete(Payload payload)
    {
        var model = GitHubTalk.Model(payload);
        return payload.TextAt("ref_type") is "branch" && GitHubPush.Ref(model, $"refs/heads/{payload.TextAt("ref")}")
            ? new HookReading.Event("github.push", GitHubPush.Commits(model, [], 0).Text("change", "deleted").Text("tip", null).Text("link", null).Entries)
            : new HookReading.Silence("a deleted tag, which a push tells");
    }
}
