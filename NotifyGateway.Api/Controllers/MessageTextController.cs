using System.Text;
using Microsoft.AspNetCore.Mvc;
using NotifyGateway.Api.Http;
using NotifyGateway.Api.Http.OpenApi;
using NotifyGateway.Core.Formatting;
using NotifyGateway.Core.Outbox;

namespace NotifyGateway.Api.Controllers;

/// <summary>A message in full, for the readers of a channel where it was cut. Who has the link may read it: its id cannot be guessed.</summary>
[Tags("Messages")]
internal sealed class MessageTextController(IOutbox outbox) : Door
{
    [AcceptVerbs("GET", "HEAD", Route = "/m/{id}")]
    [EndpointSummary("A message in full, as text.")]
    [ReadsParameter("id", "The message's id.", In = "path", Example = "0198c1f0-6a5e-7cc1-9d3f-5b8a1c2d3e4f")]
    [Answers(200, "The title, if there is one, and the text, its markup resolved and without colours.", Example = "disk full on web1")]
    [Answers(404, "There is no such message, or it is no longer kept.", Example = "no such message")]
    [OpenToAll]
    public async Task Read()
    {
        // Whatever a message holds, a browser must show it as text and run nothing of it.
        Response.Headers.ContentSecurityPolicy = "default-src 'none'; sandbox";
        Response.Headers["Referrer-Policy"] = "no-referrer";
        Response.Headers["X-Robots-Tag"] = "noindex";
        var receipt = Guid.TryParseExact(RouteData.Values["id"] as string, "D", out var id) ? await outbox.FindAsync(id, Aborted) : null;
        if (receipt is null)
        {
            await new Refusal(StatusCodes.Status404NotFound, "no such message").WriteTextAsync(HttpContext);
            return;
        }

        await AnswerAsync(StatusCodes.Status200OK, "text/plain; charset=utf-8", Encoding.UTF8.GetBytes(RichText.WithoutFormat(receipt.Notification)));
    }
}
