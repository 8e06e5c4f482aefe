using System.Reflection;
using Microsoft.AspNetCore.Mvc;
using NotifyGateway.Api.Http;
using NotifyGateway.Api.Http.OpenApi;

namespace NotifyGateway.Api.Controllers;

/// <summary>Who the caller is: for a page that has to know what it may offer, and whether to ask for a secret.</summary>
[Tags("Status page")]
internal sealed class WhoamiController(Doorkeeper door) : Door
{
    private static readonly string? Version = typeof(WhoamiController).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;

    [HttpGet("/api/v1/whoami")]
    [EndpointSummary("Who you are to the gateway.")]
    [EndpointDescription("Without credentials there is always an answer: client is null where a secret is needed.")]
    [Answers(200, "Who you are.", Type = typeof(WhoamiBody), Example = """{"client":"ci","admin":false,"reason":null,"version":"0.1.0"}""")]
    [Answers(401, "The given credentials are wrong.", Type = typeof(ProblemBody), Headers = ["WWW-Authenticate"])]
    public Task Tell()
    {
        if (door.Admit(Request, out var caller) is not { } refusal)
        {
            return AnswerAsync(StatusCodes.Status200OK, new WhoamiBody(caller.Client, caller.IsAdmin, null, Version), ApiJson.Web.WhoamiBody);
        }

        return Credentials.FromHeaders(Request.Headers).AreGiven || Credentials.FromQuery(Request.Query).AreGiven
            ? RefuseAsync(refusal)
            : AnswerAsync(StatusCodes.Status200OK, new WhoamiBody(null, false, refusal.Detail, null), ApiJson.Web.WhoamiBody);
    }
}
