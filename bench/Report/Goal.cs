using System.Globalization;

namespace NotifyGateway.Bench.Report;

/// <summary>What a figure should be at least, or at most.</summary>
/// <param name="Limit">The goal.</param>
/// <param name="Stretch">The better one, if there is one.</param>
/// <param name="Unit">Behind the number, such as <c>×</c> or <c> MiB</c>.</param>
/// <param name="AtLeast">Whether more is better.</param>
internal sealed record Goal(double Limit, double? Stretch, string Unit, bool AtLeast)
{
    public static Goal AtLeastTimes(double limit, double? stretch = null) => new(limit, stretch, "×", AtLeast: true);

    public static Goal AtMostTimes(double limit, double? stretch = null) => new(limit, stretch, "×", AtLeast: false);

    public static Goal AtMost(double limit, string unit, double? stretch = null) => new(limit, stretch, unit, AtLeast: false);

    public bool IsMet(double value) => Meets(value, Limit);

    /// <summary><c>ok</c>, <c>ok, stretch</c> or <c>missed</c>.</summary>
    public string Verdict(double value) => !IsMet(value) ? "missed" : Stretch is { } stretch && Meets(value, stretch) ? "ok, stretch" : "ok";

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{(AtLeast ? '≥' : '≤')} {Limit}{Unit}{(Stretch is { } stretch ? $" (stretch {stretch}{Unit})" : "")}");

    private bool Meets(double value, double limit) => AtLeast ? value >= limit : value <= limit;
}
