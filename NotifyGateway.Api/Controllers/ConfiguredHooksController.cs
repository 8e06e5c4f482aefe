using Microsoft.AspNetCore.Mvc;
using NotifyGateway.Api.Http;
using NotifyGateway.Api.Http.OpenApi;
using NotifyGateway.Core.Configuration;

namespace NotifyGateway.Api.Controllers;

/// <summary>The hooks of the configuration, for the administrator who gives their URLs to senders.</summary>
[Route("/api/v1/hooks")]
[Tags("Status page")]
internal sealed partial class ConfiguredHooksController(Doorkeeper door, GatewayOptions options, ILogger<ConfiguredHooksController> log) : Door
{
    private const string Example = """[{"name":"grafana","to":["libera/#ops"],"format":null,"template":null,"nick":"Grafana","allowGet":false,"signed":false,"perMinute":600,"token":"plain"}]""";

    [HttpGet]
    [EndpointSummary("The hooks of the configuration, without their tokens.")]
    [EndpointDescription("For the administrator.")]
    [Answers(200, "All of them, by name.", Type = typeof(ConfiguredHookBody[]), Example = Example)]
    [Answers(401, "A secret is needed, or the given one is wrong.", Type = typeof(ProblemBody), Headers = ["WWW-Authenticate"])]
    [Answers(403, "Only the administrator may do this.", Type = typeof(ProblemBody))]
    public Task List() => AsAdminAsync(() => AnswerAsync(
        StatusCodes.Status200OK,
        [.. options.Hooks.OrderBy(h => h.Key, StringComparer.OrdinalIgnoreCase).Select(h => ConfiguredHookBody.Of(h.Key, h.Value))],
        ApiJson.Web.ConfiguredHookBodyArray));

    [HttpGet("{name}/token")]
    [EndpointSummary("The token of a hook.")]
    [EndpointDescription("For the administrator. That it was shown is logged, without the token.")]
    [ReadsParameter("name", "The hook's name.", In = "path", Example = "grafana")]
    [Answers(200, "The token.", Type = typeof(HookTokenBody), Example = """{"token":"h0Kx…"}""")]
    [Answers(401, "A secret is needed, or the given one is wrong.", Type = typeof(ProblemBody), Headers = ["WWW-Authenticate"])]
    [Answers(403, "Only the administrator may do this.", Type = typeof(ProblemBody))]
    [Answers(404, "There is no hook of this name, or the configuration holds the SHA-256 of its token alone.", Type = typeof(ProblemBody))]
    public Task Token() => AsAdminAsync(() =>
    {
        var name = (string)RouteData.Values["name"]!;
        if (!options.Hooks.TryGetValue(name, out var hook))
        {
            return RefuseAsync(new Refusal(StatusCodes.Status404NotFound, "There is no hook of this name."));
        }

        if (hook.Token is not { Length: > 0 } token)
        {
            return RefuseAsync(new Refusal(StatusCodes.Status404NotFound, "The configuration holds only the SHA-256 of this token: it cannot be shown."));
        }

        LogShown(options.Hooks.Keys.First(k => string.Equals(k, name, StringComparison.OrdinalIgnoreCase)));
        return AnswerAsync(StatusCodes.Status200OK, new HookTokenBody(token), ApiJson.Web.HookTokenBody);
    });

    private Task AsAdminAsync(Func<Task> act) =>
        door.Admit(Request, out var caller) is { } refusal ? RefuseAsync(refusal)
        : caller.IsAdmin ? act()
        : RefuseAsync(new Refusal(StatusCodes.Status403Forbidden, "Only the administrator may do this."));

    [LoggerMessage(2030, LogLevel.Information, "The administrator was shown the token of the hook {Hook}.")]
    private partial void LogShown(string hook);
}
