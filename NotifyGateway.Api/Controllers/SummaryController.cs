using Microsoft.AspNetCore.Mvc;
using NotifyGateway.Api.Http;
using NotifyGateway.Api.Http.OpenApi;

namespace NotifyGateway.Api.Controllers;

/// <summary>What did not arrive lately, in numbers: for a page that says whether all is well.</summary>
[Tags("Messages")]
internal sealed class SummaryController(Doorkeeper door, Losses losses) : Door
{
    private const string Example = """{"since":"2025-08-20T12:00:00+00:00","hour":{"failed":1,"expired":0},"day":{"failed":3,"expired":2}}""";

    [HttpGet("/api/v1/summary")]
    [EndpointSummary("How many deliveries of your messages failed or expired in the last hour and day.")]
    [EndpointDescription("Counted since the gateway was started. A delivery that failed, was queued once more and then delivered is among them.")]
    [Answers(200, "The numbers.", Type = typeof(SummaryBody), Example = Example)]
    [Answers(401, "A secret is needed, or the given one is wrong.", Type = typeof(ProblemBody), Headers = ["WWW-Authenticate"])]
    [Answers(403, "The request comes from a web page of another site, or under an unknown host name.", Type = typeof(ProblemBody))]
    public Task Tell() => door.Admit(Request, out var caller) is { } refusal
        ? RefuseAsync(refusal)
        : AnswerAsync(StatusCodes.Status200OK, new SummaryBody(losses.Since, Body(Losses.Hour, caller), Body(Losses.Day, caller)), ApiJson.Web.SummaryBody);

    private LossesBody Body(TimeSpan span, Caller caller)
    {
        var (failed, expired) = losses.Within(span, caller);
        return new LossesBody(failed, expired);
    }
}
