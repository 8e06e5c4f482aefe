using Microsoft.AspNetCore.Mvc;
using NotifyGateway.Api.Http;
using NotifyGateway.Api.Http.OpenApi;
using NotifyGateway.Api.Metrics;
using NotifyGateway.Core.Configuration;

namespace NotifyGateway.Api.Controllers;

/// <summary>Figures for Prometheus. They name sessions, channels and doors, and nothing of any message.</summary>
[Tags("Health")]
internal sealed class MetricsController(MetricStore store, GatewayMeters meters, Doorkeeper doorkeeper, GatewayOptions options) : Door
{
    // Made before the first answer, wherever nothing else has.
    private readonly GatewayMeters _meters = meters;

    [AcceptVerbs("GET", "HEAD", Route = "/metrics")]
    [EndpointSummary("The gateway's figures, in Prometheus' text format.")]
    [Answers(200, "What docs/operations.md lists.", ContentType = PrometheusText.ContentType, Example = "notify_queue_depth{session=\"libera\"} 0")]
    [Answers(401, "Gateway:MetricsNeedSecret is set, and there is no secret, or a wrong one.", Type = typeof(ProblemBody), ContentType = "application/problem+json")]
    [OpenToAll]
    public Task Read() => options.MetricsNeedSecret && doorkeeper.AdmitKnown(Request) is { } refusal
        ? RefuseAsync(refusal)
        : AnswerAsync(StatusCodes.Status200OK, PrometheusText.ContentType, store.Scrape());
}
