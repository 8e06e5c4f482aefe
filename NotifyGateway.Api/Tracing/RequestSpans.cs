using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Routing;
using NotifyGateway.Core;

namespace NotifyGateway.Api.Tracing;

/// <summary>
/// The span of an HTTP request, in place of the framework's, which would name paths and with them the tokens of hooks. A <c>traceparent</c> that the
/// request carries is taken up.
/// </summary>
internal sealed class RequestSpans(RequestDelegate next)
{
    /// <summary>Asked all day by those who watch: no span of theirs is of interest.</summary>
    private static readonly string[] Untraced = ["/health", "/metrics"];

    public Task InvokeAsync(HttpContext context) =>
        MessageTrace.Source.HasListeners() && !Array.Exists(Untraced, p => context.Request.Path.StartsWithSegments(p, StringComparison.OrdinalIgnoreCase))
            ? TraceAsync(context)
            : next(context);

    private async Task TraceAsync(HttpContext context)
    {
        var headers = context.Request.Headers;
        _ = ActivityContext.TryParse(headers.TraceParent.ToString(), headers.TraceState.ToString(), isRemote: true, out var parent);
        using var span = MessageTrace.Source.StartActivity(context.Request.Method, ActivityKind.Server, parent);
        await next(context);
        if (span is null)
        {
            return;
        }

        var route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText is { } pattern ? $"/{pattern.TrimStart('/')}" : null;
        var status = context.Response.StatusCode;
        span.DisplayName = route is null ? context.Request.Method : $"{context.Request.Method} {route}";
        span.SetTag("http.request.method", context.Request.Method).SetTag("http.response.status_code", status).SetTag("url.scheme", context.Request.Scheme);
        if (route is not null)
        {
            span.SetTag("http.route", route);
        }

        if (status >= 500)
        {
            span.SetTag("error.type", status.ToString(CultureInfo.InvariantCulture)).SetStatus(ActivityStatusCode.Error);
        }
    }
}
