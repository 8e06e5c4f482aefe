using Microsoft.AspNetCore.Mvc;
using NotifyGateway.Api.Http;
using NotifyGateway.Api.Http.OpenApi;
using NotifyGateway.Core;

namespace NotifyGateway.Api.Controllers;

/// <summary>What is known of the configuration's files.</summary>
[Route("/api/v1/configuration")]
[Tags("Configuration")]
internal sealed class ConfigurationController(Doorkeeper door, CurrentConfiguration configuration, SessionBoard sessions) : Door
{
    private const string Example = """{"loadedAt":"2025-08-20T12:00:00+00:00","files":["/etc/notify/gateway.json"],"refusedAt":"2025-08-20T12:30:00+00:00","problems":[{"path":"Gateway:Irc:libera:Nick","message":"must not be empty","origin":"/etc/notify/gateway.json line 7"}],"needsRestart":["Gateway:Outbox:Path"],"warnings":["Gateway:DefaultTo: #nope: no network lists it"],"unserved":[{"session":"freenode","queued":3,"oldestQueuedAt":"2025-08-20T09:00:00+00:00"}]}""";

    [HttpGet]
    [EndpointSummary("Where the configuration comes from, and what became of its last change.")]
    [EndpointDescription("For the administrator. A file that changes is applied without a restart; a change with an error is refused whole, and what was in force goes on.")]
    [Answers(200, "What is known.", Type = typeof(ConfigurationBody), Example = Example)]
    [Answers(401, "A secret is needed, or the given one is wrong.", Type = typeof(ProblemBody), Headers = ["WWW-Authenticate"])]
    [Answers(403, "Only the administrator may see this.", Type = typeof(ProblemBody))]
    public Task Show() => door.Admit(Request, out var caller) is { } refusal ? RefuseAsync(refusal)
        : !caller.IsAdmin ? RefuseAsync(new Refusal(StatusCodes.Status403Forbidden, "Only the administrator may see this."))
        : AnswerAsync(StatusCodes.Status200OK, ConfigurationBody.Of(configuration.Report, sessions.Unserved()), ApiJson.Web.ConfigurationBody);
}
