using System.Buffers.Binary;
using Microsoft.AspNetCore.Mvc;
using NotifyGateway.Api.Http;
using NotifyGateway.Api.Http.Hooks;
using NotifyGateway.Api.Http.OpenApi;

namespace NotifyGateway.Api.Controllers;

/// <summary>The door of Gotify's clients: the application's token is a hook's.</summary>
internal sealed class GotifyController(HookDoor door, TimeProvider time) : Door
{
    private const string Example = """{"title":"Backup","message":"Backup successful","priority":5}""";

    private const string NoToken = "you need to provide a valid access token or user credentials to access this api";

    /// <summary>What a number of JavaScript's holds.</summary>
    private const long MostId = (1L << 53) - 1;

    [HttpPost("/message")]
    [EndpointSummary("Send what Gotify's clients send.")]
    [EndpointDescription("JSON or a form with message, title and priority. The token may also stand in the header X-Gotify-Key or behind Authorization: Bearer.")]
    [Tags("Hooks")]
    [ReadsParameter("token", "The hook's token, where it is not in a header.")]
    [ReadsBody(typeof(AnyBody), Example, Forms = true)]
    [Answers(200, "The message is on disk, or there is nothing to send.", Type = typeof(GotifyBody), Headers = ["X-Notification-Id"],
        Example = """{"id":3515625000000000,"appid":1,"message":"Backup successful","title":"Backup","priority":5,"date":"2025-08-20T12:00:00+00:00"}""")]
    [Answers(400, "The body is not what it declares to be, or holds no text.", Type = typeof(GotifyErrorBody), Example = """{"error":"Bad Request","errorCode":400,"errorDescription":"there is no text in it"}""")]
    [Answers(401, "No hook has this token.", Type = typeof(GotifyErrorBody), Headers = ["WWW-Authenticate"],
        Example = """{"error":"Unauthorized","errorCode":401,"errorDescription":"you need to provide a valid access token or user credentials to access this api"}""")]
    [Answers(403, "The signature is missing or wrong.", Type = typeof(GotifyErrorBody))]
    [Answers(404, "None of the hook's destinations is known.", Type = typeof(GotifyErrorBody))]
    [Answers(405, "Another method than POST.", Type = typeof(GotifyErrorBody))]
    [Answers(413, "The body is too large.", Type = typeof(GotifyErrorBody))]
    [Answers(415, "The body is compressed.", Type = typeof(GotifyErrorBody))]
    [Answers(503, "More requests a minute than the hook takes, or the outbox is full or cannot store.", Type = typeof(GotifyErrorBody), Headers = ["Retry-After"])]
    [OpenToAll]
    public async Task Send()
    {
        var outcome = await door.TakeAsync(Request, Token(), HookTerms.Gotify, Aborted);
        if (!outcome.IsSuccess)
        {
            var refusal = outcome.Result == HookResult.WrongToken ? new Refusal(StatusCodes.Status401Unauthorized, NoToken) : outcome.Refusal;
            await refusal.WriteGotifyErrorAsync(HttpContext);
            return;
        }

        if (outcome.Result == HookResult.Accepted)
        {
            Response.Headers["X-Notification-Id"] = ReceiptBody.Format(outcome.MessageId);
        }

        var body = new GotifyBody(Number(outcome.MessageId), 1, outcome.Message?.Text ?? "", outcome.Message?.Title ?? "", outcome.Priority, time.GetUtcNow());
        await AnswerAsync(StatusCodes.Status200OK, body, ApiJson.Web.GotifyBody);
    }

    /// <summary>The random part of a message's id, as a number that every client can hold; never 0.</summary>
    private static long Number(Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        return Math.Max(1, BinaryPrimitives.ReadInt64BigEndian(bytes[8..]) & MostId);
    }

    /// <summary>Where Gotify looks, in its order. A token in the body is none.</summary>
    private string Token()
    {
        if (Request.Query["token"] is [{ Length: > 0 } inQuery, ..])
        {
            return inQuery;
        }

        return Request.Headers["X-Gotify-Key"] is [{ Length: > 0 } key, ..] ? key
            : Request.Headers.Authorization is [{ } authorization, ..] && authorization.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? authorization["Bearer ".Length..].Trim()
            : "";
    }
}
