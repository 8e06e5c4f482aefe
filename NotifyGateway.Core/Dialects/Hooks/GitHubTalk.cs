namespace NotifyGateway.Core.Dialects.Hooks;

/// <summary>What people say and decide on GitHub, and on Gitea and Forgejo, whose payloads are alike: issues, pull requests, reviews, comments, releases.</summary>
internal static class GitHubTalk
{
    /// <summary>The payload, with <c>repo</c> and <c>who</c>.</summary>
    public static EventModel Model(Payload payload) => new EventModel(payload)
        .Name("repo", payload.TextAt("repository", "full_name") ?? payload.TextAt("repository", "name") ?? payload.TextAt("organization", "login"), "a repository")
        .Name("who", payload.TextAt("sender", "login") ?? payload.TextAt("pusher", "name") ?? payload.TextAt("pusher", "login"), "somebody");

    /// <summary>Opened, merged, closed, reopened and ready for review. Commits that are added to it are told by the push.</summary>
    public static HookReading PullRequest(Payload payload)
    {
        var merged = payload.TextAt("pull_request", "merged") is "true";
        var draft = payload.TextAt("pull_request", "draft") is "true";
        var verb = payload.TextAt("action") switch
        {
            "opened" => draft ? "drafted" : "opened",
            "closed" => merged ? "merged" : "closed",
            "reopened" => "reopened",
            "ready_for_review" => "asks to review",
            _ => null,
        };
        return verb is null ? Untold(payload) : new HookReading.Event("github.pull_request", Subject(payload, "pull_request")
            .Text("verb", verb)
            .Name("from", payload.TextAt("pull_request", "head", "ref"))
            .Name("into", payload.TextAt("pull_request", "base", "ref"))
            .Flag("isNew", verb is "opened" or "drafted")
            .Entries)
        { Severity = verb is "merged" ? Severity.Success : null };
    }

    /// <summary>A review that is finished. One without a word or a verdict holds nothing but comments on lines.</summary>
    public static HookReading Review(Payload payload)
    {
        // Gitea: the type is that of the event, the body is named content.
        var body = payload.TextAt("review", "body") ?? payload.TextAt("review", "content");
        var verdict = payload.TextAt("review", "state") ?? payload.TextAt("review", "type");
        var verb = verdict?.ToLowerInvariant() switch
        {
            "approved" or "pull_request_review_approved" => "approved",
            "changes_requested" or "pull_request_review_rejected" => "requested changes to",
            "commented" or "pull_request_review_comment" when !string.IsNullOrWhiteSpace(body) => "reviewed",
            _ => null,
        };
        return payload.TextAt("action") is not ("submitted" or "reviewed") || verb is null ? Untold(payload)
            : new HookReading.Event("github.pull_request_review", Subject(payload, "pull_request")
                .Text("verb", verb)
                .Title("said", body, EventModel.TextLength)
                .Link("link", payload.TextAt("review", "html_url") ?? payload.TextAt("pull_request", "html_url"))
                .Entries);
    }

    /// <summary>Opened, closed and reopened.</summary>
    public static HookReading Issue(Payload payload) => payload.TextAt("action") is not ("opened" or "closed" or "reopened") ? Untold(payload)
        : new HookReading.Event("github.issues", Subject(payload, "issue")
            .Text("verb", payload.TextAt("action"))
            .Flag("isUnplanned", payload.TextAt("action") is "closed" && payload.TextAt("issue", "state_reason") is "not_planned")
            .Entries);

    /// <summary>On an issue, a pull request, a discussion or a commit.</summary>
    public static HookReading Comment(Payload payload)
    {
        var subject = payload.Has("discussion") ? "discussion" : payload.Has("issue") ? "issue" : payload.Has("pull_request") ? "pull_request" : "commit";
        var isRequest = subject is "pull_request" || payload.Has("issue", "pull_request") || payload.TextAt("is_pull") is "true";
        return payload.TextAt("action") is not "created" ? Untold(payload) : new HookReading.Event("github.issue_comment", Subject(payload, subject)
            .Text("on", isRequest ? "pull request" : subject)
            .Name("commit", GitHubPush.Hash(payload.TextAt("comment", "commit_id")))
            .Title("said", payload.TextAt("comment", "body"), EventModel.TextLength)
            .Link("link", payload.TextAt("comment", "html_url"))
            .Entries);
    }

    public static HookReading Discussion(Payload payload) => payload.TextAt("action") is not ("created" or "answered") ? Untold(payload)
        : new HookReading.Event("github.discussion", Subject(payload, "discussion").Text("verb", payload.TextAt("action") is "created" ? "started" : "marked an answer in").Entries);

    public static HookReading Release(Payload payload) => payload.TextAt("action") is not "published" ? Untold(payload)
        : new HookReading.Event("github.release", Model(payload)
            .Name("tag", payload.TextAt("release", "tag_name"), "a version")
            .Title("title", Unless(payload.TextAt("release", "name"), payload.TextAt("release", "tag_name")))
            .Flag("isEarly", payload.TextAt("release", "prerelease") is "true")
            .Link("link", payload.TextAt("release", "html_url"))
            .Entries);

    /// <summary>A text that says more than another.</summary>
    public static string? Unless(string? text, string? other) => string.Equals(text, other, StringComparison.Ordinal) ? null : text;

    public static HookReading.Silence Untold(Payload payload) => new($"the action {EventModel.Line(payload.TextAt("action"), EventModel.NameLength) ?? "without a name"} is not told");

    /// <summary>The model with <c>number</c>, <c>title</c> and <c>link</c> of an issue or the like.</summary>
    private static EventModel Subject(Payload payload, string subject) => Model(payload)
        .Name("number", payload.TextAt(subject, "number") ?? payload.TextAt("number"))
        .Title("title", payload.TextAt(subject, "title"))
        .Link("link", payload.TextAt(subject, "html_url"));
}
