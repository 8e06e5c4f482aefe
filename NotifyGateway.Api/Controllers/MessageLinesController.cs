using Microsoft.AspNetCore.Mvc;
using NotifyGateway.Api.Http;
using NotifyGateway.Api.Http.OpenApi;
using NotifyGateway.Core;
using NotifyGateway.Core.Outbox;
using NotifyGateway.Core.Routing;

namespace NotifyGateway.Api.Controllers;

/// <summary>
/// How a message is written for its destinations. Nothing of that is stored: the same formatting that sends is done once more, by what each session knows now. A line that was
/// sent otherwise (folded with others, by a detour, without the colours that were refused) has its delivery's reason to say so. The age of what was late is reckoned by the moment at
/// which its delivery ended, as the one at which it was handed out is not kept: seconds lie between them.
/// </summary>
[Tags("Messages")]
internal sealed class MessageLinesController(Doorkeeper door, IOutbox outbox, SessionBoard sessions, Router router) : Door
{
    private const string Example = """[{"id":"0198c1f0-6a5e-7cc1-9d3f-5b8a1c2d3e4f-0","to":"libera/#ops","lines":["PRIVMSG #ops :disk full on web1"],"basis":"connection"}]""";

    [HttpGet("/api/v1/messages/{id}/lines")]
    [EndpointSummary("How a message is written for each of its destinations.")]
    [EndpointDescription("Made anew at each request, by what each session knows at this moment of its server; what was sent earlier may have been cut elsewhere. What is late begins with its age: at this moment, or when its delivery ended.")]
    [ReadsParameter("id", "The message's id.", In = "path", Example = "0198c1f0-6a5e-7cc1-9d3f-5b8a1c2d3e4f")]
    [Answers(200, "One entry for each delivery, in their order.", Type = typeof(LinesBody[]), Example = Example)]
    [Answers(401, "A secret is needed, or the given one is wrong.", Type = typeof(ProblemBody), Headers = ["WWW-Authenticate"])]
    [Answers(403, "The request comes from a web page of another site, or under an unknown host name.", Type = typeof(ProblemBody))]
    [Answers(404, "No message of this id is known to you.", Type = typeof(ProblemBody))]
    public Task Lines() => OnOwnAsync(door, outbox, async (receipt, _) =>
    {
        // At once: sessions that are gone answer only by the end of their time.
        var bodies = await Task.WhenAll(receipt.Deliveries.Select(d => OfAsync(receipt.Notification, d)));
        await AnswerAsync(StatusCodes.Status200OK, bodies, ApiJson.Web.LinesBodyArray);
    });

    private async Task<LinesBody> OfAsync(Notification notification, DeliveryReceipt delivery)
    {
        // The outbox tells names; the address that belongs to one is what the same name leads to now.
        var place = router.Resolve(Addressing.Named(delivery.To)).Destinations.FirstOrDefault(d => string.Equals(d.Session.Name, delivery.Session.Name, StringComparison.Ordinal));
        var preview = place is null ? null : await sessions.Preview(notification, place with { Session = delivery.Session }, delivery.SettledAt, Aborted);
        return new LinesBody(delivery.Id, delivery.To, preview?.Lines, preview is null ? null : preview.Connected ? "connection" : "configuration");
    }
}
