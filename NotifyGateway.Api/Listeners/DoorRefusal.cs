using NotifyGateway.Core;

namespace NotifyGateway.Api.Listeners;

/// <summary>What the intake refused, in words that may be logged.</summary>
internal static class DoorRefusal
{
    private const int MostNames = 5;

    /// <summary>Null when the whole was accepted.</summary>
    public static string? Of(IntakeResult result)
    {
        if (result.Unknown.Count > 0)
        {
            var names = string.Join("; ", result.Unknown.Take(MostNames));
            return result.Unknown.Count > MostNames ? $"{names}; and {result.Unknown.Count - MostNames} more" : names;
        }

        return result.IsAccepted ? null : result.Reason ?? "refused";
    }
}
