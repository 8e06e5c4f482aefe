namespace NotifyGateway.Core.Dialects.Hooks;

/// <summary>What machines found out about a commit on GitHub: workflows, checks, statuses.</summary>
internal static class GitHubRuns
{
    /// <summary>A workflow that is done, well or not.</summary>
    public static HookReading Workflow(Payload payload)
    {
        var (verb, severity) = payload.TextAt("workflow_run", "conclusion") switch
        {
            "success" => ("passed", Severity.Success),
            "failure" or "startup_failure" => ("failed", Severity.Error),
            "timed_out" => ("timed out", Severity.Error),
            "cancelled" => ("was cancelled", Severity.Warning),
            "action_required" => ("waits for approval", Severity.Warning),
            _ => (null, Severity.Info),
        };
        return payload.TextAt("action") is not "completed" || verb is null ? GitHubTalk.Untold(payload)
            : new HookReading.Event("github.workflow_run", GitHubTalk.Model(payload)
                .Name("name", payload.TextAt("workflow_run", "name") ?? payload.TextAt("workflow", "name"), "a workflow")
                .Name("number", payload.TextAt("workflow_run", "run_number"))
                .Text("verb", verb)
                .Name("branch", payload.TextAt("workflow_run", "head_branch"))
                .Title("title", payload.TextAt("workflow_run", "display_title") ?? payload.TextAt("workflow_run", "head_commit", "message"))
                .Name("who", payload.TextAt("workflow_run", "actor", "login"))
                .Link("link", payload.TextAt("workflow_run", "html_url"))
                .Entries)
            { Severity = severity };
    }

    /// <summary>A check that failed. One that passed is not told: its workflow is.</summary>
    public static HookReading Check(Payload payload) =>
        payload.TextAt("action") is "completed" && payload.TextAt("check_run", "conclusion") is "failure" or "timed_out"
            ? Failed(payload, payload.TextAt("check_run", "name"), payload.TextAt("check_run", "conclusion") is "timed_out", payload.TextAt("check_run", "output", "title"),
                payload.TextAt("check_run", "check_suite", "head_branch"), payload.TextAt("check_run", "head_sha"), payload.TextAt("check_run", "html_url"))
            : GitHubTalk.Untold(payload);

    /// <summary>A status, the older kind of check, that failed.</summary>
    public static HookReading Status(Payload payload) => payload.TextAt("state") is not ("failure" or "error") ? new HookReading.Silence("a status that is no failure")
        : Failed(payload, payload.TextAt("context"), isLate: false, payload.TextAt("description"),
            payload.ListAt("branches") is [var branch, ..] ? branch.TextAt("name") : null, payload.TextAt("sha"), payload.TextAt("target_url"));

    private static HookReading.Event Failed(Payload payload, string? name, bool isLate, string? title, string? branch, string? hash, string? link) =>
        new("github.check_run", GitHubTalk.Model(payload)
            .Name("name", name, "a check")
            .Text("verb", isLate ? "timed out" : "failed")
            .Name("branch", branch)
            .Name("commit", GitHubPush.Hash(hash))
            .Title("title", title)
            .Link("link", link)
            .Entries)
        { Severity = Severity.Error };
}
