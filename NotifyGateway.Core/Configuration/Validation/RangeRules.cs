using FluentValidation;

namespace NotifyGateway.Core.Configuration.Validation;

/// <summary>Ranges of numbers and times, with messages that say the range.</summary>
internal static class RangeRules
{
    /// <summary>Timers of .NET wait at most about 24.8 days (2^31 ms).</summary>
    public static readonly TimeSpan LongestTimer = TimeSpan.FromDays(24);

    /// <summary>Ten years: for what is only compared, never waited for.</summary>
    public static readonly TimeSpan LongestAge = TimeSpan.FromDays(3650);

    public static void Between<T>(this IRuleBuilder<T, int> rule, int least, int most) =>
        rule.InclusiveBetween(least, most).WithMessage(FormattableString.Invariant($"must be {least} to {most}"));

    public static void Between<T>(this IRuleBuilder<T, int?> rule, int least, int most) =>
        rule.InclusiveBetween(least, most).WithMessage(FormattableString.Invariant($"must be {least} to {most}"));

    public static void Between<T>(this IRuleBuilder<T, double> rule, double least, double most) =>
        rule.InclusiveBetween(least, most).WithMessage(FormattableString.Invariant($"must be {least} to {most}"));

    /// <summary>Longer than nothing, at most <paramref name="longest"/>.</summary>
    public static void Positive<T>(this IRuleBuilder<T, TimeSpan> rule, TimeSpan longest) =>
        rule.Must(t => t > TimeSpan.Zero && t <= longest).WithMessage($"must be longer than 00:00:00 and at most {longest:c}");

    /// <inheritdoc cref="Positive{T}(IRuleBuilder{T, TimeSpan}, TimeSpan)"/>
    public static void Positive<T>(this IRuleBuilder<T, TimeSpan?> rule, TimeSpan longest) =>
        rule.Must(t => t is null || (t > TimeSpan.Zero && t <= longest)).WithMessage($"must be null, or longer than 00:00:00 and at most {longest:c}");
}
