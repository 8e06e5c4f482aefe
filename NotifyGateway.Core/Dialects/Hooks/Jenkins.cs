namespace NotifyGateway.Core.Dialects.Hooks;

/// <summary>Jenkins' Notification plugin (plugins.jenkins.io/notification), as JSON: a build that ended.</summary>
internal static class Jenkins
{
    public static HookSender Sender { get; } = new("jenkins", r => r.Payload is PayloadObject payload
        && payload.TextAt("name") is not null && payload.TextAt("build", "phase") is not null && payload.TextAt("build", "number") is not null, Read);

    private static HookReading Read(HookRequest request)
    {
        var payload = request.Payload!;
        var (verb, severity) = payload.TextAt("build", "status") switch
        {
            "SUCCESS" => ("passed", Severity.Success),
            "FAILURE" => ("failed", Severity.Error),
            "UNSTABLE" => ("is unstable", Severity.Warning),
            "ABORTED" => ("was aborted", Severity.Warning),
            _ => (null, Severity.Info),
        };
        return payload.TextAt("build", "phase") is "QUEUED" or "STARTED" || verb is null ? new HookReading.Silence("a build that has not ended")
            : new HookReading.Event("jenkins.build", new EventModel(payload)
                .Name("job", payload.TextAt("display_name") ?? payload.TextAt("name"), "a job")
                .Name("number", payload.TextAt("build", "number"))
                .Text("verb", verb)
                .Name("branch", payload.TextAt("build", "scm", "branch"))
                .Name("commit", GitHubPush.Hash(payload.TextAt("build", "scm", "commit")))
                .Count("failed", GitHubPush.Number(payload.TextAt("build", "test_summary", "failed")))
                .Title("notes", payload.TextAt("build", "notes"), EventModel.TextLength)
                .Link("link", payload.TextAt("build", "full_url"))
                .Entries)
            { Severity = severity, Repeat = Once(payload) };
    }

    /// <summary>An ended build is told when it is completed and when it is finalized, to those who ask for all phases.</summary>
    private static HookRepeat Once(Payload payload) => new(
        $"{EventModel.Line(payload.TextAt("build", "full_url") ?? payload.TextAt("name"), EventModel.TextLength)} #{EventModel.Line(payload.TextAt("build", "number"), EventModel.NameLength)} {payload.TextAt("build", "status")}",
        IsDelivery: true);
}
