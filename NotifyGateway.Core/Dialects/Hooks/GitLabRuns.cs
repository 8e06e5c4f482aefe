using System.Globalization;

namespace NotifyGateway.Core.Dialects.Hooks;

/// <summary>What GitLab's runners did: pipelines, jobs, deployments.</summary>
internal static class GitLabRuns
{
    private const int ShownJobs = 5;

    /// <summary>A pipeline that has ended, with the jobs that failed it.</summary>
    public static HookReading Pipeline(Payload payload)
    {
        var (verb, severity) = Outcome(payload.TextAt("object_attributes", "status"));
        return verb is null ? new HookReading.Silence("a pipeline that has not ended")
            : new HookReading.Event("gitlab.pipeline", Model(payload)
                .Name("number", payload.TextAt("object_attributes", "id"))
                .Text("verb", verb)
                .Name("branch", payload.TextAt("merge_request", "source_branch") ?? payload.TextAt("object_attributes", "ref"))
                .Title("time", Time(payload.TextAt("object_attributes", "duration")))
                .Title("jobs", severity == Severity.Error ? FailedJobs(payload) : null)
                .Title("title", payload.TextAt("commit", "title") ?? payload.TextAt("commit", "message"))
                .Link("link", payload.TextAt("object_attributes", "url") ?? Page(payload, "pipelines", payload.TextAt("object_attributes", "id")))
                .Entries)
            { Severity = severity };
    }

    /// <summary>A job that failed, and was not allowed to.</summary>
    public static HookReading Job(Payload payload) =>
        payload.TextAt("build_status") is not "failed" || payload.TextAt("build_allow_failure") is "true" ? new HookReading.Silence("a job that is no failure")
            : new HookReading.Event("gitlab.job", Model(payload)
                .Name("name", payload.TextAt("build_name"))
                .Name("stage", payload.TextAt("build_stage"))
                .Name("branch", payload.TextAt("ref"))
                .Name("commit", GitHubPush.Hash(payload.TextAt("sha")))
                .Name("reason", payload.TextAt("build_failure_reason") is { } reason and not "unknown_failure" ? reason.Replace('_', ' ') : null)
                .Link("link", Page(payload, "jobs", payload.TextAt("build_id")))
                .Entries)
            { Severity = Severity.Error };

    /// <summary>A deployment that has ended.</summary>
    public static HookReading Deployment(Payload payload)
    {
        var (verb, severity) = Outcome(payload.TextAt("status"));
        return verb is null ? new HookReading.Silence("a deployment that has not ended")
            : new HookReading.Event("gitlab.deployment", Model(payload)
                .Name("environment", payload.TextAt("environment"), "an environment")
                .Text("verb", severity == Severity.Success ? "succeeded" : verb)
                .Name("branch", payload.TextAt("ref"))
                .Title("title", payload.TextAt("commit_title"))
                .Link("link", payload.TextAt("deployable_url") ?? payload.TextAt("commit_url"))
                .Entries)
            { Severity = severity };
    }

    /// <summary>Somebody set it off, or nobody did: a schedule.</summary>
    private static EventModel Model(Payload payload) => GitLab.Model(payload).Name("who", payload.TextAt("user", "username") ?? payload.TextAt("user", "name"));

    private static (string? Verb, Severity Severity) Outcome(string? status) => status switch
    {
        "success" => ("passed", Severity.Success),
        "failed" => ("failed", Severity.Error),
        "canceled" => ("was cancelled", Severity.Warning),
        _ => (null, Severity.Info),
    };

    private static string? FailedJobs(Payload payload)
    {
        var failed = payload.ListAt("builds").Where(b => b.TextAt("status") is "failed" && b.TextAt("allow_failure") is not "true")
            .Select(b => EventModel.Line(b.TextAt("name"), EventModel.NameLength)).OfType<string>().Distinct(StringComparer.Ordinal).ToList();
        return failed.Count == 0 ? null : string.Join(", ", failed.Take(ShownJobs)) + (failed.Count > ShownJobs ? ", …" : "");
    }

    /// <summary>Seconds as <c>1 min 3 s</c>.</summary>
    private static string? Time(string? seconds)
    {
        if (!double.TryParse(seconds, CultureInfo.InvariantCulture, out var number) || number is not (>= 1 and < 10_000_000))
        {
            return null;
        }

        var (minutes, rest) = Math.DivRem((long)number, 60);
        var (hours, left) = Math.DivRem(minutes, 60);
        return string.Create(CultureInfo.InvariantCulture, $"{(hours > 0 ? $"{hours} h " : "")}{(left > 0 ? $"{left} min " : "")}{(rest > 0 && hours == 0 ? $"{rest} s" : "")}").TrimEnd();
    }

    private static string? Page(Payload payload, string kind, string? id) =>
        (payload.TextAt("project", "web_url") ?? payload.TextAt("repository", "homepage")) is { } home && id is not null ? $"{home}/-/{kind}/{id}" : null;
}
