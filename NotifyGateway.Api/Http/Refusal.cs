using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;

namespace NotifyGateway.Api.Http;

/// <summary>Why a request is not served: a status and words for the sender. Holds no secret and nothing of the body but names.</summary>
/// <param name="Status">An HTTP status of 400 or above.</param>
/// <param name="Detail">One sentence.</param>
/// <param name="Errors">By field, for 422.</param>
/// <param name="RetryAfter">Seconds, for 503.</param>
internal sealed record Refusal(int Status, string Detail, IReadOnlyDictionary<string, string[]>? Errors = null, int? RetryAfter = null)
{
    /// <summary>One field that cannot be served as it is.</summary>
    public static Refusal OfField(string field, params string[] errors) =>
        new(StatusCodes.Status422UnprocessableEntity, Unprocessable, new Dictionary<string, string[]>(StringComparer.Ordinal) { [field] = errors });

    /// <summary>Several fields.</summary>
    public static Refusal OfFields(IReadOnlyDictionary<string, string[]> errors) => new(StatusCodes.Status422UnprocessableEntity, Unprocessable, errors);

    public static Refusal TooLarge(int limit) =>
        new(StatusCodes.Status413PayloadTooLarge, $"A message has at most {limit.ToString(CultureInfo.InvariantCulture)} bytes.");

    public static Refusal NotFound { get; } = new(StatusCodes.Status404NotFound, "There is no such thing here.");

    public static Refusal NoSuchMessage { get; } = new(StatusCodes.Status404NotFound, "No message of this id is known to you.");

    private const string Unprocessable = "The request was understood but cannot be served; see errors.";

    /// <summary>Answers as RFC 9457 problem+json.</summary>
    public Task WriteProblemAsync(HttpContext context)
    {
        WriteHead(context, "application/problem+json");
        var body = JsonSerializer.SerializeToUtf8Bytes(
            new ProblemBody("about:blank", ReasonPhrases.GetReasonPhrase(Status), Status, Detail, Errors), ApiJson.Web.ProblemBody);
        return WriteAsync(context, body);
    }

    /// <summary>Answers as plain text, the way the older systems do.</summary>
    public Task WriteTextAsync(HttpContext context)
    {
        WriteHead(context, "text/plain; charset=utf-8");
        return WriteAsync(context, Encoding.UTF8.GetBytes(Detail));
    }

    /// <summary>Answers as the XMPP MUC Message Gateway does: <c>{"error":"404 Not Found: …"}</c>.</summary>
    public Task WriteErrorJsonAsync(HttpContext context)
    {
        WriteHead(context, "application/json");
        var error = new PostErrorBody($"{Status.ToString(CultureInfo.InvariantCulture)} {ReasonPhrases.GetReasonPhrase(Status)}: {Detail}");
        return WriteAsync(context, JsonSerializer.SerializeToUtf8Bytes(error, ApiJson.Web.PostErrorBody));
    }

    /// <summary>Answers as ntfy does.</summary>
    public Task WriteNtfyErrorAsync(HttpContext context)
    {
        WriteHead(context, "application/json");
        var code = Status == StatusCodes.Status400BadRequest ? 40000 : (Status * 100) + 1;
        return WriteAsync(context, JsonSerializer.SerializeToUtf8Bytes(new NtfyErrorBody(code, Status, Detail), ApiJson.Web.NtfyErrorBody));
    }

    /// <summary>Answers as Gotify does.</summary>
    public Task WriteGotifyErrorAsync(HttpContext context)
    {
        WriteHead(context, "application/json");
        return WriteAsync(context, JsonSerializer.SerializeToUtf8Bytes(new GotifyErrorBody(ReasonPhrases.GetReasonPhrase(Status), Status, Detail), ApiJson.Web.GotifyErrorBody));
    }

    private void WriteHead(HttpContext context, string contentType)
    {
        var response = context.Response;
        response.StatusCode = Status;
        response.ContentType = contentType;
        response.Headers.CacheControl = "no-store";
        if (Status == StatusCodes.Status401Unauthorized)
        {
            // Only Bearer: a browser asked for Basic would remember the secret and send it along with other sites' requests.
            response.Headers.WWWAuthenticate = "Bearer realm=\"notify-gateway\"";
        }

        if (RetryAfter is { } seconds)
        {
            response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        }
    }

    private static Task WriteAsync(HttpContext context, byte[] body)
    {
        context.Response.ContentLength = body.Length;
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : context.Response.Body.WriteAsync(body, context.RequestAborted).AsTask();
    }
}
