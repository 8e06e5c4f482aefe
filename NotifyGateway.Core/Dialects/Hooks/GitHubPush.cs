namespace NotifyGateway.Core.Dialects.Hooks;

/// <summary>A push to GitHub, Gitea or Forgejo: commits, or a branch or tag that came, went or moved.</summary>
internal static class GitHubPush
{
    /// <summary>How many commits are shown.</summary>
    public const int ShownCommits = 5;

    private const string Branches = "refs/heads/";
    private const string Tags = "refs/tags/";

    public static HookReading Read(Payload push)
    {
        var commits = push.ListAt("commits");
        var count = Math.Max(commits.Count, Number(push.TextAt("total_commits")));
        var model = GitHubTalk.Model(push);
        return !Ref(model, push.TextAt("ref")) ? new HookReading.Silence("a push to no branch or tag")
            : new HookReading.Event("github.push", Commits(model, commits.Select(Commit), count)
                .Text("change", Change(push))
                .Name("tip", Hash(push.TextAt("after")))
                .Link("link", commits.Count == 1 ? commits[0].TextAt("url") : count > 1 ? push.TextAt("compare") ?? push.TextAt("compare_url") : push.TextAt("head_commit", "url"))
                .Entries);
    }

    /// <summary>Adds <c>kind</c> and <c>name</c> of what a reference points to.</summary>
    /// <returns>False if it is neither a branch nor a tag.</returns>
    public static bool Ref(EventModel model, string? reference)
    {
        var isTag = reference?.StartsWith(Tags, StringComparison.Ordinal) ?? false;
        if (!isTag && reference?.StartsWith(Branches, StringComparison.Ordinal) != true)
        {
            return false;
        }

        var name = EventModel.Line(reference![(isTag ? Tags : Branches).Length..], EventModel.NameLength);
        model.Text("kind", isTag ? "tag" : "branch").Text("name", name);
        return name is not null;
    }

    /// <summary>Adds <c>pushed</c>, the first commits that say anything, <c>count</c>, that of all, and <c>left</c>, that of those which are not shown.</summary>
    public static EventModel Commits(EventModel model, IEnumerable<EventModel> commits, long count)
    {
        var shown = commits.Take(ShownCommits).Where(c => c.Entries.Has("id") || c.Entries.Has("title"))
            .Select(c => c.Entries.Has("title") ? c : c.Text("title", "without a message")).ToList();
        return model.List("pushed", shown).Count("count", count).Flag("single", count == 1 && shown.Count == 1).Count("left", shown.Count == 0 ? 0 : count - shown.Count);
    }

    /// <summary>The first digits of a hash; null for one of zeros, which stands for nothing.</summary>
    public static string? Hash(string? hash)
    {
        const int Digits = 8;
        return string.IsNullOrWhiteSpace(hash) || IsZero(hash) ? null : hash[..Math.Min(Digits, hash.Length)];
    }

    public static bool IsZero(string? hash) => hash is { Length: > 0 } && hash.AsSpan().IndexOfAnyExcept('0') < 0;

    public static long Number(string? digits) => long.TryParse(digits, System.Globalization.CultureInfo.InvariantCulture, out var number) ? number : 0;

    private static EventModel Commit(Payload commit) => new EventModel(null)
        .Name("id", Hash(commit.TextAt("id")))
        .Title("title", commit.TextAt("message"))
        .Name("author", commit.TextAt("author", "username") is { Length: > 0 } user ? user : commit.TextAt("author", "name"));

    // Gitea sends no flags: a branch that came or went has a hash of zeros.
    private static string Change(Payload push) =>
        push.TextAt("deleted") is "true" || IsZero(push.TextAt("after")) ? "deleted"
            : push.TextAt("created") is "true" || IsZero(push.TextAt("before")) ? "created"
            : push.TextAt("forced") is "true" ? "forced" : "pushed";
}
