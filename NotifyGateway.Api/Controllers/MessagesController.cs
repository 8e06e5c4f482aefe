using System.Security.Cryptography;
using Microsoft.AspNetCore.Mvc;
using NotifyGateway.Api.Http;
using NotifyGateway.Api.Http.OpenApi;
using NotifyGateway.Core;
using NotifyGateway.Core.Configuration;
using NotifyGateway.Core.Dialects;
using NotifyGateway.Core.Outbox;

namespace NotifyGateway.Api.Controllers;

/// <summary>The native door: send a message, ask for its outcome, take it back or send it again.</summary>
[Route("/api/v1/messages")]
[Tags("Messages")]
internal sealed class MessagesController(
    Doorkeeper door, HttpIntake intake, IOutbox outbox, ReceiptWaiters waiters, GatewayOptions options, IHostApplicationLifetime lifetime) : Door
{
    private const int MaxWait = 60;
    private const int MaxKey = 255;
    private const string SendExample = """{"to":["libera/#ops"],"text":"disk full on web1","title":null,"severity":"warning","markup":"plain","expiresIn":3600,"repeatKey":null}""";
    private const string Queued = """{"id":"0198c1f0-6a5e-7cc1-9d3f-5b8a1c2d3e4f","status":"queued","deliveries":[{"id":"0198c1f0-6a5e-7cc1-9d3f-5b8a1c2d3e4f-0","to":"libera/#ops","status":"queued","attempts":0,"reason":null,"proof":null,"settledAt":null}]}""";
    private const string Delivered = """{"id":"0198c1f0-6a5e-7cc1-9d3f-5b8a1c2d3e4f","status":"delivered","deliveries":[{"id":"0198c1f0-6a5e-7cc1-9d3f-5b8a1c2d3e4f-0","to":"libera/#ops","status":"delivered","attempts":1,"reason":null,"proof":"pong","settledAt":"2025-08-20T12:00:00.25+00:00"}]}""";
    private const string Whole = """{"id":"0198c1f0-6a5e-7cc1-9d3f-5b8a1c2d3e4f","status":"delivered","deliveries":[{"id":"0198c1f0-6a5e-7cc1-9d3f-5b8a1c2d3e4f-0","to":"libera/#ops","status":"delivered","attempts":1,"reason":null,"proof":"pong","settledAt":"2025-08-20T12:00:00.25+00:00"}],"client":"ci","input":"http","acceptedAt":"2025-08-20T12:00:00+00:00","expiresAt":"2025-08-21T12:00:00+00:00","severity":"warning","markup":"plain","title":null,"text":"disk full on web1","cut":false}""";
    private const string Page = $$"""{"items":[{{Whole}}],"next":null}""";
    private const string Unprocessable = """{"type":"about:blank","title":"Unprocessable Entity","status":422,"detail":"The request was understood but cannot be served; see errors.","errors":{"to":["#nope: no network lists it"]}}""";

    [HttpPost]
    [EndpointSummary("Send a message.")]
    [EndpointDescription("Answers when the message is on disk; with wait, when its outcome is known or the time is over.")]
    [ReadsParameter("wait", "Waits up to that many seconds for the outcome, 1 to 60.", IsNumber = true, Example = "10")]
    [ReadsParameter("client", "The client's name, where the credentials are not in a header.", Example = "ci")]
    [ReadsParameter("secret", "The client's secret, where the credentials are not in a header.")]
    [ReadsParameter("Idempotency-Key", "1 to 255 visible ASCII characters. The same key with the same body within 24 hours is the same message and gets its answer.", In = "header", Example = "deploy-4711")]
    [ReadsBody(typeof(SendRequest), SendExample)]
    [Answers(202, "The message is on disk; what is known of it by now.", Type = typeof(ReceiptBody), Example = Queued, Headers = ["Location"])]
    [Answers(200, "With wait: every delivery has come to its end.", Type = typeof(ReceiptBody), Example = Delivered, Headers = ["Location"])]
    [Answers(400, "The body is no JSON object.", Type = typeof(ProblemBody))]
    [Answers(401, "A secret is needed, or the given one is wrong.", Type = typeof(ProblemBody), Headers = ["WWW-Authenticate"])]
    [Answers(403, "A destination is not among those that the client may send to; or the request comes from a web page of another site, or under an unknown host name.", Type = typeof(ProblemBody))]
    [Answers(410, "The first message of this Idempotency-Key is no longer kept.", Type = typeof(ProblemBody))]
    [Answers(413, "The message is too large.", Type = typeof(ProblemBody))]
    [Answers(415, "The body is not declared as JSON.", Type = typeof(ProblemBody))]
    [Answers(422, "A field is wrong, a destination is unknown, or the Idempotency-Key came with another body.", Type = typeof(ProblemBody), Example = Unprocessable)]
    [Answers(429, "The client has sent as many messages as it may for now.", Type = typeof(ProblemBody), Headers = ["Retry-After"])]
    [Answers(503, "The outbox is full or cannot store, or no further session on demand can be made.", Type = typeof(ProblemBody), Headers = ["Retry-After"])]
    public async Task Send()
    {
        if (door.Precheck(Request, out var known) is { } early)
        {
            await RefuseAsync(intake.Refuse(early));
            return;
        }

        var (body, unread) = await ReadAsync();
        if (unread is not null)
        {
            await RefuseAsync(intake.Refuse(unread));
            return;
        }

        if (!NativeRequest.TryParse(body, out var request, out var malformed))
        {
            await RefuseAsync(intake.Refuse(new Refusal(StatusCodes.Status400BadRequest, malformed)));
            return;
        }

        if (door.Admit(Request, known, new Credentials(request.Client, request.Secret), out var caller) is { } refusal)
        {
            await RefuseAsync(intake.Refuse(refusal));
            return;
        }

        var errors = new FieldErrors(request.Faults);
        QueryFields.Check(Request.Query, errors, "wait");
        var wait = QueryFields.Number(Request.Query, "wait", 1, MaxWait, errors);
        await SendAsync(request, caller, RepeatOf(body!, errors), wait, errors);
    }

    [HttpGet("{id}")]
    [EndpointSummary("Ask how a message stands.")]
    [ReadsParameter("id", "The message's id.", In = "path", Example = "0198c1f0-6a5e-7cc1-9d3f-5b8a1c2d3e4f")]
    [Answers(200, "How it stands.", Type = typeof(MessageBody), Example = Whole)]
    [Answers(401, "A secret is needed, or the given one is wrong.", Type = typeof(ProblemBody), Headers = ["WWW-Authenticate"])]
    [Answers(403, "The request comes from a web page of another site, or under an unknown host name.", Type = typeof(ProblemBody))]
    [Answers(404, "No message of this id is known to you.", Type = typeof(ProblemBody))]
    public Task Find() => OnOwnAsync(door, outbox, (receipt, _) => AnswerAsync(StatusCodes.Status200OK, MessageBody.Of(receipt), ApiJson.Web.MessageBody));

    [HttpGet]
    [EndpointSummary("List messages, newest first.")]
    [EndpointDescription("A client sees its own messages, the administrator all.")]
    [ReadsParameter("status", "Only messages that stand so; several with commas between them.", Words = ["queued", "delivered", "failed", "partial", "expired", "cancelled"])]
    [ReadsParameter("to", "Only messages with a destination of this name.", Example = "libera/#ops")]
    [ReadsParameter("from", "Only messages of this client: for the administrator; others see their own alone.", Example = "ci")]
    [ReadsParameter("before", "The cursor next of the page before.")]
    [ReadsParameter("limit", "How many, 1 to 500; 50 if absent.", IsNumber = true, Example = "50")]
    [Answers(200, "A page.", Type = typeof(PageBody), Example = Page)]
    [Answers(401, "A secret is needed, or the given one is wrong.", Type = typeof(ProblemBody), Headers = ["WWW-Authenticate"])]
    [Answers(403, "The request comes from a web page of another site, or under an unknown host name.", Type = typeof(ProblemBody))]
    [Answers(422, "A parameter is wrong.", Type = typeof(ProblemBody))]
    public async Task List()
    {
        if (door.Admit(Request, out var caller) is { } refusal)
        {
            await RefuseAsync(refusal);
            return;
        }

        var errors = new FieldErrors();
        QueryFields.Check(Request.Query, errors, "status", "to", "from", "before", "limit");
        var limit = QueryFields.Number(Request.Query, "limit", 1, 500, errors);
        var statuses = Given("status")?.Split(',').Select(Words.ToMessageStatus).ToList();
        if (statuses?.Contains(null) == true)
        {
            errors.Add("status", "must be queued, delivered, failed, partial, expired or cancelled, or several with commas between them");
        }

        if (errors.ToRefusal() is { } wrong)
        {
            await RefuseAsync(wrong);
            return;
        }

        // The field client is a credential: whose messages are wanted has another name.
        var client = caller.IsAdmin ? Given("from") : caller.Client;
        if (Given("from") is { } wanted && !caller.MaySee(wanted))
        {
            await AnswerAsync(StatusCodes.Status200OK, new PageBody([], null), ApiJson.Web.PageBody);
            return;
        }

        var query = new ReceiptQuery(client, statuses?.OfType<MessageStatus>().ToList(), Given("to"), Given("before"), limit ?? 50);
        try
        {
            await AnswerAsync(StatusCodes.Status200OK, PageBody.Of(await outbox.ListAsync(query, Aborted)), ApiJson.Web.PageBody);
        }
        catch (ArgumentException) when (query.Before is not null)
        {
            // Only the outbox knows how its cursors look.
            await RefuseAsync(Refusal.OfField("before", "is no cursor that a page has given"));
        }
    }

    [HttpDelete("{id}")]
    [EndpointSummary("Cancel what is still queued of a message.")]
    [ReadsParameter("id", "The message's id.", In = "path", Example = "0198c1f0-6a5e-7cc1-9d3f-5b8a1c2d3e4f")]
    [Answers(200, "How the message stands now. A delivery on the wire at this moment still ends as it ends there.", Type = typeof(ReceiptBody))]
    [Answers(401, "A secret is needed, or the given one is wrong.", Type = typeof(ProblemBody), Headers = ["WWW-Authenticate"])]
    [Answers(403, "The request comes from a web page of another site, or under an unknown host name.", Type = typeof(ProblemBody))]
    [Answers(404, "No message of this id is known to you.", Type = typeof(ProblemBody))]
    [Answers(503, "The outbox cannot store.", Type = typeof(ProblemBody), Headers = ["Retry-After"])]
    public Task Cancel() => ChangeAsync(async (receipt, _) =>
        await (await outbox.CancelAsync(receipt.Notification.Id, Aborted) is { } after ? ShowAsync(StatusCodes.Status200OK, after) : RefuseAsync(Refusal.NoSuchMessage)));

    [HttpPost("{id}/retry")]
    [EndpointSummary("Queue once more what failed, expired or was cancelled of a message.")]
    [ReadsParameter("id", "The message's id.", In = "path", Example = "0198c1f0-6a5e-7cc1-9d3f-5b8a1c2d3e4f")]
    [Answers(202, "How the message stands now.", Type = typeof(ReceiptBody), Example = Queued, Headers = ["Location"])]
    [Answers(401, "A secret is needed, or the given one is wrong.", Type = typeof(ProblemBody), Headers = ["WWW-Authenticate"])]
    [Answers(403, "A destination is no longer among those that the client may send to; or the request comes from a web page of another site, or under an unknown host name.", Type = typeof(ProblemBody))]
    [Answers(404, "No message of this id is known to you.", Type = typeof(ProblemBody))]
    [Answers(422, "Nothing serves a destination any more.", Type = typeof(ProblemBody))]
    [Answers(429, "The client has sent as many messages as it may for now.", Type = typeof(ProblemBody), Headers = ["Retry-After"])]
    [Answers(503, "The outbox cannot store, or no further session on demand can be made.", Type = typeof(ProblemBody), Headers = ["Retry-After"])]
    public Task Retry() => ChangeAsync(async (receipt, caller) =>
    {
        var (result, after) = await intake.RetryAsync(receipt, caller.Client, Aborted);
        await (!result.IsAccepted ? RefuseAsync(Why(result)) : after is null ? RefuseAsync(Refusal.NoSuchMessage) : ShowAsync(StatusCodes.Status202Accepted, after));
    });

    private async ValueTask<(byte[]? Body, Refusal? Refusal)> ReadAsync()
    {
        if (!IsJson(Request.ContentType) || Request.Headers.ContentEncoding.Count > 0)
        {
            return (null, new Refusal(StatusCodes.Status415UnsupportedMediaType, "The body must be application/json in UTF-8, not compressed."));
        }

        var limit = options.MaxMessageBytes + BoundedBody.Envelope;
        return await BoundedBody.ReadAsync(Request, limit, Aborted) is { } body ? (body, null) : (null, Refusal.TooLarge(options.MaxMessageBytes));
    }

    private async Task SendAsync(NativeRequest request, Caller caller, (string, byte[])? repeat, int? wait, FieldErrors errors)
    {
        if (errors.ToRefusal() is { } wrong)
        {
            await RefuseAsync(intake.Refuse(wrong));
            return;
        }

        var submission = new Submission
        {
            Input = HttpIntake.Input,
            Client = caller.Client,
            To = request.Addressing,
            Title = request.Title,
            Text = request.Text,
            Severity = request.Severity,
            Markup = request.Markup,
            ExpiresIn = request.ExpiresIn,
            Strict = true,
            Repeat = repeat ?? request.Repeat,
            RepeatFor = repeat is null ? NativeRequest.RepeatWindow : null,
        };
        var result = await intake.AcceptAsync(submission);
        await (result.IsAccepted ? AnswerAsync(result, wait) : RefuseAsync(Why(result)));
    }

    private async Task AnswerAsync(IntakeResult result, int? wait)
    {
        Response.Headers.Location = $"/api/v1/messages/{ReceiptBody.Format(result.MessageId)}";
        if (wait is null && result.Status == IntakeStatus.Accepted)
        {
            await AnswerAsync(StatusCodes.Status202Accepted, ReceiptBody.OfAccepted(result.MessageId, result.Destinations), ApiJson.Web.ReceiptBody);
            return;
        }

        var receipt = wait is { } seconds ? await WaitAsync(result.MessageId, seconds) : await outbox.FindAsync(result.MessageId, Aborted);
        if (receipt is null)
        {
            await RefuseAsync(new Refusal(StatusCodes.Status410Gone, "The first message of this Idempotency-Key is no longer kept."));
            return;
        }

        var settled = wait is not null && receipt.Status != MessageStatus.Queued;
        await AnswerAsync(settled ? StatusCodes.Status200OK : StatusCodes.Status202Accepted, ReceiptBody.Of(receipt), ApiJson.Web.ReceiptBody);
    }

    /// <summary>A stop of the gateway ends the wait early: the message is on disk, and the answer says that it is queued.</summary>
    private async Task<Receipt?> WaitAsync(Guid id, int seconds)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Aborted, lifetime.ApplicationStopping);
        try
        {
            return await waiters.WaitAsync(id, TimeSpan.FromSeconds(seconds), stop.Token);
        }
        catch (OperationCanceledException) when (!Aborted.IsCancellationRequested)
        {
            return await outbox.FindAsync(id, Aborted);
        }
    }

    /// <summary>Changes a message that the caller may see, and answers.</summary>
    private Task ChangeAsync(Func<Receipt, Caller, Task> change) => OnOwnAsync(door, outbox, async (receipt, caller) =>
    {
        try
        {
            await change(receipt, caller);
        }
        catch (OutboxFaultException)
        {
            await RefuseAsync(new Refusal(StatusCodes.Status503ServiceUnavailable, "The outbox cannot store anything at the moment.", RetryAfter: RetryWhenFailing));
        }
    });

    private Task ShowAsync(int status, Receipt receipt)
    {
        if (status == StatusCodes.Status202Accepted)
        {
            Response.Headers.Location = $"/api/v1/messages/{ReceiptBody.Format(receipt.Notification.Id)}";
        }

        return AnswerAsync(status, ReceiptBody.Of(receipt), ApiJson.Web.ReceiptBody);
    }

    private Refusal Why(IntakeResult result) => result.Status switch
    {
        IntakeStatus.KeyReused => Refusal.OfField("Idempotency-Key", result.Reason ?? "was used for another request"),
        IntakeStatus.UnknownDestination => Refusal.OfField("to", [.. result.Unknown.Select(u => u.ToString())]),
        IntakeStatus.Forbidden => new Refusal(StatusCodes.Status403Forbidden, string.Join("; ", result.Unknown)),
        IntakeStatus.Limited => new Refusal(StatusCodes.Status429TooManyRequests, result.Reason ?? "too many messages", RetryAfter: Seconds(result.RetryAfter)),
        IntakeStatus.TooMany => Refusal.OfField("to", result.Reason ?? "names too many destinations"),
        _ => Refused(result, options.MaxMessageBytes),
    };

    private (string, byte[])? RepeatOf(byte[] body, FieldErrors errors)
    {
        var values = Request.Headers["Idempotency-Key"];
        if (values.Count == 0)
        {
            return null;
        }

        if (values is [{ Length: >= 1 and <= MaxKey } key] && !key.AsSpan().ContainsAnyExceptInRange('!', '~'))
        {
            return (key, SHA256.HashData(body));
        }

        errors.Add("Idempotency-Key", "must be 1 to 255 visible ASCII characters");
        return null;
    }

    private string? Given(string name) => Request.Query[name] is [{ Length: > 0 } value, ..] ? value : null;

    /// <summary>No declared type is read as JSON, too; another charset than UTF-8 is not.</summary>
    private static bool IsJson(string? contentType)
    {
        if (string.IsNullOrEmpty(contentType) || contentType.Equals("application/json", StringComparison.OrdinalIgnoreCase))
        {
            return true;
        }

        return Microsoft.Net.Http.Headers.MediaTypeHeaderValue.TryParse(contentType, out var type)
            && (type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase) || type.Suffix.Equals("json", StringComparison.OrdinalIgnoreCase))
            && (!type.Charset.HasValue || type.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase) || type.Charset.Equals("\"utf-8\"", StringComparison.OrdinalIgnoreCase));
    }
}
