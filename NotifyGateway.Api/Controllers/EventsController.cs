using Microsoft.AspNetCore.Mvc;
using NotifyGateway.Api.Http;
using NotifyGateway.Api.Http.OpenApi;
using NotifyGateway.Core;

namespace NotifyGateway.Api.Controllers;

/// <summary>What happens, as it happens.</summary>
[Tags("Events")]
internal sealed class EventsController(
    Doorkeeper door, CurrentConfiguration configuration, EventFeed feed, SessionBoard sessions, TimeProvider time, IHostApplicationLifetime lifetime) : Door
{
    private const string Example = "event: session\ndata: {\"name\":\"libera\",\"state\":\"online\"}\n\nevent: delivery\ndata: {\"id\":\"0198c1f0-6a5e-7cc1-9d3f-5b8a1c2d3e4f-0\",\"status\":\"delivered\"}\n\n";

    [HttpGet("/api/v1/events")]
    [EndpointSummary("Server-sent events: session and delivery.")]
    [EndpointDescription("session: every session at first, then each that changed (data as in /api/v1/sessions). delivery: each delivery of your own messages that comes to its end. removed: a session that is no more. dropped: how many deliveries a slow reader missed. A comment every 15 s.")]
    [Answers(200, "The stream.", ContentType = "text/event-stream", Example = Example)]
    [Answers(401, "A secret is needed, or the given one is wrong.", Type = typeof(ProblemBody), Headers = ["WWW-Authenticate"])]
    [Answers(403, "The request comes from a web page of another site, or under an unknown host name.", Type = typeof(ProblemBody))]
    [Answers(503, "Too many readers.", Type = typeof(ProblemBody), Headers = ["Retry-After"])]
    public async Task Stream()
    {
        if (door.Admit(Request, out var caller) is { } refusal)
        {
            await RefuseAsync(refusal);
            return;
        }

        using var reader = feed.Open(caller);
        if (reader is null)
        {
            await RefuseAsync(new Refusal(StatusCodes.Status503ServiceUnavailable, "Too many readers of the event stream.", RetryAfter: RetryWhenFull));
            return;
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Aborted, lifetime.ApplicationStopping);
        using var admission = new StandingAdmission(configuration, Doorkeeper.Standing(Request, caller), stop);
        try
        {
            await new EventStream(Response, reader, sessions, time).RunAsync(stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The stream has no other end.
        }
    }
}
