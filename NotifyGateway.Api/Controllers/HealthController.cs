using System.Text;
using Microsoft.AspNetCore.Mvc;
using NotifyGateway.Api.Http;
using NotifyGateway.Api.Http.OpenApi;

namespace NotifyGateway.Api.Controllers;

/// <summary>For load balancers and supervisors; needs no secret.</summary>
[Route("/health")]
[Tags("Health")]
internal sealed class HealthController(Readiness readiness, SessionBoard board) : Door
{
    private static readonly byte[] Alive = "ok"u8.ToArray();

    [AcceptVerbs("GET", "HEAD", Route = "live")]
    [EndpointSummary("Whether the process answers.")]
    [Answers(200, "It does.", Example = "ok")]
    [OpenToAll]
    public Task Live() => AnswerAsync(StatusCodes.Status200OK, "text/plain; charset=utf-8", Alive);

    [AcceptVerbs("GET", "HEAD", Route = "ready")]
    [EndpointSummary("Whether messages can be accepted.")]
    [Answers(200, "They can.", Type = typeof(ReadinessBody), Example = """{"status":"ready","reasons":[],"sessions":{"online":2,"connecting":0,"waiting":1,"faulted":0,"idle":0}}""")]
    [Answers(503, "They cannot, and why.", Type = typeof(ReadinessBody), Example = """{"status":"unready","reasons":["starting"],"sessions":{"online":0,"connecting":3,"waiting":0,"faulted":0,"idle":0}}""")]
    [ReadsParameter("Accept", "text/plain: the same in two readable lines.", In = "header", Example = "text/plain")]
    [OpenToAll]
    public Task Ready()
    {
        var reasons = readiness.Reasons();
        var (status, word) = reasons.Count == 0 ? (StatusCodes.Status200OK, "ready") : (StatusCodes.Status503ServiceUnavailable, "unready");
        var sessions = SessionCountsBody.Of(board.Snapshot());
        return WantsText()
            ? AnswerAsync(status, "text/plain; charset=utf-8", Encoding.UTF8.GetBytes($"{string.Join(": ", reasons.Prepend(word))}\nsessions: {sessions}\n"))
            : AnswerAsync(status, new ReadinessBody(word, reasons, sessions), ApiJson.Web.ReadinessBody);
    }

    /// <summary>People at a terminal ask for it; whoever says nothing gets JSON.</summary>
    private bool WantsText()
    {
        var accept = Request.Headers.Accept.ToString();
        return accept.Contains("text/plain", StringComparison.OrdinalIgnoreCase) && !accept.Contains("application/json", StringComparison.OrdinalIgnoreCase);
    }
}
