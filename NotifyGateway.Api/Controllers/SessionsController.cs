using Microsoft.AspNetCore.Mvc;
using NotifyGateway.Api.Http;
using NotifyGateway.Api.Http.OpenApi;

namespace NotifyGateway.Api.Controllers;

/// <summary>The connections to the networks: how they stand, and the command to connect anew.</summary>
[Route("/api/v1/sessions")]
[Tags("Sessions")]
internal sealed class SessionsController(Doorkeeper door, SessionBoard sessions) : Door
{
    private const string Command = "/reconnect";
    private const string Example = """[{"name":"libera","protocol":"irc","state":"online","nick":"alertbot","server":"irc.libera.chat:6697","since":"2025-08-20T12:00:00+00:00","channels":[{"name":"#ops","state":"joined","reason":null}],"queued":0,"lastError":null,"nextAttemptAt":null,"oldestQueuedAt":null}]""";

    [HttpGet]
    [EndpointSummary("How every session stands.")]
    [Answers(200, "All sessions.", Type = typeof(SessionBody[]), Example = Example)]
    [Answers(401, "A secret is needed, or the given one is wrong.", Type = typeof(ProblemBody), Headers = ["WWW-Authenticate"])]
    [Answers(403, "The request comes from a web page of another site, or under an unknown host name.", Type = typeof(ProblemBody))]
    public Task List() => door.Admit(Request, out _) is { } refusal
        ? RefuseAsync(refusal)
        : AnswerAsync(StatusCodes.Status200OK, [.. sessions.Bodies()], ApiJson.Web.SessionBodyArray);

    [HttpPost("{name}/reconnect")]
    [EndpointSummary("Connect a session anew, at once.")]
    [EndpointDescription("For the administrator. The name of a session made on demand is a URL; it may stand in the path as it is or percent-encoded.")]
    [ReadsParameter("name", "The session's name.", In = "path", Example = "libera")]
    [Answers(202, "It connects.", Example = "reconnecting")]
    [Answers(401, "A secret is needed, or the given one is wrong.", Type = typeof(ProblemBody), Headers = ["WWW-Authenticate"])]
    [Answers(403, "Only the administrator may do this.", Type = typeof(ProblemBody))]
    [Answers(404, "There is no session of this name.", Type = typeof(ProblemBody))]
    [Answers(409, "A program, or the log, has no connection.", Type = typeof(ProblemBody))]
    public Task Reconnect() => ReconnectAsync((string)RouteData.Values["name"]!);

    /// <remarks>A URL with its slashes as they are: the route takes the rest of the path.</remarks>
    [HttpPost("{**rest}")]
    [ApiExplorerSettings(IgnoreApi = true)]
    public Task ReconnectUrl()
    {
        var rest = (string?)RouteData.Values["rest"] ?? "";
        return rest.EndsWith(Command, StringComparison.Ordinal) ? ReconnectAsync(rest[..^Command.Length]) : RefuseAsync(Refusal.NotFound);
    }

    private Task ReconnectAsync(string name)
    {
        if (door.Admit(Request, out var caller) is { } refusal)
        {
            return RefuseAsync(refusal);
        }

        if (!caller.IsAdmin)
        {
            return RefuseAsync(new Refusal(StatusCodes.Status403Forbidden, "Only the administrator may do this."));
        }

        // Kestrel decodes a path but for its slashes.
        name = name.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
        return sessions.Reconnect(name) ? AnswerAsync(StatusCodes.Status202Accepted, "text/plain; charset=utf-8", "reconnecting"u8.ToArray())
            : sessions.IsLocal(name) ? RefuseAsync(new Refusal(StatusCodes.Status409Conflict, "This is delivered to on this machine: there is no connection that could be made anew."))
            : RefuseAsync(new Refusal(StatusCodes.Status404NotFound, "There is no session of this name."));
    }
}
