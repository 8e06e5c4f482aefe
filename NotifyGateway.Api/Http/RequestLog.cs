using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using NotifyGateway.Api.Http.Hooks;
using NotifyGateway.Core.Routing;

namespace NotifyGateway.Api.Http;

/// <summary>
/// The gateway's own request log, in place of the host's, and the barrier at which an exception becomes an answer without details.
/// A query's values are shown only where they cannot be a secret or a message.
/// </summary>
internal sealed partial class RequestLog(RequestDelegate next, TimeProvider time, ILogger<RequestLog> log)
{
    /// <summary>Query fields whose values are shown. The values of all others, and the names of unknown ones, are not.</summary>
    private static readonly string[] Shown = ["wait", "status", "before", "limit"];

    private static readonly string[] Hidden = ["message", "users", "channels", "to", "client", "secret", "token"];

    /// <summary>Paths that hold a secret behind their first segment.</summary>
    private static readonly string[] SecretPaths = ["/post", "/hooks", "/services", "/ntfy"];

    /// <summary>The other paths that there are. An address with a mistake in it may hold a secret anywhere: <c>//hooks/TOKEN</c>.</summary>
    private static readonly string[] OpenPaths = ["/notification", "/message", "/api/v1", "/m", "/health", "/metrics", "/swagger", "/openapi", "/ui", "/docs"];

    /// <summary>Seconds after which a sender may try again where too many bodies are in work.</summary>
    private const int RetryWhenBusy = 10;

    public async Task InvokeAsync(HttpContext context)
    {
        var started = time.GetTimestamp();
        try
        {
            await next(context);
            await FillAsync(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            Log(context, LogLevel.Debug, started, gone: true);
            return;
        }
        catch (BadHttpRequestException e)
        {
            await AnswerAsync(context, new Refusal(e.StatusCode, BadRequest(e.StatusCode), RetryAfter: e.StatusCode == StatusCodes.Status503ServiceUnavailable ? RetryWhenBusy : null));
        }
        catch (Exception e)
        {
            // The barrier: whatever it is, the sender learns nothing of it and the log everything but the request.
            LogFault(e, context.Request.Method, Path(context.Request.Path));
            await AnswerAsync(context, new Refusal(StatusCodes.Status500InternalServerError, "The gateway failed; its log says why."));
        }

        Log(context, context.Response.StatusCode < 400 ? LogLevel.Debug : LogLevel.Information, started, gone: false);
    }

    /// <summary>A path without what may be a secret in it.</summary>
    internal static string Path(PathString path)
    {
        foreach (var secret in SecretPaths)
        {
            if (path.StartsWithSegments(secret, StringComparison.OrdinalIgnoreCase, out var rest) && rest.HasValue)
            {
                return secret + "/…";
            }
        }

        return !path.HasValue || path.Value is "/" || Array.Exists(OpenPaths, p => path.StartsWithSegments(p, StringComparison.OrdinalIgnoreCase)) ? path.ToUriComponent() : "/…";
    }

    /// <summary>A query without what may be a secret in it: <c>?wait=5&amp;secret=…</c>.</summary>
    internal static string Query(HttpRequest request)
    {
        if (!request.QueryString.HasValue)
        {
            return "";
        }

        var text = new StringBuilder();
        foreach (var (key, values) in request.Query)
        {
            text.Append(text.Length == 0 ? '?' : '&');
            if (Array.Find(Shown, k => k.Equals(key, StringComparison.OrdinalIgnoreCase)) is { } shown)
            {
                text.Append(shown).Append('=').Append(Uri.EscapeDataString(PublicName.Of(values.ToString())));
            }
            else
            {
                text.Append(Array.Find(Hidden, k => k.Equals(key, StringComparison.OrdinalIgnoreCase)) ?? "…").Append("=…");
            }
        }

        return text.ToString();
    }

    private static string BadRequest(int status) => status switch
    {
        StatusCodes.Status413PayloadTooLarge => "The request is too large.",
        StatusCodes.Status408RequestTimeout => "The request came too slowly.",
        StatusCodes.Status503ServiceUnavailable => "Too many large requests are in work.",
        _ => "The request is malformed.",
    };

    /// <summary>An answer that routing gave without a body gets one.</summary>
    private static Task FillAsync(HttpContext context)
    {
        var response = context.Response;
        if (response.HasStarted || response.StatusCode < 400 || response.ContentLength is not null || response.ContentType is not null)
        {
            return Task.CompletedTask;
        }

        var refusal = response.StatusCode switch
        {
            StatusCodes.Status404NotFound => Refusal.NotFound,
            StatusCodes.Status405MethodNotAllowed => new Refusal(StatusCodes.Status405MethodNotAllowed, $"Allowed here: {response.Headers.Allow}."),
            var status => new Refusal(status, BadRequest(status)),
        };
        return AnswerAsync(context, refusal);
    }

    private static Task AnswerAsync(HttpContext context, Refusal refusal)
    {
        if (context.Response.HasStarted)
        {
            // Half an answer must not look like a whole one.
            context.Abort();
            return Task.CompletedTask;
        }

        var path = context.Request.Path;
        return path.StartsWithSegments("/notification", StringComparison.OrdinalIgnoreCase) ? refusal.WriteTextAsync(context)
            : path.StartsWithSegments("/post", StringComparison.OrdinalIgnoreCase) ? refusal.WriteErrorJsonAsync(context)
            : path.StartsWithSegments("/ntfy", StringComparison.OrdinalIgnoreCase) ? refusal.WriteNtfyErrorAsync(context)
            : path.StartsWithSegments("/message", StringComparison.OrdinalIgnoreCase) ? refusal.WriteGotifyErrorAsync(context)
            : path.StartsWithSegments("/hooks", StringComparison.OrdinalIgnoreCase) || path.StartsWithSegments("/services", StringComparison.OrdinalIgnoreCase)
                ? (refusal with { Detail = HookWords.Slack(refusal.Status) }).WriteTextAsync(context)
            : refusal.WriteProblemAsync(context);
    }

    private void Log(HttpContext context, LogLevel level, long started, bool gone)
    {
        if (log.IsEnabled(level))
        {
            var outcome = gone ? "the sender went away" : context.Response.StatusCode.ToString(CultureInfo.InvariantCulture);
            var (path, query) = (Path(context.Request.Path), Query(context.Request));
            var took = time.GetElapsedTime(started).TotalMilliseconds;
            LogRequest(level, context.Request.Method, path, query, outcome, took);
        }
    }

    [LoggerMessage(EventId = 2001, Message = "{Method} {Path}{Query} -> {Outcome} in {Milliseconds:F1} ms")]
    private partial void LogRequest(LogLevel level, string method, string path, string query, string outcome, double milliseconds);

    [LoggerMessage(2002, LogLevel.Error, "{Method} {Path} failed")]
    private partial void LogFault(Exception exception, string method, string path);
}
