namespace NotifyGateway.Core.Dialects.Hooks;

/// <summary>GitHub's webhooks (docs.github.com, "Webhook events and payloads"), as JSON or as the form field <c>payload</c>.</summary>
internal static class GitHub
{
    private const string EventHeader = "X-GitHub-Event";

    /// <summary>
    /// What is told. Silent are, among others: <c>ping</c>, stars, watches and forks; <c>create</c> and <c>delete</c>, since a push tells both; <c>check_suite</c>,
    /// whose runs tell it; comments on lines of a review, since the review tells that there are some.
    /// </summary>
    private static readonly Dictionary<string, Func<Payload, HookReading>> Events = new(StringComparer.Ordinal)
    {
        ["push"] = GitHubPush.Read,
        ["pull_request"] = GitHubTalk.PullRequest,
        ["pull_request_review"] = GitHubTalk.Review,
        ["issues"] = GitHubTalk.Issue,
        ["issue_comment"] = GitHubTalk.Comment,
        ["commit_comment"] = GitHubTalk.Comment,
        ["discussion"] = GitHubTalk.Discussion,
        ["discussion_comment"] = GitHubTalk.Comment,
        ["release"] = GitHubTalk.Release,
        ["workflow_run"] = GitHubRuns.Workflow,
        ["check_run"] = GitHubRuns.Check,
        ["status"] = GitHubRuns.Status,
    };

    public static HookSender Sender { get; } = new("github", r => r.Header(EventHeader) is not null, Read);

    private static HookReading Read(HookRequest request) =>
        !Events.TryGetValue(request.Header(EventHeader) ?? "", out var read) ? new HookReading.Silence("an event of GitHub that is not told")
            : PayloadField.Of(request, "payload") is not { } payload ? new HookReading.Refused(HookFault.InvalidPayload, request.Fault ?? "it is no JSON object")
            : Once(read(payload), request.Header("X-GitHub-Delivery"));

    /// <summary>An event with the sender's id of its delivery: a redelivery has the id of the first.</summary>
    public static HookReading Once(HookReading reading, string? delivery) =>
        reading is HookReading.Event told && !string.IsNullOrWhiteSpace(delivery) ? told with { Repeat = new HookRepeat(delivery, IsDelivery: true) } : reading;
}
