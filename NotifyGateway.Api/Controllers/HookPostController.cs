using Microsoft.AspNetCore.Mvc;
using NotifyGateway.Api.Http;
using NotifyGateway.Api.Http.Hooks;
using NotifyGateway.Api.Http.OpenApi;

namespace NotifyGateway.Api.Controllers;

/// <summary>The door of the XMPP MUC Message Gateway: its clients work unchanged.</summary>
internal sealed class HookPostController(HookDoor door) : Door
{
    private const string Example = """{"title":"Test message","text":"Hello World!"}""";

    /// <summary>What the XMPP MUC Message Gateway says of a body that it cannot read.</summary>
    private const string NotUnderstood = "The browser (or proxy) sent a request that this server could not understand.";

    [HttpPost("/post/{token}")]
    [EndpointSummary("Send what a program posts, in a readable form, to where its hook says.")]
    [EndpointDescription("Any JSON value, or a form, whose fields count as a JSON object. It is sent as JSON (indented, everything but ASCII escaped), as YAML (names sorted) or, where the hook's format is Text, as it is; any other format of a hook does, too.")]
    [Tags("Hooks")]
    [ReadsParameter("token", "The hook's token.", In = "path")]
    [ReadsBody(typeof(AnyBody), Example, Forms = true)]
    [Answers(200, "The message is on disk.", Type = typeof(PostedBody), Example = """{"success":true}""", Headers = ["X-Notification-Id"])]
    [Answers(400, "The body is neither JSON nor a form, or no destination is known.", Type = typeof(PostErrorBody), Example = """{"error":"400 Bad Request: The browser (or proxy) sent a request that this server could not understand. (not valid JSON, at line 1, byte 1)"}""")]
    [Answers(403, "The request comes from a web page of another site, or its signature is missing or wrong.", Type = typeof(PostErrorBody), Example = """{"error":"403 Forbidden: A request from a web page of another site needs a secret in a header."}""")]
    [Answers(404, "No hook has this token.", Type = typeof(PostErrorBody), Example = """{"error":"404 Not Found: Token mismatch"}""")]
    [Answers(405, "Another method than POST.", Type = typeof(PostErrorBody), Example = """{"error":"405 Method Not Allowed: Allowed here: POST."}""")]
    [Answers(413, "The message is too large.", Type = typeof(PostErrorBody), Example = """{"error":"413 Payload Too Large: A message has at most 65536 bytes."}""")]
    [Answers(415, "The body is compressed.", Type = typeof(PostErrorBody), Example = """{"error":"415 Unsupported Media Type: A compressed body is not taken."}""")]
    [Answers(503, "More requests a minute than the hook takes, the outbox is full or cannot store, or no further session on demand can be made.", Type = typeof(PostErrorBody), Example = """{"error":"503 Service Unavailable: too many messages are waiting for this destination"}""", Headers = ["Retry-After"])]
    [OpenToAll]
    public async Task Post()
    {
        var outcome = await door.TakeAsync(Request, (string?)RouteData.Values["token"] ?? "", HookTerms.Post, Aborted);
        if (!outcome.IsSuccess)
        {
            await Refusal(outcome).WriteErrorJsonAsync(HttpContext);
            return;
        }

        if (outcome.Result == HookResult.Accepted)
        {
            Response.Headers["X-Notification-Id"] = ReceiptBody.Format(outcome.MessageId);
        }

        await AnswerAsync(StatusCodes.Status200OK, new PostedBody(true), ApiJson.Web.PostedBody);
    }

    private static Refusal Refusal(HookOutcome outcome) => outcome.Result switch
    {
        HookResult.WrongToken => outcome.Refusal with { Status = StatusCodes.Status404NotFound },
        HookResult.NoDestination => outcome.Refusal with { Status = StatusCodes.Status400BadRequest },
        HookResult.InvalidPayload or HookResult.NoText => outcome.Refusal with { Detail = $"{NotUnderstood} ({outcome.Detail})" },
        _ => outcome.Refusal,
    };
}
