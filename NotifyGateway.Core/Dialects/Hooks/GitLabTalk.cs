namespace NotifyGateway.Core.Dialects.Hooks;

/// <summary>What people say and decide on GitLab: merge requests, issues, notes, releases.</summary>
internal static class GitLabTalk
{
    /// <summary>Opened, merged, closed, reopened, approved. Commits that are added to it are told by the push; labels and the like are not told.</summary>
    public static HookReading MergeRequest(Payload payload)
    {
        var verb = payload.TextAt("object_attributes", "action") switch
        {
            "open" => payload.TextAt("object_attributes", "draft") is "true" ? "drafted" : "opened",
            "merge" => "merged",
            "close" => "closed",
            "reopen" => "reopened",
            "approved" or "approval" => "approved",
            "unapproved" or "unapproval" => "no longer approves",
            _ => null,
        };
        return verb is null ? Untold(payload) : new HookReading.Event("gitlab.merge_request", Subject(payload, "object_attributes")
            .Text("verb", verb)
            .Name("from", payload.TextAt("object_attributes", "source_branch"))
            .Name("into", payload.TextAt("object_attributes", "target_branch"))
            .Flag("isNew", verb is "opened" or "drafted")
            .Link("link", payload.TextAt("object_attributes", "url"))
            .Entries)
        { Severity = verb is "merged" ? Severity.Success : null };
    }

    /// <summary>Opened, closed and reopened.</summary>
    public static HookReading Issue(Payload payload)
    {
        var verb = payload.TextAt("object_attributes", "action") switch { "open" => "opened", "close" => "closed", "reopen" => "reopened", _ => null };
        return verb is null ? Untold(payload) : new HookReading.Event("gitlab.issue", Subject(payload, "object_attributes")
            .Text("verb", verb)
            .Name("kind", payload.TextAt("object_attributes", "type")?.ToLowerInvariant(), "issue")
            .Flag("isConfidential", payload.TextAt("object_attributes", "confidential") is "true")
            .Link("link", payload.TextAt("object_attributes", "url"))
            .Entries);
    }

    /// <summary>A comment on a merge request, an issue, a commit or a snippet. What GitLab itself notes is told by other events.</summary>
    public static HookReading Note(Payload payload)
    {
        var subject = payload.TextAt("object_attributes", "noteable_type") switch { "MergeRequest" => "merge_request", "Issue" => "issue", "Snippet" => "snippet", _ => "commit" };
        return payload.TextAt("object_attributes", "system") is "true" || payload.TextAt("object_attributes", "action") is not (null or "create") ? Untold(payload)
            : new HookReading.Event("gitlab.note", Subject(payload, subject)
                .Text("on", subject.Replace('_', ' '))
                .Name("mark", subject is "merge_request" ? "!" : "#")
                .Name("commit", subject is "commit" ? GitHubPush.Hash(payload.TextAt("commit", "id")) : null)
                .Title("title", payload.TextAt(subject, "title") ?? payload.TextAt(subject, "message"))
                .Title("said", payload.TextAt("object_attributes", "note"), EventModel.TextLength)
                .Link("link", payload.TextAt("object_attributes", "url"))
                .Entries);
    }

    public static HookReading Release(Payload payload) => payload.TextAt("action") is not (null or "create") ? new HookReading.Silence("a release that was changed")
        : new HookReading.Event("gitlab.release", GitLab.Model(payload)
            .Name("tag", payload.TextAt("tag"), "a version")
            .Title("title", GitHubTalk.Unless(payload.TextAt("name"), payload.TextAt("tag")))
            .Link("link", payload.TextAt("url"))
            .Entries);

    private static HookReading.Silence Untold(Payload payload) =>
        new($"the action {EventModel.Line(payload.TextAt("object_attributes", "action"), EventModel.NameLength) ?? "without a name"} is not told");

    private static EventModel Subject(Payload payload, string subject) => GitLab.Model(payload)
        .Name("number", payload.TextAt(subject, "iid") ?? (subject is "snippet" ? payload.TextAt(subject, "id") : null))
        .Title("title", payload.TextAt(subject, "title"));
}
