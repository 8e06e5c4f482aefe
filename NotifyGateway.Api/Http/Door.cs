using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Mvc;
using NotifyGateway.Core;
using NotifyGateway.Core.Outbox;

namespace NotifyGateway.Api.Http;

/// <summary>
/// A controller that reads its request and writes its answer by hand: no model binding, no formatters. An MVC action without parameters
/// costs little more than a bare endpoint.
/// </summary>
[ApiExplorerSettings(IgnoreApi = false)]
internal abstract class Door : ControllerBase
{
    /// <summary>Seconds after which a sender may try again while the outbox is full, or no session on demand can be made.</summary>
    protected const int RetryWhenFull = 10;

    /// <summary>Seconds after which a sender may try again while the outbox cannot store.</summary>
    protected const int RetryWhenFailing = 5;

    protected CancellationToken Aborted => HttpContext.RequestAborted;

    protected Task AnswerAsync<T>(int status, T body, JsonTypeInfo<T> type) =>
        AnswerAsync(status, "application/json; charset=utf-8", JsonSerializer.SerializeToUtf8Bytes(body, type));

    protected async Task AnswerAsync(int status, string contentType, ReadOnlyMemory<byte> body)
    {
        Response.StatusCode = status;
        Response.ContentType = contentType;
        Response.Headers.CacheControl = "no-store";
        Response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(Request.Method))
        {
            await Response.Body.WriteAsync(body, Aborted);
        }
    }

    protected Task RefuseAsync(Refusal refusal) => refusal.WriteProblemAsync(HttpContext);

    /// <summary>Does something with the message that the path names; another one than the caller's own is as unknown as one that never was.</summary>
    protected async Task OnOwnAsync(Doorkeeper door, IOutbox outbox, Func<Receipt, Caller, Task> act)
    {
        if (door.Admit(Request, out var caller) is { } refusal)
        {
            await RefuseAsync(refusal);
            return;
        }

        var receipt = Guid.TryParseExact(RouteData.Values["id"] as string, "D", out var id) ? await outbox.FindAsync(id, Aborted) : null;
        await (receipt is not null && caller.MaySee(receipt.Notification.Client) ? act(receipt, caller) : RefuseAsync(Refusal.NoSuchMessage));
    }

    /// <summary>What the intake's refusals have in common for every door.</summary>
    protected static Refusal Refused(IntakeResult result, int limit) => result.Status switch
    {
        IntakeStatus.TooLarge => Refusal.TooLarge(limit),
        IntakeStatus.Limited => new Refusal(StatusCodes.Status503ServiceUnavailable, Sentence(result.Reason), RetryAfter: Seconds(result.RetryAfter)),
        IntakeStatus.Full or IntakeStatus.NoSession => new Refusal(StatusCodes.Status503ServiceUnavailable, Sentence(result.Reason), RetryAfter: RetryWhenFull),
        _ => new Refusal(StatusCodes.Status503ServiceUnavailable, Sentence(result.Reason), RetryAfter: RetryWhenFailing),
    };

    /// <summary>As Retry-After has it: whole seconds, at least one.</summary>
    protected static int Seconds(TimeSpan? wait) => (int)Math.Clamp(Math.Ceiling((wait ?? TimeSpan.Zero).TotalSeconds), 1, 3600);

    private static string Sentence(string? reason) => reason ?? "The gateway cannot accept messages at the moment.";
}
