using Microsoft.AspNetCore.Mvc;
using NotifyGateway.Api.Http;
using NotifyGateway.Api.Http.Hooks;
using NotifyGateway.Api.Http.OpenApi;
using NotifyGateway.Core.Configuration;

namespace NotifyGateway.Api.Controllers;

/// <summary>The door of everything that posts: Slack's clients work unchanged, and so do those of many others.</summary>
[Tags("Hooks")]
[ReadsBody(typeof(AnyBody), HooksController.Example, Forms = true)]
[Answers(200, "The message is on disk, or there is nothing to send.", Example = "ok", Headers = ["X-Notification-Id"])]
[Answers(400, "The body is not what it declares to be, or holds no text.", Example = "no_text")]
[Answers(403, "No hook has this token, or the signature is missing or wrong.", Example = "invalid_token")]
[Answers(404, "None of the hook's destinations is known.", Example = "channel_not_found")]
[Answers(405, "GET where the hook does not allow it, or another method.", Example = "method_not_allowed")]
[Answers(413, "The body is too large.", Example = "invalid_payload")]
[Answers(415, "The body is compressed.", Example = "invalid_payload")]
[Answers(503, "More requests a minute than the hook takes, or the outbox is full or cannot store.", Example = "rollup_error", Headers = ["Retry-After"])]
[OpenToAll]
internal sealed class HooksController(HookDoor door) : Door
{
    internal const string Example = """{"text":"disk full on web1"}""";
    private const string About = "JSON in any charset, a form (its field payload holds JSON, or its fields are the object), multipart (files are named, not sent), or a text. " +
        "The sender is known by its headers or by the shape of what it sends; an unknown one is shown as JSON. Success is the text ok, or {\"success\":true} where the hook says so. " +
        "An event of no interest is a success, too. GET, with fields in the query, only where the hook allows it.";

    private static readonly byte[] Fine = "ok"u8.ToArray();

    [AcceptVerbs("POST", "PUT", "GET", Route = "/hooks/{token}")]
    [EndpointSummary("Send what Slack's clients, alerting, forges and others post, in words for people, to where the hook says.")]
    [EndpointDescription(About)]
    [ReadsParameter("token", "The hook's token.", In = "path")]
    public Task Take() => AnswerAsync();

    [AcceptVerbs("POST", "PUT", "GET", Route = "/services/{a}/{b}/{token}")]
    [EndpointSummary("The same, at a path of the form that Slack's webhooks have.")]
    [EndpointDescription(About)]
    [ReadsParameter("a", "Anything.", In = "path")]
    [ReadsParameter("b", "Anything.", In = "path")]
    [ReadsParameter("token", "The hook's token.", In = "path")]
    public Task TakeService() => AnswerAsync();

    private async Task AnswerAsync()
    {
        var outcome = await door.TakeAsync(Request, (string?)RouteData.Values["token"] ?? "", HookTerms.Hooks, Aborted);
        if (outcome.Result == HookResult.WrongMethod)
        {
            Response.Headers.Allow = "POST, PUT";
        }

        if (!outcome.IsSuccess)
        {
            await (outcome.Refusal with { Detail = HookWords.Slack(outcome.Result) }).WriteTextAsync(HttpContext);
            return;
        }

        if (outcome.Result == HookResult.Accepted)
        {
            Response.Headers["X-Notification-Id"] = ReceiptBody.Format(outcome.MessageId);
        }

        // Rocket.Chat's clients read JSON, whatever else is answered to others.
        var isJson = outcome.Hook?.Options.Answer == HookAnswer.Success || outcome.Message is { WantsSuccess: true };
        await (isJson ? AnswerAsync(StatusCodes.Status200OK, new PostedBody(true), ApiJson.Web.PostedBody) : AnswerAsync(StatusCodes.Status200OK, "text/plain; charset=utf-8", Fine));
    }
}
