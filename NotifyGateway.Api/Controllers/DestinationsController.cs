using Microsoft.AspNetCore.Mvc;
using NotifyGateway.Api.Http;
using NotifyGateway.Api.Http.OpenApi;
using NotifyGateway.Core.Routing;

namespace NotifyGateway.Api.Controllers;

/// <summary>Where the caller may send to, as far as the configuration names it.</summary>
[Route("/api/v1/destinations")]
[Tags("Destinations")]
internal sealed class DestinationsController(Doorkeeper door, KnownDestinations destinations, ClientScopes scopes) : Door
{
    private const string Example = """[{"name":"libera/#ops","session":"libera","kind":"channel"},{"name":"xmpp:alice@example.org","session":"work","kind":"user"},{"name":"oncall","session":null,"kind":"alias"}]""";

    [HttpGet]
    [EndpointSummary("The destinations that the configuration names and that you may send to.")]
    [EndpointDescription("Channels and users that networks list, rooms and users of XMPP accounts, programs, the log, aliases. Others may be reached too: what is not listed is joined on demand, where the configuration allows it.")]
    [Answers(200, "All of them.", Type = typeof(DestinationBody[]), Example = Example)]
    [Answers(401, "A secret is needed, or the given one is wrong.", Type = typeof(ProblemBody), Headers = ["WWW-Authenticate"])]
    [Answers(403, "The request comes from a web page of another site, or under an unknown host name.", Type = typeof(ProblemBody))]
    public Task List() => door.Admit(Request, out var caller) is { } refusal
        ? RefuseAsync(refusal)
        : AnswerAsync(StatusCodes.Status200OK, [.. destinations.Within(scopes.Of(caller.Client)).Select(DestinationBody.Of)], ApiJson.Web.DestinationBodyArray);
}
