namespace NotifyGateway.Api.Http.Hooks;

/// <summary>How the systems whose clients come to a hook say that something is wrong.</summary>
internal static class HookWords
{
    public const string InvalidPayload = "invalid_payload";

    /// <summary>Slack's word for what became of a request.</summary>
    public static string Slack(HookResult result) => result switch
    {
        HookResult.ForeignPage => "action_prohibited",
        HookResult.WrongToken or HookResult.WrongSignature => "invalid_token",
        HookResult.WrongMethod => "method_not_allowed",
        HookResult.NoText => "no_text",
        HookResult.NoDestination => "channel_not_found",
        HookResult.Busy => "rollup_error",
        _ => InvalidPayload,
    };

    /// <summary>Slack's word where no door was reached.</summary>
    public static string Slack(int status) => status switch
    {
        StatusCodes.Status404NotFound => "no_service",
        StatusCodes.Status405MethodNotAllowed => Slack(HookResult.WrongMethod),
        >= StatusCodes.Status500InternalServerError => Slack(HookResult.Busy),
        _ => InvalidPayload,
    };
}
