namespace NotifyGateway.Core.Dialects.Hooks;

/// <summary>CircleCI's webhooks (circleci.com/docs, "Webhooks reference"): a workflow that ended. Its jobs are not told.</summary>
internal static class CircleCi
{
    private const string EventHeader = "Circleci-Event-Type";

    public static HookSender Sender { get; } = new("circleci", r => r.Header(EventHeader) is not null, Read);

    private static HookReading Read(HookRequest request)
    {
        if (request.Payload is not PayloadObject payload)
        {
            return new HookReading.Refused(HookFault.InvalidPayload, request.Fault ?? "it is no JSON object");
        }

        var (verb, severity) = payload.TextAt("workflow", "status") switch
        {
            "success" => ("passed", Severity.Success),
            "failed" or "error" => ("failed", Severity.Error),
            "canceled" => ("was cancelled", Severity.Warning),
            "unauthorized" => ("was not allowed", Severity.Warning),
            _ => (null, Severity.Info),
        };
        return request.Header(EventHeader) is not "workflow-completed" || verb is null ? new HookReading.Silence("an event of CircleCI that is not told")
            : GitHub.Once(new HookReading.Event("circleci.workflow", new EventModel(payload)
                .Name("repo", payload.TextAt("project", "name") ?? payload.TextAt("project", "slug"), "a project")
                .Name("name", payload.TextAt("workflow", "name"), "a workflow")
                .Name("number", payload.TextAt("pipeline", "number"))
                .Text("verb", verb)
                .Name("branch", payload.TextAt("pipeline", "vcs", "branch") ?? payload.TextAt("pipeline", "vcs", "tag"))
                .Title("title", payload.TextAt("pipeline", "vcs", "commit", "subject"))
                .Name("who", payload.TextAt("pipeline", "vcs", "commit", "author", "name"))
                .Link("link", payload.TextAt("workflow", "url"))
                .Entries)
            { Severity = severity }, payload.TextAt("id"));
    }
}
