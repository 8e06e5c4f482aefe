using NotifyGateway.Core.Configuration;
using NotifyGateway.Core.Dialects.Hooks;

namespace NotifyGateway.Api.Http.Hooks;

/// <summary>What became of a request to a hook. Each door has its own words for it.</summary>
internal enum HookResult
{
    /// <summary>On disk, now or when it came first.</summary>
    Accepted,

    /// <summary>Nothing that people want to know.</summary>
    Silent,

    /// <summary>A web page of another site.</summary>
    ForeignPage,

    /// <summary>Nobody's token.</summary>
    WrongToken,

    /// <summary>A GET where none is allowed.</summary>
    WrongMethod,

    /// <summary>Not signed with the hook's secret, or not lately.</summary>
    WrongSignature,

    /// <summary>A body that is compressed.</summary>
    WrongEncoding,

    TooLarge,

    /// <summary>Not what it declares to be.</summary>
    InvalidPayload,

    /// <summary>Without a word for people.</summary>
    NoText,

    /// <summary>None of the hook's destinations is known.</summary>
    NoDestination,

    /// <summary>Over its rate, or the outbox takes nothing. Worth another try.</summary>
    Busy,
}

/// <param name="Result">What it is.</param>
internal sealed record HookOutcome(HookResult Result)
{
    /// <summary>Null where the token is nobody's.</summary>
    public NamedHook? Hook { get; init; }

    /// <summary>What was sent, when it was accepted.</summary>
    public HookReading.Message? Message { get; init; }

    /// <summary>The message's id, when it was accepted.</summary>
    public Guid MessageId { get; init; }

    /// <summary>What Gotify's clients call so, as they gave it; 0 when they did not.</summary>
    public int Priority { get; init; }

    /// <summary>Why it is refused, in words for the sender.</summary>
    public string Detail { get; init; } = "";

    /// <summary>Seconds, when it is busy.</summary>
    public int? RetryAfter { get; init; }

    public bool IsSuccess => Result is HookResult.Accepted or HookResult.Silent;

    /// <summary>The refusal as HTTP has it. Doors of other systems change what that system did otherwise.</summary>
    public Refusal Refusal => new(
        Result switch
        {
            HookResult.ForeignPage or HookResult.WrongToken or HookResult.WrongSignature => StatusCodes.Status403Forbidden,
            HookResult.WrongMethod => StatusCodes.Status405MethodNotAllowed,
            HookResult.WrongEncoding => StatusCodes.Status415UnsupportedMediaType,
            HookResult.TooLarge => StatusCodes.Status413PayloadTooLarge,
            HookResult.NoDestination => StatusCodes.Status404NotFound,
            HookResult.Busy => StatusCodes.Status503ServiceUnavailable,
            _ => StatusCodes.Status400BadRequest,
        },
        Detail,
        RetryAfter: RetryAfter);
}
