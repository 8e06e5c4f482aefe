using Microsoft.AspNetCore.Mvc;
using NotifyGateway.Api.Http;
using NotifyGateway.Api.Http.OpenApi;
using NotifyGateway.Core;
using NotifyGateway.Core.Configuration;
using NotifyGateway.Core.Dialects;

namespace NotifyGateway.Api.Controllers;

/// <summary>TwistedPrism's door: its clients work unchanged.</summary>
internal sealed partial class NotificationController(Doorkeeper door, HttpIntake intake, GatewayOptions options, ILogger<NotificationController> log) : Door
{
    private const string Example = """{"message":"disk full on web1","channels":["#ops"],"users":[]}""";

    private static readonly byte[] Passed = "message passed to notifiers"u8.ToArray();

    [AcceptVerbs("GET", "POST", Route = "/notification/send")]
    [EndpointSummary("Send a message the way TwistedPrism's clients do.")]
    [EndpointDescription("Fields in the query, in a form or in a JSON object. users and channels default independently of each other; a list that is present but empty means nobody. Answers are plain text.")]
    [Tags("TwistedPrism")]
    [ReadsParameter("message", "The message.", Example = "disk full on web1")]
    [ReadsParameter("users", "Nicks, with commas between. Absent: the configured users; empty: nobody.", Example = "alice,bob")]
    [ReadsParameter("channels", "Channels, with commas between. Absent: the configured channels; empty: none.", Example = "#ops,#dev")]
    [ReadsParameter("client", "The client's name, where the credentials are not in a header.", Example = "ci")]
    [ReadsParameter("secret", "The client's secret, where the credentials are not in a header.")]
    [ReadsBody(typeof(PrismRequest), Example, Forms = true)]
    [Answers(202, "The message is on disk.", Example = "message passed to notifiers", Headers = ["Location", "X-Notification-Id"])]
    [Answers(400, "No message, a malformed body, or no destination is known.", Example = "message not specified")]
    [Answers(401, "A secret is needed, or the given one is wrong.", Example = "A secret is needed.", Headers = ["WWW-Authenticate"])]
    [Answers(403, "The request comes from a web page of another site, or under an unknown host name.")]
    [Answers(405, "Another method than GET and POST.")]
    [Answers(413, "The message is too large.")]
    [Answers(503, "The outbox is full or cannot store, or no further session on demand can be made.", Headers = ["Retry-After"])]
    public async Task Send()
    {
        if (door.Precheck(Request, out var known) is { } early)
        {
            await intake.Refuse(early).WriteTextAsync(HttpContext);
            return;
        }

        var (request, unread) = await ReadAsync();
        if (unread is not null)
        {
            await intake.Refuse(unread).WriteTextAsync(HttpContext);
            return;
        }

        if (door.Admit(Request, known, new Credentials(request!.Client, request.Secret), out var caller) is { } refusal)
        {
            await intake.Refuse(refusal).WriteTextAsync(HttpContext);
            return;
        }

        await SendAsync(request, caller);
    }

    [Route("/notification/{**rest}")]
    [ApiExplorerSettings(IgnoreApi = true)]
    public Task Other()
    {
        if (Request.Path.StartsWithSegments("/notification/send", StringComparison.OrdinalIgnoreCase, out var rest) && rest.Value is null or "" or "/")
        {
            Response.Headers.Allow = "GET, POST";
            return new Refusal(StatusCodes.Status405MethodNotAllowed, "method not allowed").WriteTextAsync(HttpContext);
        }

        return new Refusal(StatusCodes.Status404NotFound, "invalid path").WriteTextAsync(HttpContext);
    }

    private async ValueTask<(TwistedPrismRequest? Request, Refusal? Refusal)> ReadAsync()
    {
        var query = PrismForm.FromPairs(Request.Query);
        if (HttpMethods.IsGet(Request.Method))
        {
            return (query, null);
        }

        var (body, refusal) = await PrismForm.ReadBodyAsync(Request, options.MaxMessageBytes + BoundedBody.Envelope, Aborted);
        return refusal is null ? (PrismForm.Merge(body!, query), null) : (null, refusal);
    }

    private async Task SendAsync(TwistedPrismRequest request, Caller caller)
    {
        if (!request.HasMessage)
        {
            await intake.Refuse(new Refusal(StatusCodes.Status400BadRequest, TwistedPrismRequest.MessageNotSpecified)).WriteTextAsync(HttpContext);
            return;
        }

        var submission = new Submission
        {
            Input = HttpIntake.Input,
            Client = caller.Client,
            To = request.To,
            Text = request.Message,
        };
        await AnswerAsync(await intake.AcceptAsync(submission), caller);
    }

    private Task AnswerAsync(IntakeResult result, Caller caller)
    {
        foreach (var unknown in result.Unknown)
        {
            LogUnknown(caller.Client, unknown);
        }

        if (result.IsAccepted)
        {
            var id = ReceiptBody.Format(result.MessageId);
            Response.Headers.Location = $"/api/v1/messages/{id}";
            Response.Headers["X-Notification-Id"] = id;
            return AnswerAsync(StatusCodes.Status202Accepted, "text/plain; charset=utf-8", Passed);
        }

        var refusal = result.Status switch
        {
            IntakeStatus.UnknownDestination => new Refusal(StatusCodes.Status400BadRequest, string.Join('\n', result.Unknown)),
            IntakeStatus.TooMany => new Refusal(StatusCodes.Status400BadRequest, result.Reason ?? "too many destinations"),
            _ => Refused(result, options.MaxMessageBytes),
        };
        return refusal.WriteTextAsync(HttpContext);
    }

    [LoggerMessage(2010, LogLevel.Information, "A message of {Client} names a destination that cannot be served: {Destination}")]
    private partial void LogUnknown(string client, UnknownDestination destination);
}
