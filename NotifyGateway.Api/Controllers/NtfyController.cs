using Microsoft.AspNetCore.Mvc;
using NotifyGateway.Api.Http;
using NotifyGateway.Api.Http.Hooks;
using NotifyGateway.Api.Http.OpenApi;

namespace NotifyGateway.Api.Controllers;

/// <summary>The door of ntfy's clients: the server is this gateway with <c>/ntfy</c> behind it, the topic a hook's token.</summary>
internal sealed class NtfyController(HookDoor door, TimeProvider time) : Door
{
    [AcceptVerbs("POST", "PUT", Route = "/ntfy/{token}")]
    [EndpointSummary("Send what ntfy's clients publish.")]
    [EndpointDescription("The body is the message, whatever its content type; title, priority and the rest stand in headers or in the query, as ntfy has them.")]
    [Tags("Hooks")]
    [ReadsParameter("token", "The hook's token.", In = "path")]
    [ReadsBody(typeof(AnyBody), """ "Backup successful" """)]
    [Answers(200, "The message is on disk, or there is nothing to send.", Type = typeof(NtfyBody), Headers = ["X-Notification-Id"],
        Example = """{"id":"0198c1f0-6a5e-7cc1-9d3f-5b8a1c2d3e4f","time":1635528757,"event":"message","topic":"","message":"Backup successful"}""")]
    [Answers(400, "The body is not what it declares to be, or holds no text.", Type = typeof(NtfyErrorBody), Example = """{"code":40000,"http":400,"error":"there is no text in it"}""")]
    [Answers(403, "No hook has this token, or the signature is missing or wrong.", Type = typeof(NtfyErrorBody), Example = """{"code":40301,"http":403,"error":"forbidden"}""")]
    [Answers(404, "None of the hook's destinations is known.", Type = typeof(NtfyErrorBody))]
    [Answers(405, "Another method than POST and PUT.", Type = typeof(NtfyErrorBody))]
    [Answers(413, "The body is too large.", Type = typeof(NtfyErrorBody))]
    [Answers(415, "The body is compressed.", Type = typeof(NtfyErrorBody))]
    [Answers(503, "More requests a minute than the hook takes, or the outbox is full or cannot store.", Type = typeof(NtfyErrorBody), Headers = ["Retry-After"])]
    [OpenToAll]
    public async Task Publish()
    {
        var outcome = await door.TakeAsync(Request, (string?)RouteData.Values["token"] ?? "", HookTerms.Ntfy, Aborted);
        if (!outcome.IsSuccess)
        {
            var refusal = outcome.Result is HookResult.WrongToken or HookResult.WrongSignature ? outcome.Refusal with { Detail = "forbidden" } : outcome.Refusal;
            await refusal.WriteNtfyErrorAsync(HttpContext);
            return;
        }

        var id = outcome.Result == HookResult.Accepted ? ReceiptBody.Format(outcome.MessageId) : "";
        if (id.Length > 0)
        {
            Response.Headers["X-Notification-Id"] = id;
        }

        var body = new NtfyBody(id, time.GetUtcNow().ToUnixTimeSeconds(), "message", "", outcome.Message?.Text ?? "", outcome.Message?.Title);
        await AnswerAsync(StatusCodes.Status200OK, body, ApiJson.Web.NtfyBody);
    }
}
