using System.Globalization;

namespace NotifyGateway.Core.Formatting;

/// <summary>How late a message is, in the words that it begins with.</summary>
internal static class LateText
{
    private static readonly TimeSpan Days = TimeSpan.FromHours(48);

    /// <summary><c>[2h late] </c>, or nothing for what is not late.</summary>
    /// <param name="age">The time since the message was accepted.</param>
    /// <param name="after">An age that is not late yet; null: none is late.</param>
    public static string Lead(TimeSpan age, TimeSpan? after) => age > after ? $"[{Of(age)} late] " : "";

    /// <summary>Whole seconds, from a minute on minutes, from an hour on hours, from two days on days: never more than it is.</summary>
    public static string Of(TimeSpan age) =>
        age >= Days ? string.Create(CultureInfo.InvariantCulture, $"{(long)age.TotalDays}d")
        : age >= TimeSpan.FromHours(1) ? string.Create(CultureInfo.InvariantCulture, $"{(long)age.TotalHours}h")
        : age >= TimeSpan.FromMinutes(1) ? string.Create(CultureInfo.InvariantCulture, $"{(long)age.TotalMinutes}m")
        : string.Create(CultureInfo.InvariantCulture, $"{(long)Math.Max(0, age.TotalSeconds)}s");
}
