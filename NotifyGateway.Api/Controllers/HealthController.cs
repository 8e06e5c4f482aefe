using Microsoft.AspNetCore.Mvc;
using NotifyGateway.Api.Http;
using NotifyGateway.Api.Http.OpenApi;

namespace NotifyGateway.Api.Controllers;

/// <summary>For load balancers and supervisors; needs no secret.</summary>
[Route("/health")]
[Tags("Health")]
internal sealed class HealthController(Readiness readiness) : Door
{
    private static readonly byte[] Alive = "ok"u8.ToArray();

    [AcceptVerbs("GET", "HEAD", Route = "live")]
    [EndpointSummary("Whether the process answers.")]
    [Answers(200, "It does.", Example = "ok")]
    [OpenToAll]
    public Task Live() => AnswerAsync(StatusCodes.Status200OK, "text/plain; charset=utf-8", Alive);

    [AcceptVerbs("GET", "HEAD", Route = "ready")]
    [EndpointSummary("Whether messages can be accepted.")]
    [Answers(200, "They can.", Type = typeof(ReadinessBody), Example = """{"status":"ready","reasons":[]}""")]
    [Answers(503, "They cannot, and why.", Type = typeof(ReadinessBody), Example = """{"status":"unready","reasons":["starting"]}""")]
    [OpenToAll]
    public Task Ready()
    {
        var reasons = readiness.Reasons();
        return reasons.Count == 0
            ? AnswerAsync(StatusCodes.Status200OK, new ReadinessBody("ready", reasons), ApiJson.Web.ReadinessBody)
            : AnswerAsync(StatusCodes.Status503ServiceUnavailable, new ReadinessBody("unready", reasons), ApiJson.Web.ReadinessBody);
    }
}
