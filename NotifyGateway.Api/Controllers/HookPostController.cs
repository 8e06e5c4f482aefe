using Microsoft.AspNetCore.Mvc;
using NotifyGateway.Api.Http;
using NotifyGateway.Api.Http.OpenApi;
using NotifyGateway.Core;
using NotifyGateway.Core.Configuration;

namespace NotifyGateway.Api.Controllers;

/// <summary>The door of the XMPP MUC Message Gateway: its clients work unchanged.</summary>
internal sealed partial class HookPostController(
    Doorkeeper door, HookDirectory hooks, HttpIntake intake, GatewayOptions options, ILogger<HookPostController> log) : Door
{
    private const string Example = """{"title":"Test message","text":"Hello World!"}""";

    private static readonly Refusal Mismatch = new(StatusCodes.Status404NotFound, "Token mismatch");

    [HttpPost("/post/{token}")]
    [EndpointSummary("Send what a program posts, in a readable form, to where its hook says.")]
    [EndpointDescription("Any JSON value, or a form, whose fields count as a JSON object. It is sent as JSON (indented, everything but ASCII escaped), as YAML (names sorted) or, where the hook's format is Text, as it is.")]
    [Tags("Hooks")]
    [ReadsParameter("token", "The hook's token.", In = "path")]
    [ReadsBody(typeof(AnyBody), Example, Forms = true)]
    [Answers(200, "The message is on disk.", Type = typeof(PostedBody), Example = """{"success":true}""", Headers = ["X-Notification-Id"])]
    [Answers(400, "The body is neither JSON nor a form, or no destination is known.", Type = typeof(PostErrorBody), Example = """{"error":"400 Bad Request: The browser (or proxy) sent a request that this server could not understand. (not valid JSON, at line 1, byte 1)"}""")]
    [Answers(403, "The request comes from a web page of another site.", Type = typeof(PostErrorBody), Example = """{"error":"403 Forbidden: A request from a web page of another site needs a secret in a header."}""")]
    [Answers(404, "No hook has this token.", Type = typeof(PostErrorBody), Example = """{"error":"404 Not Found: Token mismatch"}""")]
    [Answers(405, "Another method than POST.", Type = typeof(PostErrorBody), Example = """{"error":"405 Method Not Allowed: Allowed here: POST."}""")]
    [Answers(413, "The message is too large.", Type = typeof(PostErrorBody), Example = """{"error":"413 Payload Too Large: A message has at most 65536 bytes."}""")]
    [Answers(503, "The outbox is full or cannot store, or no further session on demand can be made.", Type = typeof(PostErrorBody), Example = """{"error":"503 Service Unavailable: too many messages are waiting for this destination"}""", Headers = ["Retry-After"])]
    [OpenToAll]
    public async Task Post()
    {
        if (door.RefuseForeignPage(Request) is { } foreign)
        {
            await intake.Refuse(foreign).WriteErrorJsonAsync(HttpContext);
            return;
        }

        if (hooks.Identify((string?)RouteData.Values["token"] ?? "") is not { } hook)
        {
            await intake.Refuse(Mismatch).WriteErrorJsonAsync(HttpContext);
            return;
        }

        var (text, unread) = await HookBody.ReadAsync(Request, hook.Options.Format ?? HookFormat.Json, options.MaxMessageBytes + BoundedBody.Envelope, Aborted);
        if (unread is not null)
        {
            await intake.Refuse(unread).WriteErrorJsonAsync(HttpContext);
            return;
        }

        await AnswerAsync(hook, await intake.AcceptAsync(new Submission
        {
            Input = HttpIntake.Input,
            Client = $"hook:{hook.Name}",
            To = Addressing.Named(hook.Options.To) with { Nick = hook.Options.Nick },
            Text = text!,
        }));
    }

    private Task AnswerAsync(NamedHook hook, IntakeResult result)
    {
        foreach (var unknown in result.Unknown)
        {
            LogUnknown(hook.Name, unknown);
        }

        if (result.IsAccepted)
        {
            Response.Headers["X-Notification-Id"] = ReceiptBody.Format(result.MessageId);
            return AnswerAsync(StatusCodes.Status200OK, new PostedBody(true), ApiJson.Web.PostedBody);
        }

        var refusal = result.Status switch
        {
            IntakeStatus.UnknownDestination => new Refusal(StatusCodes.Status400BadRequest, string.Join("; ", result.Unknown)),
            IntakeStatus.TooMany => new Refusal(StatusCodes.Status400BadRequest, result.Reason ?? "too many destinations"),
            _ => Refused(result, options.MaxMessageBytes),
        };
        return refusal.WriteErrorJsonAsync(HttpContext);
    }

    [LoggerMessage(2011, LogLevel.Information, "Hook {Hook} names a destination that cannot be served: {Destination}")]
    private partial void LogUnknown(string hook, UnknownDestination destination);
}
