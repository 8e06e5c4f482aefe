namespace NotifyGateway.Core.Dialects.Hooks;

/// <summary>A push to GitLab: commits, or a branch or tag that came or went.</summary>
internal static class GitLabPush
{
    public static HookReading Read(Payload push)
    {
        var commits = push.ListAt("commits");
        var count = Math.Max(commits.Count, GitHubPush.Number(push.TextAt("total_commits_count")));
        var (before, after) = (push.TextAt("before"), push.TextAt("after"));
        var change = GitHubPush.IsZero(after) ? "deleted" : GitHubPush.IsZero(before) ? "created" : "pushed";
        var model = GitLab.Model(push);
        return !GitHubPush.Ref(model, push.TextAt("ref")) ? new HookReading.Silence("a push to no branch or tag")
            : new HookReading.Event("gitlab.push", GitHubPush.Commits(model, commits.Select(Commit), count)
                .Text("change", change)
                .Name("tip", GitHubPush.Hash(push.TextAt("checkout_sha") ?? after))
                .Link("link", count == 1 && commits.Count == 1 ? commits[0].TextAt("url")
                    : change is "pushed" && before is not null && after is not null ? $"{push.TextAt("project", "web_url")}/-/compare/{before}...{after}" : null)
                .Entries);
    }

    private static EventModel Commit(Payload commit) => new EventModel(null)
        .Name("id", GitHubPush.Hash(commit.TextAt("id")))
        .Title("title", commit.TextAt("title") ?? commit.TextAt("message"))
        .Name("author", commit.TextAt("author", "name"));
}
